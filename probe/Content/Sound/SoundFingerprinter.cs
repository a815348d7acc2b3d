using System.Numerics;
using SignalWatch.Signal;

namespace SignalWatch.Content.Sound;

/// <summary>What 31.25 ms of sound look like in 32 bits.</summary>
/// <param name="Bits">How neighbouring bands moved against each other.</param>
/// <param name="IsHeard">There was sound that moved. Silence and a standing tone leave no print: they look like themselves everywhere and would be loops without end.</param>
internal readonly record struct SoundPrint(uint Bits, bool IsHeard);

/// <summary>Turns sound into prints that survive what a transmitter, the air and a receiver do to it.</summary>
/// <remarks>
/// A print is the sign of the change in time of the difference between neighbouring bands, 33 bands from 300 to 1900 Hz (Haitsma and Kalker, "A Highly Robust Audio Fingerprinting System",
/// ISMIR 2002, §4.2). Their energies are taken as logarithms here: gain, de-emphasis and any filter are then constants that the difference in time takes away.
/// Peaks paired to landmarks (Wang 2003) were the other choice. They answer "which of a million songs" through an index of rare hashes; here the question is where in one day of this one carrier
/// the same was heard, a speaking voice or a plain tune gives few rare hashes, and a fixed number of bits a second costs a known memory and a known time whatever is on the air.
/// </remarks>
internal sealed class SoundFingerprinter
{
    public const int SampleRateHz = 32_000;
    public const int HopSamples = 1000;

    private const int Decimation = 8;
    private const int HopDecimated = HopSamples / Decimation;
    private const int DecimatedRateHz = SampleRateHz / Decimation;
    private const int FrameSize = 1024;
    private const int Bands = 33;
    private const double LowestHz = 300, HighestHz = 1900;

    // The change is taken over 125 ms, half a frame: shorter, and two hearings whose frames fall differently disagree; longer, and the prints of a second are less independent.
    private const int ChangeHops = 4;
    private const int Warmup = FrameSize / HopDecimated + 1 + ChangeHops;

    // Mean square of −60 dBFS, where a broadcaster's sound counts as silence.
    private const float SilencePower = 1e-6f;

    // Bands that lie 20 dB under the mean of the last seconds are noise of the reception, and noise flips bits.
    private const float FloorBelowMean = 0.01f;
    private const float MeanSeconds = 4;

    // Mean change of a band against its neighbour in nepers of power. Programme is above 0.3; a tone in 40 dB of noise is below.
    private const float StandingStill = 0.1f;

    private const int Taps = 241;
    private static readonly float[] LowPass = FirDesign.LowPass(Taps, 2000, SampleRateHz, 50);
    private static readonly float[] Hann = CreateHann();
    private static readonly int[] Edges = CreateEdges();

    private readonly Action<SoundPrint> onPrint;
    private readonly Fft fft = new(FrameSize);
    private readonly float[] mid = new float[Taps - 1 + HopSamples];
    private readonly float[] decimated = new float[FrameSize + HopDecimated];
    private readonly float[] re = new float[FrameSize], im = new float[FrameSize], outRe = new float[FrameSize], outIm = new float[FrameSize];
    private readonly float[] energies = new float[Bands];
    private readonly float[] past = new float[(ChangeHops + 1) * Bands];
    private int filled = Taps - 1, hops;
    private float meanEnergy;
    private long frames;

    public SoundFingerprinter(Action<SoundPrint> onPrint) => this.onPrint = onPrint;

    /// <summary>Samples that were no numbers or far beyond full scale; they were taken as 0.</summary>
    public long BadSamples { get; private set; }

    /// <summary>Samples since the last whole hop: so much was heard that has no print yet, and one hop more if the count of hops is odd.</summary>
    public int PendingSamples => filled - (Taps - 1) + hops % 2 * HopSamples;

    /// <summary>Takes sound in blocks of any size, 32 kHz, full scale ±1; each 2000 samples give two prints. The shorter of the channels counts.</summary>
    public void Add(ReadOnlySpan<float> left, ReadOnlySpan<float> right)
    {
        var length = Math.Min(left.Length, right.Length);
        for (var at = 0; at < length;)
        {
            var take = Math.Min(length - at, mid.Length - filled);
            Mix(left.Slice(at, take), right.Slice(at, take), mid.AsSpan(filled, take));
            filled += take;
            at += take;
            if (filled == mid.Length) Hop();
        }
    }

    /// <summary>What comes next does not follow what was there.</summary>
    public void Reset()
    {
        Array.Clear(mid);
        Array.Clear(decimated);
        (filled, hops, frames, meanEnergy) = (Taps - 1, 0, 0, 0);
    }

    private void Mix(ReadOnlySpan<float> left, ReadOnlySpan<float> right, Span<float> into)
    {
        const float beyond = 64;
        for (var n = 0; n < into.Length; n++)
        {
            var sample = 0.5f * (left[n] + right[n]);
            if (!(MathF.Abs(sample) < beyond))
            {
                BadSamples++;
                sample = 0;
            }
            into[n] = sample;
        }
    }

    private void Hop()
    {
        // Two frames, one hop apart, ride in one complex transform.
        decimated.AsSpan(HopDecimated).CopyTo(decimated);
        var to = decimated.AsSpan(FrameSize);
        for (var n = 0; n < to.Length; n++) to[n] = Dot(mid.AsSpan(n * Decimation, Taps), LowPass);
        mid.AsSpan(HopSamples).CopyTo(mid);
        filled = Taps - 1;
        if (++hops % 2 != 0) return;
        hops = 0;
        for (var n = 0; n < FrameSize; n++) (re[n], im[n]) = (decimated[n] * Hann[n], decimated[n + HopDecimated] * Hann[n]);
        fft.Forward(re, im, outRe, outIm);
        Print(second: false);
        Print(second: true);
    }

    private static float Dot(ReadOnlySpan<float> x, ReadOnlySpan<float> h)
    {
        var sum = Vector<float>.Zero;
        var n = 0;
        for (; n <= h.Length - Vector<float>.Count; n += Vector<float>.Count) sum += new Vector<float>(x[n..]) * new Vector<float>(h[n..]);
        var total = Vector.Sum(sum);
        for (; n < h.Length; n++) total += x[n] * h[n];
        return total;
    }

    private void Print(bool second)
    {
        var total = 0f;
        for (var band = 0; band < Bands; band++)
        {
            var sum = 0f;
            for (var bin = Edges[band]; bin < Edges[band + 1]; bin++)
            {
                var mirror = FrameSize - bin;
                var (x, y) = second ? (outIm[bin] + outIm[mirror], outRe[mirror] - outRe[bin]) : (outRe[bin] + outRe[mirror], outIm[bin] - outIm[mirror]);
                sum += x * x + y * y;
            }
            energies[band] = sum / (Edges[band + 1] - Edges[band]);
            total += sum;
        }
        // Mean square of the sound in these bands: half of |X|², both signs of frequency, over N² and the window's mean square of 3/8.
        var power = total * 0.5f / (0.375f * FrameSize * FrameSize);
        var mean = total / (Edges[Bands] - Edges[0]);
        meanEnergy = frames == 0 ? mean : meanEnergy + (mean - meanEnergy) * (HopSamples / (MeanSeconds * SampleRateHz));
        var floor = FloorBelowMean * meanEnergy + 1e-12f;
        var now = past.AsSpan((int)(frames % (ChangeHops + 1)) * Bands, Bands);
        var then = past.AsSpan((int)((frames + 1) % (ChangeHops + 1)) * Bands, Bands);
        for (var band = 0; band < Bands; band++) now[band] = MathF.Log(energies[band] + floor);
        uint bits = 0;
        var movement = 0f;
        for (var band = 0; band < Bands - 1; band++)
        {
            var change = now[band] - now[band + 1] - (then[band] - then[band + 1]);
            movement += MathF.Abs(change);
            if (change > 0) bits |= 1u << band;
        }
        frames++;
        onPrint(new SoundPrint(bits, frames > Warmup && power > SilencePower && movement > StandingStill * (Bands - 1)));
    }

    private static float[] CreateHann()
    {
        var window = new float[FrameSize];
        for (var n = 0; n < FrameSize; n++) window[n] = (float)(0.5 - 0.5 * Math.Cos(2 * Math.PI * (n + 0.5) / FrameSize));
        return window;
    }

    private static int[] CreateEdges()
    {
        var edges = new int[Bands + 1];
        for (var i = 0; i <= Bands; i++) edges[i] = (int)Math.Round(LowestHz * Math.Pow(HighestHz / LowestHz, i / (double)Bands) * FrameSize / DecimatedRateHz);
        return edges;
    }
}
