using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace SignalWatch.Simulation.Fm;

/// <summary>One transmitter: sound → multiplex signal (BS.450) → frequency modulation → added to the band.
/// Sound and RDS baseband run at 37.5 kS/s, the multiplex signal at 300 kS/s, the carrier at 2.4 MS/s; each step is 8 : 1, one vector wide.
/// Between two values of the multiplex signal the frequency runs linearly, so the phase is a parabola and no interpolation filter is needed:
/// the first image of the 38 kHz subcarrier lies 60 dB below the carrier.</summary>
internal sealed class FmEmitter
{
    /// <summary>Complex samples for one sample of sound.</summary>
    public const int Grain = 64;

    private const int MultiplexRateHz = FmBandSource.SampleRateHz / 8;
    private const int SubcarrierPeriod = 300; // samples in which 19, 38 and 57 kHz come round: 19 periods of the pilot
    private static readonly float[] Sin19 = Subcarrier(1), Sin38 = Subcarrier(2), Sin57 = Subcarrier(3);
    private static readonly Vector256<float> Eighths = Vector256.Create(0f, 1, 2, 3, 4, 5, 6, 7) / 8f;
    private static readonly Vector256<float> FirstHalf = Vector256.Create(0f, 0, 1, 1, 2, 2, 3, 3);
    private static readonly Vector256<float> Quarter = Vector256.Create(0.25f, 0, 0.25f, 0, 0.25f, 0, 0.25f, 0); // cos is sin a quarter turn on

    private readonly float amplitude;
    private double carrier;
    private readonly float deviation, pilot, rdsDeviation;
    private readonly ProgrammeSound? sound;
    private readonly RdsWaveform? rds;
    private int subcarrierAt;
    private double phase;
    private float frequency, middle, side, data;

    public FmEmitter(EmitterScene scene, long centerHz)
    {
        const double Rate = FmBandSource.SampleRateHz;
        Scene = scene;
        amplitude = (float)Math.Pow(10, scene.LevelDbfs / 20);
        Tune(centerHz);
        if (scene.Programme is not { } programme) return;
        sound = new ProgrammeSound(programme);
        deviation = (float)(programme.DeviationHz / Rate);
        pilot = (float)((programme.PilotHz ?? 0) / Rate);
        if (scene.Rds is not { } station) return;
        rds = new RdsWaveform(new RdsBits(station));
        rdsDeviation = (float)(station.DeviationHz / Rate);
    }

    public EmitterScene Scene { get; }

    /// <summary>The receiver hears it: it lies within the receiver's band.</summary>
    public bool IsHeard => Math.Abs(carrier) < 0.5 - 100_000.0 / FmBandSource.SampleRateHz;

    /// <summary>The receiver is tuned to another frequency.</summary>
    public void Tune(double centerHz) => carrier = (Scene.FrequencyHz + Scene.OffsetHz - centerHz) / FmBandSource.SampleRateHz;

    /// <summary>Adds the emitter to interleaved samples; their number is a multiple of <see cref="Grain"/>.</summary>
    public void AddTo(Span<float> interleaved)
    {
        Span<float> multiplex = stackalloc float[8];
        for (var at = 0; at < interleaved.Length; at += 2 * Grain)
        {
            if (sound is not null) NextMultiplex(multiplex);
            else multiplex.Clear();
            Modulate(multiplex, interleaved.Slice(at, 2 * Grain));
        }
    }

    // Eight values of the multiplex signal, as deviation in turns a sample.
    private void NextMultiplex(Span<float> multiplex)
    {
        sound!.Next(out var left, out var right);
        var nextMiddle = deviation * 0.5f * (left + right);
        var nextSide = pilot > 0 ? deviation * 0.5f * (left - right) : 0;
        var nextData = rds is null ? 0 : rdsDeviation * rds.Next();
        var sum = Vector256.Create(middle) + (nextMiddle - middle) * Eighths
            + (Vector256.Create(side) + (nextSide - side) * Eighths) * Load(Sin38)
            + (Vector256.Create(data) + (nextData - data) * Eighths) * Load(Sin57)
            + pilot * Load(Sin19);
        sum.CopyTo(multiplex);
        (middle, side, data) = (nextMiddle, nextSide, nextData);
        subcarrierAt = subcarrierAt + 8 >= SubcarrierPeriod ? subcarrierAt + 8 - SubcarrierPeriod : subcarrierAt + 8;
    }

    private Vector256<float> Load(float[] subcarrier) => Vector256.Create<float>(subcarrier.AsSpan(subcarrierAt, 8));

    private void Modulate(ReadOnlySpan<float> multiplex, Span<float> interleaved)
    {
        var vectors = MemoryMarshal.Cast<float, Vector256<float>>(interleaved);
        var loudness = Vector256.Create(amplitude);
        for (var i = 0; i < multiplex.Length; i++)
        {
            var start = Vector256.Create((float)(phase - Math.Round(phase))) + Quarter;
            var slope = Vector256.Create((float)(carrier + frequency));
            var bend = Vector256.Create((multiplex[i] - frequency) / 16);
            var m = FirstHalf;
            vectors[2 * i] += loudness * SineOfTurns(start + m * (slope + m * bend));
            m += Vector256.Create(4f);
            vectors[2 * i + 1] += loudness * SineOfTurns(start + m * (slope + m * bend));
            phase += 8 * carrier + 4 * (frequency + multiplex[i]);
            frequency = multiplex[i];
        }
        phase -= Math.Round(phase); // near 0 a double keeps its precision for ever
    }

    // sin(2πx): folded to a quarter turn, then its Taylor series to the 9th power; the error stays below 4e-6.
    private static Vector256<float> SineOfTurns(Vector256<float> x)
    {
        const float Tau = MathF.Tau, C3 = -1f / 6, C5 = 1f / 120, C7 = -1f / 5040, C9 = 1f / 362880;
        var y = x - Vector256.Round(x);
        var quarter = Vector256.Create(0.25f);
        var folded = quarter - Vector256.Abs(Vector256.Abs(y) - quarter);
        var angle = Vector256.CopySign(folded, y) * Tau;
        var square = angle * angle;
        return angle * (Vector256<float>.One + square * (Vector256.Create(C3) + square * (Vector256.Create(C5) + square * (Vector256.Create(C7) + square * C9))));
    }

    private static float[] Subcarrier(int harmonic)
    {
        var wave = new float[SubcarrierPeriod + Vector256<float>.Count]; // eight more, so that a load may run over the end
        for (var i = 0; i < wave.Length; i++) wave[i] = (float)Math.Sin(2 * Math.PI * (19_000.0 * harmonic * i / MultiplexRateHz));
        return wave;
    }
}
