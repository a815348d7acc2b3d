using System.Buffers.Binary;

namespace SignalWatch.Hardware;

/// <summary>A RIST receiver's request for packets that it misses (VSF TR-06-1 5.3.2): a generic NACK (RFC 4585 6.2.1), or an application packet named RIST.</summary>
internal static class RistRequest
{
    private const byte Application = 204;       // RFC 3550 6.7
    private const byte TransportFeedback = 205; // RFC 4585 6.1
    private const int GenericNack = 1;

    /// <summary>The source of which a compound asks for packets.</summary>
    public static bool TryRead(ReadOnlySpan<byte> compound, out uint media)
    {
        media = 0;
        while (compound.Length >= 12)
        {
            var length = (BinaryPrimitives.ReadUInt16BigEndian(compound[2..]) + 1) * 4;
            if (compound[1] == TransportFeedback && (compound[0] & 0x1F) == GenericNack)
            {
                media = BinaryPrimitives.ReadUInt32BigEndian(compound[8..]);
                return true;
            }
            if (compound[1] == Application && compound.Slice(8, 4).SequenceEqual("RIST"u8))
            {
                media = BinaryPrimitives.ReadUInt32BigEndian(compound[4..]); // the range request names the media's source
                return true;
            }
            if (length > compound.Length) return false;
            compound = compound[length..];
        }
        return false;
    }
}
