namespace SignalWatch.TransportStream;

/// <summary>How big the buffers of a component are.</summary>
/// <param name="ElementaryBytes">EB of pictures, B of sound, bytes.</param>
/// <param name="MultiplexBytes">MB of pictures, bytes; 0 where there is none.</param>
/// <param name="MultiplexBps">Rate from MB to EB (leak method), b/s.</param>
/// <param name="DelayLimitSeconds">Longest stay of data in the decoder.</param>
/// <param name="UnitTicks">Duration of an access unit, 90 kHz, where each PES packet carries just one; null where it may carry several: then only those are late that are still missing when the next
/// packet is due.</param>
internal sealed record DecoderBufferSettings(double ElementaryBytes, double MultiplexBytes, double MultiplexBps, double DelayLimitSeconds, long? UnitTicks = null);

/// <summary>The main buffers of one elementary stream: bytes go in as they come, a PES packet goes out at its decoding time (ISO/IEC 13818-1 2.4.2.5, 2.4.2.6). Where the time stamps leave it open
/// how full a buffer was, the smallest fill is taken: what is reported is sure. Not for scrambled streams.</summary>
internal sealed class DecoderBuffer(DecoderBufferSettings settings)
{
    private const int FirstCapacity = 64;
    private const int MostUnits = 1024;                        // 10 s at 100 units/s; a stream that wants more has wrong time stamps
    private const long LongestStep = 10 * ProgramClock.Hz;     // between two looks at the clock: more is a clock that jumped
    private const long LatestUsable = ProgramClock.Hz;         // time stamps farther behind the clock, …
    private const long BeyondLimit = 10 * ProgramClock.Hz;     // … or farther ahead of it than the limit and this, are of another clock
    private const long Tolerance = ProgramClock.Hz / 1000;     // the clock between two PCRs is extrapolated
    private const double Slack = TransportBuffer.StandardBytes; // bytes that may still lie in TB
    private const double ExcursionEnds = 0.75;                 // of the size

    private Unit[] units = new Unit[FirstCapacity];
    private int first;
    private int count;

    private bool begun;
    private bool hasOpen;
    private long lastStc;
    private long now;           // ticks, unwrapped
    private long lastDts;       // 90 kHz
    private Unit open;
    private double multiplex;
    private double elementary;
    private bool multiplexOver, elementaryOver, late, delayed;

    /// <summary>PES packets whose time stamps could not be used: of another clock, or out of order.</summary>
    public long Unusable { get; private set; }

    /// <summary>Bytes of the elementary stream.</summary>
    /// <param name="bytes">How many.</param>
    /// <param name="stcTicks">What the programme's clock showed when they came, 27 MHz.</param>
    /// <param name="faults">Takes the faults that begin: room for four.</param>
    /// <returns>How many begin.</returns>
    public int Payload(int bytes, long stcTicks, Span<BufferFaultAt> faults)
    {
        if (!hasOpen || !Advance(stcTicks)) return 0;
        open.LastByte = now;
        if (open.Due <= now)
        {
            open.LateBytes += bytes; // they pass through without being kept
            return 0;
        }
        open.Bytes += bytes;
        var begin = 0;
        if (settings.MultiplexBytes > 0)
        {
            multiplex += bytes;
            Flow(0);
            if (Exceeds(multiplex, settings.MultiplexBytes, ref multiplexOver)) Tell(faults, ref begin, new BufferFaultAt(BufferFault.MultiplexOverflow, multiplex, settings.MultiplexBytes));
            multiplex = Math.Min(multiplex, settings.MultiplexBytes + Slack);
        }
        else
        {
            elementary += bytes;
            if (Exceeds(elementary, settings.ElementaryBytes, ref elementaryOver)) Tell(faults, ref begin, new BufferFaultAt(BufferFault.ElementaryOverflow, elementary, settings.ElementaryBytes));
            elementary = Math.Min(elementary, settings.ElementaryBytes + Slack);
        }
        return begin;
    }

    /// <summary>A PES packet starts.</summary>
    /// <param name="decodeTime90k">Its DTS, else its PTS.</param>
    /// <param name="stcTicks">What the programme's clock showed, 27 MHz.</param>
    /// <param name="faults">Takes the faults that begin: room for four.</param>
    /// <returns>How many begin.</returns>
    public int AccessUnit(long decodeTime90k, long stcTicks, Span<BufferFaultAt> faults)
    {
        Advance(stcTicks);
        var begin = 0;
        var step = ProgramClock.TimestampDelta(lastDts, decodeTime90k);
        var ahead = ProgramClock.Delta(stcTicks, decodeTime90k * 300 % ProgramClock.Cycle);
        var isUsable = ahead >= -LatestUsable && ahead <= settings.DelayLimitSeconds * ProgramClock.Hz + BeyondLimit && (!hasOpen || step > 0);
        if (!isUsable)
        {
            Unusable++;
            Restart();
            return 0;
        }
        if (hasOpen) Close(step, faults, ref begin);
        if (!begun)
        {
            (begun, lastStc, now) = (true, stcTicks, 0);
        }
        var delay = ahead * 1e3 / ProgramClock.Hz;
        var isDelayed = delay > settings.DelayLimitSeconds * 1e3;
        if (isDelayed && !delayed) Tell(faults, ref begin, new BufferFaultAt(BufferFault.DataDelay, delay, settings.DelayLimitSeconds * 1e3));
        (delayed, hasOpen, lastDts) = (isDelayed, true, decodeTime90k);
        open = new Unit { Due = now + ahead };
        return begin;
    }

    /// <summary>Forgets what is in the buffers: the clock jumped, packets are missing, the stream is scrambled. Nothing is said until a PES packet starts again.</summary>
    public void Restart()
    {
        (count, multiplex, elementary) = (0, 0, 0);
        (begun, hasOpen, multiplexOver, elementaryOver, late, delayed) = (false, false, false, false, false, false);
    }

    private static void Tell(Span<BufferFaultAt> faults, ref int count, in BufferFaultAt fault)
    {
        if (count < faults.Length) faults[count++] = fault;
    }

    private static bool Exceeds(double fill, double size, ref bool standing)
    {
        if (fill > size + Slack)
        {
            var begins = !standing;
            standing = true;
            return begins;
        }
        if (fill < size * ExcursionEnds) standing = false;
        return false;
    }

    private void Close(long step, Span<BufferFaultAt> faults, ref int begin)
    {
        // Several units in a packet: its last one may come until the next packet is due.
        var allowed = settings.UnitTicks is { } unit && step * 2 <= unit * 3 ? 0 : step * 300;
        var lateness = open.LastByte - open.Due - allowed;
        var isLate = open.LateBytes > 0 && lateness > Tolerance;
        if (isLate && !late) Tell(faults, ref begin, new BufferFaultAt(BufferFault.ElementaryUnderflow, lateness * 1e3 / ProgramClock.Hz, 0));
        late = isLate;
        if (open.Due > now) Keep(open);
    }

    private void Keep(in Unit unit)
    {
        if (count == units.Length)
        {
            if (count == MostUnits)
            {
                Unusable++;
                Restart();
                return;
            }
            var more = new Unit[Math.Min(units.Length * 2, MostUnits)];
            for (var i = 0; i < count; i++) more[i] = units[(first + i) % units.Length];
            (units, first) = (more, 0);
        }
        units[(first + count++) % units.Length] = unit;
    }

    // The clock goes on: MB flows into EB, units leave at their times.
    private bool Advance(long stcTicks)
    {
        if (!begun) return false;
        var step = ProgramClock.Delta(lastStc, stcTicks);
        if (step is < -LongestStep or > LongestStep)
        {
            Restart();
            return false;
        }
        lastStc = stcTicks;
        if (step <= 0) return true; // a new PCR may set the extrapolated clock back a little
        var end = now + step;
        while (count > 0 && units[first].Due <= end)
        {
            Flow(units[first].Due - now);
            now = Math.Max(now, units[first].Due);
            Take(units[first].Bytes);
            first = (first + 1) % units.Length;
            count--;
        }
        if (hasOpen && open.Due > now && open.Due <= end)
        {
            Flow(open.Due - now);
            now = open.Due;
            Take(open.Bytes);
        }
        Flow(end - now);
        now = end;
        return true;
    }

    private void Flow(long ticks)
    {
        if (settings.MultiplexBytes <= 0) return;
        var moved = Math.Min(multiplex, Math.Min(Math.Max(0, ticks) * settings.MultiplexBps / 8 / ProgramClock.Hz, Math.Max(0, settings.ElementaryBytes - elementary)));
        multiplex -= moved;
        elementary += moved;
    }

    // What of a unit has not reached EB yet is taken from MB: whether it should have is for its own lateness to say.
    private void Take(double bytes)
    {
        var fromElementary = Math.Min(bytes, elementary);
        elementary -= fromElementary;
        multiplex = Math.Max(0, multiplex - (bytes - fromElementary));
    }

    private struct Unit
    {
        public long Due;
        public long LastByte;
        public int Bytes;
        public int LateBytes;
    }
}
