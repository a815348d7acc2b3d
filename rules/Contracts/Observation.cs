using System.Text.Json.Serialization;

namespace SignalWatch.Contracts;

/// <summary>Where a signal comes from. Only <see cref="Live"/> counts in figures and is evidence.</summary>
public enum Origin
{
    /// <summary>A receiver, now.</summary>
    Live,

    /// <summary>A recording, played again as if live.</summary>
    Replay,

    /// <summary>The simulated city: a drill, 演练.</summary>
    Simulated,
}

/// <summary>One measured set of facts about one subject at one time. Immutable; minted once at the probe.</summary>
public sealed record Observation
{
    /// <summary>UUIDv7, minted at the probe.</summary>
    public required Guid Id { get; init; }

    /// <summary>Who measured.</summary>
    public required ProbeId Probe { get; init; }

    /// <summary>With which of its watches.</summary>
    public required WatchId Watch { get; init; }

    /// <summary>About what.</summary>
    public required Subject Subject { get; init; }

    /// <summary>What kind of measurement, a name of the <see cref="Vocabulary"/>: <c>fm.carrier</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>Source time at the end of the measured interval, by the probe's clock.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Live, replayed or simulated.</summary>
    public Origin Origin { get; init; }

    /// <summary>The facts by name; the vocabulary gives each its type and unit. What is not known is not there.</summary>
    [JsonConverter(typeof(FactsConverter))]
    public required IReadOnlyDictionary<string, Fact> Facts { get; init; }
}

/// <summary>An observation as it stands in a probe's spool and on the wire: with the number that finds gaps and duplicates for ever.</summary>
/// <param name="Boot">UUIDv7 of the spool's life: a new one where a spool starts anew.</param>
/// <param name="Sequence">1, 2, 3 … within the boot, without a hole.</param>
/// <param name="Observation">What was measured.</param>
public sealed record SpooledObservation(Guid Boot, long Sequence, Observation Observation);
