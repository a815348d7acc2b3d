using SignalWatch.Signal;

namespace SignalWatch.Fm;

/// <summary>One carrier of the band, demodulated without a break: its channel, the discriminator, the multiplex.</summary>
internal sealed class CarrierDemodulator
{
    // ±120 kHz hold the sidebands of ±75 kHz deviation; narrower, the discriminator reads peaks too low.
    private const double HalfBandwidthHz = 120_000;

    private readonly Channel channel;
    private readonly float[] re;
    private readonly float[] im;
    private readonly float[] deviation;
    private readonly float hzEachRadian;
    private double frequencySum;
    private long frequencySamples;
    private bool settled;

    public CarrierDemodulator(Channelizer channelizer, double basebandHz)
    {
        var rate = channelizer.ChannelRateHz;
        // In a channel too narrow for that, the filter ends where the channel does: beyond, neighbours would fold in.
        var transition = FirDesign.TransitionHz(channelizer.MaxTaps, rate);
        var cutoff = Math.Min(HalfBandwidthHz + transition / 2, rate / 2 - transition / 2);
        channel = new Channel(channelizer, basebandHz, FirDesign.LowPass(channelizer.MaxTaps, cutoff, rate));
        (re, im) = (new float[channelizer.ChannelHop + 1], new float[channelizer.ChannelHop + 1]);
        deviation = new float[channelizer.ChannelHop];
        hzEachRadian = (float)(rate / (2 * Math.PI));
        Mpx = new MpxDecoder(rate);
    }

    public MpxDecoder Mpx { get; }

    /// <summary>Samples are missing, and the channelizer was reset.</summary>
    public void Reset()
    {
        channel.Reset();
        Mpx.Reset();
        settled = false;
    }

    /// <summary>Demodulates the channelizer's present block.</summary>
    public void ProcessBlock()
    {
        channel.Compute();
        (re[0], im[0]) = (re[^1], im[^1]);
        channel.Re.CopyTo(re.AsSpan(1));
        channel.Im.CopyTo(im.AsSpan(1));
        // The first block after a reset begins with silence, which has no frequency.
        if (settled)
        {
            Phase.Steps(re, im, hzEachRadian, deviation);
            frequencySum += Sums.Of(deviation);
            frequencySamples += deviation.Length;
            Mpx.Process(deviation);
        }
        settled = true;
    }

    /// <summary>Mean frequency against the channel's since the last call, Hz; null where nothing was demodulated.</summary>
    public double? TakeMeanFrequency()
    {
        if (frequencySamples == 0) return null;
        var mean = frequencySum / frequencySamples;
        (frequencySum, frequencySamples) = (0, 0);
        return mean;
    }
}
