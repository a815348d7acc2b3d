using System.Threading.Channels;
using Microsoft.AspNetCore.SignalR;
using SignalWatch.Collector.Metrics;

namespace SignalWatch.Collector.Wall;

/// <summary>What a viewer is to be sent next.</summary>
[Flags]
internal enum ViewerNeeds
{
    Nothing = 0,
    Delta = 1,
    Heartbeat = 2,
    Snapshot = 4,
    Presence = 8,
}

/// <summary>One connected wall. Its own task sends, so that a viewer that does not read holds up itself alone; what it missed is coalesced into one delta.</summary>
internal sealed class Viewer(ISingleClientProxy client, Action abort, WallState state, Presence presence, Func<bool> storageFull, Func<Contracts.FloodState> flood, CollectorMetrics metrics, TimeProvider time)
{
    /// <summary>A wall that has taken nothing for so long shows old things: it is cut off, says so itself, and connects anew.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Channel<bool> wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });
    private int needs = (int)(ViewerNeeds.Snapshot | ViewerNeeds.Presence);
    private long revision;

    /// <summary>Asks for something to be sent; never waits.</summary>
    public void Ask(ViewerNeeds more)
    {
        Interlocked.Or(ref needs, (int)more);
        wake.Writer.TryWrite(true);
    }

    /// <summary>Sends until the viewer is gone.</summary>
    public async Task Pump(CancellationToken gone)
    {
        try
        {
            do
            {
                var asked = (ViewerNeeds)Interlocked.Exchange(ref needs, (int)ViewerNeeds.Nothing);
                await Send(asked, gone).WaitAsync(Patience, time, gone).ConfigureAwait(false);
            }
            while (await wake.Reader.WaitToReadAsync(gone).ConfigureAwait(false) && wake.Reader.TryRead(out _));
        }
        catch (OperationCanceledException)
        {
            // The viewer has gone: nothing to tell it.
        }
        catch (TimeoutException)
        {
            metrics.ViewerDropped();
            abort();
        }
    }

    private async Task Send(ViewerNeeds asked, CancellationToken gone)
    {
        var now = time.GetUtcNow();
        if (asked.HasFlag(ViewerNeeds.Snapshot))
        {
            await SendSnapshot(now, gone).ConfigureAwait(false);
        }
        else if (asked.HasFlag(ViewerNeeds.Delta))
        {
            if (state.WrittenSince(revision, now) is not var (newest, delta))
            {
                await SendSnapshot(now, gone).ConfigureAwait(false);
            }
            else if (newest > revision)
            {
                revision = newest;
                await client.SendAsync("delta", delta, gone).ConfigureAwait(false);
                metrics.DeltaSent();
            }
        }
        if (asked.HasFlag(ViewerNeeds.Presence)) await client.SendAsync("presence", presence.Everybody, gone).ConfigureAwait(false);
        // The revision that this viewer has been sent, not the newest: a heartbeat must not look like a missed delta.
        if (asked.HasFlag(ViewerNeeds.Heartbeat))
            await client.SendAsync("heartbeat", new Contracts.WallHeartbeat(now, state.DataAt, revision, storageFull()) { Flood = flood() }, gone).ConfigureAwait(false);
    }

    private async Task SendSnapshot(DateTimeOffset now, CancellationToken gone)
    {
        (revision, var snapshot) = state.WrittenSnapshot(now);
        await client.SendAsync("snapshot", snapshot, gone).ConfigureAwait(false);
        metrics.SnapshotSent();
    }
}
