namespace SignalWatch.Hardware;

/// <summary>
/// Who sends, and whether a packet is his. One that does not belong to the stream is kept until the next one says what it was: its successor, with none of the stream in between,
/// and the sender began anew (RFC 3550 A.1, MIN_SEQUENTIAL 2) or comes back from an outage, and nothing of it is lost; anything else, and it was a stray.
/// So a second sender on the same group, or a damaged header, never takes the stream over.
/// </summary>
internal sealed class RtpSource(ArrivalHistory history)
{
    private const int MaxDropout = 3000;  // RFC 3550 A.1: a jump further ahead needs a second packet to be believed
    private const int MaxMisorder = 100;  // RFC 3550 A.1: so does one further back, of which nothing is known
    private const long LatestNs = 2_000_000_000; // a number that came so long ago and comes again is one of a sender that began anew
    private const long AliveNs = 200_000_000;    // a stream that sent so recently goes on
    private const long ClockStepNs = 10_000_000_000; // the clock was set back

    private byte[] candidate = [];
    private int candidateLength;
    private bool hasCandidate;
    private RtpHeader candidateHeader;
    private uint? formerSsrc;
    private long beganNs;
    private long latestNs;

    public uint? Ssrc { get; private set; }

    /// <summary>Extended sequence number of the first packet.</summary>
    public long BegunAt { get; private set; }

    public long Strays { get; private set; }

    /// <summary>Two paths bring the same stream.</summary>
    public bool IsPaired { get; set; }

    /// <summary>The packet that the confirmed one follows.</summary>
    public ReadOnlySpan<byte> Candidate => candidate.AsSpan(0, candidateLength);

    public RtpHeader CandidateHeader => candidateHeader;

    public long CandidateNs { get; private set; }

    public void Begin(in RtpHeader header, long sequence, long timeNs)
    {
        if (Ssrc != header.Ssrc) formerSsrc = Ssrc;
        (Ssrc, BegunAt, beganNs, latestNs) = (header.Ssrc, sequence, timeNs, timeNs);
    }

    /// <summary>Whether a packet is of the stream, as far as it can say itself.</summary>
    /// <param name="header">Its header.</param>
    /// <param name="highest">Extended sequence number of the latest.</param>
    /// <param name="timeNs">When it came.</param>
    /// <param name="sequence">Its extended sequence number, if so.</param>
    public bool Owns(in RtpHeader header, long highest, long timeNs, out long sequence)
    {
        var delta = (short)(header.SequenceNumber - (ushort)highest);
        sequence = highest + delta;
        if (!IsNear(header, delta, sequence, timeNs)) return false;
        if (hasCandidate) DropCandidate();
        latestNs = timeNs < latestNs - ClockStepNs ? timeNs : Math.Max(latestNs, timeNs);
        return true;
    }

    /// <summary>Whether a packet that is not of the stream follows another such one, so that both are to be taken. If not, it is kept and the one before it is a stray.</summary>
    public bool Confirms(ReadOnlySpan<byte> datagram, in RtpHeader header, long timeNs)
    {
        if (hasCandidate && header.Ssrc == candidateHeader.Ssrc && header.SequenceNumber == (ushort)(candidateHeader.SequenceNumber + 1) && !IsSecondSender(header.Ssrc, timeNs))
        {
            hasCandidate = false;
            return true;
        }
        if (hasCandidate) DropCandidate();
        if (datagram.Length > candidate.Length) candidate = new byte[datagram.Length];
        datagram.CopyTo(candidate);
        (candidateLength, candidateHeader, CandidateNs, hasCandidate) = (datagram.Length, header, timeNs, true);
        return false;
    }

    /// <summary>Whether the confirmed packets are of the same sender, whose numbers ran on while nothing came: a loss, and no new stream. They must fit what it sent before in such a time,
    /// for many senders keep their SSRC when they begin anew with any number, and that is no loss of tens of thousands.</summary>
    public bool IsOutage(long highest, out long sequence)
    {
        var delta = (short)(candidateHeader.SequenceNumber - (ushort)highest);
        sequence = highest + delta;
        if (candidateHeader.Ssrc != Ssrc || delta <= 0 || latestNs <= beganNs) return false;
        var expected = (double)(highest - BegunAt) / (latestNs - beganNs) * (CandidateNs - latestNs);
        return delta >= expected / 2 && delta <= expected * 2;
    }

    /// <summary>No more packets come.</summary>
    public void End()
    {
        if (hasCandidate) DropCandidate();
    }

    // A retransmission of RIST has the media's SSRC with the last bit set (VSF TR-06-1 5.3.3).
    private bool IsNear(in RtpHeader header, short delta, long sequence, long timeNs)
    {
        if ((header.Ssrc & ~1u) != (Ssrc & ~1u)) return false;
        if (delta > 0) return delta <= MaxDropout;
        var arrival = history.Peek(sequence);
        if (arrival.Flags == ArrivalFlags.None) return -delta <= (IsPaired ? history.Capacity / 2 : MaxMisorder);
        return timeNs - arrival.TimeNs <= LatestNs;
    }

    // Another source while the stream goes on: two paths that are no pair, or the one that was left a moment ago. Else bursts of two senders would take turns.
    private bool IsSecondSender(uint ssrc, long timeNs) =>
        timeNs - latestNs < AliveNs && (IsPaired || ssrc == formerSsrc && timeNs - beganNs < LatestNs);

    private void DropCandidate()
    {
        Strays++;
        hasCandidate = false;
    }
}
