using SignalWatch.Contracts;

namespace SignalWatch.Ott;

/// <summary>What is wrong with a channel.</summary>
public enum HlsFault
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>No playlist came: <c>http</c>.</summary>
    Http,

    /// <summary>What came is no playlist: <c>not_playlist</c>.</summary>
    NotPlaylist,

    /// <summary>It has no segment: <c>empty</c>.</summary>
    Empty,

    /// <summary>It has not changed for longer than 1.5 target durations (RFC 8216 6.2): <c>stale</c>.</summary>
    Stale,

    /// <summary>Its media sequence number went back, against RFC 8216 6.2: <c>mseq_back</c>.</summary>
    MediaSequenceBack,

    /// <summary>A segment got another name under the same number, against RFC 8216 6.2: the content was replaced. <c>seg_renamed</c>.</summary>
    SegmentRenamed,

    /// <summary>It was live, and ended: <c>ended</c>.</summary>
    Ended,
}

/// <summary>What a channel is like at one poll.</summary>
public sealed record HlsChannelState
{
    /// <summary>When.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>A playlist with segments came.</summary>
    public required bool Available { get; init; }

    /// <summary>The playlist has no ENDLIST; as it was last, where none came; null where none ever came.</summary>
    public bool? Live { get; init; }

    /// <summary>EXT-X-MEDIA-SEQUENCE, or null.</summary>
    public long? MediaSequence { get; init; }

    /// <summary>EXT-X-TARGETDURATION, s, or null.</summary>
    public double? TargetDurationSeconds { get; init; }

    /// <summary>Since it last changed, s; 0 for one that has ended; null where none ever came.</summary>
    public double? StaleSeconds { get; init; }

    /// <summary>What is wrong.</summary>
    public HlsFault Fault { get; init; }

    /// <summary>The fault as the vocabulary writes it: <c>stale</c>, <c>mseq_back</c> …; null for none.</summary>
    public string? FaultCode => Fault switch
    {
        HlsFault.Http => "http",
        HlsFault.NotPlaylist => "not_playlist",
        HlsFault.Empty => "empty",
        HlsFault.Stale => "stale",
        HlsFault.MediaSequenceBack => "mseq_back",
        HlsFault.SegmentRenamed => "seg_renamed",
        HlsFault.Ended => "ended",
        _ => null,
    };

    /// <summary>What is wrong, for people; null for nothing.</summary>
    public Text? FaultDetail { get; init; }

    /// <summary>Problems in the text of the playlist, by line.</summary>
    public IReadOnlyList<HlsProblem> Problems { get; init; } = [];
}

/// <summary>Watches one live channel by its media playlist. It reads no clock: the same polls give the same states.</summary>
public sealed class HlsMonitor
{
    private const double StaleAfterTargets = 1.5;      // RFC 8216 6.2: a new version is there after at most 1.5 target durations
    private const double AssumedTargetSeconds = 10;    // for a playlist that does not say; the recommendation of many packagers

    private readonly Dictionary<long, string> names = [];
    private HlsPlaylist? last;
    private DateTimeOffset changedAt;
    private bool wasLive;

    /// <summary>Takes a poll.</summary>
    /// <param name="at">When the answer was complete; not before the poll before it.</param>
    /// <param name="text">The text of the media playlist; null where none came.</param>
    /// <param name="failure">Why none came; null where one did.</param>
    public HlsChannelState Poll(DateTimeOffset at, string? text, Text? failure)
    {
        if (text is null) return Unavailable(at, HlsFault.Http, failure ?? Texts.NotPlaylist);
        var playlist = HlsPlaylist.Parse(text);
        if (!playlist.HasSignature || playlist.IsMaster) return Unavailable(at, HlsFault.NotPlaylist, Texts.NotPlaylist, playlist);
        if (playlist.Segments.Count == 0) return Unavailable(at, HlsFault.Empty, Texts.Empty, playlist);

        var back = last is { } before && playlist.MediaSequence < before.MediaSequence ? Texts.SequenceBack(before.MediaSequence, playlist.MediaSequence) : (Text?)null;
        var renamed = back is null ? Renamed(playlist) : null;
        if (last is null || Changed(last, playlist)) changedAt = at;
        last = playlist;
        Remember(playlist);

        var live = !playlist.HasEndList;
        var ended = wasLive && !live;
        wasLive |= live;
        var stale = live ? Math.Max(0, (at - changedAt).TotalSeconds) : 0;
        var limit = StaleAfterTargets * (playlist.TargetDurationSeconds ?? AssumedTargetSeconds);
        var (fault, detail) = back is not null ? (HlsFault.MediaSequenceBack, back)
            : renamed is not null ? (HlsFault.SegmentRenamed, renamed)
            : ended ? (HlsFault.Ended, Texts.Ended)
            : stale > limit ? (HlsFault.Stale, Texts.Stale(stale, limit))
            : (HlsFault.None, (Text?)null);
        return State(at, available: true, fault, detail, playlist.Problems) with { StaleSeconds = stale };
    }

    private HlsChannelState Unavailable(DateTimeOffset at, HlsFault fault, Text detail, HlsPlaylist? playlist = null) =>
        State(at, available: false, fault, detail, playlist?.Problems ?? []) with { StaleSeconds = last is null ? null : last.HasEndList ? 0 : Math.Max(0, (at - changedAt).TotalSeconds) };

    private HlsChannelState State(DateTimeOffset at, bool available, HlsFault fault, Text? detail, IReadOnlyList<HlsProblem> problems) => new()
    {
        At = at,
        Available = available,
        Live = last is null ? null : !last.HasEndList,
        MediaSequence = last?.MediaSequence,
        TargetDurationSeconds = last?.TargetDurationSeconds,
        Fault = fault,
        FaultDetail = detail,
        Problems = problems,
    };

    private static bool Changed(HlsPlaylist before, HlsPlaylist now) =>
        before.MediaSequence != now.MediaSequence || before.Segments.Count != now.Segments.Count || before.HasEndList != now.HasEndList
        || FileName(before.Segments[^1].Uri) != FileName(now.Segments[^1].Uri);

    // Session tokens change in query, host or path with each poll of some servers. A replaced segment has another file name; or another path while its neighbours keep theirs.
    private Text? Renamed(HlsPlaylist playlist)
    {
        var kept = playlist.Segments.Count(s => names.TryGetValue(s.Sequence, out var name) && name == PathOf(s.Uri));
        foreach (var segment in playlist.Segments)
        {
            var path = PathOf(segment.Uri);
            if (!names.TryGetValue(segment.Sequence, out var before) || before == path) continue;
            if (kept > 0 || FileName(before) != FileName(path)) return Texts.Renamed(segment.Sequence, before, path);
        }
        return null;
    }

    // Only the window of the newest playlist: what left it can't come back under its number.
    private void Remember(HlsPlaylist playlist)
    {
        names.Clear();
        foreach (var segment in playlist.Segments) names[segment.Sequence] = PathOf(segment.Uri);
    }

    private static string PathOf(string uri)
    {
        var end = uri.AsSpan().IndexOfAny('?', '#');
        var path = end < 0 ? uri : uri[..end];
        var host = path.IndexOf("://", StringComparison.Ordinal);
        if (host < 0) return path;
        var slash = path.IndexOf('/', host + 3);
        return slash < 0 ? "/" : path[slash..];
    }

    private static string FileName(string uri)
    {
        var path = PathOf(uri);
        return path[(path.LastIndexOf('/') + 1)..];
    }
}
