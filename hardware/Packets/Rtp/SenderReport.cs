using System.Buffers.Binary;

namespace SignalWatch.Hardware;

/// <summary>What a sender says of itself (RTCP SR, RFC 3550 6.4.1).</summary>
/// <param name="Ssrc">Of whom.</param>
/// <param name="NtpTime">When, on the sender's clock: seconds since 1900-01-01 UTC in the upper 32 bits, their fraction in the lower ones. 0 where it has none.</param>
/// <param name="RtpTimestamp">The same moment on the 90 kHz clock of the media.</param>
/// <param name="PacketsSent">Since it began; wraps at 2³².</param>
/// <param name="BytesSent">Of payload, since it began; wraps at 2³².</param>
/// <param name="ArrivedNs">When the report came, on the clock of the pushed times.</param>
/// <param name="SentBetween">Packets sent between the report before and this one. Null with the first.</param>
/// <param name="ReceivedBetween">Different packets that arrived meanwhile, on all paths together: fewer than sent were lost, whatever the sequence numbers say. Null with the first.</param>
public sealed record SenderReport(uint Ssrc, ulong NtpTime, uint RtpTimestamp, uint PacketsSent, uint BytesSent, long ArrivedNs, long? SentBetween, long? ReceivedBetween)
{
    private const int HeaderBytes = 8;
    private const int ReportBytes = 28;
    private const byte SenderReportType = 200;

    /// <summary>Finds the sender report in a compound RTCP packet (RFC 3550 6.1).</summary>
    /// <returns>Null where there is none, or none that is whole.</returns>
    internal static SenderReport? Read(ReadOnlySpan<byte> compound, long timeNs)
    {
        while (compound.Length >= HeaderBytes && compound[0] >> 6 == 2)
        {
            var length = 4 * (BinaryPrimitives.ReadUInt16BigEndian(compound[2..]) + 1);
            if (length > compound.Length) return null;
            if (compound[1] == SenderReportType && length >= ReportBytes)
                return new SenderReport(Word(compound, 4), BinaryPrimitives.ReadUInt64BigEndian(compound[8..]), Word(compound, 16), Word(compound, 20), Word(compound, 24), timeNs, null, null);
            compound = compound[length..];
        }
        return null;
    }

    private static uint Word(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32BigEndian(bytes[at..]);
}
