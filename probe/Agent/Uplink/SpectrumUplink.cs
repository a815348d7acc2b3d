using System.Net.Http.Headers;
using System.Threading.Channels;
using SignalWatch.Contracts;

namespace SignalWatch.Probe.Uplink;

/// <summary>Sends waterfall lines. They are pictures: the latest wins, and while the collector is away they are dropped and counted.</summary>
internal sealed class SpectrumUplink
{
    private const int MostWaiting = 4;
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly HttpClient http;
    private readonly Uri address;
    private readonly TimeProvider time;
    private readonly Channel<SpectrumFrame> waiting;
    private long dropped;

    public SpectrumUplink(HttpClient http, Uri collector, TimeProvider time)
    {
        (this.http, address, this.time) = (http, new Uri(collector, "api/v1/spectrum"), time);
        waiting = Channel.CreateBounded<SpectrumFrame>(new BoundedChannelOptions(MostWaiting) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true },
            _ => Interlocked.Increment(ref dropped));
    }

    /// <summary>Lines that nobody will see.</summary>
    public long Dropped => Interlocked.Read(ref dropped);

    /// <summary>Takes a line; never blocks.</summary>
    public void Offer(SpectrumFrame frame) => waiting.Writer.TryWrite(frame);

    public async Task RunAsync(CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested)
        {
            try
            {
                var frame = await waiting.Reader.ReadAsync(cancel).ConfigureAwait(false);
                if (!await TrySendAsync(frame, cancel).ConfigureAwait(false)) await Task.Delay(Pause, time, cancel).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (cancel.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private async Task<bool> TrySendAsync(SpectrumFrame frame, CancellationToken cancel)
    {
        try
        {
            using var limit = new CancellationTokenSource(AnswerWithin, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, limit.Token);
            using var content = new ByteArrayContent(frame.ToBytes());
            content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
            using var response = await http.PostAsync(address, content, either.Token).ConfigureAwait(false);
            if (response.IsSuccessStatusCode) return true;
        }
        // Whatever it was, a lost picture is no reason to end the loop; the observations say that the collector is away.
        catch (Exception) when (!cancel.IsCancellationRequested)
        {
        }
        Interlocked.Increment(ref dropped);
        return false;
    }
}
