namespace SignalWatch.TransportStream;

/// <summary>The rate of the stream by its own clocks: packets between two PCRs of one PID, over the time between them. Stretches with a loss in them say nothing and are left out.</summary>
internal sealed class PcrRate
{
    private const long ClockHz = 27_000_000;
    private const long ClockCycle = (1L << 33) * 300;   // ISO/IEC 13818-1 2.4.2.2
    private const long LongestStretch = ClockHz / 2;    // five times the interval that TR 101 290 2.3.a allows
    private const int PacketBits = PacketFramer.PacketBytes * 8;

    private readonly Last?[] lasts = new Last?[Pids.Count];
    private long packets;
    private long ticks;
    private int losses;

    /// <summary>Packets are missing here.</summary>
    public void Loss() => losses++;

    /// <summary>A PCR.</summary>
    /// <param name="pid">Its PID.</param>
    /// <param name="field">Its six bytes.</param>
    /// <param name="packetIndex">Index of its packet.</param>
    /// <param name="discontinuity">The clock starts anew with it.</param>
    public void Add(int pid, ReadOnlySpan<byte> field, long packetIndex, bool discontinuity)
    {
        var clock = Read(field);
        ref var slot = ref lasts[pid];
        if (slot is not { } last) slot = new Last { Clock = clock, PacketIndex = packetIndex, Losses = losses };
        else
        {
            var stretch = clock - last.Clock;
            if (stretch < 0) stretch += ClockCycle;
            if (!discontinuity && last.Losses == losses && stretch is > 0 and <= LongestStretch)
            {
                packets += packetIndex - last.PacketIndex;
                ticks += stretch;
            }
            (last.Clock, last.PacketIndex, last.Losses) = (clock, packetIndex, losses);
        }
    }

    /// <summary>The rate since the last call, b/s, or null where there was no stretch without a loss.</summary>
    public double? Take()
    {
        double? rate = ticks > 0 ? (double)packets * PacketBits * ClockHz / ticks : null;
        (packets, ticks) = (0, 0);
        return rate;
    }

    // program_clock_reference_base (33 bits), 6 reserved bits, extension (9 bits).
    private static long Read(ReadOnlySpan<byte> field)
    {
        var reader = new BitReader(field);
        var high = (long)reader.Bits(32);
        var low = reader.Bits(1);
        reader.Skip(6);
        return (high << 1 | low) * 300 + reader.Bits(9);
    }

    private sealed class Last
    {
        public long Clock;
        public long PacketIndex;
        public int Losses;
    }
}
