using SignalWatch.Fm;
using SignalWatch.Hardware;

namespace SignalWatch.Probe.Watches;

/// <summary>A receiver that is tuned from hop to hop of a plan. Times are the source's.</summary>
internal sealed class SweptReceiver(ITunableIqSource source, SweepPlan plan)
{
    // Within one read a hop ends: what is read beyond it is lost to the sweep.
    private const double ReadSeconds = 0.01;

    private readonly BandSweepReceiver receiver = new(plan);
    private readonly float[] samples = new float[2 * (int)(plan.Settings.SampleRateHz * ReadSeconds)];
    private DateTimeOffset? epoch;
    private long lost;

    /// <summary>Samples that were lost within hops since the last call.</summary>
    public long TakeLost()
    {
        var all = lost;
        lost = 0;
        return all;
    }

    /// <summary>Sweeps once.</summary>
    /// <returns>What was heard, when the first hop began and when the last ended; null where the source has ended.</returns>
    /// <exception cref="Contracts.ProblemException">The receiver failed, or can't be tuned so far.</exception>
    public async Task<(BandSweepReading Reading, DateTimeOffset Begin, DateTimeOffset End)?> SweepAsync(CancellationToken cancel)
    {
        BandSweepReading? reading = null;
        receiver.OnSweep = whole => reading = whole;
        DateTimeOffset? begin = null;
        var end = DateTimeOffset.MinValue;
        foreach (var hop in plan.Hops)
        {
            await source.TuneAsync(hop.CenterHz, cancel).ConfigureAwait(false);
            DateTimeOffset? expected = null;
            while (true)
            {
                var read = await source.ReadAsync(samples, cancel).ConfigureAwait(false);
                if (read.Samples == 0) return null;
                epoch ??= read.At;
                begin ??= read.At;
                if (expected is null) receiver.Begin(hop, (read.At - epoch.Value).TotalSeconds);
                else if (read.Discontinuity && read.At > expected) lost += (long)((read.At - expected.Value).TotalSeconds * plan.Settings.SampleRateHz);
                expected = end = read.At + TimeSpan.FromSeconds(read.Samples / plan.Settings.SampleRateHz);
                if (receiver.Process(samples.AsSpan(0, 2 * read.Samples), read.Discontinuity)) break;
            }
        }
        return reading is null ? null : (reading, begin!.Value, end);
    }
}
