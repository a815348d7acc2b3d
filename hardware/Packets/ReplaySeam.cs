using System.Buffers.Binary;

namespace SignalWatch.Hardware;

/// <summary>How a recording goes on at its own beginning: continuity counters count on in each PID, clocks and time stamps go on, and sections that the ends of the file cut are not glued together.
/// So what a loop adds is no error, and what was recorded stays.</summary>
internal sealed class ReplaySeam
{
    private const int Pids = 8192;
    private const int NullPid = 0x1FFF;
    private const long ClockHz = 27_000_000;
    private const long ClockCycle = (1L << 33) * 300;
    private const long LongestStretch = ClockHz / 2; // a longer way from one PCR to the next is a jump
    private const int PacketBits = TransportStreamFile.PacketBytes * 8;

    private readonly PidSeam?[] pids = new PidSeam?[Pids];
    private long cleanPackets;
    private long cleanTicks;
    private int losses;
    private double shift;

    /// <summary>Its own rate by its PCRs, b/s; null where it has none. Stretches in which packets are missing are left out.</summary>
    public double? BitrateBps => cleanTicks > 0 ? (double)cleanPackets * PacketBits * ClockHz / cleanTicks : null;

    /// <summary>How long one loop is by its main clock, in ticks of 27 MHz; 0 where the file has no PCR.</summary>
    public double ShiftTicks => shift;

    /// <summary>Looks at the next packet of the file.</summary>
    public void Learn(ReadOnlySpan<byte> packet, long index)
    {
        var header = new PacketHeader(packet);
        if (!header.HasSync || header.Pid == NullPid || !header.HasPayload && !header.HasAdaptation) return;
        var pid = pids[header.Pid] ??= new PidSeam();
        LearnCounter(pid, header, index);
        if (header.HasPcr && !header.Damaged) LearnClock(pid, ReadPcr(packet[6..]), index, header.Discontinuity);
        if (header.UnitStart && header.HasPayload && !header.Damaged && header.PayloadStart + 3 <= packet.Length)
        {
            pid.FirstUnit = Math.Min(pid.FirstUnit, index);
            pid.HasPes |= header.Scrambled || packet[header.PayloadStart..].StartsWith((ReadOnlySpan<byte>)[0, 0, 1]);
            if (pid.FirstStamp is null && !header.Scrambled && FirstStamp(packet[header.PayloadStart..]) is { } stamp) (pid.FirstStamp, pid.FirstStampAt) = (stamp, index);
        }
    }

    /// <summary>All packets were looked at.</summary>
    public void Close(long packets)
    {
        foreach (var pid in pids)
        {
            if (pid is null) continue;
            // Joined at its first unit, a PID of sections starts with that packet's counter.
            pid.HasSections = !pid.HasPes && pid.FirstUnit != long.MaxValue;
            var (cc, hasPayload) = pid.HasSections ? (pid.FirstUnitCc, true) : (pid.FirstCc, pid.FirstHasPayload);
            pid.Step = pid.LastCc + (hasPayload ? 1 : 0) - cc & 0x0F;
        }
        if (BitrateBps is not { } rate) return;
        var clocks = pids.OfType<PidSeam>().Where(p => p.Clocks > 0).ToList();
        foreach (var clock in clocks) clock.Shift = Length(clock, packets, PacketBits * ClockHz / rate);
        var main = clocks.MaxBy(p => p.Clocks)!;
        shift = main.Shift;
        // Clocks of one multiplex may run apart by millionths: each goes on at its own rate, and with it the time stamps that were made by it, or a loop would add a step to each.
        foreach (var pid in pids.OfType<PidSeam>())
            if (pid.Clocks == 0) pid.Shift = pid.FirstStamp is { } stamp ? clocks.MinBy(c => Distance(c, stamp, pid.FirstStampAt, PacketBits * ClockHz / rate))!.Shift : shift;
    }

    // From the first PCR of a clock to the same place of the next loop.
    private static double Length(PidSeam clock, long packets, double ticksPerPacket)
    {
        var own = clock.CleanPackets > 0 ? (double)clock.CleanTicks / clock.CleanPackets : ticksPerPacket;
        return Modulo(clock.LastClock - clock.FirstClock) + (packets - clock.LastClockAt + clock.FirstClockAt) * own;
    }

    // How far a time stamp is from what a clock shows there.
    private static long Distance(PidSeam clock, long stamp90k, long at, double ticksPerPacket)
    {
        var shown = Modulo((Int128)(clock.FirstClock + (at - clock.FirstClockAt) * ticksPerPacket));
        var ahead = Modulo(stamp90k * 300 - shown);
        return Math.Min(ahead, ClockCycle - ahead);
    }

    /// <summary>Rewrites a packet for its <paramref name="loop"/>-th repetition.</summary>
    /// <param name="packet">The packet as the file has it.</param>
    /// <param name="index">Its index in the file.</param>
    /// <param name="loop">0 leaves it as it is.</param>
    public void Apply(Span<byte> packet, long index, long loop)
    {
        var header = new PacketHeader(packet);
        if (loop == 0 || !header.HasSync || pids[header.Pid] is not { } pid || !header.HasPayload && !header.HasAdaptation) return;
        if (pid.HasSections && index < pid.FirstUnit)
        {
            BecomeNull(packet);
            return;
        }
        packet[3] = (byte)(packet[3] & 0xF0 | header.Cc + (int)(loop * pid.Step & 0x0F) & 0x0F);
        if (header.Damaged) return;
        var moved = Modulo((Int128)Math.Round(pid.Shift * loop));
        if (header.HasPcr) WritePcr(packet[6..], Modulo(ReadPcr(packet[6..]) + (Int128)moved));
        if (header.UnitStart && header.HasPayload && !header.Scrambled) MoveTimeStamps(packet[Math.Min(header.PayloadStart, packet.Length)..], moved / 300);
        if (pid.HasSections && index == pid.FirstUnit) CutTail(packet, header);
    }

    private void LearnCounter(PidSeam pid, in PacketHeader header, long index)
    {
        if (pid.LastCc < 0) (pid.FirstCc, pid.FirstHasPayload) = (header.Cc, header.HasPayload);
        else
        {
            var repeated = header.HasPayload && header.Cc == pid.LastCc;
            var due = header.HasPayload ? pid.LastCc + 1 & 0x0F : pid.LastCc;
            if (!repeated && header.Cc != due && !header.Discontinuity) losses++;
        }
        if (header.UnitStart && header.HasPayload && !header.Damaged && index < pid.FirstUnit) pid.FirstUnitCc = header.Cc;
        pid.LastCc = header.Cc;
    }

    private void LearnClock(PidSeam pid, long clock, long index, bool discontinuity)
    {
        if (pid.Clocks++ == 0) (pid.FirstClock, pid.FirstClockAt) = (clock, index);
        else
        {
            var stretch = Modulo(clock - pid.LastClock);
            if (!discontinuity && pid.LossesAtClock == losses && stretch is > 0 and <= LongestStretch)
            {
                cleanPackets += index - pid.LastClockAt;
                cleanTicks += stretch;
                pid.CleanPackets += index - pid.LastClockAt;
                pid.CleanTicks += stretch;
            }
        }
        (pid.LastClock, pid.LastClockAt, pid.LossesAtClock) = (clock, index, losses);
    }

    private static void BecomeNull(Span<byte> packet)
    {
        packet.Fill(0xFF);
        BinaryPrimitives.WriteUInt32BigEndian(packet, 0x471FFF10);
    }

    // The first unit's packet may begin with the end of a section that began before the file: it becomes stuffing of an adaptation field, the new section stays where it is.
    private static void CutTail(Span<byte> packet, in PacketHeader header)
    {
        int pointer = packet[4];
        if (header.HasAdaptation || pointer == 0 || 5 + pointer >= packet.Length) return;
        packet[3] |= 0x20;
        packet[4] = (byte)(pointer - 1);
        packet.Slice(5, pointer - 1).Fill(0xFF);
        if (pointer > 1) packet[5] = 0;
        packet[4 + pointer] = 0;
    }

    // PTS and DTS of a PES header (ISO/IEC 13818-1 2.4.3.7).
    private static void MoveTimeStamps(Span<byte> pes, long by)
    {
        if (pes.Length < 19 || !pes.StartsWith((ReadOnlySpan<byte>)[0, 0, 1]) || (pes[6] & 0xC0) != 0x80) return;
        if ((pes[7] & 0x80) != 0) MoveTimeStamp(pes.Slice(9, 5), by);
        if ((pes[7] & 0xC0) == 0xC0) MoveTimeStamp(pes.Slice(14, 5), by);
    }

    private static long? FirstStamp(ReadOnlySpan<byte> pes) =>
        pes.Length >= 14 && pes.StartsWith((ReadOnlySpan<byte>)[0, 0, 1]) && (pes[6] & 0xC0) == 0x80 && (pes[7] & 0x80) != 0 ? ReadTimeStamp(pes[9..]) : null;

    private static long ReadTimeStamp(ReadOnlySpan<byte> field) =>
        (long)(field[0] >> 1 & 7) << 30 | (long)field[1] << 22 | (long)(field[2] >> 1) << 15 | (long)field[3] << 7 | (long)field[4] >> 1;

    private static void MoveTimeStamp(Span<byte> field, long by)
    {
        var stamp = ReadTimeStamp(field) + by & (1L << 33) - 1;
        field[0] = (byte)(field[0] & 0xF1 | (int)(stamp >> 30 & 7) << 1);
        field[1] = (byte)(stamp >> 22);
        field[2] = (byte)((int)(stamp >> 15 & 0x7F) << 1 | field[2] & 1);
        field[3] = (byte)(stamp >> 7);
        field[4] = (byte)((int)(stamp & 0x7F) << 1 | field[4] & 1);
    }

    private static long ReadPcr(ReadOnlySpan<byte> field)
    {
        var high = (long)BinaryPrimitives.ReadUInt32BigEndian(field);
        return (high << 1 | (long)field[4] >> 7) * 300 + ((field[4] & 1) << 8 | field[5]);
    }

    private static void WritePcr(Span<byte> field, long clock)
    {
        var (seconds, extension) = (clock / 300, clock % 300);
        BinaryPrimitives.WriteUInt32BigEndian(field, (uint)(seconds >> 1));
        field[4] = (byte)((int)(seconds & 1) << 7 | field[4] & 0x7E | (int)(extension >> 8));
        field[5] = (byte)extension;
    }

    private static long Modulo(Int128 clock)
    {
        var rest = (long)(clock % ClockCycle);
        return rest < 0 ? rest + ClockCycle : rest;
    }

    private sealed class PidSeam
    {
        public int FirstCc;
        public bool FirstHasPayload;
        public int FirstUnitCc;
        public int LastCc = -1;
        public int Step;
        public long FirstUnit = long.MaxValue;
        public bool HasPes;
        public bool HasSections;
        public int Clocks;
        public long FirstClock;
        public long FirstClockAt;
        public long LastClock;
        public long LastClockAt;
        public int LossesAtClock;
        public long CleanPackets;
        public long CleanTicks;
        public long? FirstStamp;
        public long FirstStampAt;
        public double Shift; // ticks a loop
    }
}
