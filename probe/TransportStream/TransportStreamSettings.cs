using SignalWatch.Contracts;

namespace SignalWatch.TransportStream;

/// <summary>How a transport stream is watched.</summary>
public sealed record TransportStreamSettings
{
    /// <summary>Silence for so long is loss of synchronisation: a stream that stopped is not in sync, whatever its last packet was.</summary>
    public TimeSpan SyncLossAfter { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>For so long from the first PAT and SDT on, every service that is seen belongs to the line-up.</summary>
    public TimeSpan LearnFor { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>For so long learning waits for an SDT; a stream that has none is learnt without names. The SDT is due every 2 s (TR 101 290 3.5).</summary>
    public TimeSpan WaitForNames { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>A service whose PMT was not seen for so long is not present. The PMT is due every 0.5 s (TR 101 290 1.5.a).</summary>
    public TimeSpan PmtLossAfter { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>What a text without a character-table selector is written in. The standard says ISO 6937; Chinese networks write GB18030 there.</summary>
    public DvbCharset DefaultCharset { get; init; } = DvbCharset.Gb18030;

    /// <summary>The edition of TR 101 290 whose limits hold.</summary>
    public MeasurementProfile Profile { get; init; } = MeasurementProfile.V141;

    /// <summary>Without a further occurrence for so long the alarm of a momentary fault ends.</summary>
    public TimeSpan HoldAlarm { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The rate of the whole stream that a person vouches for, b/s of 188-byte packets: clocks are measured against it. Null: they are measured against each other, or against arrival.</summary>
    public double? NominalBitrateBps { get; init; }

    /// <summary>The clock that the times of arrival come from, for people: kernel, capture file, M2TS stamps. Null where times were made from byte positions: then nothing can be measured against arrival.</summary>
    public Text? ArrivalClock { get; init; }

    /// <summary>Tables are kept as documents, to be shown or written.</summary>
    public bool KeepTables { get; init; }

    /// <summary>The line-up of an earlier run, or null to learn one: a restart must not learn a stranger as normal.</summary>
    public Lineup? Lineup { get; init; }
}

/// <summary>The services that belong to a multiplex.</summary>
/// <param name="TransportStreamId">The <c>transport_stream_id</c> of the PAT that they were learnt from.</param>
/// <param name="OriginalNetworkId">The <c>original_network_id</c> of the SDT, or null where there was none.</param>
/// <param name="LearntAt">When learning ended.</param>
/// <param name="Services">The services, by id.</param>
public sealed record Lineup(int TransportStreamId, int? OriginalNetworkId, DateTimeOffset LearntAt, IReadOnlyList<LineupService> Services);

/// <summary>One service of a line-up.</summary>
/// <param name="ServiceId">Its <c>service_id</c>, which is the <c>program_number</c> of the PAT.</param>
/// <param name="Name">Its name in the SDT, or null.</param>
public sealed record LineupService(int ServiceId, string? Name);
