using System.Buffers.Binary;

namespace SignalWatch.TransportStream;

/// <summary>A long section, its CRC checked (ISO/IEC 13818-1 table 2-30).</summary>
internal readonly ref struct Section
{
    private const int LongHeaderBytes = 8;
    private const int CrcBytes = 4;

    private Section(ReadOnlySpan<byte> bytes)
    {
        TableId = bytes[0];
        Extension = BinaryPrimitives.ReadUInt16BigEndian(bytes[3..]);
        Version = bytes[5] >> 1 & 0x1F;
        Current = (bytes[5] & 1) != 0;
        Number = bytes[6];
        Last = bytes[7];
        Body = bytes[LongHeaderBytes..^CrcBytes];
        Crc = BinaryPrimitives.ReadUInt32BigEndian(bytes[^CrcBytes..]);
    }

    public int TableId { get; }

    /// <summary>table_id_extension: transport stream, programme, network.</summary>
    public int Extension { get; }

    public int Version { get; }

    /// <summary>current_next_indicator: the table holds now.</summary>
    public bool Current { get; }

    public int Number { get; }

    public int Last { get; }

    /// <summary>What is between header and CRC.</summary>
    public ReadOnlySpan<byte> Body { get; }

    public uint Crc { get; }

    /// <summary>The section carries a CRC: all long ones, and the TOT although it is short (EN 300 468 5.2.6).</summary>
    public static bool HasCrc(ReadOnlySpan<byte> bytes) => (bytes[1] & 0x80) != 0 && bytes[0] != TableIds.Stuffing || bytes[0] == TableIds.TimeOffset;

    /// <summary>Reads the header.</summary>
    /// <returns>False where the section is not a long one, or too short for one, or numbered past its last.</returns>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out Section section)
    {
        section = default;
        if (bytes.Length < LongHeaderBytes + CrcBytes || (bytes[1] & 0x80) == 0 || bytes[6] > bytes[7]) return false;
        section = new Section(bytes);
        return true;
    }
}

/// <summary>Table ids (ISO/IEC 13818-1 table 2-31, EN 300 468 table 2).</summary>
internal static class TableIds
{
    public const int ProgramAssociation = 0x00;
    public const int ConditionalAccess = 0x01;
    public const int ProgramMap = 0x02;
    public const int NetworkActual = 0x40;
    public const int NetworkOther = 0x41;
    public const int ServiceActual = 0x42;
    public const int ServiceOther = 0x46;
    public const int Bouquet = 0x4A;
    public const int EventActual = 0x4E;
    public const int EventOther = 0x4F;
    public const int LastEvent = 0x6F;
    public const int Time = 0x70;
    public const int RunningStatus = 0x71;
    public const int Stuffing = 0x72;
    public const int TimeOffset = 0x73;
}

/// <summary>Fixed PIDs (ISO/IEC 13818-1 table 2-3, EN 300 468 table 1).</summary>
internal static class Pids
{
    public const int Count = 8192;
    public const int ProgramAssociation = 0x0000;
    public const int ConditionalAccess = 0x0001;
    public const int Network = 0x0010;
    public const int Service = 0x0011;
    public const int Event = 0x0012;
    public const int RunningStatus = 0x0013;
    public const int Time = 0x0014;
    public const int LastReserved = 0x001F;
    public const int Null = 0x1FFF;
}
