using SignalWatch.Collector.Journal;

namespace SignalWatch.Collector.Storage;

/// <summary>Numbers of a probe's boot that were acknowledged, and are gone with a damaged file.</summary>
/// <param name="Stream">The boot's number in the journal.</param>
/// <param name="Numbers"><c>1-57,60</c>.</param>
internal sealed record LostNumbers(long Stream, string Numbers);

/// <summary>What a damaged month lost: the entry that the store itself leaves in the journal, about nothing, in the place of what is gone.</summary>
internal sealed record StoredLoss
{
    /// <summary>The month, <c>2026-11</c>.</summary>
    public required string Month { get; init; }

    /// <summary>The damaged file as it was found, which stays until a person removes it.</summary>
    public required string SetAside { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>How the damage showed.</summary>
    public required string Why { get; init; }

    /// <summary>Entries that could be read.</summary>
    public required long Kept { get; init; }

    /// <summary>Entries between those that are surely gone; this one stands in the place of the first of a sealed month.</summary>
    public required long Lost { get; init; }

    /// <summary>Their positions, the first thousand runs; empty where retention had thinned the month, so that it can't be said which.</summary>
    public required IReadOnlyList<SequenceRange> Positions { get; init; }

    /// <summary>Positions behind the last entry that could be read: some may have been given, so that none is given again. Null for a sealed month.</summary>
    public SequenceRange? Skipped { get; init; }

    /// <summary>True where the projections begin anew here: the month's opening documents are those behind this entry.</summary>
    public bool Restarts { get; init; }

    /// <summary>True where the documents could not be read, and were folded from what is left of the journal.</summary>
    public bool Folded { get; init; }

    /// <summary>Numbers that were acknowledged and are gone, as far as the ledger says.</summary>
    public IReadOnlyList<LostNumbers> Numbers { get; init; } = [];

    /// <summary>How many positions there is no entry for.</summary>
    public long Absent => Lost + (Skipped?.Count ?? 0) - 1; // this entry is at one of them
}
