namespace SignalWatch.TransportStream;

/// <summary>What the meaning of a descriptor depends on besides its tag: the table, the component, what stands before it in the loop, and the character table of the network.</summary>
internal sealed class DescriptorScope(DvbText text, int tableId, int? streamType = null, DescriptorScope? outer = null)
{
    private readonly List<uint> registrations = [];

    public DvbText Text { get; } = text;

    public int TableId { get; } = tableId;

    /// <summary>The component's stream_type, within its loop of a PMT.</summary>
    public int? StreamType { get; } = streamType;

    /// <summary>The last private_data_specifier of this loop: it holds to the end of the loop (EN 300 468 6.2.31).</summary>
    public uint? PrivateDataSpecifier { get; set; }

    /// <summary>Registrations of this loop and of the one around it: what the programme registers holds for its components (ISO/IEC 13818-1 2.6.8).</summary>
    public IEnumerable<uint> Registrations => outer is null ? registrations : registrations.Concat(outer.Registrations);

    public void Register(uint formatIdentifier) => registrations.Add(formatIdentifier);
}
