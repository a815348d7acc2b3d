using Microsoft.AspNetCore.SignalR;
using SignalWatch.Collector.Journal;
using SignalWatch.Collector.Metrics;

namespace SignalWatch.Collector.Wall;

/// <summary>The wall's connection: <c>snapshot</c> on connect, then <c>delta</c> and <c>heartbeat</c>.</summary>
internal sealed class WallHub(WallFeed feed, WallState state, JournalWriter writer, IHubContext<WallHub> hub, CollectorMetrics metrics, TimeProvider time) : Hub
{
    private const int MostViewers = 1_000;

    /// <inheritdoc/>
    public override Task OnConnectedAsync()
    {
        if (feed.Viewers >= MostViewers)
        {
            Context.Abort();
            return Task.CompletedTask;
        }
        var viewer = new Viewer(hub.Clients.Client(Context.ConnectionId), Context.Abort, state, () => writer.StorageProblem?.Code == "storage.full", metrics, time);
        feed.Join(Context.ConnectionId, viewer);
        _ = viewer.Pump(Context.ConnectionAborted);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override Task OnDisconnectedAsync(Exception? exception)
    {
        feed.Leave(Context.ConnectionId);
        return Task.CompletedTask;
    }

    /// <summary>The viewer missed something: it is sent a snapshot.</summary>
    public void Resync() => feed.Resync(Context.ConnectionId);
}
