namespace SignalWatch.Fm;

/// <summary>Whether a station deviates more than it may: more than one sample in a million above 77 kHz (SM.1268-5 annex 2: 75 kHz and 2 kHz of tolerance), in the last 60 s.
/// <para>An accusation must be sure: excess in several slots of 50 ms that have nothing to do with each other, so often that chance leaves no doubt, and higher than the noise could have lifted a signal of 75 kHz.
/// A click, or a transmitter that switches, is one slot or two. The all-clear takes 60 s: a share of one in a million shows no earlier.</para></summary>
internal sealed class OverDeviation
{
    /// <summary>The limit with its tolerance, Hz.</summary>
    public const double LimitHz = 77_000;

    private const double PermittedHz = 75_000;
    private const double PermittedShare = 1e-6;
    private const double WindowSeconds = 60;

    // Noise beyond so many of its standard deviations happens once in 300,000 samples, of those few that are at the peak already.
    private const double NoiseReach = 4.5;
    private const int LeastSlots = 3;

    // 99 %, one-sided.
    private const double Confidence = 2.326;

    private readonly (int Sure, int Perhaps, int Samples)[] slots = new (int, int, int)[(int)(WindowSeconds / DeviationMeter.SlotSeconds)];
    private int next, unread;
    private long sure, perhaps, samples;
    private int sureSlots;

    /// <summary>Takes a slot.</summary>
    /// <param name="slot">The slot.</param>
    /// <param name="mean">The carrier's offset, Hz.</param>
    /// <param name="noiseHz">RMS of the noise, Hz.</param>
    public void Add(in DeviationSlot slot, double mean, double noiseHz)
    {
        Remove(next);
        var reaches = Math.Max(slot.High - mean, mean - slot.Low);
        var beyond = reaches > LimitHz ? DeviationHistogram.CountBeyond(slot.Counts, mean, LimitHz) : 0;
        var surely = beyond > 0 ? DeviationHistogram.CountBeyond(slot.Counts, mean, Math.Max(LimitHz, PermittedHz + NoiseReach * noiseHz)) : 0;
        slots[next] = (surely, beyond, slot.Samples);
        (sure, perhaps, samples) = (sure + surely, perhaps + beyond, samples + slot.Samples);
        if (surely > 0) sureSlots++;
        next = (next + 1) % slots.Length;
        unread = Math.Min(unread + 1, slots.Length);
    }

    /// <summary>The slots since the last reading stand.</summary>
    public void Accept() => unread = 0;

    /// <summary>The slots since the last reading are not to be counted: reception did not allow it.</summary>
    public void Reject()
    {
        for (; unread > 0; unread--)
        {
            next = (next + slots.Length - 1) % slots.Length;
            Remove(next);
        }
    }

    /// <summary>The verdict on the last 60 s.</summary>
    public bool? Verdict(double sampleRateHz)
    {
        // Of slots that are hit by chance the number is Poisson's; its lower bound by Wilson and Hilferty's approximation.
        if (sureSlots >= LeastSlots)
        {
            var root = 1 - 1 / (9.0 * sureSlots) - Confidence / (3 * Math.Sqrt(sureSlots));
            var surelyHit = Math.Pow(Math.Max(0, root), 3);
            if (sure * surelyHit / samples > PermittedShare) return true;
        }
        var isFull = samples >= 0.99 * WindowSeconds * sampleRateHz;
        return isFull && perhaps <= PermittedShare * samples ? false : null;
    }

    private void Remove(int at)
    {
        var (surely, beyond, count) = slots[at];
        (sure, perhaps, samples) = (sure - surely, perhaps - beyond, samples - count);
        if (surely > 0) sureSlots--;
        slots[at] = default;
    }
}
