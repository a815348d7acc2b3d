namespace SignalWatch.Hardware.Iq;

/// <summary>When the samples of a recording leave it. Sample n of the replay has the time start + n / rate, so that no delay of a reader and no error of a timer adds up.</summary>
internal sealed class ReplayClock(ReplayOptions options, double sampleRateHz)
{
    // Samples of a file wait, unlike a radio's: a reader that was held up (a busy machine, code compiled at its first call) takes them up without a hole, several times faster than
    // real time. One that is later than this is too slow for good: the clock of the replay is set anew instead of falling behind for ever, and what was missed is said.
    private static readonly TimeSpan MaxLag = TimeSpan.FromSeconds(10);

    private long given;
    private DateTimeOffset start;
    private bool started;

    /// <summary>Waits until the next samples are there: when the last of them would have left the receiver.</summary>
    /// <returns>Time of the first of them, and whether samples were missed because the reader came far too late.</returns>
    public async ValueTask<(DateTimeOffset At, bool Missed)> NextAsync(int samples, CancellationToken cancel)
    {
        var missed = false;
        if (!options.RealTime)
        {
            if (!started) (start, started) = (options.FirstSampleAt ?? options.Time.GetUtcNow(), true);
        }
        else
        {
            var now = options.Time.GetUtcNow();
            if (!started || now - TimeOf(given + samples) > MaxLag)
            {
                missed = started;
                (start, given, started) = (now, 0, true);
            }
            var wait = TimeOf(given + samples) - now;
            if (wait > TimeSpan.Zero) await Task.Delay(wait, options.Time, cancel).ConfigureAwait(false);
        }
        var at = TimeOf(given);
        given += samples;
        return (at, missed);
    }

    private DateTimeOffset TimeOf(long sample) => start + TimeSpan.FromTicks((long)Math.Round(sample / sampleRateHz * TimeSpan.TicksPerSecond));
}
