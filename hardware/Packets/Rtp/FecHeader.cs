using System.Buffers.Binary;

namespace SignalWatch.Hardware;

/// <summary>The header of a FEC packet of SMPTE ST 2022-1 (7.3; Pro-MPEG CoP 3), which extends that of RFC 2733. It stands behind the 12 bytes of RTP, always:
/// P, X, CC and M of that header are parities of the media's, and announce neither padding nor extension nor sources (RFC 2733 4).</summary>
internal readonly struct FecHeader
{
    /// <summary>RTP and FEC header.</summary>
    public const int Bytes = RtpHeader.FixedBytes + 16;

    private FecHeader(ReadOnlySpan<byte> datagram)
    {
        var fec = datagram[RtpHeader.FixedBytes..];
        Sequence = BinaryPrimitives.ReadUInt16BigEndian(datagram[2..]);
        Base = BinaryPrimitives.ReadUInt16BigEndian(fec);
        LengthRecovery = BinaryPrimitives.ReadUInt16BigEndian(fec[2..]);
        FlagsRecovery = (byte)(datagram[0] & 0x3F);
        TypeRecovery = (byte)(datagram[1] & 0x80 | fec[4] & 0x7F);
        TimestampRecovery = BinaryPrimitives.ReadUInt32BigEndian(fec[8..]);
        IsRow = (fec[12] & 0x40) != 0;
        Offset = fec[13];
        Count = fec[14];
    }

    /// <summary>Of the FEC stream itself.</summary>
    public ushort Sequence { get; }

    /// <summary>SNBase: the first media packet that is protected.</summary>
    public ushort Base { get; }

    /// <summary>Parity of the lengths behind the 12 fixed bytes.</summary>
    public ushort LengthRecovery { get; }

    /// <summary>Parity of P, X and CC.</summary>
    public byte FlagsRecovery { get; }

    /// <summary>Parity of the marker (high bit) and the payload type.</summary>
    public byte TypeRecovery { get; }

    public uint TimestampRecovery { get; }

    /// <summary>D: a row (second FEC stream), else a column (first FEC stream).</summary>
    public bool IsRow { get; }

    /// <summary>Between the protected sequence numbers: 1 for a row, L for a column.</summary>
    public int Offset { get; }

    /// <summary>NA, packets that are protected: L for a row, D for a column.</summary>
    public int Count { get; }

    /// <summary>Reads it.</summary>
    /// <returns>Why it can't be used; <see cref="FecUnsupported.None"/> where it can.</returns>
    public static FecUnsupported TryRead(ReadOnlySpan<byte> datagram, out FecHeader header)
    {
        header = default;
        if (datagram.Length <= Bytes || datagram[0] >> 6 != 2) return FecUnsupported.NotFec;
        var fec = datagram[RtpHeader.FixedBytes..];
        if (RtpHeader.IsWholePackets(fec)) return FecUnsupported.NotFec; // media: the next port is often another programme's
        if ((fec[4] & 0x80) == 0) return FecUnsupported.OtherScheme; // E
        var type = fec[12] >> 3 & 7;
        if (type != 0) return type switch { 1 => FecUnsupported.Hamming, 2 => FecUnsupported.ReedSolomon, _ => FecUnsupported.ReservedType };
        if ((fec[5] | fec[6] | fec[7]) != 0) return FecUnsupported.OtherScheme; // protection by mask, which ST 2022-1 leaves at 0
        header = new FecHeader(datagram);
        if (header.Offset == 0 || header.Count == 0 || header.IsRow && header.Offset != 1) return FecUnsupported.Matrix;
        return FecUnsupported.None;
    }
}
