using SignalWatch.Contracts;

namespace SignalWatch.Hardware;

/// <summary>A transport stream in UDP datagrams, with or without RTP, as bytes: RTP headers are taken off, nothing else is done about RTP. Who needs each datagram with its time takes a <see cref="UdpReceiver"/>.</summary>
public sealed class UdpTransportStreamSource : ITransportStreamSource
{
    private const int LargestDatagram = 65_535;

    // Datagrams that lie further apart are told in two reads, so that their times stay true: a read has one time.
    private const long LongestReadNs = 1_000_000;

    private readonly UdpReceiver receiver;
    private readonly TimeProvider time;

    private UdpTransportStreamSource(UdpReceiver receiver, Origin origin, TimeProvider time) => (this.receiver, Origin, this.time) = (receiver, origin, time);

    /// <inheritdoc/>
    public string Name => receiver.Name;

    /// <inheritdoc/>
    public Origin Origin { get; }

    /// <summary>Datagrams received.</summary>
    public long Datagrams => receiver.Datagrams;

    /// <summary>Of these, with an RTP header.</summary>
    public long RtpDatagrams { get; private set; }

    /// <inheritdoc/>
    public long? Dropped => receiver.Dropped;

    /// <summary>Opens the address and joins the group.</summary>
    /// <param name="address"><c>udp://[SOURCE@]HOST:PORT[?iface=NAME][&amp;source=ADDRESS][&amp;buffer=MiB]</c>; HOST is a group, an address of this machine, or nothing for all of them.</param>
    /// <param name="origin">Live, or replayed where a replayer sends.</param>
    /// <param name="time">The clock; times are the kernel's where it is the system's.</param>
    /// <exception cref="ProblemException">The address is wrong or in use, or the group can't be joined.</exception>
    public static UdpTransportStreamSource Open(string address, Origin origin, TimeProvider time) => new(UdpReceiver.Open(address, time), origin, time);

    /// <inheritdoc/>
    public async ValueTask<TransportStreamRead> ReadAsync(Memory<byte> buffer, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(buffer.Length, LargestDatagram); // a longer datagram would wait for ever
        cancel.ThrowIfCancellationRequested();
        var read = Drain(buffer.Span);
        if (read.Bytes > 0) return read;
        await receiver.WaitAsync(cancel).ConfigureAwait(false);
        return Drain(buffer.Span);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        receiver.Dispose();
        return ValueTask.CompletedTask;
    }

    private TransportStreamRead Drain(Span<byte> buffer)
    {
        var (filled, firstNs, lastNs) = (0, 0L, 0L);
        while (receiver.TryPeek(out var datagram) && datagram.Payload.Length <= buffer.Length - filled)
        {
            if (filled == 0) firstNs = datagram.TimeNs;
            else if (datagram.TimeNs - firstNs > LongestReadNs) break;
            lastNs = datagram.TimeNs;
            var payload = RtpHeader.Payload(datagram.Payload);
            if (!payload.Equals(Range.All)) RtpDatagrams++;
            datagram.Payload[payload].CopyTo(buffer[filled..]);
            filled += datagram.Payload[payload].Length;
            receiver.Pass();
        }
        return new TransportStreamRead(filled, filled > 0 ? DateTimeOffset.UnixEpoch.AddTicks(lastNs / 100) : time.GetUtcNow(), Ended: false);
    }
}
