using System.Buffers.Binary;

namespace SignalWatch.TransportStream;

/// <summary>BBHEADER of ETSI EN 302 755 5.1.7, in normal mode and in high efficiency mode.</summary>
internal readonly record struct BasebandHeader
{
    private const int Bytes = 10;
    private const int PacketBits = 188 * 8;

    /// <summary>TS/GS: 3 is a transport stream.</summary>
    public int StreamType { get; private init; }

    /// <summary>High efficiency mode: neither sync bytes nor CRC-8 of user packets are sent, and ISSY stands in this header.</summary>
    public bool IsHighEfficiency { get; private init; }

    /// <summary>NPD: each user packet ends in the number of null packets that were deleted before it.</summary>
    public bool NullPacketsDeleted { get; private init; }

    /// <summary>Bytes of a user packet with all that is added to it; 0 where the header contradicts itself.</summary>
    public int UnitBytes { get; private init; }

    /// <summary>Bytes of the data field.</summary>
    public int DataBytes { get; private init; }

    /// <summary>Bytes from the start of the data field to the first user packet that starts in it; 0xFFFF where none does.</summary>
    public int SyncBytes { get; private init; }

    /// <summary>Reads it; false where it is cut or its CRC-8 is wrong.</summary>
    public static bool TryRead(ReadOnlySpan<byte> frame, out BasebandHeader header)
    {
        header = default;
        if (frame.Length < Bytes) return false;
        var mode = Crc8(frame[..(Bytes - 1)]) ^ frame[Bytes - 1]; // the last byte is CRC-8 by MODE: 0 normal, 1 high efficiency
        if (mode > 1) return false;
        var (issy, deleted) = ((frame[0] & 0x08) != 0, (frame[0] & 0x04) != 0);
        var (dataBits, syncBits) = (BinaryPrimitives.ReadUInt16BigEndian(frame[4..]), BinaryPrimitives.ReadUInt16BigEndian(frame[7..]));
        header = new BasebandHeader
        {
            StreamType = frame[0] >> 6,
            IsHighEfficiency = mode == 1,
            NullPacketsDeleted = deleted,
            UnitBytes = mode == 1 ? 187 + (deleted ? 1 : 0) : NormalUnit(BinaryPrimitives.ReadUInt16BigEndian(frame[2..]), issy, deleted),
            DataBytes = dataBits / 8,
            SyncBytes = syncBits == 0xFFFF ? syncBits : syncBits / 8,
        };
        return true;
    }

    // UPL counts what is added to the packet; ISSY has 2 or 3 bytes (annex C), and only UPL tells which.
    private static int NormalUnit(int upl, bool issy, bool deleted)
    {
        var added = upl - PacketBits - (deleted ? 8 : 0);
        return issy ? added is 16 or 24 ? upl / 8 : 0 : added == 0 ? upl / 8 : 0;
    }

    // x^8 + x^7 + x^6 + x^4 + x^2 + 1, from 0 (5.1.4).
    private static int Crc8(ReadOnlySpan<byte> bytes)
    {
        var crc = 0;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++) crc = (crc & 0x80) != 0 ? (crc << 1 ^ 0xD5) & 0xFF : crc << 1;
        }
        return crc;
    }
}
