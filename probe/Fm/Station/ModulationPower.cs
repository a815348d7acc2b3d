namespace SignalWatch.Fm;

/// <summary>MPX power (BS.412-9 annex): the mean square deviation of a sliding 60 s, against that of a sine of 19 kHz peak deviation. Any 60 s count: the window goes on by a slot of 50 ms.</summary>
internal sealed class ModulationPower
{
    /// <summary>Length of the window, s.</summary>
    public const double WindowSeconds = 60;

    private const double ReferenceSquare = 19_000.0 * 19_000 / 2; // 0 dBr, BS.412-9 annex

    private readonly double slotSeconds;
    private readonly (double Sum, double Squares, double Noise)[] slots;
    private double sum, squares, noise;
    private int filled, next;

    /// <summary>Prepares the window.</summary>
    /// <param name="slotSeconds">Length of a slot, s.</param>
    public ModulationPower(double slotSeconds)
    {
        this.slotSeconds = slotSeconds;
        slots = new (double, double, double)[(int)Math.Ceiling(WindowSeconds / slotSeconds - 1e-9)];
    }

    /// <summary>How much of the window is filled, s.</summary>
    public double Seconds => filled * slotSeconds;

    /// <summary>Whether the window is full.</summary>
    public bool IsFull => filled == slots.Length;

    /// <summary>Power of the window, dBr; null where there is nothing.</summary>
    public double? Dbr { get; private set; }

    /// <summary>The highest of any full window; null before one was full.</summary>
    public double? WorstDbr { get; private set; }

    /// <summary>Samples are missing: 60 s are 60 s without a break.</summary>
    public void Reset() => (filled, next, sum, squares, noise, Dbr) = (0, 0, 0, 0, 0, null);

    /// <summary>Takes a slot.</summary>
    /// <param name="mean">Mean deviation, Hz.</param>
    /// <param name="square">Mean square deviation, Hz².</param>
    /// <param name="noiseSquare">What of it the noise causes, Hz².</param>
    public void Add(double mean, double square, double noiseSquare)
    {
        if (IsFull) (sum, squares, noise) = (sum - slots[next].Sum, squares - slots[next].Squares, noise - slots[next].Noise);
        else filled++;
        slots[next] = (mean, square, noiseSquare);
        (sum, squares, noise) = (sum + mean, squares + square, noise + noiseSquare);
        next = (next + 1) % slots.Length;
        // What is added and taken away a million times leaves its rounding: once round, sum anew.
        if (next == 0) Recount();
        // The mean over the window is the carrier's offset, no modulation.
        var power = (squares - noise) / filled - sum / filled * (sum / filled);
        Dbr = 10 * Math.Log10(Math.Max(power, 1) / ReferenceSquare);
        if (IsFull) WorstDbr = WorstDbr is { } worst ? Math.Max(worst, Dbr.Value) : Dbr;
    }

    private void Recount()
    {
        (sum, squares, noise) = (0, 0, 0);
        for (var n = 0; n < filled; n++) (sum, squares, noise) = (sum + slots[n].Sum, squares + slots[n].Squares, noise + slots[n].Noise);
    }
}
