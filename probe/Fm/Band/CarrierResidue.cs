using System.Runtime.Intrinsics;
using SignalWatch.Signal;

namespace SignalWatch.Fm;

/// <summary>What is left of a stretch of the band once its strongest FM carrier is taken out: a weaker station beside it, in the carrier's own sidebands.
/// <para>FM has a constant amplitude, however far it deviates: where the amplitude beats, there are two. The carrier's phase is followed as fast as a multiplex signal
/// can turn it (60 kHz) and no faster; what is then left of amplitude and phase is the other station, and stands at its own frequency.</para></summary>
internal sealed class CarrierResidue
{
    private const int Points = 1024;

    // The filter's skirt rings for some 20 samples, and a block has a seam where its end meets its beginning.
    private const int Seam = 48;
    private const int Taps = 63;
    private const double FollowHz = 68_000;
    private const double TransitionHz = 40_000;

    private readonly BandSnapshots snapshots;
    private readonly DcSpike spike;
    private readonly Fft fft;
    private readonly int size;
    private readonly double binHz;
    private readonly float[] binsRe, binsIm, re, im, steps, phase, low;
    private readonly float[] cosines, sines;
    private readonly float[] taps;
    private readonly double[] residue;
    private readonly double[] sums;
    private int centreBin;

    public CarrierResidue(BandSnapshots snapshots, DcSpike spike, int size, double sampleRateHz)
    {
        (this.snapshots, this.spike, this.size) = (snapshots, spike, size);
        binHz = sampleRateHz / size;
        var points = Math.Min(Points, size);
        fft = new Fft(points);
        (binsRe, binsIm, re, im, steps, phase, low) = (new float[points], new float[points], new float[points], new float[points], new float[points], new float[points], new float[points]);
        (cosines, sines) = (new float[points], new float[points]);
        taps = FirDesign.LowPass(Taps, Math.Min(FollowHz, 0.4 * points * binHz), points * binHz, 50);
        (residue, sums) = (new double[points], new double[points + 1]);
    }

    /// <summary>The widest stretch that can be looked at, Hz to each side.</summary>
    public double MaxHalfWidthHz => fft.Size * binHz / 2 - TransitionHz;

    /// <summary>Mean power in the stretch.</summary>
    public double TotalPower { get; private set; }

    /// <summary>Variance of the power over its square: 0 for one FM carrier, 2r / (1 + r)² for two whose powers have the ratio r, with noise 2/γ more.</summary>
    public double Beating { get; private set; }

    /// <summary>Looks at a stretch.</summary>
    /// <param name="centreHz">Where the carrier is, relative to the middle of the band.</param>
    /// <param name="halfWidthHz">Half of the stretch's width, Hz.</param>
    /// <returns>False where the interval had no blocks to look at.</returns>
    public bool Examine(double centreHz, double halfWidthHz)
    {
        var (standingRe, standingIm) = spike.Standing;
        Array.Clear(residue);
        (TotalPower, Beating) = (0, 0);
        if (snapshots.Count == 0) return false;
        centreBin = (int)Math.Round(centreHz / binHz);
        for (var n = 0; n < snapshots.Count; n++)
        {
            Cut(snapshots[n].Re, snapshots[n].Im, halfWidthHz, standingRe, standingIm);
            Separate();
        }
        TotalPower /= snapshots.Count;
        Beating /= snapshots.Count;
        for (var k = 0; k < residue.Length; k++) sums[k + 1] = sums[k] + residue[(k + residue.Length / 2) & (residue.Length - 1)] / snapshots.Count;
        return true;
    }

    /// <summary>Power of the residue between two frequencies relative to the middle of the band, noise included.</summary>
    public double Power(double fromHz, double toHz) => Cumulative(toHz) - Cumulative(fromHz);

    private double Cumulative(double hz)
    {
        var at = Math.Clamp(hz / binHz - centreBin + residue.Length / 2 + 0.5, 0, residue.Length);
        var whole = Math.Min((int)at, residue.Length - 1);
        return sums[whole] + (at - whole) * (sums[whole + 1] - sums[whole]);
    }

    // The stretch's bins, flat inside and with a soft skirt, as a signal around 0 Hz.
    private void Cut(float[] fromRe, float[] fromIm, double halfWidthHz, double standingRe, double standingIm)
    {
        var points = fft.Size;
        Array.Clear(binsRe);
        Array.Clear(binsIm);
        var reach = Math.Min(points / 2 - 1, (int)((halfWidthHz + TransitionHz) / binHz));
        for (var k = -reach; k <= reach; k++)
        {
            var beyond = (Math.Abs(k) * binHz - halfWidthHz) / TransitionHz;
            var gain = (beyond <= 0 ? 1 : 0.5 + 0.5 * Math.Cos(Math.PI * Math.Min(1, beyond))) / size;
            int from = (centreBin + k) & (size - 1), to = k & (points - 1);
            (binsRe[to], binsIm[to]) = ((float)(fromRe[from] * gain), (float)(fromIm[from] * gain));
            // The receiver's own spike is in no sideband.
            if (from == 0) (binsRe[to], binsIm[to]) = ((float)(binsRe[to] - standingRe * size * gain), (float)(binsIm[to] - standingIm * size * gain));
        }
        fft.Inverse(binsRe, binsIm, re, im);
    }

    private void Separate()
    {
        var points = fft.Size;
        int used = points - 2 * Seam, first = Seam + Taps / 2, count = used - Taps;
        Phase.Steps(re.AsSpan(Seam, used), im.AsSpan(Seam, used), 1, steps.AsSpan(0, used - 1));
        Filter(count);
        double at = 0;
        for (var n = 0; n < count; n++)
        {
            phase[n] = (float)at;
            at += low[n];
            if (Math.Abs(at) > Math.PI) at -= 2 * Math.PI * Math.Round(at / (2 * Math.PI));
        }
        double meanRe = 0, meanIm = 0, power = 0, square = 0;
        for (var n = 0; n < count; n++)
        {
            float x = re[first + n], y = im[first + n];
            var (sin, cos) = MathF.SinCos(phase[n]);
            (cosines[n], sines[n]) = (cos, sin);
            meanRe += x * cos + y * sin;
            meanIm += y * cos - x * sin;
            var p = (double)x * x + (double)y * y;
            (power, square) = (power + p, square + p * p);
        }
        (meanRe, meanIm) = (meanRe / count, meanIm / count);
        TotalPower += power / count;
        if (power > 0) Beating += square * count / (power * power) - 1;
        Array.Clear(binsRe);
        Array.Clear(binsIm);
        for (var n = 0; n < count; n++)
        {
            var window = (float)(0.5 - 0.5 * Math.Cos(2 * Math.PI * (n + 0.5) / count));
            binsRe[n] = window * (re[first + n] - (float)(meanRe * cosines[n] - meanIm * sines[n]));
            binsIm[n] = window * (im[first + n] - (float)(meanIm * cosines[n] + meanRe * sines[n]));
        }
        fft.Forward(binsRe, binsIm, re, im);
        // Hann's window keeps 3/8 of the power; Parseval's sum over the bins is points times that over the samples.
        var scale = 1 / (0.375 * count * points);
        for (var k = 0; k < points; k++) residue[k] += ((double)re[k] * re[k] + (double)im[k] * im[k]) * scale;
    }

    private void Filter(int count)
    {
        for (var n = 0; n < count; n++)
        {
            var sum = Vector256<float>.Zero;
            var t = 0;
            for (; t <= Taps - 8; t += 8) sum += Vector256.LoadUnsafe(ref taps[t]) * Vector256.LoadUnsafe(ref steps[n + t]);
            var total = Vector256.Sum(sum);
            for (; t < Taps; t++) total += taps[t] * steps[n + t];
            low[n] = total;
        }
    }
}
