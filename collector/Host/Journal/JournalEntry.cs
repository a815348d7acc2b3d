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

    /// <summary>What a person, or time, did to an alarm.</summary>
    Alarm = 3,

    /// <summary>Numbers of a probe that never arrived: an observation of the collector's own.</summary>
    Gap = 4,

    /// <summary>A register that took force, with its content.</summary>
    Register = 5,

    /// <summary>An act on evidence.</summary>
    Evidence = 6,

    /// <summary>An act on a case.</summary>
    Case = 7,

    /// <summary>A calendar or setting of alarms: protection periods, run plans.</summary>
    AlarmSettings = 8,

    /// <summary>A message that went out, or could not.</summary>
    Outbox = 9,

    /// <summary>An act of keeping house: entries that were removed when their time was over.</summary>
    Retention = 10,

    /// <summary>What a damaged file lost: about nothing where the store left it in the place of what is gone, about the file that was set aside where it was told.</summary>
    Damage = 11,
}

/// <summary>One entry as the API shows it.</summary>
internal sealed record JournalEntry(long Position, EntryKind Kind, ProbeId? Probe, Guid? Boot, long? Sequence, string? About, DateTimeOffset ReceivedAt, JsonElement Body);

/// <summary>A page of the journal.</summary>
/// <param name="Entries">Entries in order of position.</param>
/// <param name="After">Ask for the next page with this position.</param>
/// <param name="Newest">The newest position that there is.</param>
internal sealed record JournalPage(IReadOnlyList<JournalEntry> Entries, long After, long Newest);

/// <summary>Which numbers of a boot the journal has.</summary>
internal sealed record SequenceReport(ProbeId Probe, Guid Boot, long First, long Last, long Count, IReadOnlyList<SequenceRange> Missing, long DeadLetters, long DuplicatesRefused, DateTimeOffset LastReceived);
