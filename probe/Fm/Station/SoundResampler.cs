using System.Runtime.Intrinsics;
using SignalWatch.Signal;

namespace SignalWatch.Fm;

/// <summary>Sum and difference signal at any rate from 33 kHz in, at 32 kHz out, de-emphasised: the receiver's time constant is part of the filter between the samples, so that it is that of the RC network at every frequency.</summary>
internal sealed class SoundResampler
{
    /// <summary>Rate of the sound, Hz.</summary>
    public const double RateHz = 32_000;

    private const int Taps = 48;
    private const int Phases = 256;

    // The pulse proper has its middle here; behind it the taps are for the decay of the time constant.
    private const int Middle = 16;

    private readonly float[] kernel; // [phase][tap]
    private readonly float[] sum;
    private readonly float[] difference;
    private readonly double step;
    private double at;

    /// <summary>Prepares a resampler.</summary>
    /// <param name="inputRateHz">Rate of its input; there is nothing in it above 16.5 kHz.</param>
    /// <param name="block">Samples in each block.</param>
    /// <param name="timeConstantSeconds">De-emphasis: 50 µs (BS.450-3 §1.2), 75 µs in some countries, 0 for none.</param>
    public SoundResampler(double inputRateHz, int block, double timeConstantSeconds)
    {
        step = inputRateHz / RateHz;
        (sum, difference) = (new float[Taps + block], new float[Taps + block]);
        MaxOutput = (int)(block / step) + 2;
        kernel = Kernel(inputRateHz, timeConstantSeconds);
    }

    /// <summary>Most samples that a block gives.</summary>
    public int MaxOutput { get; }

    /// <summary>Starts afresh.</summary>
    public void Reset()
    {
        Array.Clear(sum);
        Array.Clear(difference);
        at = 0;
    }

    /// <summary>Takes a block; returns how many samples it gave.</summary>
    public int Process(ReadOnlySpan<float> sumBlock, ReadOnlySpan<float> differenceBlock, Span<float> sumOut, Span<float> differenceOut)
    {
        sum.AsSpan(sumBlock.Length, Taps).CopyTo(sum);
        difference.AsSpan(sumBlock.Length, Taps).CopyTo(difference);
        sumBlock.CopyTo(sum.AsSpan(Taps));
        differenceBlock.CopyTo(difference.AsSpan(Taps));
        var count = 0;
        for (; at < sumBlock.Length; at += step) (sumOut[count], differenceOut[count++]) = At(at);
        at -= sumBlock.Length;
        return count;
    }

    private (float Sum, float Difference) At(double position)
    {
        var whole = (int)position;
        var phase = (position - whole) * Phases;
        var row = (int)phase;
        var between = Vector256.Create((float)(phase - row));
        ref var low = ref kernel[row * Taps];
        ref var high = ref kernel[(row + 1) * Taps];
        var (first, second) = (Vector256<float>.Zero, Vector256<float>.Zero);
        for (var tap = 0; tap < Taps; tap += 8)
        {
            var from = Vector256.LoadUnsafe(ref low, (nuint)tap);
            var weight = from + between * (Vector256.LoadUnsafe(ref high, (nuint)tap) - from);
            first += weight * Vector256.LoadUnsafe(ref sum[whole + 1], (nuint)tap);
            second += weight * Vector256.LoadUnsafe(ref difference[whole + 1], (nuint)tap);
        }
        return (Vector256.Sum(first), Vector256.Sum(second));
    }

    // Row p is the pulse at p / Phases of a sample after the newest: the tap t counts from the oldest sample on, so the pulse is read backwards.
    private static float[] Kernel(double rate, double timeConstant)
    {
        var fine = new double[(Taps + 1) * Phases];
        var window = Window.Kaiser(2 * Middle * Phases + 1, Window.KaiserBeta(70));
        // Images of 15 kHz begin at rate − 16.5 kHz, at least 16.5 kHz: in the middle between.
        var cutoff = 0.5;
        for (var n = 0; n < window.Length; n++)
        {
            var t = (double)n / Phases - Middle;
            fine[n] = window[n] * 2 * cutoff * (Math.Abs(t) < 1e-9 ? 1 : Math.Sin(2 * Math.PI * cutoff * t) / (2 * Math.PI * cutoff * t));
        }
        if (timeConstant > 0)
        {
            var decay = Math.Exp(-1 / (Phases * rate * timeConstant));
            double state = 0;
            for (var n = 0; n < fine.Length; n++) fine[n] = state = decay * state + (1 - decay) * fine[n];
        }
        var kernel = new float[(Phases + 1) * Taps];
        for (var phase = 0; phase <= Phases; phase++)
        {
            var row = Enumerable.Range(0, Taps).Select(tap => fine[(Taps - 1 - tap) * Phases + phase]).ToArray();
            // Each row alone passes 0 Hz with gain 1: what differs would modulate the sound with the resampling pattern.
            var total = row.Sum();
            for (var tap = 0; tap < Taps; tap++) kernel[phase * Taps + tap] = (float)(row[tap] / total);
        }
        return kernel;
    }
}
