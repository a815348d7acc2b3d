using SignalWatch.Contracts;
using SignalWatch.Hardware;

namespace SignalWatch.Probe.Analysis;

/// <summary>Datagrams of a UDP address with the kernel's times, with or without RTP: watched until a time is over or a person ends it.</summary>
internal sealed class DatagramAnalysis(UdpReceiver receiver, StreamAnalysis analysis, TimeProvider time)
{
    private const long TickNs = 200_000_000;

    private long nextTick;

    /// <summary>The stream; null where no datagram came.</summary>
    public CapturedStream? Stream { get; private set; }

    /// <summary>Its datagrams are RTP.</summary>
    public bool IsRtp { get; private set; }

    /// <summary>Payload bytes of all datagrams.</summary>
    public long Bytes { get; private set; }

    /// <summary>When the first datagram came, ns since 1970.</summary>
    public long FirstNs { get; private set; }

    /// <summary>When the last one came.</summary>
    public long LastNs { get; private set; }

    public TimeSpan Watched { get; private set; }

    /// <summary>Why it ended before a person wished it to, or null.</summary>
    public Problem? BrokeOff { get; private set; }

    /// <summary>Watches.</summary>
    /// <param name="duration">Ends after so long; null watches on.</param>
    /// <param name="progress">Is told now and then.</param>
    /// <param name="cancel">Ends it; what came stays.</param>
    public async Task RunAsync(TimeSpan? duration, Action<long>? progress, CancellationToken cancel)
    {
        var began = time.GetTimestamp();
        try
        {
            while (!(Watched >= duration))
            {
                await receiver.WaitAsync(cancel).ConfigureAwait(false);
                Drain();
                Watched = time.GetElapsedTime(began);
                Tick((time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * 100);
                progress?.Invoke(Bytes);
            }
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // Ctrl-C: the result so far is what the person wants to see.
        }
        catch (ProblemException failed)
        {
            BrokeOff = failed.Problem;
        }
        Stream?.Flush();
    }

    /// <summary>What is known of its flow.</summary>
    public CapturedStreamDocument Listed(string address) => new()
    {
        Number = 1,
        Source = null,
        Destination = address[(address.IndexOf("//", StringComparison.Ordinal) + 2)..].Split('?')[0],
        Protocol = IsRtp ? "rtp" : "udp",
        Datagrams = receiver.Datagrams,
        BitrateBps = LastNs > FirstNs ? Math.Round(Bytes * 8e9 / (LastNs - FirstNs)) : null,
        StartSeconds = 0,
        EndSeconds = Math.Round((LastNs - FirstNs) / 1e9, 6),
    };

    private void Drain()
    {
        while (receiver.TryTake(out var datagram))
        {
            if (Stream is null) Begin(datagram.Payload, datagram.TimeNs);
            Bytes += datagram.Payload.Length;
            LastNs = Math.Max(LastNs, datagram.TimeNs);
            Stream!.Push(datagram.Payload, datagram.TimeNs);
            Tick(datagram.TimeNs);
        }
    }

    private void Begin(ReadOnlySpan<byte> payload, long timeNs)
    {
        IsRtp = DatagramForm.IsRtp(payload);
        Stream = new CapturedStream(IsRtp, 1);
        Stream.Analyse((analysis, null));
        (FirstNs, LastNs) = (timeNs, timeNs);
    }

    private void Tick(long nowNs)
    {
        if (nowNs < nextTick) return;
        nextTick = nowNs + TickNs;
        Stream?.Tick(nowNs);
    }
}
