using SignalWatch.Contracts;
using SignalWatch.Hardware;

namespace SignalWatch.Tests.Probe;

/// <summary>Moves virtual time on while a source is waited for, and only then: a watch is never late, on any machine. After a while it cancels.</summary>
internal sealed class TimeMover(ManualTime time, TimeSpan length) : IDisposable
{
    private readonly CancellationTokenSource over = new();
    private readonly DateTimeOffset end = time.GetUtcNow() + length;

    public CancellationToken Over => over.Token;

    /// <summary>What the driven sources say that this machine dropped.</summary>
    public Func<long> Dropped { get; init; } = () => 0;

    public IIqSource Drive(IIqSource source) => new Samples(this, source);

    public ITransportStreamSource Drive(ITransportStreamSource source) => new Packets(this, source);

    public void Dispose() => over.Dispose();

    private async ValueTask<T> MoveUntil<T>(ValueTask<T> reading)
    {
        var task = reading.AsTask();
        if (time.GetUtcNow() >= end) await over.CancelAsync().ConfigureAwait(false);
        while (!task.IsCompleted)
            if (!time.AdvanceToNext()) await Task.Yield(); // what the timer woke runs elsewhere, and gets its turn
        return await task.ConfigureAwait(false);
    }

    private sealed class Samples(TimeMover mover, IIqSource source) : IIqSource
    {
        public IqStream Stream => source.Stream;

        public ValueTask<IqRead> ReadAsync(Memory<float> interleaved, CancellationToken cancel) => mover.MoveUntil(source.ReadAsync(interleaved, cancel));

        public ValueTask DisposeAsync() => source.DisposeAsync();
    }

    private sealed class Packets(TimeMover mover, ITransportStreamSource source) : ITransportStreamSource
    {
        public string Name => source.Name;

        public Origin Origin => source.Origin;

        public long? Dropped => mover.Dropped();

        public ValueTask<TransportStreamRead> ReadAsync(Memory<byte> buffer, CancellationToken cancel) => mover.MoveUntil(source.ReadAsync(buffer, cancel));

        public ValueTask DisposeAsync() => source.DisposeAsync();
    }
}
