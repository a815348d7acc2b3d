using SignalWatch.Contracts;

namespace SignalWatch.Probe.FmAnalysis;

/// <summary>Words of the report.</summary>
internal static class RdsReportTexts
{
    public static readonly Text Frequency = new("频率", "frequency");
    public static readonly Text Time = new("时间", "time");
    public static readonly Text Groups = new("组", "groups");
    public static readonly Text Types = new("组类型", "types");
    public static readonly Text Language = new("语言", "language");
    public static readonly Text LostBlocks = new("块丢失", "blocks lost");
    public static readonly Text CorrectedBlocks = new("块经纠正", "blocks corrected");
    public static readonly Text Unconfirmed = new("未确认", "not confirmed");
    public static readonly Text Music = new("音乐", "music");
    public static readonly Text Speech = new("语言节目", "speech");
    public static readonly Text ArtificialHead = new("人头录音", "artificial head");
    public static readonly Text Compressed = new("压缩", "compressed");
    public static readonly Text DynamicPty = new("动态 PTY", "dynamic PTY");
    public static readonly Text Yes = new("是", "yes");
    public static readonly Text No = new("否", "no");
    public static readonly Text Comma = new("，", ", ");
    public static readonly Text Table = new("位置表", "location table");
    public static readonly Text Messages = new("条消息", "messages");
    public static readonly Text Encrypted = new("，加密", ", encrypted");
}
