using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Threading.Channels;
using SignalWatch.Collector.Metrics;
using SignalWatch.Contracts;

namespace SignalWatch.Collector.Wall;

/// <summary>The newest spectrum frame of each watch, passed on to who looks. A picture, not a record: a slow viewer misses frames, nothing is stored.</summary>
internal sealed class SpectrumFeed(CollectorMetrics metrics)
{
    private const int MostWatches = 1_000;
    private const int MostViewers = 200;

    private readonly ConcurrentDictionary<(ProbeId, WatchId), ReadOnlyMemory<byte>> newest = [];
    private readonly ConcurrentDictionary<SpectrumViewer, bool> viewers = [];

    public int Viewers => viewers.Count;

    /// <summary>A probe's frame.</summary>
    /// <returns>False where it is not one.</returns>
    public bool Publish(ReadOnlyMemory<byte> bytes)
    {
        if (!SpectrumFrame.TryParse(bytes, out var frame)) return false;
        var key = (frame.Probe, frame.Watch);
        if (newest.Count >= MostWatches && !newest.ContainsKey(key)) return false;
        newest[key] = bytes;
        metrics.FrameReceived();
        foreach (var (viewer, _) in viewers)
            if (viewer.Offer(key, bytes)) metrics.FrameDropped();
        return true;
    }

    /// <summary>Sends frames until the viewer, or the collector, goes.</summary>
    public async Task Serve(WebSocket socket, CancellationToken stopping)
    {
        if (viewers.Count >= MostViewers)
        {
            await socket.CloseAsync(WebSocketCloseStatus.PolicyViolation, "too many viewers", stopping).ConfigureAwait(false);
            return;
        }
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var viewer = new SpectrumViewer();
        viewers[viewer] = true;
        try
        {
            foreach (var (key, bytes) in newest) viewer.Offer(key, bytes);
            var closing = WaitForClose(socket, gone);
            await viewer.Send(socket, gone.Token).ConfigureAwait(false);
            await closing.ConfigureAwait(false);
        }
        catch (Exception left) when (left is OperationCanceledException or WebSocketException)
        {
            // Viewers come and go.
        }
        finally
        {
            viewers.TryRemove(viewer, out _);
        }
    }

    /// <summary>A viewer says nothing; what is read is its goodbye.</summary>
    private static async Task WaitForClose(WebSocket socket, CancellationTokenSource gone)
    {
        try
        {
            var nothing = new byte[256];
            while (!(await socket.ReceiveAsync(nothing.AsMemory(), gone.Token).ConfigureAwait(false)).MessageType.Equals(WebSocketMessageType.Close)) { }
            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, gone.Token).ConfigureAwait(false);
        }
        catch (Exception left) when (left is OperationCanceledException or WebSocketException)
        {
            // Gone without a goodbye.
        }
        finally
        {
            await gone.CancelAsync().ConfigureAwait(false);
        }
    }

    /// <summary>One viewer: for each watch the newest frame that it has not been sent.</summary>
    private sealed class SpectrumViewer
    {
        private readonly ConcurrentDictionary<(ProbeId, WatchId), ReadOnlyMemory<byte>> waiting = [];
        private readonly Channel<bool> wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

        /// <summary>Offers a frame; an older one that still waits is dropped.</summary>
        /// <returns>True where one was dropped.</returns>
        public bool Offer((ProbeId, WatchId) key, ReadOnlyMemory<byte> bytes)
        {
            var dropped = !waiting.TryAdd(key, bytes);
            if (dropped) waiting[key] = bytes;
            wake.Writer.TryWrite(true);
            return dropped;
        }

        public async Task Send(WebSocket socket, CancellationToken gone)
        {
            while (await wake.Reader.WaitToReadAsync(gone).ConfigureAwait(false) && wake.Reader.TryRead(out _))
                foreach (var key in waiting.Keys)
                    if (waiting.TryRemove(key, out var bytes)) await socket.SendAsync(bytes, WebSocketMessageType.Binary, true, gone).ConfigureAwait(false);
        }
    }
}
