namespace SignalWatch.Hardware;

/// <summary>
/// A packet that does not belong to the stream, kept until the next one says what it was: its successor, with none of the stream in between, is a sender that began anew
/// (RFC 3550 A.1, MIN_SEQUENTIAL 2), and nothing of it is lost; anything else, and it was a stray. So a second sender on the same group, or a damaged header, never takes the stream over.
/// </summary>
internal sealed class RestartCandidate
{
    private byte[] datagram = [];
    private int length;

    public bool IsSet { get; private set; }

    public uint Ssrc { get; private set; }

    public ushort Sequence { get; private set; }

    public uint Timestamp { get; private set; }

    public long TimeNs { get; private set; }

    public ReadOnlySpan<byte> Datagram => datagram.AsSpan(0, length);

    public bool IsFollowedBy(in RtpHeader header) => IsSet && header.Ssrc == Ssrc && header.SequenceNumber == (ushort)(Sequence + 1);

    public void Set(ReadOnlySpan<byte> bytes, in RtpHeader header, long timeNs)
    {
        if (bytes.Length > datagram.Length) datagram = new byte[bytes.Length];
        bytes.CopyTo(datagram);
        (length, Ssrc, Sequence, Timestamp, TimeNs, IsSet) = (bytes.Length, header.Ssrc, header.SequenceNumber, header.Timestamp, timeNs, true);
    }

    public void Forget() => IsSet = false;
}
