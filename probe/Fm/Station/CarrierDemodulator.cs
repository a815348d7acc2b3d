using SignalWatch.Signal;

namespace SignalWatch.Fm;

/// <summary>One carrier of the band, demodulated without a break: its channel, the discriminator, the multiplex.</summary>
internal sealed class CarrierDemodulator
{
    // SNR in 200 kHz under which a discriminator clicks: there what it says of deviation is not its input.
    private const double ThresholdSnrDb = 10;

    private readonly ChannelFilter filter;
    private readonly Channel channel;
    private readonly float[] re;
    private readonly float[] im;
    private readonly float[] deviation;
    private readonly float hzEachRadian;
    private double frequencySum;
    private long frequencySamples;
    private bool settled;

    public CarrierDemodulator(Channelizer channelizer, double basebandHz, ChannelFilter filter, StationTap? tap)
    {
        this.filter = filter;
        var rate = channelizer.ChannelRateHz;
        // In a channel too narrow for that, the filter ends where the channel does: beyond, neighbours would fold in.
        var transition = FirDesign.TransitionHz(channelizer.MaxTaps, rate);
        var cutoff = Math.Min(filter.HalfWidthHz + transition / 2, rate / 2 - transition / 2);
        channel = new Channel(channelizer, basebandHz, FirDesign.LowPass(channelizer.MaxTaps, cutoff, rate));
        (re, im) = (new float[channelizer.ChannelHop + 1], new float[channelizer.ChannelHop + 1]);
        deviation = new float[channelizer.ChannelHop];
        hzEachRadian = (float)(rate / (2 * Math.PI));
        Mpx = new MpxDecoder(rate, tap);
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

    /// <summary>RMS deviation that the noise alone causes up to 60 kHz, Hz: noise of density N0 on a carrier of power C makes, behind the discriminator,
    /// noise of the density f² N0 / (2C) on both sides, N0 B³ / (3C) in all up to B.</summary>
    /// <param name="snrDb">Signal over noise in 200 kHz, dB.</param>
    public static double NoiseDeviationHz(double snrDb) =>
        Math.Sqrt(Math.Pow(10, -snrDb / 10) / (2 * CarrierSurvey.HalfChannelHz) * Math.Pow(MpxDecoder.BandwidthHz, 3) / 3);

    /// <summary>The reading of the interval that ends; null where nothing was demodulated.</summary>
    public StationReading? Read(in Reception reception)
    {
        if (Mpx.TakeMeasurement() is not { } mpx) return null;
        var none = Measured.None(new("未测量", "not measured"));
        var isClear = reception.SnrDb >= ThresholdSnrDb;
        var noise = NoiseDeviationHz(reception.SnrDb);
        return new StationReading
        {
            Filter = filter,
            RmsDeviationHz = isClear ? new Measured(Math.Sqrt(Math.Max(0, mpx.MeanSquare - noise * noise)), true, reception.Seconds, new("60 kHz 以内的均方根，已扣除噪声", "RMS up to 60 kHz, less the noise")) : none,
            PeakDeviationHz = none, IntervalPeakDeviationHz = none, P99999DeviationHz = none, ShareAbove75k = none, ShareAbove77k = none, MpxPowerDbr = none, WorstMpxPowerDbr = none,
            Stereo = mpx.Pilot ? true : isClear ? false : null,
            PilotHz = none, PilotDeviationHz = none, RdsDeviationHz = none, RdsPhaseDegrees = none, LeftDbfs = none, RightDbfs = none, SilenceSeconds = none,
        };
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
