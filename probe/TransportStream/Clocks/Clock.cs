namespace SignalWatch.TransportStream;

/// <summary>A programme clock at work: its meter, when its next PCR is due, and what it shows at any packet.</summary>
internal sealed class Clock(int pid, Deadline due)
{
    private long lastPcr;
    private long lastByte;

    /// <summary>PID of its PCRs.</summary>
    public int Pid { get; } = pid;

    /// <summary>The next PCR.</summary>
    public Deadline Due { get; } = due;

    public ClockMeter Meter { get; } = new(pid);

    /// <summary>A PCR came.</summary>
    public ClockSample Add(long pcr, long byteIndex, long arrivalNs, bool discontinuity)
    {
        (lastPcr, lastByte) = (pcr, byteIndex);
        return Meter.Add(pcr, byteIndex, arrivalNs, discontinuity);
    }

    /// <summary>What the clock shows at a byte, 27 MHz, going on at its present rate from the last PCR; null while the rate is not known.</summary>
    public long? At(long byteIndex) => Meter.TicksPerByte is { } rate ? lastPcr + (long)((byteIndex - lastByte) * rate) : null;
}
