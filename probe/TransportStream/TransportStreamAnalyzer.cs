using System.Buffers.Binary;

namespace SignalWatch.TransportStream;

/// <summary>One transport stream, watched: packets and their times in, reports and occurrences out, in one pass. It reads no clock: the same input gives the same output.
/// Not for use by several threads at once.</summary>
/// <remarks>ISO/IEC 13818-1, EN 300 468, TR 101 290 1.1, 1.2, 1.4, 2.1, 2.2. No allocation a packet; tables allocate where they change.</remarks>
public sealed class TransportStreamAnalyzer
{
    private readonly TransportStreamSettings settings;
    private readonly PacketFramer framer = new();
    private readonly PidTable pids = new();
    private readonly PcrRate pcrRate = new();
    private readonly TableReader tables;
    private readonly ServiceDirectory directory;

    private DateTimeOffset now;
    private DateTimeOffset? intervalStart;
    private DateTimeOffset? lastPacketAt;
    private DateTimeOffset outOfSyncSince;
    private bool inSync;
    private long packetIndex;

    // Of the interval.
    private long packets;
    private int transportErrors;
    private int syncLosses;
    private long skippedBefore;
    private long syncByteErrorsBefore;

    /// <summary>Begins to watch.</summary>
    /// <param name="settings">How.</param>
    public TransportStreamAnalyzer(TransportStreamSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        this.settings = settings;
        directory = new ServiceDirectory(settings, (check, service, at) => Raise(check, at: at, serviceId: service));
        tables = new TableReader(pids, directory, new DvbText(settings.DefaultCharset), (check, pid, table) => Raise(check, pid, table));
    }

    /// <summary>Is called for each occurrence while <see cref="Push"/>, <see cref="Tick"/> or <see cref="Report"/> runs.</summary>
    public event Action<TransportStreamOccurrence>? Occurred;

    /// <summary>The line-up, to be kept for the next run; null until it is learnt.</summary>
    public Lineup? Lineup => directory.Lineup;

    /// <summary>Takes bytes, cut in any way.</summary>
    /// <param name="bytes">Bytes of the stream.</param>
    /// <param name="at">When they arrived. A time before an earlier one counts as that one.</param>
    public void Push(ReadOnlySpan<byte> bytes, DateTimeOffset at)
    {
        Advance(at);
        FindSilence();
        while (true)
        {
            switch (framer.Next(ref bytes, out var run))
            {
                case FrameEvent.Packets: Take(run); break;
                case FrameEvent.Gained: Gain(); break;
                case FrameEvent.Lost: Lose(now); break;
                case FrameEvent.BadSync:
                    Raise(Checks.SyncByteError);
                    Count(1);
                    break;
                default: return;
            }
        }
    }

    /// <summary>Says that time passed: finds what is absent. To be called at least each second, whether bytes arrive or not.</summary>
    /// <param name="at">Now.</param>
    public void Tick(DateTimeOffset at)
    {
        Advance(at);
        FindSilence();
        if (inSync) directory.Update(now);
    }

    /// <summary>Reports the interval since the last report, and starts the next.</summary>
    /// <param name="at">Now.</param>
    public MultiplexReport Report(DateTimeOffset at)
    {
        Tick(at);
        var seconds = (now - intervalStart!.Value).TotalSeconds;
        var (rate, source) = Rate(seconds);
        var report = new MultiplexReport
        {
            At = now,
            InSync = inSync,
            OutOfSyncSeconds = inSync ? null : (now - outOfSyncSince).TotalSeconds,
            TransportStreamId = tables.TransportStreamId,
            OriginalNetworkId = directory.OriginalNetworkId,
            NetworkName = tables.NetworkName,
            BitrateBps = rate,
            BitrateSource = source,
            Packets = packets,
            NullPackets = pids[Pids.Null].Packets,
            CcErrors = CcErrors(),
            TransportErrors = transportErrors,
            SyncByteErrors = (int)(framer.SyncByteErrors - syncByteErrorsBefore),
            SyncLosses = syncLosses,
            SkippedBytes = framer.SkippedBytes - skippedBefore,
            CrcErrors = tables.CrcErrors,
            BadSections = tables.BadSections,
            LineupKnown = directory.Lineup is not null,
            Services = packets == 0 || tables.TransportStreamId is null ? [] : [.. directory.Services.Select(service => Describe(service, rate))],
        };
        StartInterval();
        return report;
    }

    private void Advance(DateTimeOffset at)
    {
        if (intervalStart is null)
        {
            now = at;
            (intervalStart, outOfSyncSince) = (at, at);
        }
        if (at > now) now = at;
    }

    private void StartInterval()
    {
        intervalStart = now;
        (packets, transportErrors, syncLosses) = (0, 0, 0);
        (skippedBefore, syncByteErrorsBefore) = (framer.SkippedBytes, framer.SyncByteErrors);
        tables.ClearCounters();
        pids.ClearCounters();
    }

    private void FindSilence()
    {
        if (!inSync || now - lastPacketAt <= settings.SyncLossAfter) return;
        framer.Reset();
        Lose(lastPacketAt!.Value);
    }

    private void Gain()
    {
        inSync = true;
        packetIndex += framer.PlacesPassed;
        directory.Resume(now);
        Raise(Checks.SyncGained);
    }

    private void Lose(DateTimeOffset since)
    {
        inSync = false;
        outOfSyncSince = since;
        syncLosses++;
        pids.ForgetContinuity();
        tables.ForgetUnfinished();
        pcrRate.Loss();
        Raise(Checks.SyncLost);
    }

    private void Count(int number)
    {
        packets += number;
        packetIndex += number;
        lastPacketAt = now;
    }

    private void Take(ReadOnlySpan<byte> run)
    {
        lastPacketAt = now;
        var before = packetIndex;
        for (; run.Length >= PacketFramer.PacketBytes; run = run[PacketFramer.PacketBytes..])
        {
            TakePacket(run[..PacketFramer.PacketBytes]);
            packetIndex++;
        }
        packets += packetIndex - before;
    }

    private void TakePacket(ReadOnlySpan<byte> packet)
    {
        var header = BinaryPrimitives.ReadUInt32BigEndian(packet);
        var pid = (int)(header >> 8 & 0x1FFF);
        ref var state = ref pids[pid];
        if (!state.Seen) pids.Add(pid);
        state.Packets++;
        if (pid == Pids.Null) return; // its counter means nothing (ISO/IEC 13818-1 2.4.3.3)

        var damaged = (header & 0x80_0000) != 0;
        if (damaged)
        {
            transportErrors++;
            Raise(Checks.TransportError, pid);
        }
        var hasPayload = (header & 0x10) != 0;
        var hasAdaptation = (header & 0x20) != 0;
        if (!hasPayload && !hasAdaptation) return; // reserved: to be discarded (ISO/IEC 13818-1 table 2-5)

        var discontinuity = hasAdaptation && packet[4] > 0 && (packet[5] & 0x80) != 0;
        var cc = (int)(header & 0x0F);
        if (!Continuity.Check(ref state, packet, cc, hasPayload, discontinuity, out var expected)) MissContinuity(ref state, pid, expected, cc);
        if (damaged) return; // any bit of it may be wrong

        if ((header & 0xC0) != 0) state.Scrambled++;
        if (hasAdaptation && packet[4] >= 7 && (packet[5] & 0x10) != 0) pcrRate.Add(pid, packet.Slice(6, 6), packetIndex, discontinuity);
        if (state.HasSections && hasPayload && (header & 0xC0) == 0 && !Continuity.IsRepetition(state))
            tables.Push(pid, packet[Math.Min(hasAdaptation ? 5 + packet[4] : 4, packet.Length)..], (header & 0x40_0000) != 0, now);
    }

    private void MissContinuity(ref PidState state, int pid, int expected, int cc)
    {
        state.CcErrors++;
        pcrRate.Loss();
        if (state.HasSections) tables.ForgetUnfinished(pid);
        Raise(Checks.ContinuityError, pid, expected: expected, cc: cc, missing: Continuity.IsRepetition(state) ? 0 : cc - expected & 0x0F);
    }

    private void Raise(Check check, int? pid = null, int? table = null, int? serviceId = null, DateTimeOffset? at = null, int? expected = null, int? cc = null, int? missing = null)
    {
        if (Occurred is not { } handler) return;
        handler(new TransportStreamOccurrence
        {
            Check = check,
            Change = OccurrenceChange.Raise,
            At = at ?? now,
            PacketIndex = packetIndex,
            Pid = pid,
            TableId = table,
            ServiceId = serviceId,
            ExpectedCc = expected,
            Cc = cc,
            MissingPackets = missing,
        });
    }

    private (double? Rate, BitrateSource Source) Rate(double seconds)
    {
        if (pcrRate.Take() is { } byClock) return (byClock, BitrateSource.Pcr);
        return packets > 0 && seconds > 0 ? (packets * PacketFramer.PacketBytes * 8 / seconds, BitrateSource.Arrival) : (null, BitrateSource.None);
    }

    private int CcErrors()
    {
        var sum = 0;
        foreach (var pid in pids.Seen) sum += pids[pid].CcErrors;
        return sum;
    }

    private ServiceReport Describe(ServiceDirectory.Service service, double? rate)
    {
        long ownPackets = 0;
        var ccErrors = 0;
        foreach (var pid in service.AllPids)
        {
            ownPackets += pids[pid].Packets;
            ccErrors += pids[pid].CcErrors;
        }
        UpdateScrambled(service);
        var description = directory.Description(service.Id);
        return new ServiceReport
        {
            ServiceId = service.Id,
            Name = description?.Name ?? service.RememberedName,
            Provider = description?.Provider,
            ServiceType = description?.ServiceType,
            Present = service.Present,
            InLineup = directory.IsMember(service),
            CcErrors = ccErrors,
            BitrateBps = rate * ownPackets / packets,
            Scrambled = service.Scrambled,
            Components = [.. service.Map?.Components.Select(c => new ComponentReport { Pid = c.Pid, StreamType = c.StreamType, Format = new ComponentFormat { Kind = ComponentKind.Unknown }, Scrambling = new ScramblingView(false, null, null) }) ?? []],
            PmtPid = service.PmtPid,
            PcrPid = service.Map?.PcrPid,
            Pids = service.AllPids,
        };
    }

    // One packet in ten of a component: a bit that flipped on the way does not make a service scrambled.
    private void UpdateScrambled(ServiceDirectory.Service service)
    {
        var any = false;
        var scrambled = false;
        foreach (var component in service.Map?.Components ?? [])
        {
            ref var state = ref pids[component.Pid];
            any |= state.Packets > 0;
            scrambled |= state.Scrambled > 0 && state.Scrambled * 10L >= state.Packets;
        }
        if (any) service.Scrambled = scrambled;
    }
}
