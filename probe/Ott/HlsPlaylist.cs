using SignalWatch.Contracts;

namespace SignalWatch.Ott;

/// <summary>A playlist of HTTP Live Streaming (RFC 8216), as far as it can be read: what is wrong in it is listed, not thrown.</summary>
public sealed record HlsPlaylist
{
    /// <summary>It lists variants (master), not segments (media).</summary>
    public bool IsMaster { get; init; }

    /// <summary>EXT-X-VERSION, or null.</summary>
    public int? Version { get; init; }

    /// <summary>EXT-X-TARGETDURATION, s, or null.</summary>
    public double? TargetDurationSeconds { get; init; }

    /// <summary>EXT-X-MEDIA-SEQUENCE: the number of the first segment; 0 where it is not given (4.3.3.2).</summary>
    public long MediaSequence { get; init; }

    /// <summary>EXT-X-DISCONTINUITY-SEQUENCE; 0 where it is not given.</summary>
    public long DiscontinuitySequence { get; init; }

    /// <summary>EXT-X-ENDLIST: no segment will be added.</summary>
    public bool HasEndList { get; init; }

    /// <summary>EXT-X-PLAYLIST-TYPE, or null where it is not given or unknown.</summary>
    public HlsPlaylistType? Type { get; init; }

    /// <summary>The segments of a media playlist.</summary>
    public required IReadOnlyList<HlsSegment> Segments { get; init; }

    /// <summary>The variants of a master playlist.</summary>
    public required IReadOnlyList<HlsVariant> Variants { get; init; }

    /// <summary>The renditions of a master playlist.</summary>
    public required IReadOnlyList<HlsRendition> Renditions { get; init; }

    /// <summary>What is wrong in it, by line.</summary>
    public required IReadOnlyList<HlsProblem> Problems { get; init; }

    /// <summary>It begins with EXTM3U, as every playlist does (4.3.1.1): an error page does not.</summary>
    public bool HasSignature { get; init; }

    /// <summary>Reads a playlist. Never throws.</summary>
    /// <param name="text">Its text, with any line ends.</param>
    public static HlsPlaylist Parse(string text) => new HlsParser().Parse(text ?? "");
}

/// <summary>EXT-X-PLAYLIST-TYPE.</summary>
public enum HlsPlaylistType
{
    /// <summary>It never changes.</summary>
    Vod,

    /// <summary>It only grows.</summary>
    Event,
}

/// <summary>One segment.</summary>
public sealed record HlsSegment
{
    /// <summary>Its number.</summary>
    public required long Sequence { get; init; }

    /// <summary>Where it is, as written.</summary>
    public required string Uri { get; init; }

    /// <summary>EXTINF, s; null where it is missing or no number.</summary>
    public double? DurationSeconds { get; init; }

    /// <summary>The title of EXTINF, or null.</summary>
    public string? Title { get; init; }

    /// <summary>EXT-X-DISCONTINUITY stands before it.</summary>
    public bool Discontinuity { get; init; }

    /// <summary>EXT-X-BYTERANGE: bytes; null where the whole resource is meant.</summary>
    public long? RangeLength { get; init; }

    /// <summary>Where the range begins: as written, or behind the range before it in the same resource (4.3.2.2).</summary>
    public long? RangeOffset { get; init; }

    /// <summary>EXT-X-PROGRAM-DATE-TIME of this segment, or null.</summary>
    public DateTimeOffset? ProgramDateTime { get; init; }

    /// <summary>METHOD of the EXT-X-KEY that holds for it; null where it is in clear.</summary>
    public string? KeyMethod { get; init; }

    /// <summary>URI of that key.</summary>
    public string? KeyUri { get; init; }

    /// <summary>URI of the EXT-X-MAP that holds for it.</summary>
    public string? MapUri { get; init; }
}

/// <summary>One variant (EXT-X-STREAM-INF).</summary>
/// <param name="Uri">Where it is, as written.</param>
/// <param name="BandwidthBps">BANDWIDTH, or null.</param>
/// <param name="Resolution">RESOLUTION as written, or null.</param>
/// <param name="Codecs">CODECS, or null.</param>
/// <param name="AudioGroup">AUDIO, or null.</param>
public sealed record HlsVariant(string Uri, long? BandwidthBps, string? Resolution, string? Codecs, string? AudioGroup);

/// <summary>One rendition (EXT-X-MEDIA).</summary>
/// <param name="Type">TYPE: AUDIO, VIDEO, SUBTITLES, CLOSED-CAPTIONS.</param>
/// <param name="Group">GROUP-ID.</param>
/// <param name="Name">NAME.</param>
/// <param name="Language">LANGUAGE, or null.</param>
/// <param name="Uri">URI, or null.</param>
public sealed record HlsRendition(string Type, string Group, string Name, string? Language, string? Uri);

/// <summary>Something wrong in a playlist.</summary>
/// <param name="Line">Its line, from 1; 0 for the whole.</param>
/// <param name="What">What it is.</param>
public sealed record HlsProblem(int Line, Text What);
