using System.Buffers.Binary;

namespace SignalWatch.TransportStream;

/// <summary>A whole table as it was sent, before anything is read in it.</summary>
/// <param name="Pid">The PID that carried it.</param>
/// <param name="TableId">Its table_id (ISO/IEC 13818-1 table 2-31, EN 300 468 table 2).</param>
/// <param name="Extension">Its table_id_extension: transport stream, programme, network, service; null for a table of short sections.</param>
/// <param name="Version">Its version_number, or null for a table of short sections.</param>
/// <param name="IsCurrent">current_next_indicator: it holds now. Tables of short sections always do.</param>
/// <param name="FirstPacket">Index in the stream of the packet in which its first section began.</param>
/// <param name="LastPacket">Index of the packet that completed it.</param>
/// <param name="Sections">Its sections in the order of their numbers, from table_id to CRC.</param>
public sealed record TableVersion(
    int Pid,
    int TableId,
    int? Extension,
    int? Version,
    bool IsCurrent,
    long FirstPacket,
    long LastPacket,
    IReadOnlyList<ReadOnlyMemory<byte>> Sections)
{
    /// <summary>Sections that did not come: 0 for a whole table.</summary>
    public int MissingSections { get; init; }

    private const int ShortHeaderBytes = 3;
    private const int LongHeaderBytes = 8;
    private const int CrcBytes = 4;

    /// <summary>Reads the table to its last field. It never fails: what cannot be read is given as bytes.</summary>
    /// <param name="defaultCharset">What texts without a selector are written in.</param>
    /// <returns>The table, its first child <c>metadata</c> with PID and packet indices.</returns>
    public TableElement Read(DvbCharset defaultCharset) => TableDocument.Read(this, new DvbText(defaultCharset));

    /// <summary>What is between header and CRC of a section.</summary>
    internal ReadOnlySpan<byte> Body(int section)
    {
        var bytes = Sections[section].Span;
        var header = Extension is null ? ShortHeaderBytes : LongHeaderBytes;
        var end = bytes.Length - (Section.HasCrc(bytes) || TableId == TableIdentifiers.SpliceInformation ? CrcBytes : 0);
        return end > header ? bytes[header..end] : default;
    }

    internal bool PrivateIndicator => (Sections[0].Span[1] & 0x40) != 0;

    /// <summary>Where the header of the first section says more than which table: EIT's and SDT's network, in which the extension is counted.</summary>
    internal static ulong Owner(ReadOnlySpan<byte> section)
    {
        var body = section.Length >= LongHeaderBytes + 4 ? section[LongHeaderBytes..] : default;
        if (body.Length < 4) return 0;
        return section[0] switch
        {
            >= TableIdentifiers.FirstEvent and <= TableIdentifiers.LastEvent => BinaryPrimitives.ReadUInt32BigEndian(body), // transport stream and network
            TableIdentifiers.ServiceActual or TableIdentifiers.ServiceOther => BinaryPrimitives.ReadUInt16BigEndian(body), // network
            _ => 0,
        };
    }
}
