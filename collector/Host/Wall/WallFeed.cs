using System.Collections.Concurrent;
using SignalWatch.Collector.Alarms;
using SignalWatch.Collector.Journal;

namespace SignalWatch.Collector.Wall;

/// <summary>Gives the wall its rhythm: a window of changes every 100 ms, a heartbeat every second.</summary>
internal sealed class WallFeed(WallState state, Presence presence, AlarmBook alarms, JournalReader reader, TimeProvider time, ILogger<WallFeed> log) : IHostedService, IDisposable
{
    private const int WindowsPerHeartbeat = 10;
    private const int RecentEntries = 20_000;
    private static readonly TimeSpan Window = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Recent = TimeSpan.FromSeconds(60);

    private readonly ConcurrentDictionary<string, Viewer> viewers = [];
    private ITimer? ticker;
    private int windows, presenceSent;

    /// <summary>Walls connected.</summary>
    public int Viewers => viewers.Count;

    public void Join(string connection, Viewer viewer) => viewers[connection] = viewer;

    public void Leave(string connection)
    {
        viewers.TryRemove(connection, out _);
        presence.Leave(connection);
    }

    /// <summary>The viewer asks for everything anew.</summary>
    public void Resync(string connection)
    {
        if (viewers.TryGetValue(connection, out var viewer)) viewer.Ask(ViewerNeeds.Snapshot);
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        state.Load(alarms.Committed, reader.Recent(now - Recent, RecentEntries), reader.Heard(), now);
        ticker = time.CreateTimer(_ => Tick(), null, Window, Window);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        ticker?.Dispose();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public void Dispose() => ticker?.Dispose();

    private void Tick()
    {
        try
        {
            var needs = state.Seal(time.GetUtcNow()) ? ViewerNeeds.Delta : ViewerNeeds.Nothing;
            if (Interlocked.Increment(ref windows) % WindowsPerHeartbeat == 0) needs |= ViewerNeeds.Heartbeat;
            if (Interlocked.Exchange(ref presenceSent, presence.Version) != presence.Version) needs |= ViewerNeeds.Presence;
            if (needs == ViewerNeeds.Nothing) return;
            foreach (var (_, viewer) in viewers) viewer.Ask(needs);
        }
        catch (Exception failure)
        {
            // A timer that throws ends the process; a wall that missed one window catches up with the next.
            log.LogError(failure, "a window of the wall failed");
        }
    }
}
