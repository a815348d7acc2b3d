using System.Buffers.Binary;
using System.Text;

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
    private const ushort StreamIdExtension = 5;
    private const int LongestStreamId = 512;

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
            var request = Extension(HandshakeRequest);
            if (request.Length < 12) request = Extension(HandshakeResponse);
            return request.Length < 12 ? null : Math.Max(BinaryPrimitives.ReadUInt16BigEndian(request[8..]), BinaryPrimitives.ReadUInt16BigEndian(request[10..]));
        }
    }

    /// <summary>The stream ID (3.2.1.3): UTF-8 in words whose bytes are the wrong way round; null without.</summary>
    public string? ReadStreamId()
    {
        var words = Extension(StreamIdExtension);
        if (words.Length is < 4 or > LongestStreamId) return null;
        Span<byte> text = stackalloc byte[words.Length];
        for (var i = 0; i < words.Length; i++) text[i] = words[i ^ 3];
        return Encoding.UTF8.GetString(text.TrimEnd((byte)0));
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

    // Extensions follow the handshake's fields: type, length in words, content.
    private ReadOnlySpan<byte> Extension(ushort wanted)
    {
        for (var rest = Payload.Length > HandshakeBytes ? Payload[HandshakeBytes..] : default; rest.Length >= 4;)
        {
            var length = BinaryPrimitives.ReadUInt16BigEndian(rest[2..]) * 4;
            if (length > rest.Length - 4) return default;
            if (BinaryPrimitives.ReadUInt16BigEndian(rest) == wanted) return rest.Slice(4, length);
            rest = rest[(4 + length)..];
        }
        return default;
    }

    private uint Word(int at) => BinaryPrimitives.ReadUInt32BigEndian(Payload[at..]);
}
