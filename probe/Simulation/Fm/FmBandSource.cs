using SignalWatch.Contracts;
using SignalWatch.Hardware;

namespace SignalWatch.Simulation.Fm;

/// <summary>The simulated receiver for the FM band: 2.4 MS/s, in real time, tunable.</summary>
internal sealed class FmBandSource : ITunableIqSource
{
    public const int SampleRateHz = 2_400_000;
    private const int BlockSamples = 64 * FmEmitter.Grain;

    // A reader that is so late would get an ever older band; a receiver's buffer would have overrun long before.
    private static readonly TimeSpan Overrun = TimeSpan.FromSeconds(1);

    private readonly City city;
    private readonly TimeProvider time;
    private readonly FmEmitter[] emitters;
    private readonly ReceiverNoise noise;
    private readonly ReceiverFaults faults;
    private readonly float[] block = new float[2 * BlockSamples];
    private int used = 2 * BlockSamples;
    private DateTimeOffset start;
    private long delivered;
    private bool retuned;

    public FmBandSource(City city, FmScene scene, TimeProvider time)
    {
        (this.city, this.time) = (city, time);
        Stream = new IqStream("city:fm", SampleRateHz, scene.CenterHz, Origin.Simulated, scene.DbmAtFullScale);
        emitters = [.. scene.Emitters.Select(e => new FmEmitter(e, scene.CenterHz))];
        noise = new ReceiverNoise(scene.NoiseDbfs);
        faults = new ReceiverFaults(scene);
        start = time.GetUtcNow();
    }

    public IqStream Stream { get; private set; }

    public double MinHz => 87_000_000;

    public double MaxHz => 137_000_000;

    public ValueTask TuneAsync(double centerHz, CancellationToken cancel)
    {
        if (centerHz < MinHz || centerHz > MaxHz) throw new ProblemException(Texts.OutOfReach(centerHz, MinHz, MaxHz));
        Tune(centerHz);
        retuned = true;
        return ValueTask.CompletedTask;
    }

    public async ValueTask<IqRead> ReadAsync(Memory<float> interleaved, CancellationToken cancel)
    {
        var samples = interleaved.Length / 2;
        var discontinuity = retuned;
        retuned = false;
        var ahead = TimeOf(delivered + samples) - time.GetUtcNow();
        if (ahead > TimeSpan.Zero) await Task.Delay(ahead, time, cancel).ConfigureAwait(false);
        else if (ahead < -Overrun)
        {
            (start, delivered, discontinuity) = (time.GetUtcNow() - TimeSpan.FromSeconds((double)samples / SampleRateHz), 0, true);
        }
        cancel.ThrowIfCancellationRequested();
        var at = TimeOf(delivered);
        Generate(interleaved.Span[..(2 * samples)], at);
        delivered += samples;
        return new IqRead(samples, at, discontinuity);
    }

    /// <summary>Tunes to another frequency: what is generated from now on is heard there.</summary>
    public void Tune(double centerHz)
    {
        Stream = Stream with { CenterFrequencyHz = centerHz };
        foreach (var emitter in emitters) emitter.Tune(centerHz);
        used = block.Length;
    }

    /// <summary>The next samples, whatever time it is: what <see cref="ReadAsync"/> gives when their time has come.</summary>
    public void Generate(Span<float> interleaved, DateTimeOffset at)
    {
        while (interleaved.Length > 0)
        {
            if (used == block.Length) NextBlock(at);
            var part = Math.Min(interleaved.Length, block.Length - used);
            block.AsSpan(used, part).CopyTo(interleaved);
            used += part;
            at += TimeSpan.FromSeconds(part / 2 / (double)SampleRateHz);
            interleaved = interleaved[part..];
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private void NextBlock(DateTimeOffset at)
    {
        used = 0;
        block.AsSpan().Clear();
        var now = city.VirtualTime(at);
        foreach (var emitter in emitters)
            if (emitter.IsHeard && emitter.Scene.On.IsOn(now)) emitter.AddTo(block);
        noise.AddTo(block);
        faults.AddTo(block);
    }

    private DateTimeOffset TimeOf(long sample) => start + new TimeSpan(sample * TimeSpan.TicksPerSecond / SampleRateHz);
}
