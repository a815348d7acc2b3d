namespace SignalWatch.TransportStream;

/// <summary>A programme clock at work: its meter, when its next PCR is due, and what it shows at any packet.</summary>
internal sealed class Clock(int pid)
{
    private long lastPcr;
    private long lastByte;

    /// <summary>PID of its PCRs.</summary>
    public int Pid { get; } = pid;

    /// <summary>The next PCR; null while no PMT names it.</summary>
    public Deadline? Due { get; set; }

    public ClockMeter Meter { get; } = new(pid);

    /// <summary>A PCR came.</summary>
    public ClockSample Add(long pcr, long byteIndex, long arrivalNs, bool discontinuity)
    {
        (lastPcr, lastByte) = (pcr, byteIndex);
        return Meter.Add(pcr, byteIndex, arrivalNs, discontinuity);
    }

    /// <summary>Ticks a byte, where the rate is constant and known.</summary>
    public double? SteadyRate => Meter.IsSteady ? Meter.TicksPerByte : null;

    /// <summary>What the clock shows at a byte, 27 MHz, going on at its steady rate from the last PCR; null where it has none.</summary>
    public long? At(long byteIndex) => SteadyRate is { } rate ? lastPcr + (long)((byteIndex - lastByte) * rate) : null;
}
