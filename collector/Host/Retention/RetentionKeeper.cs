using SignalWatch.Collector.Alarms;
using SignalWatch.Collector.Cases;
using SignalWatch.Collector.Journal;
using SignalWatch.Collector.Storage;
using SignalWatch.Contracts;

namespace SignalWatch.Collector.Retention;

/// <summary>Keeps house at night, beside the writer: looks through the files for damage, removes what is over, journals what it removed. When the disk is nearly full it removes at once.</summary>
internal sealed class RetentionKeeper(IStore store, RetentionBook book, CaseBook cases, AlarmBook alarms, GroupCommit commit, JournalWriter writer, CollectorOptions options, TimeProvider time,
    ILogger<RetentionKeeper> log) : IHostedService, IDisposable
{
    private const int NightHour = 3;
    private static readonly TimeSpan LookEvery = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan BetweenRuns = TimeSpan.FromHours(1);
    private static readonly TimeSpan Beijing = TimeSpan.FromHours(8);

    private readonly CancellationTokenSource stopping = new();
    private readonly Lock gate = new();
    private ITimer? timer;
    private DateTimeOffset ranAt = DateTimeOffset.MinValue;

    /// <summary>The run that is under way, or the last one.</summary>
    public Task Running { get; private set; } = Task.CompletedTask;

    /// <summary>That the disk is nearly full; null while it is not.</summary>
    public Problem? Notice { get; private set; }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        timer = time.CreateTimer(_ => Look(), null, TimeSpan.Zero, LookEvery);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        timer?.Dispose();
        await stopping.CancelAsync().ConfigureAwait(false);
        await Running.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        timer?.Dispose();
        stopping.Dispose();
    }

    /// <summary>One run. Each month is one transaction of a file that nothing else writes to.</summary>
    /// <param name="scrub">Look for damage first.</param>
    public async Task<IReadOnlyList<RemovedByRule>> Run(bool scrub)
    {
        var now = time.GetUtcNow();
        if (scrub && store.Scrub(now, stopping.Token) is { Count: > 0 } damage)
        {
            foreach (var found in damage) log.LogError("the journal is damaged: {Damage}", found);
            commit.LookForLosses();
        }
        stopping.Token.ThrowIfCancellationRequested();
        var thinned = store.Thin(options.Retention.Limits(now), new HeldByCases(cases.Committed, alarms.Committed).Holds);
        IReadOnlyList<StoredMonth> months;
        using (var view = store.OpenView()) months = view.Months;
        var work = new RetentionWork(book, months, thinned);
        writer.Offer(work);
        var news = await work.Done.ConfigureAwait(false);
        foreach (var one in news) log.LogInformation("removed from {Month}, their time was over: {Entries} entries, {Letters} dead letters", one.Month, one.Count, one.DeadLetters);
        return news;
    }

    private void Look()
    {
        if (!writer.Leading) return; // of several nodes the one that writes keeps house
        lock (gate)
        {
            var now = time.GetUtcNow();
            var nearlyFull = LookAtDisk();
            var due = (now.ToOffset(Beijing).Hour == NightHour && now - ranAt > BetweenRuns + BetweenRuns) || (nearlyFull && now - ranAt > BetweenRuns);
            if (!due || !Running.IsCompleted) return;
            ranAt = now;
            Running = Task.Run(() => Supervised(scrub: !nearlyFull));
        }
    }

    private bool LookAtDisk()
    {
        try
        {
            var (free, whole) = options.Retention.Room(options.DataFolder);
            var nearlyFull = RetentionSettings.IsNearlyFull(free, whole);
            if (nearlyFull && Notice is null) log.LogWarning("the disk of {Folder} is nearly full: {Free} MB left", options.DataFolder, free >> 20);
            Notice = nearlyFull ? RetentionTexts.NearlyFull(options.DataFolder, free, whole) : null;
            return nearlyFull;
        }
        catch (Exception unknown) when (unknown is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return false; // a full disk is told by the store itself
        }
    }

    private async Task Supervised(bool scrub)
    {
        try
        {
            await Run(scrub).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // stopping; the next night does it
        }
        catch (Exception failure)
        {
            log.LogError(failure, "retention did not run to its end; what it removed is recorded with the month, and is journaled by the next run");
        }
    }
}
