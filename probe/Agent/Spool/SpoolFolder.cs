using SignalWatch.Contracts;

namespace SignalWatch.Probe.Spool;

/// <summary>All that a probe keeps until the collector has it: a <see cref="ClassSpool"/> for alarms and one for telemetry. An observation goes by its kind, so that the order within a kind and subject stays.
/// What telemetry loses is told among the alarms: what can be dropped again must not be the only one to say so.</summary>
internal sealed class SpoolFolder : IDisposable
{
    private const string AlarmFolder = "alarm", TelemetryFolder = "telemetry";

    private readonly SpoolFolderSettings settings;
    private readonly TimeProvider time;
    private readonly Lock gate = new(); // the two signals
    private TaskCompletionSource due = NewSignal(), changed = NewSignal();

    /// <summary>Opens the spools in a folder, or begins them. The single spool of an older program is taken over as history of alarms.</summary>
    /// <param name="folder">Theirs alone.</param>
    /// <param name="settings">How they behave.</param>
    /// <param name="time">The clock.</param>
    /// <param name="gapObservation">Makes a <c>probe.gap</c>.</param>
    /// <param name="say">For the log.</param>
    /// <param name="openSegment">Opens a segment to append to; null: a file.</param>
    /// <exception cref="ProblemException"><c>spool.unusable</c>: the folder can't be read or written.</exception>
    public SpoolFolder(string folder, SpoolFolderSettings settings, TimeProvider time, Func<SpoolGap, Observation> gapObservation, Action<Text> say, Func<string, long, SegmentAppender>? openSegment = null)
    {
        (this.settings, this.time) = (settings, time);
        var takenOver = OlderSpool.TakeOver(folder, Path.Combine(folder, AlarmFolder));
        Alarms = new ClassSpool(ObservationPriority.Alarm, Path.Combine(folder, AlarmFolder), settings.Alarm, gapObservation, say, openSegment, null);
        if (takenOver) Alarms.CloseBacklog();
        Telemetry = new ClassSpool(ObservationPriority.Telemetry, Path.Combine(folder, TelemetryFolder), settings.Telemetry, gapObservation, say, openSegment, o => Alarms.Append(o));
    }

    public ClassSpool Alarms { get; }

    public ClassSpool Telemetry { get; }

    public SpoolFigures Figures
    {
        get
        {
            var (alarms, telemetry) = (Alarms.Figures, Telemetry.Figures);
            return new(alarms.Entries + telemetry.Entries, alarms.Bytes + telemetry.Bytes, alarms.Dropped + telemetry.Dropped, alarms.Failing || telemetry.Failing);
        }
    }

    /// <summary>Entries of an outage that are still to be sent.</summary>
    public long HistoryEntries => Alarms.HistoryFigures.Entries + Telemetry.HistoryFigures.Entries;

    /// <summary>Completes when there may be more to send than there was.</summary>
    public Task Changed { get { lock (gate) return changed.Task; } }

    /// <summary>Takes an observation. Never blocks and never fails; it is on disk after the next flush.</summary>
    public void Append(Observation observation)
    {
        // A kind that is not known is kept like what matters most.
        var spool = Vocabulary.Kind(observation.Kind)?.Priority == ObservationPriority.Telemetry ? Telemetry : Alarms;
        if (!spool.Append(observation)) return;
        lock (gate) due.TrySetResult();
    }

    /// <summary>Flushes by the settings until it is cancelled, and once more then.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        var good = true;
        while (!cancel.IsCancellationRequested)
        {
            Task full;
            lock (gate) full = due.Task;
            using (var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancel))
            {
                await Task.WhenAny(full, Task.Delay(good ? settings.FlushEvery : settings.RetryEvery, time, waiting.Token)).ConfigureAwait(false);
                await waiting.CancelAsync().ConfigureAwait(false);
            }
            good = Flush();
        }
        Flush();
    }

    /// <summary>Writes what waits, with fsync.</summary>
    /// <returns>False where the disk did not take all: it is kept in memory.</returns>
    public bool Flush()
    {
        lock (gate) due = NewSignal();
        // Alarms once more: what telemetry had to drop is told there.
        var good = Alarms.Flush() & Telemetry.Flush() & Alarms.Flush();
        if (good && !Alarms.Live.HasUnwritten) // what was dropped just now is told with the next flush
        {
            Alarms.Settle();
            Telemetry.Settle();
        }
        if (!HasUnsent(Alarms) && !HasUnsent(Telemetry)) return good;
        lock (gate)
        {
            changed.TrySetResult();
            changed = NewSignal();
        }
        return good;
    }

    public void Dispose()
    {
        Alarms.Dispose();
        Telemetry.Dispose();
    }

    private static bool HasUnsent(ClassSpool spool) => spool.Live.HasUnsent || spool.History is not null;

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
