using System.Numerics;

namespace SignalWatch.Signal;

/// <summary>A real FIR filter that keeps every n-th output, over a stream that arrives in pieces.</summary>
public sealed class DecimatingFir
{
    private readonly float[] reversed;
    private readonly float[] history;
    private readonly int decimation;
    private int held;
    private int skip;

    /// <summary>Prepares the filter.</summary>
    /// <param name="taps">Its impulse response.</param>
    /// <param name="decimation">Inputs for each output, at least 1.</param>
    public DecimatingFir(ReadOnlySpan<float> taps, int decimation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(decimation, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(taps.Length, 1);
        reversed = taps.ToArray();
        Array.Reverse(reversed);
        history = new float[taps.Length + 4096];
        this.decimation = decimation;
        Reset();
    }

    /// <summary>Forgets the past: the next input follows on silence.</summary>
    public void Reset()
    {
        Array.Clear(history);
        held = reversed.Length - 1;
        skip = 0;
    }

    /// <summary>Filters the next piece.</summary>
    /// <param name="input">Samples.</param>
    /// <param name="output">At least input / decimation + 1 samples.</param>
    /// <returns>Samples written.</returns>
    public int Process(ReadOnlySpan<float> input, Span<float> output)
    {
        var written = 0;
        while (!input.IsEmpty)
        {
            var take = Math.Min(input.Length, history.Length - held);
            input[..take].CopyTo(history.AsSpan(held));
            input = input[take..];
            held += take;
            var at = skip;
            for (; at + reversed.Length <= held; at += decimation) output[written++] = Dot(history.AsSpan(at, reversed.Length), reversed);
            var keep = Math.Min(held, reversed.Length - 1);
            var next = at - (held - keep);
            history.AsSpan(held - keep, keep).CopyTo(history);
            (held, skip) = (keep, next);
        }
        return written;
    }

    private static float Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var sum = Vector<float>.Zero;
        var i = 0;
        for (; i <= a.Length - Vector<float>.Count; i += Vector<float>.Count) sum += new Vector<float>(a[i..]) * new Vector<float>(b[i..]);
        var total = Vector.Sum(sum);
        for (; i < a.Length; i++) total += a[i] * b[i];
        return total;
    }
}
