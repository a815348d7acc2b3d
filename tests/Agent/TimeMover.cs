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

    public IIqSource Drive(IIqSource source) => source is ITunableIqSource tunable ? new TunableSamples(this, tunable) : new Samples(this, source);

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

    private sealed class TunableSamples(TimeMover mover, ITunableIqSource source) : Samples(mover, source), ITunableIqSource
    {
        private readonly TimeMover mover = mover;

        public double MinHz => source.MinHz;

        public double MaxHz => source.MaxHz;

        public async ValueTask TuneAsync(double centerHz, CancellationToken cancel) => await mover.MoveUntil(TunedAsync(centerHz, cancel));

        private async ValueTask<bool> TunedAsync(double centerHz, CancellationToken cancel)
        {
            await source.TuneAsync(centerHz, cancel);
            return true;
        }
    }

    private class Samples(TimeMover mover, IIqSource source) : IIqSource
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
