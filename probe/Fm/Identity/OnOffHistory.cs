namespace SignalWatch.Fm.Identity;

/// <summary>A stretch of time that the band was watched in.</summary>
/// <param name="From">From.</param>
/// <param name="To">To.</param>
public readonly record struct WatchedSpan(DateTimeOffset From, DateTimeOffset To);

/// <summary>A stretch of a carrier's day.</summary>
/// <param name="From">From.</param>
/// <param name="To">To.</param>
/// <param name="OnAir">On or off; null where nobody watched: unknown is not off.</param>
public readonly record struct OnOffStretch(DateTimeOffset From, DateTimeOffset To, bool? OnAir);

/// <summary>When carriers were on the air, 30 days back. Times when nobody watched are unknown, not off. Memory is bounded: 512 carriers with 1,024 edges each.</summary>
/// <param name="legalOffset">Legal time less UTC: days are counted by it.</param>
public sealed class OnOffHistory(TimeSpan legalOffset)
{
    /// <summary>How far back it reaches.</summary>
    public static readonly TimeSpan Reach = TimeSpan.FromDays(30);

    private const int MaxCarriers = 512;
    private const int MaxEdges = 1024;
    private const int MaxSpans = 4096;

    // Readings follow one another to the sample; clocks that are set by a network jump by less than this.
    private static readonly TimeSpan Joint = TimeSpan.FromSeconds(2);

    private readonly SortedDictionary<long, List<OnOffEdge>> carriers = [];
    private readonly List<WatchedSpan> watched = [];

    /// <summary>Counts the edges that it holds: changes with each.</summary>
    public long Version { get; private set; }

    /// <summary>Legal time less UTC.</summary>
    public TimeSpan LegalOffset => legalOffset;

    /// <summary>The carriers that have a history, by frequency.</summary>
    public IReadOnlyCollection<long> Frequencies => carriers.Keys;

    /// <summary>When the band was watched.</summary>
    public IReadOnlyList<WatchedSpan> Watched => watched;

    /// <summary>The edges of a carrier, by time.</summary>
    public IReadOnlyList<OnOffEdge> Edges(long frequencyHz) => carriers.TryGetValue(frequencyHz, out var edges) ? edges : [];

    /// <summary>The band was watched for some time. Times before the end of the last stretch are ignored: a clock that was set back tells nothing new.</summary>
    public void Watch(DateTimeOffset from, DateTimeOffset to)
    {
        if (to <= from || (watched.Count > 0 && to <= watched[^1].To)) return;
        if (watched.Count > 0 && from - watched[^1].To <= Joint) watched[^1] = watched[^1] with { To = to };
        else watched.Add(new WatchedSpan(from, to));
        var oldest = OldestOf(to);
        var old = watched.FindIndex(span => span.To > oldest);
        watched.RemoveRange(0, Math.Max(old, watched.Count - MaxSpans));
    }

    /// <summary>A carrier came or went. An edge that is not later than the last one, or does not change the state, is ignored.</summary>
    public void Add(OnOffEdge edge)
    {
        if (!carriers.TryGetValue(edge.FrequencyHz, out var edges))
        {
            if (carriers.Count >= MaxCarriers) carriers.Remove(carriers.MinBy(c => c.Value[^1].At).Key);
            carriers[edge.FrequencyHz] = edges = [];
        }
        if (edges.Count > 0 && (edges[^1].At >= edge.At || edges[^1].OnAir == edge.OnAir)) return;
        edges.Add(edge);
        Version++;
        var oldest = OldestOf(edge.At);
        // The last edge before that time stays: it says what the state was there.
        var first = Math.Max(0, edges.FindLastIndex(e => e.At < oldest));
        edges.RemoveRange(0, Math.Max(first, edges.Count - MaxEdges));
    }

    /// <summary>Whether a carrier was on the air; null where nobody watched.</summary>
    public bool? IsOn(long frequencyHz, DateTimeOffset at) => IsWatched(at) ? State(Edges(frequencyHz), at) : null;

    /// <summary>A carrier's time on the air, off it and unknown, from one time to another: without holes, each stretch unlike the one before.</summary>
    public IReadOnlyList<OnOffStretch> Stretches(long frequencyHz, DateTimeOffset from, DateTimeOffset to)
    {
        var result = new List<OnOffStretch>();
        var edges = Edges(frequencyHz);
        var cuts = new SortedSet<DateTimeOffset> { from, to };
        foreach (var edge in edges) cuts.Add(edge.At);
        foreach (var span in watched) (_, _) = (cuts.Add(span.From), cuts.Add(span.To));
        DateTimeOffset? start = null;
        foreach (var cut in cuts.GetViewBetween(from, to >= from ? to : from))
        {
            if (start is { } begin)
            {
                var state = IsOn(frequencyHz, begin);
                if (result.Count > 0 && result[^1].OnAir == state) result[^1] = result[^1] with { To = cut };
                else result.Add(new OnOffStretch(begin, cut, state));
            }
            start = cut;
        }
        return result;
    }

    /// <summary>The strip of one legal day.</summary>
    public IReadOnlyList<OnOffStretch> Day(long frequencyHz, DateOnly day)
    {
        var from = new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), legalOffset);
        return Stretches(frequencyHz, from, from.AddDays(1));
    }

    /// <summary>Takes back what a snapshot, or a file of edges, held. Where it is not known when the band was watched, the time from the first edge to the last counts as watched.</summary>
    public void Restore(IEnumerable<OnOffEdge> edges, IEnumerable<WatchedSpan>? spans = null)
    {
        var sorted = edges.OrderBy(e => e.At).ThenBy(e => e.FrequencyHz).ToList();
        foreach (var edge in sorted) Add(edge);
        if (spans is not null)
            foreach (var span in spans.OrderBy(s => s.From)) Watch(span.From, span.To);
        else if (sorted.Count > 0) Watch(sorted[0].At, sorted[^1].At);
    }

    /// <summary>All edges, by carrier and time.</summary>
    public IReadOnlyList<OnOffEdge> AllEdges() => [.. carriers.Values.SelectMany(edges => edges)];

    private static bool? State(IReadOnlyList<OnOffEdge> edges, DateTimeOffset at)
    {
        for (var n = edges.Count - 1; n >= 0; n--)
            if (edges[n].At <= at) return edges[n].OnAir;
        // Before the first edge it was the other way, if that edge was seen.
        return edges.Count > 0 && !edges[0].AfterGap ? !edges[0].OnAir : null;
    }

    private bool IsWatched(DateTimeOffset at)
    {
        int low = 0, high = watched.Count;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (watched[middle].From <= at) low = middle + 1; else high = middle;
        }
        return low > 0 && at < watched[low - 1].To;
    }

    private static DateTimeOffset OldestOf(DateTimeOffset at) => at.UtcDateTime - DateTime.MinValue > Reach ? at - Reach : DateTimeOffset.MinValue;
}
