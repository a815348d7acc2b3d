using System.Buffers.Binary;

namespace SignalWatch.Hardware;

/// <summary>The header of an SRT packet (draft-sharabayko-srt 3).</summary>
internal readonly ref struct SrtPacket
{
    public const int HeaderBytes = 16;
    public const int HandshakeBytes = 48;
    public const uint SequenceMask = 0x7FFF_FFFF;

    // Control types: table 1 of the draft.
    public const int Handshake = 0;
    public const int KeepAlive = 1;
    public const int Acknowledgement = 2;
    public const int LossReport = 3;
    public const int Shutdown = 5;
    public const int AcknowledgementOfAcknowledgement = 6;

    private const uint Conclusion = 0xFFFF_FFFF; // handshake type, 3.2.1
    private const ushort HandshakeRequest = 1;   // extension types, table 5
    private const ushort HandshakeResponse = 2;

    private readonly ReadOnlySpan<byte> bytes;

    /// <param name="datagram">At least <see cref="HeaderBytes"/>.</param>
    public SrtPacket(ReadOnlySpan<byte> datagram) => bytes = datagram;

    /// <summary>There is no packet.</summary>
    public bool IsEmpty => bytes.IsEmpty;

    public bool IsControl => (bytes[0] & 0x80) != 0;

    public int ControlType => BinaryPrimitives.ReadUInt16BigEndian(bytes) & 0x7FFF;

    public int Subtype => BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]);

    public uint Sequence => BinaryPrimitives.ReadUInt32BigEndian(bytes) & SequenceMask;

    /// <summary>PP: 3 is a message in one packet, as live mode has it.</summary>
    public int Position => bytes[4] >> 6;

    /// <summary>KK: 0 is not encrypted.</summary>
    public int Key => bytes[4] >> 3 & 3;

    public bool IsRetransmitted => (bytes[4] & 0x04) != 0;

    /// <summary>0 marks a packet of the packet filter: forward error correction, no data.</summary>
    public int Message => (int)(BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]) & 0x03FF_FFFF);

    public uint Timestamp => BinaryPrimitives.ReadUInt32BigEndian(bytes[8..]);

    public uint Socket => BinaryPrimitives.ReadUInt32BigEndian(bytes[12..]);

    public ReadOnlySpan<byte> Payload => bytes[HeaderBytes..];

    /// <summary>A handshake by its fields (3.2.1): version 4 or 5, a packet size that exists, a type that exists.</summary>
    public bool IsHandshake =>
        !IsEmpty && IsControl && ControlType == Handshake && Subtype == 0 && Payload.Length >= HandshakeBytes
        && Word(0) is 4 or 5 && Word(12) is >= 128 and <= 65_535 && Word(20) is <= 1 or >= 0xFFFF_FFFD;

    public bool IsConclusion => Word(20) == Conclusion;

    public uint InitialSequence => Word(8) & SequenceMask;

    /// <summary>Latency of the receiver, ms, out of the handshake's extension (3.2.1.1.3); null without.</summary>
    public int? LatencyMs
    {
        get
        {
            for (var at = HandshakeBytes; at + 4 <= Payload.Length;)
            {
                var (type, length) = (BinaryPrimitives.ReadUInt16BigEndian(Payload[at..]), BinaryPrimitives.ReadUInt16BigEndian(Payload[(at + 2)..]) * 4);
                if (type is HandshakeRequest or HandshakeResponse && length >= 12 && at + 16 <= Payload.Length)
                    return Math.Max(BinaryPrimitives.ReadUInt16BigEndian(Payload[(at + 12)..]), BinaryPrimitives.ReadUInt16BigEndian(Payload[(at + 14)..]));
                at += 4 + length;
            }
            return null;
        }
    }

    /// <summary>Packets that a loss report asks for (appendix A): single numbers, and ranges whose first number has its highest bit set.</summary>
    public long PacketsReportedLost
    {
        get
        {
            long count = 0;
            for (var at = 0; at + 4 <= Payload.Length; at += 4)
            {
                var first = Word(at);
                if ((first & ~SequenceMask) == 0) count++;
                else if (at + 8 <= Payload.Length)
                {
                    var span = Difference(Word(at + 4) & SequenceMask, first & SequenceMask);
                    if (span >= 0) count += span + 1L;
                    at += 4;
                }
            }
            return count;
        }
    }

    /// <summary>How far a sequence number is after another, by the shorter way round.</summary>
    public static int Difference(uint to, uint from) => (int)(to - from << 1) >> 1;

    private uint Word(int at) => BinaryPrimitives.ReadUInt32BigEndian(Payload[at..]);
}
