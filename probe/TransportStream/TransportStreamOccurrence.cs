namespace SignalWatch.TransportStream;

/// <summary>What an occurrence does to the alarm of its check.</summary>
public enum OccurrenceChange
{
    /// <summary>The first one: the alarm stands from now on.</summary>
    Raise,

    /// <summary>One more while the alarm stands: counted, never masked.</summary>
    Repeat,

    /// <summary>The alarm ends: what was absent is there again, or nothing occurred for the hold time.</summary>
    Clear,
}

/// <summary>One thing that happened in a transport stream. Each <see cref="OccurrenceChange.Raise"/> and <see cref="OccurrenceChange.Repeat"/> is one occurrence; a <see cref="OccurrenceChange.Clear"/> is none.</summary>
public readonly record struct TransportStreamOccurrence
{
    /// <summary>What.</summary>
    public required Check Check { get; init; }

    /// <summary>Whether it raises, repeats or clears.</summary>
    public required OccurrenceChange Change { get; init; }

    /// <summary>When its packet arrived, or when the time limit was passed.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Index of the packet since monitoring began, from 0.</summary>
    public required long PacketIndex { get; init; }

    /// <summary>The PID, or null.</summary>
    public int? Pid { get; init; }

    /// <summary>The service, or null. Where a PID belongs to several services, the one with the lowest id.</summary>
    public int? ServiceId { get; init; }

    /// <summary>The <c>table_id</c> of a section, or null.</summary>
    public int? TableId { get; init; }

    /// <summary>Continuity counter that was due.</summary>
    public int? ExpectedCc { get; init; }

    /// <summary>Continuity counter that came.</summary>
    public int? Cc { get; init; }

    /// <summary>Packets that are missing at least, modulo 16; 0 for a packet that came too often.</summary>
    public int? MissingPackets { get; init; }

    /// <summary>What was measured, in <see cref="Unit"/>: an interval, an error, a fill.</summary>
    public double? Measured { get; init; }

    /// <summary>The limit that it crossed, in <see cref="Unit"/>.</summary>
    public double? Limit { get; init; }

    /// <summary>Unit of <see cref="Measured"/> and <see cref="Limit"/>: <c>ms</c>, <c>ns</c>, <c>B</c>; null where there is no measure.</summary>
    public string? Unit { get; init; }
}
