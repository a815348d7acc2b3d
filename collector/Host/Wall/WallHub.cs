using Microsoft.AspNetCore.SignalR;
using SignalWatch.Collector.Alarms;
using SignalWatch.Collector.Journal;
using SignalWatch.Collector.Metrics;

namespace SignalWatch.Collector.Wall;

/// <summary>The wall's connection: <c>snapshot</c> on connect, then <c>delta</c>, <c>heartbeat</c> and <c>presence</c>.</summary>
internal sealed class WallHub(WallFeed feed, WallState state, Presence presence, JournalWriter writer, IHubContext<WallHub> hub, AlarmBook alarms, CollectorMetrics metrics, TimeProvider time) : Hub
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
        var viewer = new Viewer(hub.Clients.Client(Context.ConnectionId), Context.Abort, state, presence, () => writer.StorageProblem?.Code == "storage.full", () => alarms.Flood.State, metrics, time);
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

    /// <summary>The viewer says who they are and what they look at; everybody is told.</summary>
    public void Present(string? name, string? looking) => presence.Say(Context.ConnectionId, name, looking, time.GetUtcNow());
}
