namespace SignalWatch.Hardware;

/// <summary>
/// One RTP stream that carries transport packets (RFC 3550, RFC 2250): datagrams and times in, packets in the sent order out. Reordered packets are put back,
/// duplicates dropped, the second path of a hitless pair (SMPTE ST 2022-7) merged, lost packets rebuilt by FEC (SMPTE ST 2022-1), and what is lost for good is said with the packets behind it.
/// Deterministic: no clock is read, the pushed times are all the time there is. Nothing is copied and nothing waits while all is in order. Any bytes are taken;
/// memory is bounded by the settings. Not for several threads at once.
/// </summary>
/// <remarks>
/// SMPTE ST 2022-4 lets a sender leave out null packets and describe them in headers of its own. Those headers are not decoded: the packets that were sent come out as they came,
/// the null packets stay missing, so rates and PCR accuracy of such a stream are of what was sent. Null packets have no continuity, so no error follows from their absence.
/// </remarks>
public sealed class RtpReceiver
{
    private const int NumbersApart = 1 << 17; // numbers after a restart share no record with those before
    private const int TransportPacketBytes = 188;
    private const long ClockStepNs = 10_000_000_000; // further back than anything waits: the clock was set

    private readonly RtpSettings settings;
    private readonly MediaDeliveryIndex? delivery;
    private readonly ArrivalHistory history = new();
    private readonly RtpEventLog events = new();
    private readonly RtpSource source;
    private readonly RtpPath[] paths;
    private readonly DatagramRing ring;
    private readonly FecDecoder fec;
    private readonly ReorderWindow window;
    private readonly RecoveredPackets recovered;
    private readonly SkewMeter skew = new();

    private long next = -1;      // the next to give on
    private long highest = -1;   // the latest that came; where it is not before next, a hole waits to be filled
    private long firstHeld = -1; // the first behind the hole
    private int missing;         // datagrams lost just before the next
    private int packetsEach = 7; // transport packets a datagram: RFC 2250's usual seven until one is seen
    private long lastTimeNs = long.MinValue;
    private int payloadType = -1;
    private SenderReport? senderReport;
    private long receivedAtReport;
    private long payloadTypeChanges;
    private long delivered;
    private long malformed;
    private long restarts;
    private long lost;
    private long gaps;
    private long late;
    private long retransmissions;
    private long irregular;

    /// <summary>Whether a datagram can be FEC of SMPTE ST 2022-1: to find out what is on the ports beside a media stream.</summary>
    /// <param name="datagram">UDP payload.</param>
    public static bool LooksLikeFec(ReadOnlySpan<byte> datagram) => FecHeader.TryRead(datagram, out _) == FecUnsupported.None;

    /// <summary>A receiver that has seen nothing.</summary>
    /// <param name="settings">Windows and bounds.</param>
    /// <param name="delivery">Is told of lost and out-of-order media packets for its media loss rate. Whoever pushes the datagrams here pushes them there too. May be null.</param>
    public RtpReceiver(RtpSettings settings, MediaDeliveryIndex? delivery = null)
    {
        ArgumentNullException.ThrowIfNull(settings);
        this.settings = settings;
        this.delivery = delivery;
        source = new RtpSource(history);
        paths = [new RtpPath(0, history, events), new RtpPath(1, history, events)];
        ring = new DatagramRing(settings.BufferBytes, int.MaxValue);
        fec = new FecDecoder(ring);
        window = new ReorderWindow(settings, source, ring, fec, history);
        recovered = new RecoveredPackets(history);
        if (settings.ExpectsPair) BeginPair();
    }

    /// <summary>What was counted so far. A copy; takes memory.</summary>
    public RtpStatistics Statistics => new()
    {
        Ssrc = source.Ssrc,
        PayloadType = payloadType < 0 ? null : payloadType,
        PayloadTypeChanges = payloadTypeChanges,
        Datagrams = paths[0].Datagrams + paths[1].Datagrams,
        Delivered = delivered,
        Malformed = malformed,
        Strays = source.Strays,
        Restarts = restarts,
        Lost = lost + recovered.Settled,
        Recovered = recovered.Settled,
        Gaps = gaps,
        Reordered = paths[0].Overtaken + paths[1].Overtaken,
        Early = paths[0].Early + paths[1].Early,
        Duplicates = paths[0].Duplicates + paths[1].Duplicates,
        Late = late,
        Retransmissions = retransmissions,
        IrregularPayloads = irregular,
        JitterNs = paths[0].JitterNs,
        Paths = paths[1].IsInUse ? [paths[0].Snapshot(), paths[1].Snapshot()] : [paths[0].Snapshot()],
        Skew = skew.Snapshot(),
        Fec = fec.Snapshot(),
        SenderReport = senderReport,
        Events = events.Snapshot(),
    };

    /// <summary>Takes a datagram of the stream, or of the first path of a pair.</summary>
    /// <param name="datagram">UDP payload.</param>
    /// <param name="timeNs">When it arrived, in nanoseconds of any clock, the same for all calls.</param>
    /// <param name="packets">Is given what is now in order: none, this one, or several. Must not call back into the receiver.</param>
    public void Push(ReadOnlySpan<byte> datagram, long timeNs, PacketsHandler packets) => Receive(paths[0], datagram, timeNs, packets);

    /// <summary>Takes a datagram of the second path of a hitless pair (SMPTE ST 2022-7): the same RTP packets, sent over another network. The first copy wins.</summary>
    /// <inheritdoc cref="Push" path="/param"/>
    public void PushPair(ReadOnlySpan<byte> datagram, long timeNs, PacketsHandler packets)
    {
        if (!source.IsPaired) BeginPair();
        Receive(paths[1], datagram, timeNs, packets);
    }

    /// <summary>Takes a datagram of a FEC stream (SMPTE ST 2022-1): of columns, by convention on the media's port + 2, or of rows, on port + 4; which it is it says itself.</summary>
    /// <inheritdoc cref="Push" path="/param"/>
    public void PushFec(ReadOnlySpan<byte> datagram, long timeNs, PacketsHandler packets)
    {
        ArgumentNullException.ThrowIfNull(packets);
        if (source.Ssrc is null) return; // nothing to protect yet
        if (datagram.Length - FecHeader.Bytes + RtpHeader.FixedBytes > ring.Stride) Widen(datagram.Length, packets);
        if (!fec.Take(datagram, next, highest)) return;
        window.Reserve(0);
        Rebuild(timeNs, packets);
        GiveUp(timeNs, packets);
    }

    /// <summary>Takes an RTCP datagram, by convention of the media's port + 1. One on the media's own port is found by <see cref="Push"/>.</summary>
    /// <param name="datagram">UDP payload.</param>
    /// <param name="timeNs">When it arrived.</param>
    public void PushControl(ReadOnlySpan<byte> datagram, long timeNs)
    {
        if (SenderReport.Read(datagram, timeNs) is not { } report || report.Ssrc != source.Ssrc) return;
        var received = paths[0].Unique + paths[1].Unique - skew.Packets;
        if (senderReport is { } before && before.Ssrc == report.Ssrc)
            report = report with { SentBetween = unchecked(report.PacketsSent - before.PacketsSent), ReceivedBetween = received - receivedAtReport };
        (senderReport, receivedAtReport) = (report, received);
    }

    /// <summary>Lets time pass: what was waited for too long is given up. To be called now and then, so that a stream that stops keeps nothing back.</summary>
    /// <param name="nowNs">On the clock of the pushed times.</param>
    /// <param name="packets">Is given what is let go.</param>
    public void Tick(long nowNs, PacketsHandler packets)
    {
        ArgumentNullException.ThrowIfNull(packets);
        GiveUp(nowNs, packets);
        SettleRecovered(nowNs, everything: false);
    }

    /// <summary>Ends the input: gives on all that was kept back, and judges what was undecided.</summary>
    /// <param name="packets">Is given what is let go.</param>
    public void Flush(PacketsHandler packets)
    {
        ArgumentNullException.ThrowIfNull(packets);
        while (highest >= next && source.Ssrc is not null) Skip(packets);
        SettleRecovered(lastTimeNs, everything: true);
        foreach (var path in paths) path.End();
        source.End();
    }

    private void BeginPair()
    {
        source.IsPaired = true;
        history.ForTwoPaths();
    }

    private void Receive(RtpPath path, ReadOnlySpan<byte> datagram, long timeNs, PacketsHandler packets)
    {
        ArgumentNullException.ThrowIfNull(packets);
        if (RtpHeader.IsControl(datagram))
        {
            PushControl(datagram, timeNs);
            return;
        }
        if (!RtpHeader.TryRead(datagram, out var header))
        {
            malformed++;
            return;
        }
        path.Datagrams++;
        // RFC 3550 A.1 lets the first packets pass unseen until two are in order; a monitor begins with the first.
        if (source.Ssrc is null) Begin(header, NumbersApart, timeNs);
        if (source.Owns(header, highest, timeNs, out var sequence))
        {
            Accept(path, sequence, datagram, header, timeNs, packets);
            return;
        }
        if (!source.Confirms(datagram, header, timeNs)) return;
        var before = source.CandidateHeader;
        if (!source.IsOutage(highest, out sequence))
        {
            Restart(before, source.CandidateNs, packets);
            sequence = next;
        }
        Accept(path, sequence, source.Candidate, before, source.CandidateNs, packets);
        Accept(path, sequence + 1, datagram, header, timeNs, packets);
    }

    private void Restart(in RtpHeader header, long timeNs, PacketsHandler packets)
    {
        Flush(packets);
        restarts++;
        foreach (var path in paths) path.Restart();
        fec.Restart();
        Begin(header, (highest | 0xFFFF) + 1 + NumbersApart, timeNs);
        events.Add(RtpEventKind.Restart, next, 1, timeNs, 0);
    }

    private void Begin(in RtpHeader header, long numbers, long timeNs)
    {
        next = numbers + header.SequenceNumber;
        highest = next - 1;
        source.Begin(header, next, timeNs);
        window.Begin();
    }

    private void Accept(RtpPath path, long sequence, ReadOnlySpan<byte> datagram, in RtpHeader header, long timeNs, PacketsHandler packets)
    {
        if (datagram.Length > ring.Stride) Widen(datagram.Length, packets);
        ref var arrival = ref history[sequence];
        var known = arrival;
        var isLate = sequence < next && !known.Has(ArrivalFlags.Received | ArrivalFlags.Recovered) || known.Has(ArrivalFlags.Lost);
        if (!Count(path, ref arrival, isLate, header, timeNs)) return;
        if (known.Has(ArrivalFlags.Received))
        {
            // The time of a packet that was overtaken is that of its turn, which says nothing of its way.
            if (arrival.Has(ArrivalFlags.OvertakenFirst | ArrivalFlags.OvertakenSecond)) skew.Skip();
            else skew.Add(path.Flag == ArrivalFlags.Second ? timeNs - known.TimeNs : known.TimeNs - timeNs);
            return;
        }
        if (isLate)
        {
            if (sequence < source.BegunAt) return;
            late++;
            events.Add(RtpEventKind.Late, sequence, 1, timeNs, 0);
            return;
        }
        arrival.TimeNs = sequence < highest ? Math.Min(timeNs, TimeBehind(sequence)) : timeNs;
        if (known.Has(ArrivalFlags.Recovered)) return; // FEC was faster
        CountPayloadType(header.PayloadType);
        Place(sequence, datagram, header, arrival.TimeNs, packets);
        if (highest >= next) GiveUp(timeNs, packets);
        if (recovered.Waiting > 0) SettleRecovered(timeNs, everything: false);
    }

    private bool Count(RtpPath path, ref Arrival arrival, bool isLate, in RtpHeader header, long timeNs)
    {
        var moved = path.OutOfOrder;
        var isNew = path.Arrive(ref arrival, isLate, header.Timestamp, timeNs, settings.ReorderPackets);
        if (path.OutOfOrder != moved) delivery?.Missing(timeNs, (int)(path.OutOfOrder - moved) * packetsEach);
        if (isNew && header.Ssrc != source.Ssrc) retransmissions++;
        return isNew;
    }

    // Gives it on where it is its turn, else keeps it; and sees what FEC makes of it.
    private void Place(long sequence, ReadOnlySpan<byte> datagram, in RtpHeader header, long timeNs, PacketsHandler packets)
    {
        var opened = sequence > highest + 1;
        // A packet that is out of reach of the window decides about what was waited for, before it is kept itself.
        while (highest >= next && sequence - next >= window.Packets) Skip(packets);
        if (sequence == next)
        {
            if (window.Keeps(sequence, highest < next)) ring.Store(sequence, datagram);
            Turn(sequence, datagram, header, timeNs, packets);
        }
        else
        {
            window.Reserve(sequence - next + 1);
            if (ring.Store(sequence, datagram))
            {
                if (highest < next || sequence < firstHeld) firstHeld = sequence;
                highest = Math.Max(highest, sequence);
            }
            else
            {
                while (highest >= next && firstHeld < sequence) Skip(packets);
                if (next < sequence) LoseUpTo(sequence, timeNs);
                Turn(sequence, datagram, header, timeNs, packets);
            }
        }
        if (!fec.IsWaiting) return;
        fec.Arrived(sequence);
        if (opened) fec.HoleOpened();
        if (highest >= next) Rebuild(timeNs, packets);
    }

    // An overtaken packet takes the time of the one that it should have come before. With its own the clocks of all that waited for it would be measured late.
    private long TimeBehind(long sequence)
    {
        for (var behind = Math.Max(sequence + 1, firstHeld); behind <= highest; behind++)
            if (ring.Has(behind)) return history.Peek(behind).TimeNs;
        return long.MaxValue;
    }

    private void Turn(long sequence, ReadOnlySpan<byte> datagram, in RtpHeader header, long timeNs, PacketsHandler packets)
    {
        highest = Math.Max(highest, sequence);
        Give(datagram, header, timeNs, packets);
        if (highest >= next) GiveHeld(packets);
    }

    // Longer datagrams than before need another ring, which may hold fewer of them: what is held must be out of it.
    private void Widen(int length, PacketsHandler packets)
    {
        if (!DatagramRing.CanWiden(length)) return;
        while (highest >= next && source.Ssrc is not null) Skip(packets);
        ring.Widen(length);
    }

    private void GiveUp(long nowNs, PacketsHandler packets)
    {
        while (highest >= next && source.Ssrc is not null && (highest - next >= window.Packets || nowNs - history.Peek(firstHeld).TimeNs >= window.TimeNs)) Skip(packets);
    }

    // Gives up the hole before the first that is held, and gives on what follows it.
    private void Skip(PacketsHandler packets)
    {
        LoseUpTo(firstHeld, history.Peek(firstHeld).TimeNs);
        GiveHeld(packets);
    }

    private void LoseUpTo(long sequence, long timeNs)
    {
        var count = (int)(sequence - next);
        for (var gone = Math.Max(next, sequence - history.Capacity / 2); gone < sequence; gone++)
        {
            ref var arrival = ref history[gone];
            arrival.Flags |= ArrivalFlags.Lost;
            arrival.TimeNs = timeNs;
        }
        lost += count;
        gaps++;
        missing += count;
        events.Add(RtpEventKind.Lost, next, count, timeNs, 0);
        delivery?.Missing(timeNs, count * packetsEach);
        next = sequence;
    }

    private void GiveHeld(PacketsHandler packets)
    {
        while (next <= highest && ring.Has(next) && history.Peek(next).Has(ArrivalFlags.Received | ArrivalFlags.Recovered))
        {
            var datagram = ring.Get(next);
            var arrival = history.Peek(next);
            _ = RtpHeader.TryRead(datagram, out var header);
            Give(datagram, header, arrival.Has(ArrivalFlags.Received) ? arrival.TimeNs : lastTimeNs, packets);
        }
        for (firstHeld = next + 1; firstHeld <= highest && !ring.Has(firstHeld); firstHeld++)
        {
        }
    }

    private void Give(ReadOnlySpan<byte> datagram, in RtpHeader header, long timeNs, PacketsHandler packets)
    {
        next++;
        delivered++;
        lastTimeNs = timeNs < lastTimeNs - ClockStepNs ? timeNs : Math.Max(lastTimeNs, timeNs);
        var payload = datagram[header.PayloadStart..header.PayloadEnd];
        if (payload.IsEmpty) return;
        if (RtpHeader.IsWholePackets(payload)) packetsEach = payload.Length / TransportPacketBytes;
        else irregular++;
        var before = missing;
        missing = 0;
        packets(payload, lastTimeNs, before);
    }

    private void Rebuild(long timeNs, PacketsHandler packets)
    {
        while (highest >= next && fec.TryRebuild(next, highest, source.Ssrc!.Value, out var sequence))
        {
            ref var arrival = ref history[sequence];
            arrival.Flags |= ArrivalFlags.Recovered;
            arrival.TimeNs = timeNs;
            recovered.Add(sequence);
            if (sequence < firstHeld) firstHeld = sequence;
            if (sequence == next) GiveHeld(packets);
        }
    }

    private void SettleRecovered(long nowNs, bool everything)
    {
        var waitNs = settings.ReorderTime.Ticks * TimeSpan.NanosecondsPerTick;
        while (recovered.TrySettle(everything ? long.MaxValue : highest - settings.ReorderPackets, everything ? long.MaxValue : nowNs - waitNs, out var sequence, out var timeNs))
        {
            events.Add(RtpEventKind.Recovered, sequence, 1, timeNs, 0);
            delivery?.Missing(timeNs, packetsEach);
        }
    }

    private void CountPayloadType(byte type)
    {
        if (payloadType >= 0 && type != payloadType) payloadTypeChanges++;
        payloadType = type;
    }
}
