using SignalWatch.Contracts;
using SignalWatch.Hardware;

namespace SignalWatch.Simulation.TransportStream;

/// <summary>A simulated multiplex at constant bit rate, in real time.</summary>
internal sealed class MultiplexSource : ITransportStreamSource
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(40);

    // A reader that is so late gets the stream go on from now: what this machine is too slow for must not look like loss on the air.
    private static readonly TimeSpan Late = TimeSpan.FromSeconds(1);

    private readonly City city;
    private readonly TimeProvider time;
    private readonly PacketMultiplexer multiplexer;
    private DateTimeOffset start;
    private long firstSlot;

    public MultiplexSource(City city, MultiplexScene scene, TimeProvider time)
    {
        (this.city, this.time, multiplexer) = (city, time, new PacketMultiplexer(scene));
        (Name, start) = ($"city:{scene.Id}", time.GetUtcNow());
    }

    public string Name { get; }

    public Origin Origin => Origin.Simulated;

    public long? Dropped => 0;

    public async ValueTask<TransportStreamRead> ReadAsync(Memory<byte> buffer, CancellationToken cancel)
    {
        var wait = start + TimeSpan.FromSeconds((multiplexer.Slot - firstSlot) / multiplexer.SlotsPerSecond) + Pace - time.GetUtcNow();
        if (wait > TimeSpan.Zero) await Task.Delay(wait, time, cancel).ConfigureAwait(false);
        else if (wait < -Late) (start, firstSlot) = (time.GetUtcNow() - Pace, multiplexer.Slot);
        cancel.ThrowIfCancellationRequested();
        var now = time.GetUtcNow();
        var due = (long)((now - start).TotalSeconds * multiplexer.SlotsPerSecond) - (multiplexer.Slot - firstSlot);
        var slots = (int)Math.Clamp(due, 0, buffer.Length / PacketStamp.PacketBytes);
        var bytes = multiplexer.Fill(buffer.Span, slots, city.VirtualTime(now));
        return new TransportStreamRead(bytes, now, Ended: false);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
