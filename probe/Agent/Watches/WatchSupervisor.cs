using SignalWatch.Contracts;

namespace SignalWatch.Probe.Watches;

/// <summary>One job of the probe.</summary>
internal interface IWatch
{
    WatchId Id { get; }

    /// <summary>The source as it is configured, for people.</summary>
    string Input { get; }

    /// <summary>Opens the source and watches it until it ends, fails or is cancelled.</summary>
    /// <param name="working">To be called when the source is open and works.</param>
    /// <param name="cancel">Ends it.</param>
    Task RunAsync(Action working, CancellationToken cancel);
}

/// <summary>Keeps one watch running. Its fault ends that watch alone, is told to the collector, and it is started again.</summary>
internal sealed class WatchSupervisor(IWatch watch, ObservationMint mint, Action<Observation> observe, TimeProvider time, Action<Text> say)
{
    private static readonly TimeSpan[] Waits = [.. new[] { 1, 2, 5, 10, 30 }.Select(s => TimeSpan.FromSeconds(s))];

    // A watch that ran so long has recovered; its next fault is a new one.
    private static readonly TimeSpan Settled = TimeSpan.FromMinutes(1);

    private int faults;

    private (bool Failed, Text? Reason)? state; // not known before its source has opened or failed

    /// <summary>The watch does not run.</summary>
    public bool Failed => state is { Failed: true };

    /// <summary>Says again how the watch is, where that is known: who hears nothing of it must not take it for well.</summary>
    public void Tell()
    {
        if (state is var (failed, reason)) observe(mint.WatchState(watch.Id, !failed, watch.Input, reason, time.GetUtcNow()));
    }

    public async Task RunAsync(CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested)
        {
            long? since = null;
            Text why;
            try
            {
                // On its own thread: what a watch computes between two reads must not hold up another's.
                await Task.Run(() => watch.RunAsync(() => { since ??= time.GetTimestamp(); Works(); }, cancel), cancel).ConfigureAwait(false);
                if (cancel.IsCancellationRequested) return;
                Become(failed: true, Texts.WatchEnded);
                say(Texts.WatchDone(watch.Id.Value));
                return;
            }
            catch (OperationCanceledException) when (cancel.IsCancellationRequested)
            {
                return;
            }
            catch (ProblemException failure)
            {
                why = failure.Problem.OneLine();
            }
            // A surprise in one engine must not end the others' work; it is told like any fault.
            catch (Exception failure)
            {
                why = Texts.Unexpected(failure.Message);
            }
            if (since is { } start && time.GetElapsedTime(start) >= Settled) faults = 0;
            await FailAsync(why, cancel).ConfigureAwait(false);
        }
    }

    private void Works()
    {
        Become(failed: false, null);
        say(Texts.WatchRuns(watch.Id.Value, watch.Input));
    }

    private void Become(bool failed, Text? why)
    {
        state = (failed, why);
        Tell();
    }

    private async Task FailAsync(Text why, CancellationToken cancel)
    {
        var wait = Waits[Math.Min(faults++, Waits.Length - 1)];
        Become(failed: true, why);
        say(Texts.WatchFailed(watch.Id.Value, why, wait));
        try { await Task.Delay(wait, time, cancel).ConfigureAwait(false); }
        catch (OperationCanceledException) { /* the loop sees it */ }
    }
}
