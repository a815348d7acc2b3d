namespace SignalWatch.TransportStream;

/// <summary>Where a bit rate comes from.</summary>
public enum BitrateSource
{
    /// <summary>There is no rate: nothing arrived, or no time passed.</summary>
    None,

    /// <summary>The stream's own clock: packets between two PCRs of one PID (ISO/IEC 13818-1 2.4.2.2).</summary>
    Pcr,

    /// <summary>Bytes that arrived over the time that they took: for streams without PCR.</summary>
    Arrival,
}

/// <summary>What a multiplex was like since the report before. Counters are of this interval alone.</summary>
public sealed record MultiplexReport
{
    /// <summary>When it was made.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Packets are aligned and arrive (TR 101 290 1.1).</summary>
    public required bool InSync { get; init; }

    /// <summary>For how long it has been out of sync, s; null while in sync.</summary>
    public double? OutOfSyncSeconds { get; init; }

    /// <summary><c>transport_stream_id</c> of the PAT.</summary>
    public int? TransportStreamId { get; init; }

    /// <summary><c>original_network_id</c> of the SDT of this stream.</summary>
    public int? OriginalNetworkId { get; init; }

    /// <summary>Name of the network, from its NIT.</summary>
    public string? NetworkName { get; init; }

    /// <summary>Rate of the whole stream with null packets, b/s, for packets of 188 bytes; null where it can't be known.</summary>
    public double? BitrateBps { get; init; }

    /// <summary>Where <see cref="BitrateBps"/> and the rates of the services come from.</summary>
    public BitrateSource BitrateSource { get; init; }

    /// <summary>Packets, those with a bad sync byte or a transport error included.</summary>
    public long Packets { get; init; }

    /// <summary>Null packets (PID 0x1FFF).</summary>
    public long NullPackets { get; init; }

    /// <summary>Continuity errors on all PIDs (TR 101 290 1.4).</summary>
    public int CcErrors { get; init; }

    /// <summary>Packets with the transport_error_indicator (TR 101 290 2.1).</summary>
    public int TransportErrors { get; init; }

    /// <summary>Sync bytes other than 0x47 at the place of one (TR 101 290 1.2).</summary>
    public int SyncByteErrors { get; init; }

    /// <summary>Times that synchronisation was lost (TR 101 290 1.1), silence included.</summary>
    public int SyncLosses { get; init; }

    /// <summary>Bytes that belonged to no packet.</summary>
    public long SkippedBytes { get; init; }

    /// <summary>Sections with a wrong CRC (TR 101 290 2.2).</summary>
    public int CrcErrors { get; init; }

    /// <summary>Sections that can't be read although their CRC is right, or that have none.</summary>
    public int BadSections { get; init; }

    /// <summary>The line-up is known: services that appear from now on are strangers.</summary>
    public bool LineupKnown { get; init; }

    /// <summary>Services of the PAT and of the line-up, by id. Empty where not one packet arrived, or no PAT yet: then nothing is known of them.</summary>
    public required IReadOnlyList<ServiceReport> Services { get; init; }
}

/// <summary>What a service was like since the report before.</summary>
public sealed record ServiceReport
{
    /// <summary>Its <c>service_id</c>.</summary>
    public required int ServiceId { get; init; }

    /// <summary>Its name in the SDT, or the one that its line-up remembers, or null.</summary>
    public string? Name { get; init; }

    /// <summary>Its provider in the SDT, or null.</summary>
    public string? Provider { get; init; }

    /// <summary>Its <c>service_type</c> (EN 300 468 table 89), or null.</summary>
    public int? ServiceType { get; init; }

    /// <summary>It is in the PAT and its PMT arrives.</summary>
    public required bool Present { get; init; }

    /// <summary>It belongs to the line-up. While that is being learnt, all do.</summary>
    public required bool InLineup { get; init; }

    /// <summary>Continuity errors on its PIDs. An error on a PID that two services share counts for both.</summary>
    public int CcErrors { get; init; }

    /// <summary>Rate of its PIDs, b/s; null where the rate of the stream is not known.</summary>
    public double? BitrateBps { get; init; }

    /// <summary>A component of it carries packets with transport_scrambling_control other than 00. Where no packet came, as it was before.</summary>
    public required bool Scrambled { get; init; }

    /// <summary>Elementary streams in its PMT.</summary>
    public required int Components { get; init; }

    /// <summary>PID of its PMT, or null where it is not in the PAT.</summary>
    public int? PmtPid { get; init; }

    /// <summary>PID of its clock, or null where its PMT was not read or names none.</summary>
    public int? PcrPid { get; init; }

    /// <summary>All its PIDs in order: PMT, PCR, elementary streams.</summary>
    public required IReadOnlyList<int> Pids { get; init; }
}
