using SignalWatch.Signal;

namespace SignalWatch.Fm;

/// <summary>One carrier of the band, demodulated without a break: its channel, the discriminator, the multiplex.</summary>
internal sealed class CarrierDemodulator
{
    // FM has a constant envelope: a power that leaves this range about what it was is a transmitter that switches, not modulation. What rises is believed sooner than what falls:
    // while a carrier is gone, the noise in its place deviates by more than any station.
    private const double PowerChange = 2;
    private const double RiseSeconds = 0.2;
    private const double FallSeconds = 5;

    private readonly Channelizer channelizer;
    private readonly double basebandHz;
    private readonly StationTap? tap;
    private readonly float[] re;
    private readonly float[] im;
    private readonly float[] deviation;
    private readonly float hzEachRadian;
    private readonly double blockSeconds;
    private Channel channel;
    private ChannelFilter filter;
    private double frequencySum;
    private long frequencySamples;
    private double power;
    private bool settled;
    private bool turned;

    /// <summary>Prepares a demodulator.</summary>
    /// <param name="channelizer">Where it takes its channel from.</param>
    /// <param name="basebandHz">Where the carrier is, from the middle of the wide stream, Hz.</param>
    /// <param name="filter">The filter in front of the discriminator.</param>
    /// <param name="tap">Takes what the station sends, or null.</param>
    public CarrierDemodulator(Channelizer channelizer, double basebandHz, ChannelFilter filter, StationTap? tap)
    {
        (this.channelizer, this.basebandHz, this.filter, this.tap) = (channelizer, basebandHz, filter, tap);
        var rate = channelizer.ChannelRateHz;
        channel = MakeChannel();
        (re, im) = (new float[channelizer.ChannelHop + 1], new float[channelizer.ChannelHop + 1]);
        deviation = new float[channelizer.ChannelHop];
        hzEachRadian = (float)(rate / (2 * Math.PI));
        blockSeconds = channelizer.ChannelHop / rate;
        Mpx = new MpxDecoder(rate, tap, fromDiscriminator: true);
    }

    public MpxDecoder Mpx { get; }

    /// <summary>RMS deviation that the noise alone causes up to 60 kHz, Hz: noise of density N0 on a carrier of power C makes, behind the discriminator,
    /// noise of the density f² N0 / (2C) on both sides, N0 B³ / (3C) in all up to B.</summary>
    /// <param name="snrDb">Signal over noise in 200 kHz, dB.</param>
    public static double NoiseDeviationHz(double snrDb) =>
        Math.Sqrt(Math.Pow(10, -snrDb / 10) / (2 * CarrierSurvey.HalfChannelHz) * Math.Pow(MpxDecoder.BandwidthHz, 3) / 3);

    /// <summary>Another filter from the next block on; what is known of the station stays.</summary>
    public void Refilter(ChannelFilter newFilter)
    {
        if (newFilter == filter) return;
        filter = newFilter;
        channel = MakeChannel();
        turned = true;
        Mpx.Meter.Taint();
    }

    /// <summary>Samples are missing, and the channelizer was reset.</summary>
    public void Reset()
    {
        channel.Reset();
        Mpx.Reset();
        (settled, turned) = (false, false);
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
            tap?.OnIq?.Invoke(channel.Re, channel.Im, channelizer.ChannelRateHz);
            Phase.Steps(re, im, hzEachRadian, deviation);
            // The oscillator of a new channel stands anywhere: the turn to it is no frequency.
            if (turned) deviation[0] = deviation[1];
            turned = false;
            frequencySum += Sums.Of(deviation);
            frequencySamples += deviation.Length;
            WatchPower();
            Mpx.Process(deviation);
        }
        else power = 0;
        settled = true;
    }

    /// <summary>The reading of the interval that ends; null where nothing was demodulated.</summary>
    public StationReading? Read(in Reception reception) => Mpx.Read(filter, reception);

    /// <summary>Mean frequency against the channel's since the last call, Hz; null where nothing was demodulated.</summary>
    public double? TakeMeanFrequency()
    {
        if (frequencySamples == 0) return null;
        var mean = frequencySum / frequencySamples;
        (frequencySum, frequencySamples) = (0, 0);
        return mean;
    }

    private void WatchPower()
    {
        var now = Sums.OfSquares(channel.Re, channel.Im);
        if (power > 0 && (now > PowerChange * power || PowerChange * now < power)) Mpx.Meter.Taint();
        power = power > 0 ? power + blockSeconds / (now > power ? RiseSeconds : FallSeconds) * (now - power) : now;
    }

    private Channel MakeChannel()
    {
        var rate = channelizer.ChannelRateHz;
        // In a channel too narrow for that, the filter ends where the channel does: beyond, neighbours would fold in.
        var transition = FirDesign.TransitionHz(channelizer.MaxTaps, rate);
        var cutoff = Math.Min(filter.HalfWidthHz + transition / 2, rate / 2 - transition / 2);
        return new Channel(channelizer, basebandHz, FirDesign.LowPass(channelizer.MaxTaps, cutoff, rate));
    }
}
