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
