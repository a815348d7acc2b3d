using System.Globalization;

namespace SignalWatch.Collector.Probes;

/// <summary>How far a probe's clock is from the collector's, from the times at which it says that it sends. On the way a request only grows older,
/// so the largest difference is of the one that was least delayed, and nearest to the truth.</summary>
internal sealed class ProbeClock
{
    /// <summary>Header of a delivery: the probe's clock when it sends, ISO 8601 with <c>Z</c> or an offset.</summary>
    public const string SentHeader = "SignalWatch-Sent";

    private const int Window = 16;

    private readonly Queue<double> recent = new(Window);

    /// <summary>The probe's clock minus the collector's, ms; null where its newest delivery does not say.</summary>
    public double? OffsetMs => recent.Count == 0 ? null : Math.Round(recent.Max());

    /// <summary>A delivery.</summary>
    /// <param name="sentLessReceivedMs">When it was sent, by the probe, less when its headers came, by the collector; null where it does not say.</param>
    public void Take(double? sentLessReceivedMs)
    {
        if (sentLessReceivedMs is not { } difference)
        {
            recent.Clear(); // an older program now: what the newer one said of the clock has no end otherwise
            return;
        }
        if (recent.Count == Window) recent.Dequeue();
        recent.Enqueue(difference);
    }

    /// <summary>The difference that a request shows; null where the header is absent or is no time.</summary>
    public static double? Difference(string? sent, DateTimeOffset received) =>
        DateTimeOffset.TryParseExact(sent, "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? (at - received).TotalMilliseconds : null;
}
