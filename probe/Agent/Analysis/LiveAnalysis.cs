using SignalWatch.Contracts;
using SignalWatch.Hardware;

namespace SignalWatch.Probe.Analysis;

/// <summary>A network source, watched until it ends, a time is over, or a person ends it.</summary>
internal sealed class LiveAnalysis(ITransportStreamSource source)
{
    private const int BufferBytes = 256 * 1024;

    /// <summary>Bytes read.</summary>
    public long Bytes { get; private set; }

    /// <summary>Why it ended before a person wished it to, or null.</summary>
    public Problem? BrokeOff { get; private set; }

    /// <summary>How long it was watched.</summary>
    public TimeSpan Watched { get; private set; }

    /// <param name="analysis">Gets the bytes.</param>
    /// <param name="duration">Ends after so long; null watches on.</param>
    /// <param name="progress">Is told after each read.</param>
    /// <param name="cancel">Ends it; what was read stays.</param>
    /// <exception cref="ProblemException">The source failed before a byte came.</exception>
    public async Task RunAsync(StreamAnalysis analysis, TimeSpan? duration, Action<long>? progress, CancellationToken cancel)
    {
        var buffer = new byte[BufferBytes];
        DateTimeOffset? began = null;
        try
        {
            while (true)
            {
                var read = await source.ReadAsync(buffer, cancel).ConfigureAwait(false);
                began ??= read.At;
                Watched = read.At - began.Value;
                Bytes += read.Bytes;
                if (read.Bytes > 0) analysis.Push(buffer.AsSpan(0, read.Bytes), read.At);
                else analysis.Tick(read.At);
                progress?.Invoke(Bytes);
                if (read.Ended || Watched >= duration) return;
            }
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // Ctrl-C: the result so far is what the person wants to see.
        }
        catch (ProblemException failed) when (Bytes > 0)
        {
            BrokeOff = failed.Problem;
        }
    }
}
