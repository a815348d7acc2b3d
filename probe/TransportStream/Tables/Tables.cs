namespace SignalWatch.TransportStream;

/// <summary>One programme of a PAT.</summary>
internal readonly record struct PatEntry(int ProgramNumber, int Pid);

/// <summary>A PMT.</summary>
/// <param name="PcrPid">The clock's PID, or null where it has none.</param>
/// <param name="Descriptors">The descriptors of the programme.</param>
/// <param name="Components">Its elementary streams.</param>
internal sealed record ProgramMap(int? PcrPid, byte[] Descriptors, IReadOnlyList<PmtComponent> Components)
{
    /// <summary>PIDs of its entitlement control messages.</summary>
    public IReadOnlyList<int> EcmPids => [.. Components.Select(c => c.Descriptors).Prepend(Descriptors).SelectMany(d => Tables.ConditionalAccessPids(d)).Distinct()];

    /// <summary>A descriptor of it says that it is scrambled.</summary>
    public bool Scrambled(PmtComponent component) => Tables.ConditionalAccessPids(Descriptors).Count > 0 || Tables.ConditionalAccessPids(component.Descriptors).Count > 0;
}

/// <summary>One elementary stream of a PMT.</summary>
internal sealed record PmtComponent(int StreamType, int Pid, byte[] Descriptors);

/// <summary>One service of an SDT.</summary>
internal sealed record SdtService(int ServiceId, string? Name, string? Provider, int? ServiceType, bool FreeCaMode);

/// <summary>Readers of table bodies (what is between section header and CRC). Each answers null where the body breaks off or contradicts itself.</summary>
internal static class Tables
{
    private const int ConditionalAccessDescriptor = 0x09;
    private const int NetworkNameDescriptor = 0x40;
    private const int ServiceDescriptor = 0x48;

    /// <summary>ISO/IEC 13818-1 2.4.4.3. Programme 0 is the network's PID.</summary>
    public static IReadOnlyList<PatEntry>? ProgramAssociation(ReadOnlySpan<byte> body)
    {
        if (body.Length % 4 != 0) return null;
        var programs = new PatEntry[body.Length / 4];
        var reader = new BitReader(body);
        for (var i = 0; i < programs.Length; i++)
        {
            var number = reader.Int(16);
            reader.Skip(3);
            programs[i] = new PatEntry(number, reader.Int(13));
        }
        return programs;
    }

    /// <summary>ISO/IEC 13818-1 2.4.4.8.</summary>
    public static ProgramMap? ProgramMap(ReadOnlySpan<byte> body)
    {
        var reader = new BitReader(body);
        reader.Skip(3);
        var pcrPid = reader.Int(13);
        reader.Skip(4);
        var descriptors = reader.Bytes(reader.Int(12)).ToArray();
        var components = new List<PmtComponent>();
        while (reader.BytesLeft > 0)
        {
            var type = reader.Int(8);
            reader.Skip(3);
            var pid = reader.Int(13);
            reader.Skip(4);
            components.Add(new PmtComponent(type, pid, reader.Bytes(reader.Int(12)).ToArray()));
        }
        return reader.Failed ? null : new ProgramMap(pcrPid == Pids.Null ? null : pcrPid, descriptors, components);
    }

    /// <summary>PIDs that CA descriptors name: of ECMs in a PMT, of EMMs in a CAT (ISO/IEC 13818-1 2.6.16).</summary>
    public static IReadOnlyList<int> ConditionalAccessPids(ReadOnlySpan<byte> descriptors)
    {
        List<int> pids = [];
        var reader = new BitReader(descriptors);
        while (reader.BytesLeft > 0)
        {
            var tag = reader.Int(8);
            var field = new BitReader(reader.Bytes(reader.Int(8)));
            if (tag != ConditionalAccessDescriptor) continue;
            field.Skip(16 + 3);
            var pid = field.Int(13);
            if (!field.Failed) pids.Add(pid);
        }
        return pids;
    }

    /// <summary>EN 300 468 5.2.3: the services, and the original_network_id before them.</summary>
    public static (int OriginalNetworkId, IReadOnlyList<SdtService> Services)? ServiceDescription(ReadOnlySpan<byte> body, DvbText text)
    {
        var reader = new BitReader(body);
        var network = reader.Int(16);
        reader.Skip(8);
        var services = new List<SdtService>();
        while (reader.BytesLeft > 0)
        {
            var id = reader.Int(16);
            reader.Skip(8 + 3); // EIT flags and running_status
            var freeCaMode = reader.Flag();
            services.Add(Describe(id, reader.Bytes(reader.Int(12)), freeCaMode, text));
        }
        return reader.Failed ? null : (network, services);
    }

    /// <summary>EN 300 468 5.2.1: the network's name, or null where the NIT has none.</summary>
    public static string? NetworkName(ReadOnlySpan<byte> body, DvbText text)
    {
        var reader = new BitReader(body);
        reader.Skip(4);
        var descriptors = new BitReader(reader.Bytes(reader.Int(12)));
        while (descriptors.BytesLeft > 0)
        {
            var tag = descriptors.Int(8);
            var field = descriptors.Bytes(descriptors.Int(8));
            if (tag == NetworkNameDescriptor && !descriptors.Failed) return text.Decode(field);
        }
        return null;
    }

    // EN 300 468 6.2.33. A descriptor that breaks off hides the name, not the service.
    private static SdtService Describe(int id, ReadOnlySpan<byte> descriptors, bool freeCaMode, DvbText text)
    {
        var reader = new BitReader(descriptors);
        while (reader.BytesLeft > 0)
        {
            var tag = reader.Int(8);
            var field = new BitReader(reader.Bytes(reader.Int(8)));
            if (tag != ServiceDescriptor) continue;
            var type = field.Int(8);
            var provider = field.Bytes(field.Int(8));
            var name = field.Bytes(field.Int(8));
            if (!field.Failed) return new SdtService(id, text.Decode(name), text.Decode(provider), type, freeCaMode);
        }
        return new SdtService(id, null, null, null, freeCaMode);
    }
}
