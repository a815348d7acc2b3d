using System.Text.Json;
using System.Threading.Channels;
using SignalWatch.Collector.Alarms;
using SignalWatch.Collector.Journal;
using SignalWatch.Collector.Metrics;
using SignalWatch.Collector.Series.Storage;
using SignalWatch.Collector.Storage;
using SignalWatch.Contracts;

namespace SignalWatch.Collector.Series;

/// <summary>Turns what is committed into series, beside the writer. Where it can't keep up, or was killed, it reads the journal from where it stands: a curve may be late, never with a hole that the
/// signal did not have.</summary>
internal sealed class SeriesRecorder : IHostedService, ICommitListener, IDisposable
{
    private static readonly TimeSpan Future = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan TryAgainAfter = TimeSpan.FromSeconds(30);
    private static readonly EntryKind[] Observed = [EntryKind.Observation, EntryKind.Gap];

    private readonly Channel<Committing> queue = Channel.CreateUnbounded<Committing>(new UnboundedChannelOptions { SingleReader = true }); // bounded by observations, below
    private readonly IStore journal;
    private readonly CollectorMetrics metrics;
    private readonly SeriesSettings settings;
    private readonly string folder;
    private readonly Vitals vitals;
    private readonly AlarmFigures figures;
    private readonly ILogger<SeriesRecorder> log;
    private readonly SeriesIntake intake;
    private Task loop = Task.CompletedTask;
    private SeriesStore? store;
    private int queued;
    private long committed = -1;
    private long reached;
    private bool isTidy;
    private volatile bool isLeaving;
    private DateTimeOffset flushedAt, stalledUntil;

    public SeriesRecorder(IStore journal, CollectorMetrics metrics, AlarmBook alarms, CollectorOptions options, ILogger<SeriesRecorder> log)
    {
        (this.journal, this.metrics, this.log) = (journal, metrics, log);
        (settings, folder, vitals, figures) = (options.Series, Path.Combine(options.DataFolder, "series"), new(metrics), new(alarms));
        intake = new(settings);
    }

    /// <summary>What there is; null where the folder can't be used.</summary>
    public SeriesStore? Store => store;

    public SeriesIntake Intake => intake;

    /// <inheritdoc/>
    public bool OnEveryNode => true;

    /// <summary>Position of the journal up to which everything is in the series, on disk or in memory.</summary>
    public long Reached => Volatile.Read(ref reached);

    /// <summary>How often observations were left to the journal because too many waited.</summary>
    public long Overflows { get; private set; }

    /// <summary>Attempts to bring values to disk that failed.</summary>
    public long FailedFlushes { get; private set; }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            store = SeriesStore.Open(folder, settings);
            reached = store.Through;
            loop = Task.Run(Run, CancellationToken.None);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // Curves are no reason to be without alarms.
            log.LogError(failure, "no series are kept: {Folder} can't be used", folder);
            queue.Writer.TryComplete();
        }
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        isLeaving = true;
        queue.Writer.TryComplete();
        await loop.ConfigureAwait(false);
        store?.Dispose();
    }

    /// <inheritdoc/>
    public void Committed(IReadOnlyList<StoredObservation> observations, IReadOnlyList<ClockReading> clocks, IReadOnlyList<AlarmRecord> alarms, DateTimeOffset now)
    {
        var (from, to) = (committed, metrics.Position);
        committed = to;
        if (from < 0 || Volatile.Read(ref queued) + observations.Count > settings.MostQueued)
        {
            // Without its observations: the loop sees that positions are missing, and reads them.
            if (from >= 0 && observations.Count > 0) Overflows++;
            queue.Writer.TryWrite(new(to, to, [], now));
            return;
        }
        Interlocked.Add(ref queued, observations.Count);
        queue.Writer.TryWrite(new(from, to, [.. observations], now));
    }

    /// <inheritdoc/>
    public void Dispose() => store?.Dispose();

    private async Task Run()
    {
        var last = DateTimeOffset.MinValue;
        await foreach (var item in queue.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            last = item.Now;
            if (flushedAt == default) flushedAt = last;
            Supervised(() => Take(item), "series miss a part of the journal");
            Interlocked.Add(ref queued, -item.Observations.Length);
            if (last - flushedAt >= settings.FlushEvery) Flush(last);
            if (!isTidy) Supervised(() => isTidy = !store!.Maintain(last), "files of series were not merged"); // one merge, then what waits
        }
        if (last > DateTimeOffset.MinValue) Flush(last);
    }

    private void Take(Committing item)
    {
        if (item.Now < stalledUntil) return; // the journal has it
        if (reached == SeriesStore.FromNowOn) Volatile.Write(ref reached, item.From);
        if (item.From > reached) CatchUp(item.From);
        if (item.From > reached) return; // leaving: the next start goes on from here, and nobody waits for minutes until this one has ended
        if (item.To > reached)
        {
            foreach (var stored in item.Observations) Add(stored.Observation, item.Now);
            Volatile.Write(ref reached, item.To);
        }
        if (vitals.Sample(item.Now) is { } own) Add(own, item.Now);
        if (figures.Sample(item.Now) is { } quality) Add(quality, item.Now);
    }

    /// <summary>What was committed before this run and is in no file, and what there was no room for.</summary>
    private void CatchUp(long to)
    {
        using var view = journal.OpenView();
        foreach (var row in view.Entries(new(reached, Kinds: Observed)))
        {
            if (row.Position > to) break;
            if (isLeaving) return;
            if (JsonSerializer.Deserialize<SpooledObservation>(row.Body.Span, WireJson.Options) is { Observation: { } observation }) Add(observation, row.ReceivedAt);
            Volatile.Write(ref reached, row.Position);
        }
        Volatile.Write(ref reached, to);
    }

    private void Add(Observation observation, DateTimeOffset now)
    {
        if (intake.Add(observation, now, Future, store!)) return;
        if (Flush(now)) intake.Add(observation, now, Future, store!);
        else Stall(now);
    }

    private bool Flush(DateTimeOffset now)
    {
        flushedAt = now;
        try
        {
            store!.Flush(Math.Max(0, reached), now);
            isTidy = false;
            return true;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            FailedFlushes++;
            log.LogError("series are not on disk, and tried again: {Why}", failure.Message);
            return false;
        }
    }

    /// <summary>The disk takes nothing and memory is full: back to where the files end, and from there by the journal when the disk may work again.</summary>
    private void Stall(DateTimeOffset now)
    {
        stalledUntil = now + TryAgainAfter;
        store!.Forget();
        Volatile.Write(ref reached, store.Through);
        throw new IOException("the disk takes no series; they are read from the journal later");
    }

    /// <summary>Supervised: one bad entry or file must not end all curves.</summary>
    private void Supervised(Action work, string consequence)
    {
        try
        {
            work();
        }
        catch (Exception failure)
        {
            log.LogError(failure, "{Consequence}", consequence);
        }
    }

    private readonly record struct Committing(long From, long To, StoredObservation[] Observations, DateTimeOffset Now);
}
