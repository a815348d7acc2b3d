using SignalWatch.Contracts;

namespace SignalWatch.Ott;

/// <summary>What people read about streaming channels.</summary>
internal static class Texts
{
    public static readonly Text NoSignature = new("不是以 #EXTM3U 开头", "It does not begin with #EXTM3U");
    public static readonly Text NoTargetDuration = new("缺少 EXT-X-TARGETDURATION", "There is no EXT-X-TARGETDURATION");
    public static readonly Text NoBandwidth = new("码流没有 BANDWIDTH", "A variant has no BANDWIDTH");
    public static readonly Text NoDuration = new("分片没有 EXTINF", "A segment has no EXTINF");
    public static readonly Text NoRangeOffset = new("字节范围没有起点", "A byte range has no beginning");
    public static readonly Text BadRendition = new("EXT-X-MEDIA 缺少 TYPE、GROUP-ID 或 NAME", "EXT-X-MEDIA lacks TYPE, GROUP-ID or NAME");

    public static readonly Text Empty = new("播放列表里没有分片", "The playlist has no segment");
    public static readonly Text NotPlaylist = new("服务器的回答不是 HLS 播放列表", "What the server answers is no HLS playlist");
    public static readonly Text Ended = new("直播已结束（出现 EXT-X-ENDLIST）", "The live channel has ended (EXT-X-ENDLIST)");
    public static Text BadNumber(string value) => new($"数值无效：{Short(value)}", $"Not a number here: {Short(value)}");

    public static Text BadType(string value) => new($"未知的播放列表类型：{Short(value)}", $"Unknown playlist type: {Short(value)}");

    public static Text BadDateTime(string value) => new($"时间无效：{Short(value)}", $"Not a time: {Short(value)}");

    public static Text Stale(double seconds, double limit) => new(FormattableString.Invariant($"播放列表 {seconds:0.#} 秒没有更新（限值 {limit:0.#} 秒）"), FormattableString.Invariant($"The playlist has not changed for {seconds:0.#} s (limit {limit:0.#} s)"));

    public static Text SequenceBack(long from, long to) => new($"媒体序号倒退：{from} → {to}", $"The media sequence went back: {from} → {to}");

    public static Text Renamed(long sequence, string from, string to) => new($"分片 {sequence} 的内容被替换：{Short(from)} → {Short(to)}", $"Segment {sequence} was replaced: {Short(from)} → {Short(to)}");

    // What a stranger's server wrote does not fill a screen.
    private static string Short(string value) => value.Length <= 80 ? value : value[..79] + "…";
}
