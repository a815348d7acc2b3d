using System.Runtime.Intrinsics;

namespace SignalWatch.Signal;

/// <summary>One channel of a <see cref="Channelizer"/>: a stretch of the wide stream, filtered, shifted to 0 Hz and decimated, its phase that of an oscillator which never stops.</summary>
public sealed class Channel
{
    private readonly Channelizer channelizer;
    private readonly int centreBin;
    private readonly Rotator rotator;

    // Its own scratch memory: channels of one channelizer are computed on several threads.
    private readonly Fft inverse;
    private readonly float[] responseRe;
    private readonly float[] responseIm;
    private readonly float[] binsRe;
    private readonly float[] binsIm;
    private readonly float[] blockRe;
    private readonly float[] blockIm;

    /// <summary>Prepares a channel.</summary>
    /// <param name="channelizer">Where it takes its spectrum from.</param>
    /// <param name="frequencyHz">Which frequency goes to 0 Hz, relative to the middle of the wide stream. Exact: what the bins don't hit, a rotation corrects.</param>
    /// <param name="taps">The filter's impulse response at the channel's rate, real, at most <see cref="Channelizer.MaxTaps"/>.
    /// Its response should be small at the edges of the channel: what is left there comes back as aliases.</param>
    /// <exception cref="ArgumentException">Too many taps.</exception>
    public Channel(Channelizer channelizer, double frequencyHz, ReadOnlySpan<float> taps)
    {
        if (taps.Length > channelizer.MaxTaps) throw new ArgumentException($"at most {channelizer.MaxTaps} taps", nameof(taps));
        this.channelizer = channelizer;
        FrequencyHz = frequencyHz;
        inverse = new Fft(channelizer.Inverse);
        var binHz = channelizer.SampleRateHz / channelizer.Size;
        centreBin = (int)Math.Round(frequencyHz / binHz);
        var offsetHz = frequencyHz - centreBin * binHz;
        rotator = new Rotator(-offsetHz / channelizer.ChannelRateHz, channelizer.ChannelHop);
        var size = channelizer.ChannelSize;
        (binsRe, binsIm, blockRe, blockIm) = (new float[size], new float[size], new float[size], new float[size]);
        (responseRe, responseIm) = Response(taps, offsetHz);
    }

    /// <summary>The frequency that is at 0 Hz of the channel, relative to the middle of the wide stream.</summary>
    public double FrequencyHz { get; }

    /// <summary>Real parts of the block's <see cref="Channelizer.ChannelHop"/> samples.</summary>
    public ReadOnlySpan<float> Re => blockRe.AsSpan(channelizer.ChannelSize - channelizer.ChannelHop);

    /// <summary>Imaginary parts, likewise.</summary>
    public ReadOnlySpan<float> Im => blockIm.AsSpan(channelizer.ChannelSize - channelizer.ChannelHop);

    /// <summary>Starts afresh, with the channelizer.</summary>
    public void Reset() => rotator.Reset();

    /// <summary>Computes the samples of the channelizer's present block.</summary>
    public void Compute()
    {
        var size = channelizer.ChannelSize;
        int half = size / 2, mask = channelizer.Size - 1;
        // Two runs of bins, each cut once more where it passes the end of the wide spectrum.
        Multiply((centreBin & mask), 0, half);
        Multiply((centreBin - half) & mask, half, half);
        inverse.Inverse(binsRe, binsIm, blockRe, blockIm);
        var first = size - channelizer.ChannelHop;
        // A hop is three quarters of a block, so the oscillator at the centre bin turns by quarters from block to block.
        var quarters = (int)(centreBin * 3L * (channelizer.Blocks - 1) & 3);
        rotator.Rotate(blockRe.AsSpan(first), blockIm.AsSpan(first), -quarters / 4.0);
    }

    private void Multiply(int from, int to, int count)
    {
        var straight = Math.Min(count, channelizer.Size - from);
        Multiply(channelizer.SpectrumRe.Slice(from, straight), channelizer.SpectrumIm.Slice(from, straight), to);
        if (straight < count) Multiply(channelizer.SpectrumRe[..(count - straight)], channelizer.SpectrumIm[..(count - straight)], to + straight);
    }

    private void Multiply(ReadOnlySpan<float> re, ReadOnlySpan<float> im, int to)
    {
        var n = 0;
        for (; n <= re.Length - 8; n += 8)
        {
            var (xr, xi) = (Vector256.LoadUnsafe(in re[n]), Vector256.LoadUnsafe(in im[n]));
            var (hr, hi) = (Vector256.LoadUnsafe(ref responseRe[to + n]), Vector256.LoadUnsafe(ref responseIm[to + n]));
            (xr * hr - xi * hi).StoreUnsafe(ref binsRe[to + n]);
            (xr * hi + xi * hr).StoreUnsafe(ref binsIm[to + n]);
        }
        for (; n < re.Length; n++)
        {
            binsRe[to + n] = re[n] * responseRe[to + n] - im[n] * responseIm[to + n];
            binsIm[to + n] = re[n] * responseIm[to + n] + im[n] * responseRe[to + n];
        }
    }

    // In double precision and by definition: once a channel, and the filter's depth is not that of single precision.
    private (float[] Re, float[] Im) Response(ReadOnlySpan<float> taps, double offsetHz)
    {
        var size = channelizer.ChannelSize;
        var (re, im) = (new float[size], new float[size]);
        for (var k = 0; k < size; k++)
        {
            double sumRe = 0, sumIm = 0;
            var turns = (double)k / size - offsetHz / channelizer.ChannelRateHz;
            for (var n = 0; n < taps.Length; n++)
            {
                var (sin, cos) = Math.SinCos(-2 * Math.PI * turns * n);
                (sumRe, sumIm) = (sumRe + taps[n] * cos, sumIm + taps[n] * sin);
            }
            (re[k], im[k]) = ((float)(sumRe / channelizer.Size), (float)(sumIm / channelizer.Size));
        }
        return (re, im);
    }
}
