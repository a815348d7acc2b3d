using System.Text.Json.Serialization;

namespace SignalWatch.TransportStream;

/// <summary>What a multiplex is expected to be. A member that is null, or a list that is null, is not compared.</summary>
public sealed record MultiplexTemplate
{
    /// <summary>The form of the document that this program writes and reads.</summary>
    public const int CurrentVersion = 1;

    /// <summary>Form of the document: <see cref="CurrentVersion"/>.</summary>
    public required int Version { get; init; }

    /// <summary><c>transport_stream_id</c>.</summary>
    public int? TransportStreamId { get; init; }

    /// <summary><c>original_network_id</c>.</summary>
    public int? OriginalNetworkId { get; init; }

    /// <summary>Name of the network in its NIT.</summary>
    public string? NetworkName { get; init; }

    /// <summary>It carries a NIT (PID 0x0010).</summary>
    public bool? NetworkInformation { get; init; }

    /// <summary>Lowest rate of the whole stream, b/s.</summary>
    public double? MinBitrateBps { get; init; }

    /// <summary>Highest rate of the whole stream, b/s.</summary>
    public double? MaxBitrateBps { get; init; }

    /// <summary>Its services, by id.</summary>
    public required IReadOnlyList<ServiceTemplate> Services { get; init; }

    /// <summary>Makes a template of what is seen now.</summary>
    /// <param name="report">A report over some seconds at least, so that all tables came.</param>
    /// <param name="rateTolerance">The rate may differ by this share of it on both sides; a broadcast multiplex is constant to a few ppm, its measure is not.</param>
    /// <param name="signalling">What the tables say beside the report, or null: then the template says nothing of CA systems and logical channels.</param>
    public static MultiplexTemplate From(MultiplexReport report, double rateTolerance = 0.02, MultiplexSignalling? signalling = null)
    {
        ArgumentNullException.ThrowIfNull(report);
        return new MultiplexTemplate
        {
            Version = CurrentVersion,
            TransportStreamId = report.TransportStreamId,
            OriginalNetworkId = report.OriginalNetworkId,
            NetworkName = report.NetworkName,
            NetworkInformation = CarriesNetworkInformation(report) ? true : null, // that none came is no reason to forbid one
            MinBitrateBps = report.BitrateBps is { } low ? Math.Floor(low * (1 - rateTolerance)) : null,
            MaxBitrateBps = report.BitrateBps is { } high ? Math.Ceiling(high * (1 + rateTolerance)) : null,
            Services = [.. report.Services.Where(s => s.Present).Select(s => Expect(s, signalling))],
        };
    }

    internal static bool CarriesNetworkInformation(MultiplexReport report) => report.NetworkName is not null || report.Pids.Any(p => p is { Pid: Pids.Network, Packets: > 0 });

    private static ServiceTemplate Expect(ServiceReport service, MultiplexSignalling? signalling) => new()
    {
        ServiceId = service.ServiceId,
        Name = service.Name,
        Provider = service.Provider,
        ServiceType = service.ServiceType,
        PmtPid = service.PmtPid,
        PcrPid = service.PcrPid,
        Scrambled = service.Scrambled,
        LogicalChannel = signalling?.LogicalChannels?.TryGetValue(service.ServiceId, out var channel) == true ? channel : null,
        ConditionalAccess = signalling?.ConditionalAccess?.TryGetValue(service.ServiceId, out var systems) == true ? systems : null,
        Components = service.PcrPid is null && service.Components.Count == 0 ? null : [.. service.Components.Select(ComponentTemplate.From)],
    };
}

/// <summary>What a service is expected to be.</summary>
public sealed record ServiceTemplate
{
    /// <summary><c>service_id</c>.</summary>
    public required int ServiceId { get; init; }

    /// <summary>Name in the SDT.</summary>
    public string? Name { get; init; }

    /// <summary>Provider in the SDT.</summary>
    public string? Provider { get; init; }

    /// <summary><c>service_type</c> (EN 300 468 table 89).</summary>
    public int? ServiceType { get; init; }

    /// <summary>PID of its PMT.</summary>
    public int? PmtPid { get; init; }

    /// <summary>PID of its clock.</summary>
    public int? PcrPid { get; init; }

    /// <summary>Logical channel number.</summary>
    public int? LogicalChannel { get; init; }

    /// <summary>Its packets are scrambled.</summary>
    public bool? Scrambled { get; init; }

    /// <summary>CA systems that its PMT names, with the PIDs of their ECMs.</summary>
    public IReadOnlyList<ConditionalAccess>? ConditionalAccess { get; init; }

    /// <summary>Its elementary streams.</summary>
    public IReadOnlyList<ComponentTemplate>? Components { get; init; }
}

/// <summary>What an elementary stream is expected to be.</summary>
public sealed record ComponentTemplate
{
    /// <summary>Its PID.</summary>
    public required int Pid { get; init; }

    /// <summary><c>stream_type</c> of the PMT.</summary>
    public required int StreamType { get; init; }

    /// <summary>Kind; <see cref="ComponentKind.Unknown"/> is not compared.</summary>
    public ComponentKind Kind { get; init; }

    /// <summary>Codec, as in <see cref="ComponentFormat.Codec"/>.</summary>
    public string? Codec { get; init; }

    /// <summary>Language by ISO 639.</summary>
    public string? Language { get; init; }

    /// <summary>Luma samples a line.</summary>
    public int? Width { get; init; }

    /// <summary>Lines of a frame.</summary>
    public int? Height { get; init; }

    internal static ComponentTemplate From(ComponentReport component) => new()
    {
        Pid = component.Pid,
        StreamType = component.StreamType,
        Kind = component.Format.Kind,
        Codec = component.Format.Codec,
        Language = component.Language,
        Width = component.Format.Video?.Width,
        Height = component.Format.Video?.Height,
    };
}

/// <summary>One CA system of a service (ISO/IEC 13818-1 2.6.16).</summary>
/// <param name="SystemId"><c>CA_system_ID</c> (ETSI TS 101 162).</param>
/// <param name="EcmPid">PID of its ECMs.</param>
public readonly record struct ConditionalAccess([property: JsonRequired] int SystemId, [property: JsonRequired] int EcmPid);
