using System.Globalization;
using SignalWatch.Contracts;

namespace SignalWatch.Ott;

/// <summary>One reading of one playlist (RFC 8216 clause 4).</summary>
internal sealed class HlsParser
{
    private readonly List<HlsSegment> segments = [];
    private readonly List<HlsVariant> variants = [];
    private readonly List<HlsRendition> renditions = [];
    private readonly List<HlsProblem> problems = [];
    private int line;
    private bool signature;
    private bool endList;
    private int? version;
    private double? targetDuration;
    private long? mediaSequence;
    private long? discontinuitySequence;
    private HlsPlaylistType? type;

    // Of the next URI line.
    private bool hasInf;
    private double? duration;
    private string? title;
    private bool discontinuity;
    private (long Length, long? Offset)? range;
    private DateTimeOffset? programDateTime;
    private HlsAttributes? variant;

    // Until another tag of its kind.
    private string? keyMethod;
    private string? keyUri;
    private string? mapUri;

    public HlsPlaylist Parse(string text)
    {
        foreach (var raw in text.AsSpan().EnumerateLines())
        {
            line++;
            var content = raw.Trim('\uFEFF').Trim();
            if (content.IsEmpty) continue;
            if (content[0] != '#') TakeUri(content.ToString());
            else if (content.StartsWith("#EXT", StringComparison.Ordinal)) TakeTag(content.ToString());
        }
        if (!signature) problems.Add(new HlsProblem(0, Texts.NoSignature));
        var isMaster = variants.Count > 0 || renditions.Count > 0;
        if (!isMaster && segments.Count > 0 && targetDuration is null) problems.Add(new HlsProblem(0, Texts.NoTargetDuration));
        return new HlsPlaylist
        {
            IsMaster = isMaster,
            HasSignature = signature,
            Version = version,
            TargetDurationSeconds = targetDuration,
            MediaSequence = mediaSequence ?? 0,
            DiscontinuitySequence = discontinuitySequence ?? 0,
            HasEndList = endList,
            Type = type,
            Segments = Numbered(),
            Variants = variants,
            Renditions = renditions,
            Problems = problems,
        };
    }

    // EXT-X-MEDIA-SEQUENCE may stand behind the first segment, against 4.3.3.2: numbers are given at the end.
    private List<HlsSegment> Numbered()
    {
        var first = mediaSequence ?? 0;
        for (var i = 0; i < segments.Count; i++) segments[i] = segments[i] with { Sequence = first + i };
        return segments;
    }

    private void TakeTag(string tag)
    {
        var colon = tag.IndexOf(':', StringComparison.Ordinal);
        var name = (colon < 0 ? tag : tag[..colon]).TrimEnd();
        var value = colon < 0 ? "" : tag[(colon + 1)..].Trim();
        switch (name)
        {
            case "#EXTM3U": signature = true; break;
            case "#EXT-X-VERSION": version = (int?)Whole(value); break;
            case "#EXT-X-TARGETDURATION": TakeTargetDuration(value); break;
            case "#EXT-X-MEDIA-SEQUENCE": mediaSequence = Whole(value); break;
            case "#EXT-X-DISCONTINUITY-SEQUENCE": discontinuitySequence = Whole(value); break;
            case "#EXT-X-PLAYLIST-TYPE": TakeType(value); break;
            case "#EXT-X-ENDLIST": endList = true; break;
            case "#EXTINF": TakeInf(value); break;
            case "#EXT-X-DISCONTINUITY": discontinuity = true; break;
            case "#EXT-X-BYTERANGE": TakeRange(value); break;
            case "#EXT-X-PROGRAM-DATE-TIME": TakeDateTime(value); break;
            case "#EXT-X-KEY": TakeKey(new HlsAttributes(value)); break;
            case "#EXT-X-MAP": mapUri = new HlsAttributes(value)["URI"]; break;
            case "#EXT-X-STREAM-INF": variant = new HlsAttributes(value); break;
            case "#EXT-X-MEDIA": TakeRendition(new HlsAttributes(value)); break;
            default: break; // unknown tags are to be ignored (6.3.1)
        }
    }

    private void TakeUri(string uri)
    {
        if (variant is { } attributes)
        {
            if (attributes["BANDWIDTH"] is null) Bad(Texts.NoBandwidth);
            variants.Add(new HlsVariant(uri, attributes.Whole("BANDWIDTH"), attributes["RESOLUTION"], attributes["CODECS"], attributes["AUDIO"]));
            variant = null;
            return;
        }
        if (!signature && segments.Count == 0 && !hasInf) return; // an error page
        if (!hasInf) Bad(Texts.NoDuration);
        segments.Add(new HlsSegment
        {
            Sequence = 0,
            Uri = uri,
            DurationSeconds = duration,
            Title = title,
            Discontinuity = discontinuity,
            RangeLength = range?.Length,
            RangeOffset = range?.Offset ?? RangeBehind(uri),
            ProgramDateTime = programDateTime,
            KeyMethod = keyMethod,
            KeyUri = keyUri,
            MapUri = mapUri,
        });
        (hasInf, duration, title, discontinuity, range, programDateTime) = (false, null, null, false, null, null);
    }

    // 4.3.2.2: without an offset the range begins behind the one before it, which must be of the same resource.
    private long? RangeBehind(string uri)
    {
        if (range is null) return null;
        if (segments.Count > 0 && segments[^1] is { RangeLength: { } length, RangeOffset: { } offset } before && before.Uri == uri) return offset + length;
        Bad(Texts.NoRangeOffset);
        return null;
    }

    private void TakeInf(string value)
    {
        hasInf = true;
        var comma = value.IndexOf(',', StringComparison.Ordinal);
        var seconds = comma < 0 ? value : value[..comma];
        title = comma >= 0 && comma + 1 < value.Length ? value[(comma + 1)..] : null;
        duration = Seconds(seconds);
        if (duration is null) Bad(Texts.BadNumber(value));
    }

    private void TakeTargetDuration(string value)
    {
        var seconds = Seconds(value);
        if (seconds is null or 0) Bad(Texts.BadNumber(value));
        else targetDuration = seconds;
    }

    private void TakeType(string value)
    {
        type = value switch { "VOD" => HlsPlaylistType.Vod, "EVENT" => HlsPlaylistType.Event, _ => null };
        if (type is null) Bad(Texts.BadType(value));
    }

    private void TakeRange(string value)
    {
        var at = value.IndexOf('@', StringComparison.Ordinal);
        var length = Whole(at < 0 ? value : value[..at]);
        var offset = at < 0 ? null : Whole(value[(at + 1)..]);
        range = length is { } bytes ? (bytes, offset) : null;
    }

    private void TakeDateTime(string value)
    {
        if (DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)) programDateTime = time;
        else Bad(Texts.BadDateTime(value));
    }

    private void TakeKey(HlsAttributes attributes)
    {
        keyMethod = attributes["METHOD"] is "NONE" ? null : attributes["METHOD"];
        keyUri = keyMethod is null ? null : attributes["URI"];
    }

    private void TakeRendition(HlsAttributes attributes)
    {
        if (attributes["TYPE"] is { } kind && attributes["GROUP-ID"] is { } group && attributes["NAME"] is { } name)
            renditions.Add(new HlsRendition(kind, group, name, attributes["LANGUAGE"], attributes["URI"]));
        else Bad(Texts.BadRendition);
    }

    private long? Whole(string value)
    {
        if (long.TryParse(value.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return number;
        Bad(Texts.BadNumber(value));
        return null;
    }

    private static double? Seconds(string value) =>
        double.TryParse(value.Trim(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && double.IsFinite(seconds) ? seconds : null;

    private void Bad(Text what) => problems.Add(new HlsProblem(line, what));
}

/// <summary>An attribute list: NAME=VALUE, … with commas inside quotes (RFC 8216 4.2).</summary>
internal sealed class HlsAttributes
{
    private readonly Dictionary<string, string> values = [];

    public HlsAttributes(string list)
    {
        for (var at = 0; at < list.Length;)
        {
            var equals = list.IndexOf('=', at);
            if (equals < 0) return;
            var name = list[at..equals].Trim().TrimStart(',').Trim();
            var start = equals + 1;
            var quoted = start < list.Length && list[start] == '"';
            var end = quoted ? list.IndexOf('"', start + 1) : list.IndexOf(',', start);
            if (end < 0) end = list.Length;
            values[name] = quoted ? list[Math.Min(start + 1, end)..end] : list[start..end].Trim();
            at = end + 1;
        }
    }

    public string? this[string name] => values.GetValueOrDefault(name);

    public long? Whole(string name) => long.TryParse(this[name], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
