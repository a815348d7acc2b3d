using SignalWatch.Contracts;
using SignalWatch.Hardware;
using SignalWatch.Probe.Configuration;

namespace SignalWatch.Probe.Watches;

/// <summary>Watches a transport stream that comes as bytes (a file, HTTP, the simulated city): packets in, <c>ts.multiplex</c> and <c>ts.service</c> each second out.
/// Its line-up is remembered, so that a restart does not learn a stranger as normal.</summary>
internal sealed class TransportStreamWatch(TransportStreamConfiguration configuration, Func<CancellationToken, ValueTask<ITransportStreamSource>> open, StreamMaker maker) : IWatch
{
    private const int BufferBytes = 256 * 1024;

    public WatchId Id => configuration.Id;

    public string Input => configuration.Source.ToString();

    public async Task RunAsync(Action working, CancellationToken cancel)
    {
        await using var source = await open(cancel).ConfigureAwait(false);
        using var stream = maker.Make(configuration, source.Origin, source.Name, () => source.Dropped);
        var buffer = new byte[BufferBytes];
        var (first, droppedBefore) = (true, 0L);
        while (true)
        {
            var read = await source.ReadAsync(buffer, cancel).ConfigureAwait(false);
            if (first) working();
            first = false;
            if (read.Bytes > 0) stream.Push(buffer.AsSpan(0, read.Bytes), read.At);
            else stream.Tick(read.At);
            if (stream.IsDue(read.At))
            {
                var dropped = source.Dropped is { } total ? total - droppedBefore : 0;
                droppedBefore += dropped;
                stream.Report(read.At, new Delivery(dropped));
            }
            if (!read.Ended) continue;
            stream.Finish(read.At);
            return;
        }
    }
}
