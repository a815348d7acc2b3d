namespace SignalWatch.TransportStream;

/// <summary>Arithmetic of programme clocks: 27 MHz, and round after 26.5 hours (ISO/IEC 13818-1 2.4.2.2).</summary>
internal static class ProgramClock
{
    /// <summary>Ticks a second.</summary>
    public const long Hz = 27_000_000;

    /// <summary>Ticks until it begins anew: 33 bits of 90 kHz.</summary>
    public const long Cycle = TimestampCycle * 300;

    /// <summary>Values of a PTS or DTS (ISO/IEC 13818-1 2.4.3.7).</summary>
    public const long TimestampCycle = 1L << 33;

    /// <summary>Nanoseconds of a tick.</summary>
    public const double NsPerTick = 1e9 / Hz;

    /// <summary>program_clock_reference_base (33 bits), 6 reserved bits, extension (9 bits), in ticks; 0 where the field is cut. An extension past 299 is taken as it stands.</summary>
    public static long ReadPcr(ReadOnlySpan<byte> six)
    {
        var reader = new BitReader(six);
        var high = (long)reader.Bits(32);
        var low = reader.Bits(1);
        reader.Skip(6);
        var extension = reader.Bits(9);
        return reader.Failed ? 0 : ((high << 1 | low) * 300 + extension) % Cycle;
    }

    /// <summary>Ticks from one reading to another by the shorter way round: negative where the clock went back.</summary>
    public static long Delta(long from, long to) => Shorter(to - from, Cycle);

    /// <summary>The same for PTS and DTS, in units of 90 kHz.</summary>
    public static long TimestampDelta(long from90k, long to90k) => Shorter(to90k - from90k, TimestampCycle);

    /// <summary>A PTS or DTS: 4 bits of prefix, then 3, 15 and 15 bits, each part with its marker bit.</summary>
    /// <returns>False where a marker bit is missing or the field is cut: then it is no time stamp.</returns>
    public static bool TryReadTimestamp(ReadOnlySpan<byte> five, out long pts90k)
    {
        var reader = new BitReader(five);
        reader.Skip(4);
        var high = (long)reader.Bits(3);
        var marked = reader.Flag();
        var middle = (long)reader.Bits(15);
        marked &= reader.Flag();
        var low = (long)reader.Bits(15);
        marked &= reader.Flag();
        pts90k = high << 30 | middle << 15 | low;
        return marked && !reader.Failed;
    }

    private static long Shorter(long difference, long cycle)
    {
        if ((ulong)(difference + cycle / 2) < (ulong)cycle) return difference; // nearly always, and a division costs more than all else here
        difference %= cycle;
        if (difference >= cycle / 2) return difference - cycle;
        return difference < -cycle / 2 ? difference + cycle : difference;
    }
}
