using System.Text.Json;
using SignalWatch.Contracts;

namespace SignalWatch.Collector.Journal;

/// <summary>What an entry of the journal is.</summary>
internal enum EntryKind
{
    /// <summary>A probe's observation, the line as it was received.</summary>
    Observation = 1,

    /// <summary>A rule's verdict.</summary>
    Verdict = 2,

    /// <summary>What a person did.</summary>
    Command = 3,

    /// <summary>Numbers of a probe that never arrived: an observation of the collector's own.</summary>
    Gap = 4,
}

/// <summary>One entry as the API shows it.</summary>
internal sealed record JournalEntry(long Position, EntryKind Kind, ProbeId? Probe, Guid? Boot, long? Sequence, AlarmId? Alarm, DateTimeOffset ReceivedAt, JsonElement Body);

/// <summary>A page of the journal.</summary>
/// <param name="Entries">Entries in order of position.</param>
/// <param name="After">Ask for the next page with this position.</param>
/// <param name="Newest">The newest position that there is.</param>
internal sealed record JournalPage(IReadOnlyList<JournalEntry> Entries, long After, long Newest);

/// <summary>Which numbers of a boot the journal has.</summary>
internal sealed record SequenceReport(ProbeId Probe, Guid Boot, long First, long Last, long Count, IReadOnlyList<SequenceRange> Missing, long DeadLetters, long DuplicatesRefused, DateTimeOffset LastReceived);
