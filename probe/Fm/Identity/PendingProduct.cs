namespace SignalWatch.Fm.Identity;

/// <summary>How long it has been asked whether a carrier is a product of others without an answer. While the frequency and the level fit and nothing else is known, nobody is accused;
/// but with twenty stations nearly every weak carrier fits, so the question ends, and a pirate that hides there is accused so much later and no more.</summary>
internal sealed class PendingProduct
{
    // Twice what a receiver that hears all carriers at once needs for an answer at 0.85; what is undecided then is so for a reason that lasts (steady sounds, other hops).
    private const double LeastSeconds = 120;

    // A sweep shows a carrier in one reading of many seconds.
    private const int LeastReadings = 30;

    private bool answered;
    private int readings;

    /// <summary>Time that was listened without an answer, s.</summary>
    public double Seconds { get; private set; }

    /// <summary>The longest that it can take at readings of this length, s.</summary>
    public static double MostSeconds(double reading) => Math.Max(LeastSeconds, LeastReadings * reading);

    /// <summary>What a check found in a reading.</summary>
    /// <param name="explains">Its answer.</param>
    /// <param name="fits">Some product lies there. Where none does that is no lasting answer: offsets settle for some seconds.</param>
    /// <param name="seconds">Time of the reading, s.</param>
    /// <returns>It is not decided yet.</returns>
    public bool Ask(bool? explains, bool fits, double seconds)
    {
        answered |= explains is not null && fits;
        if (explains is not null || answered) return false;
        readings++;
        Seconds += seconds;
        answered = Seconds >= LeastSeconds && readings >= LeastReadings;
        return !answered;
    }

    public void Forget() => (answered, readings, Seconds) = (false, 0, 0);
}
