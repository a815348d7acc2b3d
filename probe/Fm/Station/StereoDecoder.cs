using System.Runtime.Intrinsics;
using SignalWatch.Signal;

namespace SignalWatch.Fm;

/// <summary>The sound of the multiplex (BS.450-3 §2): the sum up to 15 kHz, the difference from its two sidebands on 38 kHz in the phase of the pilot; de-emphasised, 32 kHz.
/// Without a pilot there is no difference: mono.</summary>
internal sealed class StereoDecoder
{
    private const double SoundHz = 15_000;
    private const double LeastRateHz = 33_500;
    private const double PilotHz = 19_000;
    private const double FullScaleHz = 75_000;

    // Stereo comes and goes within this time: without a click, and before one hears where a voice went.
    private const double BlendSeconds = 0.05;

    // Sound begins above; a carrier that is off its frequency is no sound.
    private const double HighPassHz = 3;

    private readonly Channelizer source;
    private readonly MpxBand sumBand;
    private readonly MpxBand differenceBand;
    private readonly SoundResampler resampler;
    private readonly StationTap? tap;
    private readonly float[] difference, sumOut, differenceOut, left, right;
    private readonly int pilotDecimation;
    private readonly double pilotTurnsEachBlock, pilotTurnsAtStart, turnsEachSample;
    private readonly float highPass;
    private double pilotTurns;
    private float blend, lastIn, lastOut;
    private bool started;

    /// <summary>Prepares the decoder.</summary>
    /// <param name="source">Whose blocks it takes: the pilot's loop gets its channel from the same.</param>
    /// <param name="deemphasisSeconds">Time constant of the de-emphasis.</param>
    /// <param name="factor">The gain wanted at a frequency of the multiplex.</param>
    /// <param name="tap">Takes the sound.</param>
    public StereoDecoder(Channelizer source, double deemphasisSeconds, Func<double, double> factor, StationTap? tap)
    {
        (this.source, this.tap) = (source, tap);
        var decimation = 1;
        while (source.SampleRateHz / (2 * decimation) >= LeastRateHz) decimation *= 2;
        sumBand = new MpxBand(source, decimation, 0, SoundHz, factor);
        // Twice: of a real signal the band holds one of two halves.
        differenceBand = new MpxBand(source, decimation, 2 * PilotHz, SoundHz, hz => 2 * factor(hz));
        resampler = new SoundResampler(sumBand.RateHz, sumBand.Hop, deemphasisSeconds);
        difference = new float[sumBand.Hop];
        (sumOut, differenceOut) = (new float[resampler.MaxOutput], new float[resampler.MaxOutput]);
        (left, right) = (new float[resampler.MaxOutput], new float[resampler.MaxOutput]);
        // Where the oscillators stand: a channel's begins at the first sample behind the overlap, one quarter of a block, with the phase that its bin has gained there.
        var binHz = source.SampleRateHz / source.Size;
        pilotDecimation = source.Decimation;
        pilotTurnsAtStart = Math.Round(PilotHz / binHz) / 4;
        pilotTurnsEachBlock = PilotHz * source.Hop / source.SampleRateHz;
        turnsEachSample = (2 * PilotHz - differenceBand.MiddleBin * binHz) / differenceBand.RateHz;
        highPass = (float)Math.Exp(-2 * Math.PI * HighPassHz / SoundResampler.RateHz);
        Reset();
    }

    /// <summary>Σ M², Σ S² and Σ M S of the block's sound, M being the sum's and S the difference's half, full scale 1, and how many samples.</summary>
    public (double Sum, double Difference, double Cross, int Samples) Energy { get; private set; }

    /// <summary>Whether the block's sound was stereo, all of it; null while it goes over from the one to the other.</summary>
    public bool? IsStereo { get; private set; }

    /// <summary>Starts afresh.</summary>
    public void Reset()
    {
        resampler.Reset();
        (pilotTurns, blend, lastIn, lastOut, started) = (pilotTurnsAtStart, 0, 0, 0, false);
        Energy = default;
    }

    /// <summary>Takes the present block.</summary>
    public void Process(PilotLoop pilot)
    {
        sumBand.Compute();
        var target = pilot.Locked ? 1f : 0f;
        IsStereo = blend == target ? pilot.Locked : null;
        if (target > 0 || blend > 0)
        {
            differenceBand.Compute();
            Demodulate(pilot, target);
        }
        else Array.Clear(difference);
        pilotTurns += pilotTurnsEachBlock;
        pilotTurns -= Math.Floor(pilotTurns);
        var count = resampler.Process(sumBand.Re, difference, sumOut, differenceOut);
        Finish(count);
    }

    // S sin 2ωt, the pilot being sin ωt: the phase of the pilot's analytic signal is 90° behind ωt, twice that 180°.
    private void Demodulate(PilotLoop pilot, float target)
    {
        ReadOnlySpan<float> re = differenceBand.Re, im = differenceBand.Im;
        const int Step = 32;
        var scale = source.SampleRateHz / differenceBand.RateHz / pilotDecimation;
        var start = 2 * pilotTurns - differenceBand.MiddleBin / 4.0;
        var change = (float)(1 / (BlendSeconds * differenceBand.RateHz));
        for (var at = 0; at < re.Length; at += Step)
        {
            var end = Math.Min(at + Step, re.Length);
            var from = start + turnsEachSample * at + pilot.PhaseAt(at * scale) / Math.PI;
            var slope = turnsEachSample + (pilot.PhaseAt(end * scale) - pilot.PhaseAt(at * scale)) / Math.PI / (end - at);
            Turn(re[at..end], im[at..end], from - Math.Round(from), slope, difference.AsSpan(at, end - at));
            if (blend == target) continue;
            for (var n = at; n < end; n++)
            {
                blend = target > blend ? Math.Min(target, blend + change) : Math.Max(target, blend - change);
                difference[n] *= blend;
            }
        }
    }

    // The imaginary part, turned back by the phase.
    private static void Turn(ReadOnlySpan<float> re, ReadOnlySpan<float> im, double turns, double turnsEach, Span<float> output)
    {
        var index = Vector256<float>.Indices;
        var n = 0;
        for (; n <= re.Length - 8; n += 8)
        {
            var angle = Vector256.Create((float)(2 * Math.PI * (turns + n * turnsEach))) + index * (float)(2 * Math.PI * turnsEach);
            var (sin, cos) = Vector256.SinCos(angle);
            (Vector256.LoadUnsafe(in im[n]) * cos - Vector256.LoadUnsafe(in re[n]) * sin).StoreUnsafe(ref output[n]);
        }
        for (; n < re.Length; n++)
        {
            var (sin, cos) = Math.SinCos(2 * Math.PI * (turns + n * turnsEach));
            output[n] = (float)(im[n] * cos - re[n] * sin);
        }
    }

    private void Finish(int count)
    {
        if (!started && count > 0) (lastIn, started) = (sumOut[0], true);
        const float Scale = (float)(1 / FullScaleHz);
        double sum = 0, other = 0, cross = 0;
        for (var n = 0; n < count; n++)
        {
            lastOut = sumOut[n] - lastIn + highPass * lastOut;
            lastIn = sumOut[n];
            var (m, s) = (lastOut * Scale, differenceOut[n] * Scale);
            (left[n], right[n]) = (m + s, m - s);
            (sum, other, cross) = (sum + m * m, other + s * s, cross + m * s);
        }
        Energy = (sum, other, cross, count);
        if (count > 0) tap?.OnSound?.Invoke(left.AsSpan(0, count), right.AsSpan(0, count));
    }
}
