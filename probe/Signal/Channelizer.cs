using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SignalWatch.Signal;

/// <summary>Takes any number of channels out of one wide stream by fast convolution (overlap-save): one forward transform a block for all,
/// and for each channel a product with its filter and a small inverse transform. Blocks overlap by a quarter.
/// <para>Use: <c>while (channelizer.Take(ref samples)) foreach (channel) channel.Compute();</c></para></summary>
public sealed class Channelizer
{
    private readonly Fft forward;
    private readonly float[] inputRe;
    private readonly float[] inputIm;
    private readonly float[] spectrumRe;
    private readonly float[] spectrumIm;
    private int filled;

    /// <summary>Prepares the transforms.</summary>
    /// <param name="sampleRateHz">Rate of the wide stream, Hz.</param>
    /// <param name="decimation">Wide samples for each sample of a channel: a power of two.</param>
    /// <param name="channelSize">Points of a channel's transform: a power of two from 16 on. A channel's filter has a quarter of it, plus one, as taps.</param>
    public Channelizer(double sampleRateHz, int decimation, int channelSize)
    {
        (SampleRateHz, Decimation, ChannelSize) = (sampleRateHz, decimation, channelSize);
        forward = new Fft(decimation * channelSize);
        Inverse = new Fft(channelSize);
        (inputRe, inputIm) = (new float[Size], new float[Size]);
        (spectrumRe, spectrumIm) = (new float[Size], new float[Size]);
        Reset();
    }

    /// <summary>Rate of the wide stream, Hz.</summary>
    public double SampleRateHz { get; }

    /// <summary>Wide samples for each sample of a channel.</summary>
    public int Decimation { get; }

    /// <summary>Points of a channel's transform.</summary>
    public int ChannelSize { get; }

    /// <summary>Points of the wide transform.</summary>
    public int Size => forward.Size;

    /// <summary>Wide samples that a block brings.</summary>
    public int Hop => Size / 4 * 3;

    /// <summary>Samples of a channel that a block brings.</summary>
    public int ChannelHop => ChannelSize / 4 * 3;

    /// <summary>Rate of a channel, Hz.</summary>
    public double ChannelRateHz => SampleRateHz / Decimation;

    /// <summary>Most taps of a channel's filter.</summary>
    public int MaxTaps => ChannelSize / 4 + 1;

    /// <summary>The block's spectrum, not windowed, not scaled: bin 0 is 0 Hz, the upper half negative frequencies.</summary>
    public ReadOnlySpan<float> SpectrumRe => spectrumRe;

    /// <summary>Imaginary part of <see cref="SpectrumRe"/>.</summary>
    public ReadOnlySpan<float> SpectrumIm => spectrumIm;

    internal Fft Inverse { get; }

    /// <summary>Blocks since the last reset.</summary>
    internal long Blocks { get; private set; }

    /// <summary>Starts afresh: the next sample follows on silence. Channels are to be reset too.</summary>
    public void Reset()
    {
        Array.Clear(inputRe);
        Array.Clear(inputIm);
        filled = Size - Hop;
        Blocks = 0;
    }

    /// <summary>Takes complex samples, until a block is full or they are used up.</summary>
    /// <param name="interleaved">I, Q, I, Q …; what is taken is cut off its front.</param>
    /// <returns>True where a block is full: its spectrum is there, and every channel is to be computed before the next call.</returns>
    public bool Take(ref ReadOnlySpan<float> interleaved)
    {
        CarryOverlap();
        var take = Math.Min(interleaved.Length / 2, Size - filled);
        Deinterleave(interleaved[..(2 * take)], inputRe.AsSpan(filled), inputIm.AsSpan(filled));
        interleaved = interleaved[(2 * take)..];
        return Filled(take);
    }

    /// <summary>As <see cref="Take"/>, for real samples.</summary>
    public bool TakeReal(ref ReadOnlySpan<float> samples)
    {
        CarryOverlap();
        var take = Math.Min(samples.Length, Size - filled);
        samples[..take].CopyTo(inputRe.AsSpan(filled));
        samples = samples[take..];
        return Filled(take);
    }

    /// <summary>The newest samples of the block: real and imaginary parts of the <see cref="Hop"/> samples that it brought. Only after <see cref="Take"/> gave true.</summary>
    public void Newest(out ReadOnlySpan<float> re, out ReadOnlySpan<float> im)
    {
        re = inputRe.AsSpan(Size - Hop);
        im = inputIm.AsSpan(Size - Hop);
    }

    private bool Filled(int taken)
    {
        filled += taken;
        if (filled < Size) return false;
        forward.Forward(inputRe, inputIm, spectrumRe, spectrumIm);
        Blocks++;
        return true;
    }

    // Not at the end of a block: until the next call its samples stay readable.
    private void CarryOverlap()
    {
        if (filled < Size) return;
        inputRe.AsSpan(Hop).CopyTo(inputRe);
        inputIm.AsSpan(Hop).CopyTo(inputIm);
        filled = Size - Hop;
    }

    private static void Deinterleave(ReadOnlySpan<float> interleaved, Span<float> re, Span<float> im)
    {
        var n = 0;
        var samples = interleaved.Length / 2;
        if (Avx2.IsSupported)
        {
            for (; n <= samples - 8; n += 8)
            {
                var a = Vector256.LoadUnsafe(in interleaved[2 * n]);
                var b = Vector256.LoadUnsafe(in interleaved[2 * n + 8]);
                var even = Avx.Shuffle(a, b, 0b10_00_10_00).AsDouble();
                var odd = Avx.Shuffle(a, b, 0b11_01_11_01).AsDouble();
                Avx2.Permute4x64(even, 0b11_01_10_00).AsSingle().StoreUnsafe(ref re[n]);
                Avx2.Permute4x64(odd, 0b11_01_10_00).AsSingle().StoreUnsafe(ref im[n]);
            }
        }
        for (; n < samples; n++) (re[n], im[n]) = (interleaved[2 * n], interleaved[2 * n + 1]);
    }
}
