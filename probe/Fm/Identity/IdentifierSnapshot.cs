namespace SignalWatch.Fm.Identity;

/// <summary>What a <see cref="StationIdentifier"/> keeps over a restart: suspicions with their clocks, what was learnt, the on/off history, people's decisions.</summary>
public sealed record IdentifierSnapshot
{
    /// <summary>Time of the last reading, or null.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>The suspicions, by frequency.</summary>
    public IReadOnlyList<SuspicionSnapshot> Suspicions { get; init; } = [];

    /// <summary>The signatures, by frequency.</summary>
    public IReadOnlyList<SignatureSnapshot> Signatures { get; init; } = [];

    /// <summary>The edges of 30 days.</summary>
    public IReadOnlyList<OnOffEdge> Edges { get; init; } = [];

    /// <summary>When the band was watched.</summary>
    public IReadOnlyList<WatchedSpan> Watched { get; init; } = [];

    /// <summary>People's decisions, the latest last.</summary>
    public IReadOnlyList<PersonDecision> Decisions { get; init; } = [];
}
