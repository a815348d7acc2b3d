using System.Buffers.Binary;

namespace SignalWatch.TransportStream;

/// <summary>One transport stream, watched: packets and their times in, reports and occurrences out, in one pass. It reads no clock: the same input gives the same output.
/// Not for use by several threads at once.</summary>
/// <remarks>ISO/IEC 13818-1, EN 300 468, TR 101 290 5.2. No allocation a packet; tables and formats allocate where they change.</remarks>
public sealed class TransportStreamAnalyzer
{
    private const long MsNs = 1_000_000;
    private const long HousekeepingNs = 100 * MsNs;
    private const long SilenceNs = 250 * MsNs;      // from then on absence says nothing of tables: it is the stream that is absent
    private const long MaxTableBytes = 64 << 20;    // a day of schedules

    private readonly TransportStreamSettings settings;
    private readonly PacketTimes times = new();
    private readonly PacketFramer framer = new();
    private readonly PidTable pids = new();
    private readonly PcrRate pcrRate = new();
    private readonly TableReader tables;
    private readonly ServiceDirectory directory;
    private readonly Deadlines deadlines;
    private readonly Alarms alarms;
    private readonly StreamMap map;
    private readonly UnreferencedPids unreferenced;
    private readonly InnerStreams inner;
    private readonly TableArchive? archive;
    private readonly ReportWriter reports;
    private readonly Func<long, DateTimeOffset> time; // made once: it is asked for ten times a second
    private SectionChecks? sections;

    private long housekeepingDue;
    private long lastPacketAt = -1;
    private long lostAt;
    private bool? inSync;     // null: it never was, and nobody was told
    private long packetIndex;
    private long badPlaces;
    private double streamNs;  // time by places in the stream, where its rate is known
    private double? packetNs;

    // Of the interval.
    private long intervalStart;
    private long packets;
    private int syncLosses;
    private int syncByteErrors;
    private long skippedBefore;

    /// <summary>Begins to watch.</summary>
    /// <param name="settings">How.</param>
    public TransportStreamAnalyzer(TransportStreamSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        this.settings = settings;
        time = times.Of;
        alarms = new Alarms(settings.HoldAlarm.Ticks * 100, (pid, service) => map!.Affected(pid, service), occurrence => Occurred?.Invoke(occurrence));
        deadlines = new Deadlines(pids, Miss, deadline => End(deadline.Key));
        directory = new ServiceDirectory(settings, (check, service, stands) => Lasting(check, stands, serviceId: service));
        map = new StreamMap(pids, directory, deadlines, settings, Break, BreakSystem);
        inner = new InnerStreams(settings);
        archive = settings.KeepTables ? new TableArchive(MaxTableBytes) : null;
        unreferenced = new UnreferencedPids(pids, (pid, stands) => Lasting(Checks.UnreferencedPid, stands, pid));
        tables = new TableReader(pids, directory, new DvbText(settings.DefaultCharset), (check, pid, table) => Raise(check, pid, table), TakeSection, Remap);
        reports = new ReportWriter(pids, directory, tables, map, alarms, settings);
    }

    /// <summary>Is called for each occurrence and for each alarm that ends, in the order of their times, while <see cref="Push"/>, <see cref="Tick"/> or <see cref="Report"/> runs.</summary>
    public event Action<TransportStreamOccurrence>? Occurred;

    /// <summary>Is given the packets of streams inside T2-MI components.</summary>
    public event InnerPackets? Unwrapped
    {
        add => inner.Unwrapped += value;
        remove => inner.Unwrapped -= value;
    }

    /// <summary>Every table that was complete, each content once, in the order of their completion; empty unless <see cref="TransportStreamSettings.KeepTables"/>.</summary>
    public IReadOnlyList<TableVersion> Tables => archive?.Tables ?? [];

    /// <summary>The line-up, to be kept for the next run; null until it is learnt.</summary>
    public Lineup? Lineup => directory.Lineup;

    private long ByteIndex => packetIndex * PacketFramer.PacketBytes;

    // Duration of a packet by the stream's own clocks or by what a person vouches for, ns; null where the rate is not constant, or not known.
    private double? PacketNs => map.PacketNs ?? PacketFramer.PacketBytes * 8e9 / settings.NominalBitrateBps;

    /// <summary>Takes bytes, cut in any way.</summary>
    /// <param name="bytes">Bytes of the stream: packets of 188, 192 (M2TS, whose time stamps are taken) or 204 bytes.</param>
    /// <param name="at">When they arrived. A time before an earlier one counts as that one.</param>
    /// <param name="bitrateBps">Rate of packets of 188 bytes at which they are spread evenly from <paramref name="at"/> on, b/s: a file. 0: all arrived at once: a datagram.</param>
    public void Push(ReadOnlySpan<byte> bytes, DateTimeOffset at, double bitrateBps = 0)
    {
        Advance(at);
        FindSilence();
        times.Push(bytes.Length, bitrateBps, framer.Stride);
        while (true)
        {
            switch (framer.Next(ref bytes, out var run))
            {
                case FrameEvent.Packets: Take(run); break;
                case FrameEvent.Gained: Gain(); break;
                case FrameEvent.Lost: Lose(times.Now); break;
                case FrameEvent.BadSync: TakeBad(); break;
                case FrameEvent.BadPlace: CountBad(packetIndex + badPlaces++); break;
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
        if (times.Now - lastPacketAt <= SilenceNs) KeepHouse();
        else alarms.Advance(times.Now, time, packetIndex);
    }

    /// <summary>Reports the interval since the last report, and starts the next.</summary>
    /// <param name="at">Now.</param>
    public MultiplexReport Report(DateTimeOffset at)
    {
        Tick(at);
        var (rate, source) = Rate((times.Now - intervalStart) / 1e9);
        var report = reports.Write(new MultiplexReport
        {
            At = times.Of(times.Now),
            InSync = inSync == true,
            OutOfSyncSeconds = inSync == true ? null : (times.Now - lostAt) / 1e9,
            BitrateBps = rate,
            BitrateSource = source,
            PacketBytes = framer.Stride,
            Packets = packets,
            SyncByteErrors = syncByteErrors,
            SyncLosses = syncLosses,
            SkippedBytes = framer.SkippedBytes - skippedBefore,
            Checks = alarms.Take(times.Now),
            InnerStreams = inner.Report(times.Of(times.Now)),
            Services = [],
        });
        StartInterval();
        return report;
    }

    private void Advance(DateTimeOffset at)
    {
        times.Advance(at);
        sections ??= new SectionChecks(deadlines, 0, settings.Profile, (check, pid, table, ms, lasts, service) =>
        {
            if (lasts) Lasting(check, true, pid, service);
            else Raise(check, pid, table, serviceId: service, measured: ms);
        }, End);
    }

    private void StartInterval()
    {
        intervalStart = times.Now;
        (packets, syncLosses, syncByteErrors) = (0, 0, 0);
        skippedBefore = framer.SkippedBytes;
        tables.ClearCounters();
        pids.ClearCounters();
    }

    private void FindSilence()
    {
        if (inSync == true && times.Now - lastPacketAt > settings.SyncLossAfter.Ticks * 100)
        {
            framer.Reset();
            Lose(lastPacketAt);
        }
        else if (inSync is null && times.Now > settings.SyncLossAfter.Ticks * 100) Lose(0); // it never came
    }

    private void Gain()
    {
        inSync = true;
        packetIndex += framer.PlacesPassed;
        if (framer.IsSameAlignment) packets += framer.PlacesPassed;
        badPlaces = 0;
        deadlines.Postpone(times.Now - lostAt); // while nothing could be seen nothing was due
        directory.Resume(times.Of(times.Now));
        Lasting(Checks.SyncLost, false);
    }

    private void Lose(long since)
    {
        inSync = false;
        lostAt = since;
        syncLosses++;
        pids.ForgetContinuity();
        tables.ForgetUnfinished();
        LoseCount();
        Lasting(Checks.SyncLost, true);
    }

    private void TakeBad()
    {
        CountBad(packetIndex);
        packets++;
        packetIndex++;
        lastPacketAt = times.Now;
    }

    private void CountBad(long index)
    {
        syncByteErrors++;
        Raise(Checks.SyncByteError, index: index);
    }

    private void Take(ReadOnlySpan<byte> run)
    {
        var (stride, offset) = (framer.Stride, framer.SyncOffset);
        times.BeginRun(framer.Position - run.Length);
        var before = packetIndex;
        for (var place = 0; run.Length >= stride; run = run[stride..], place += stride)
        {
            times.Reach(place);
            if (offset > 0) times.TakeStamp(run);
            if (times.Now >= housekeepingDue || times.Now > deadlines.NextDue) KeepHouse();
            lastPacketAt = times.Now;
            TakePacket(run.Slice(offset, PacketFramer.PacketBytes));
            packetIndex++;
            streamNs += packetNs ?? 0;
        }
        packets += packetIndex - before;
    }

    // What time alone brings. Deadlines ask for their time to be passed, not met.
    private void KeepHouse()
    {
        if (inSync != true) return;
        deadlines.Advance(times.Now);
        alarms.Advance(times.Now, time, packetIndex);
        unreferenced.Look(times.Now, tables.TransportStreamId is not null, map.Complete);
        directory.Update(times.Of(times.Now));
        housekeepingDue = Math.Min(times.Now + HousekeepingNs, alarms.NextDue);
    }

    private void TakePacket(ReadOnlySpan<byte> packet)
    {
        var header = BinaryPrimitives.ReadUInt32BigEndian(packet);
        var pid = (int)(header >> 8 & 0x1FFF);
        ref var state = ref pids[pid];
        if (!state.Seen) pids.Add(pid, times.Now);
        if ((header & 0x80_0000) != 0)
        {
            TakeDamaged(ref state, pid, packet, header);
            return;
        }
        state.Packets++;
        state.LastAt = times.Now;
        if (pid == Pids.Null) return; // its counter means nothing (ISO/IEC 13818-1 2.4.3.3)

        var hasPayload = (header & 0x10) != 0;
        var hasAdaptation = (header & 0x20) != 0;
        if (!hasPayload && !hasAdaptation) return; // reserved: to be discarded (ISO/IEC 13818-1 table 2-5)

        var discontinuity = hasAdaptation && packet[4] > 0 && (packet[5] & 0x80) != 0;
        var cc = (int)(header & 0x0F);
        var inOrder = Continuity.Check(ref state, packet, cc, hasPayload, discontinuity, out var expected);
        if (!inOrder) MissContinuity(ref state, pid, expected, cc);
        if (!inOrder || state.Damaged) Continuity.CountBreak(ref state, cc, hasPayload, discontinuity);

        var scrambled = (header & 0xC0) != 0;
        if (scrambled || state.ScrambledNow) NoteScrambling(ref state, pid, scrambled);
        if (hasAdaptation && packet[4] >= 7 && (packet[5] & 0x10) != 0) TakePcr(pid, packet.Slice(6, 6), discontinuity);
        if (state.Duty == PidDuty.None || Continuity.IsRepetition(state)) return;
        var payload = hasPayload ? packet[Math.Min(hasAdaptation ? 5 + packet[4] : 4, packet.Length)..] : default;
        if ((state.Duty & PidDuty.Component) != 0) TakeComponent(pid, payload, (header & 0x40_0000) != 0, scrambled);
        if ((state.Duty & PidDuty.Sections) == 0 || !hasPayload) return;
        if (packetNs is { } duration) map.PassSystemData(pid, payload, (long)streamNs, duration);
        if (!scrambled) tables.Push(pid, payload, (header & 0x40_0000) != 0, times.Of(times.Now), packetIndex);
    }

    // Any bit of it may be wrong: its counter is compared, its content is not used.
    private void TakeDamaged(ref PidState state, int pid, ReadOnlySpan<byte> packet, uint header)
    {
        state.TransportErrors++;
        Raise(Checks.TransportError, pid);
        if (pid == Pids.Null || (header & 0x30) == 0) return;
        if (!state.Damaged) (state.Damaged, state.GoodCc) = (true, state.Cc);
        var discontinuity = (header & 0x20) != 0 && packet[4] > 0 && (packet[5] & 0x80) != 0;
        var cc = (int)(header & 0x0F);
        if (!Continuity.Check(ref state, packet, cc, (header & 0x10) != 0, discontinuity, out var expected)) MissContinuity(ref state, pid, expected, cc);
        if ((state.Duty & PidDuty.Sections) != 0) tables.ForgetUnfinished(pid);
        map.Component(pid)?.Lose();
    }

    private void NoteScrambling(ref PidState state, int pid, bool scrambled)
    {
        state.ScrambledNow = scrambled;
        if (!scrambled) return;
        state.Scrambled++;
        if (pid == Pids.ProgramAssociation) Raise(Checks.PatScrambled, pid);
        else if (state.Role == PidRole.ProgramMap) Raise(Checks.PmtScrambled, pid);
        else sections!.NeedEntitlements(times.Now);
    }

    private void MissContinuity(ref PidState state, int pid, int expected, int cc)
    {
        state.CcErrors++;
        LoseCount();
        if ((state.Duty & PidDuty.Sections) != 0) tables.ForgetUnfinished(pid);
        map.Component(pid)?.Lose();
        inner.Lose(pid);
        Raise(Checks.ContinuityError, pid, expected: expected, cc: cc, missing: Continuity.IsRepetition(state) ? 0 : cc - expected & 0x0F);
    }

    // Byte positions before and after are not comparable: packets are missing.
    private void LoseCount()
    {
        pcrRate.Loss();
        foreach (var clock in map.Clocks) clock.Meter.Loss();
    }

    private void TakePcr(int pid, ReadOnlySpan<byte> field, bool discontinuity)
    {
        pcrRate.Add(pid, field, packetIndex, discontinuity);
        if (map.Clock(pid) is not { } clock) return;
        deadlines.Meet(clock.Due, times.Now);
        var sample = clock.Add(ProgramClock.ReadPcr(field), ByteIndex + LastPcrByte, times.Now, discontinuity);
        if (sample.Step == ClockStep.Jump) Raise(Checks.PcrJump, pid, measured: sample.IntervalMs);
        if (sample.Step is ClockStep.Jump or ClockStep.Signalled) map.RestartClock(clock);
        do JudgeAccuracy(pid, sample);
        while (clock.Meter.TryJudgeNext(out sample));
        packetNs = PacketNs;
    }

    private void JudgeAccuracy(int pid, in ClockSample sample)
    {
        if (Math.Abs(sample.AccuracyNs) > Checks.PcrAccuracy.Limit!.In(settings.Profile))
            Raise(Checks.PcrAccuracy, pid, measured: sample.AccuracyNs, index: (sample.JudgedByteIndex - LastPcrByte) / PacketFramer.PacketBytes);
    }

    private const int LastPcrByte = 10; // the byte that carries the last bit of program_clock_reference_base (ISO/IEC 13818-1 2.4.2.2)

    private void TakeComponent(int pid, ReadOnlySpan<byte> payload, bool unitStart, bool scrambled)
    {
        if (map.Component(pid) is not { } component) return;
        if (packetNs is { } duration) component.Pass((long)streamNs, duration);
        if (component.Declared.Kind == ComponentKind.T2Mi) inner.Push(pid, payload, unitStart, times.Of(times.Now));
        else if (scrambled) component.Lose();
        else if (component.Take(payload, unitStart, times.Now, component.Clock?.At(ByteIndex))) deadlines.Meet(component.StampsDue, times.Now);
    }

    private void Remap()
    {
        map.Rebuild(tables.NetworkPid, tables.EmmPids, times.Now);
        tables.ListenToComponents(map.Components);
    }

    private void TakeSection(int pid, ReadOnlySpan<byte> section, long firstPacket)
    {
        sections!.NetworkPid = tables.NetworkPid;
        sections.Take(pid, section, times.Now, packetIndex, PacketNs);
        archive?.Add(pid, section, packetIndex, firstPacket);
        if (section[0] == TableIds.ProgramMap) map.MeetMap(pid, times.Now);
    }

    private void Break(Component component, BufferFaultAt fault) => Break(Checks.Of(fault.Fault), fault, component.Pid, component.ServiceId);

    private void BreakSystem(int pid, int serviceId, BufferFaultAt fault) =>
        Break(fault.Fault == BufferFault.TransportOverflow ? Checks.SystemTransportBufferOverflow : Checks.Of(fault.Fault), fault, pid, serviceId);

    private void Break(Check check, in BufferFaultAt fault, int pid, int serviceId) => Raise(check, pid, serviceId: serviceId, measured: fault.Measured, limit: fault.Limit, unit: fault.Unit);

    private void Miss(Deadline deadline)
    {
        var at = Math.Min(deadline.Due, times.Now);
        var limit = deadline.LimitNs / (double)MsNs;
        alarms.Raise(new TransportStreamOccurrence
        {
            Check = deadline.Check, Change = OccurrenceChange.Raise, At = times.Of(at), PacketIndex = packetIndex, Pid = deadline.Pid, ServiceId = deadline.ServiceId, TableId = deadline.TableId,
            Limit = limit, Unit = "ms",
        }, at, lasts: true, deadline.Part);
    }

    // A state that lasts: begins, or ends.
    private void Lasting(Check check, bool stands, int? pid = null, int? serviceId = null)
    {
        if (stands) Raise(check, pid, serviceId: serviceId, lasts: true);
        else End(new AlarmKey(check, pid ?? AlarmKey.None, serviceId ?? AlarmKey.None));
    }

    private void End(AlarmKey key) => alarms.End(key, times.Now, times.Of(times.Now), packetIndex);

    private void Raise(Check check, int? pid = null, int? table = null, int? serviceId = null, int? expected = null, int? cc = null, int? missing = null, double? measured = null, double? limit = null, string? unit = null, bool lasts = false, long? index = null)
    {
        alarms.Raise(new TransportStreamOccurrence
        {
            Check = check,
            Change = OccurrenceChange.Raise,
            At = times.Of(times.Now),
            PacketIndex = index ?? packetIndex,
            Pid = pid,
            TableId = table,
            ServiceId = serviceId ?? (pid is { } known ? map.Owner(known) : null),
            ExpectedCc = expected,
            Cc = cc,
            MissingPackets = missing,
            Measured = measured,
            Limit = limit ?? (measured is null ? null : check.Limit?.In(settings.Profile)),
            Unit = unit ?? (measured is null ? null : check.Limit?.Unit),
        }, times.Now, lasts);
    }

    private (double? Rate, BitrateSource Source) Rate(double seconds)
    {
        if (pcrRate.Take() is { } byClock) return (byClock, BitrateSource.Pcr);
        return packets > 0 && seconds > 0 ? (packets * PacketFramer.PacketBytes * 8 / seconds, BitrateSource.Arrival) : (null, BitrateSource.None);
    }
}
