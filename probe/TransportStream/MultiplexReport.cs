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

    /// <summary>Bytes from one packet to the next: 188, 192 (M2TS) or 204.</summary>
    public int PacketBytes { get; init; } = 188;

    /// <summary>The PIDs that came, and those that tables name although none of their packets came, in order.</summary>
    public IReadOnlyList<PidReport> Pids { get; init; } = [];

    /// <summary>The programme clocks, by PID.</summary>
    public IReadOnlyList<ClockReport> Clocks { get; init; } = [];

    /// <summary>The checks that occurred or whose alarm stood in the interval, in the catalogue's order.</summary>
    public IReadOnlyList<CheckReport> Checks { get; init; } = [];

    /// <summary>The streams inside T2-MI components.</summary>
    public IReadOnlyList<InnerStreamReport> InnerStreams { get; init; } = [];

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

    /// <summary>The SDT's free_CA_mode: at least one component is under the control of a CA system; null without SDT.</summary>
    public bool? FreeCaMode { get; init; }

    /// <summary>Elementary streams in its PMT, in its order.</summary>
    public required IReadOnlyList<ComponentReport> Components { get; init; }

    /// <summary>PTS of the sound less PTS of the pictures that arrive with it, ms: positive where the sound is sent early; null where one is missing or scrambled.</summary>
    public double? AudioLeadMs { get; init; }

    /// <summary>Seconds of the interval in which an alarm of priority 1 stood on it or on the whole stream (TR 101 290 5.5: unavailable).</summary>
    public int ErrorSeconds { get; init; }

    /// <summary>PID of its PMT, or null where it is not in the PAT.</summary>
    public int? PmtPid { get; init; }

    /// <summary>PID of its clock, or null where its PMT was not read or names none.</summary>
    public int? PcrPid { get; init; }

    /// <summary>All its PIDs in order: PMT, PCR, elementary streams.</summary>
    public required IReadOnlyList<int> Pids { get; init; }
}

/// <summary>What a PID was like since the report before.</summary>
public sealed record PidReport
{
    /// <summary>The PID.</summary>
    public required int Pid { get; init; }

    /// <summary>What it is used for.</summary>
    public required PidRole Role { get; init; }

    /// <summary>Its packets, without those that have the transport_error_indicator.</summary>
    public required long Packets { get; init; }

    /// <summary>Continuity errors (TR 101 290 1.4).</summary>
    public int CcErrors { get; init; }

    /// <summary>Breaks in the usable packets: continuity errors, and places where a packet with the transport_error_indicator is missing.</summary>
    public long Discontinuities { get; init; }

    /// <summary>Legal repetitions of a packet (ISO/IEC 13818-1 2.4.3.3).</summary>
    public long Duplicates { get; init; }

    /// <summary>Packets with the transport_error_indicator.</summary>
    public long TransportErrors { get; init; }

    /// <summary>Packets with transport_scrambling_control other than 00.</summary>
    public long Scrambled { get; init; }

    /// <summary>Its rate, b/s; null where the rate of the stream is not known.</summary>
    public double? BitrateBps { get; init; }
}

/// <summary>What a PID is used for, by the tables.</summary>
public enum PidRole
{
    /// <summary>No table names it.</summary>
    Unreferenced,

    /// <summary>PSI and SI at fixed PIDs, and the network's PID.</summary>
    Tables,

    /// <summary>Programme map.</summary>
    ProgramMap,

    /// <summary>Pictures.</summary>
    Video,

    /// <summary>Sound.</summary>
    Audio,

    /// <summary>Subtitles or teletext.</summary>
    Text,

    /// <summary>Any other component of a service.</summary>
    Data,

    /// <summary>A clock alone.</summary>
    Pcr,

    /// <summary>Entitlement control messages of a service.</summary>
    Ecm,

    /// <summary>Entitlement management messages, from the CAT.</summary>
    Emm,

    /// <summary>Null packets.</summary>
    Null,
}

/// <summary>A component of a service.</summary>
public sealed record ComponentReport
{
    /// <summary>Its PID.</summary>
    public required int Pid { get; init; }

    /// <summary><c>stream_type</c> of the PMT.</summary>
    public required int StreamType { get; init; }

    /// <summary>What it is.</summary>
    public required ComponentFormat Format { get; init; }

    /// <summary>Language by ISO 639, or null.</summary>
    public string? Language { get; init; }

    /// <summary>Its scrambling, by three views.</summary>
    public required ScramblingView Scrambling { get; init; }

    /// <summary>Its rate, b/s; null where the rate of the stream is not known.</summary>
    public double? BitrateBps { get; init; }
}

/// <summary>What became of one check since the report before.</summary>
/// <param name="Check">The check.</param>
/// <param name="Count">Occurrences, on all PIDs and services.</param>
/// <param name="ErrorSeconds">Seconds in which it occurred or its alarm stood.</param>
/// <param name="Standing">Alarms that stand now.</param>
public sealed record CheckReport(Check Check, long Count, int ErrorSeconds, int Standing);

/// <summary>A transport stream inside a T2-MI component (TS 102 773).</summary>
/// <param name="Pid">PID of the T2-MI.</param>
/// <param name="Plp">Physical layer pipe.</param>
/// <param name="PacketsLost">T2-MI packets of the PID that are missing, since monitoring began.</param>
/// <param name="CrcErrors">T2-MI packets of the PID with a wrong CRC, since monitoring began.</param>
/// <param name="Report">What the stream was like since the report before.</param>
public sealed record InnerStreamReport(int Pid, int Plp, long PacketsLost, long CrcErrors, MultiplexReport Report);

/// <summary>Takes packets of a stream inside a T2-MI component; they are valid during the call.</summary>
/// <param name="pid">PID of the T2-MI.</param>
/// <param name="plp">Physical layer pipe.</param>
/// <param name="packets">Whole packets of 188 bytes.</param>
public delegate void InnerPackets(int pid, int plp, ReadOnlySpan<byte> packets);
