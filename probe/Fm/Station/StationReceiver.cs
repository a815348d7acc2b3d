using SignalWatch.Contracts;
using SignalWatch.Signal;

namespace SignalWatch.Fm;

/// <summary>Receives one station: out of a narrow IQ stream that holds it, or from its multiplex signal. Everything is measured, heard and decoded.
/// <para>An engine: no clock (time is the number of samples), no thread (it calls back on the caller's), nothing allocated for a block of samples.</para>
/// <code>var station = StationReceiver.ForIq(250_000, 0); station.Process(iq); var reading = station.Read(new Reception(snrDb, false, false, seconds));</code></summary>
public sealed class StationReceiver
{
    private const double LeastMpxRateHz = 125_000;
    private const double LeastIqRateHz = 180_000;
    private const double MostRateHz = 25_000_000;
    private const double ChannelRateHz = 320_000;
    private const int ChannelSize = 512;

    // The multiplex does not say what filter it went through; it is measured as one that nothing was cut off.
    private static readonly ChannelFilter NoFilter = new(double.PositiveInfinity, new("输入为复合信号，未经本机滤波", "the input is the multiplex: no filter of ours"));
    private static readonly ChannelFilter WideFilter = new(120_000, new("±120 kHz：容纳 75 kHz 频偏的边带", "±120 kHz: holds the sidebands of 75 kHz deviation"));

    private readonly Channelizer? channelizer;
    private readonly CarrierDemodulator? carrier;
    private readonly MpxDecoder mpx;
    private (long All, long WithErrors) blocksBefore;

    private StationReceiver(double sampleRateHz, MpxDecoder mpx, Channelizer? channelizer, CarrierDemodulator? carrier) =>
        (SampleRateHz, this.mpx, this.channelizer, this.carrier) = (sampleRateHz, mpx, channelizer, carrier);

    /// <summary>Rate of its input, Hz.</summary>
    public double SampleRateHz { get; }

    /// <summary>Signal over noise in 200 kHz, dB, that the noise in the gaps of the multiplex corresponds to; null before 0.1 s or so. Good from 12 to 50 dB: below, a discriminator clicks.</summary>
    public double? SnrDb => mpx.Meter.SnrDb;

    /// <summary>A receiver for the multiplex signal, in Hz of deviation.</summary>
    /// <param name="sampleRateHz">Its rate, 125 kHz at least.</param>
    /// <param name="tap">Takes what the station sends.</param>
    /// <exception cref="ProblemException"><c>fm.sample-rate</c>.</exception>
    public static StationReceiver ForMpx(double sampleRateHz, StationTap? tap = null)
    {
        if (sampleRateHz is not (>= LeastMpxRateHz and <= 1_000_000)) throw new ProblemException(StationTexts.SampleRate(sampleRateHz, LeastMpxRateHz));
        return new StationReceiver(sampleRateHz, new MpxDecoder(sampleRateHz, tap), null, null);
    }

    /// <summary>A receiver for IQ.</summary>
    /// <param name="sampleRateHz">Complex samples a second, 180 kS/s to 25 MS/s. Under 230 kS/s peaks of deviation can't be measured.</param>
    /// <param name="offsetHz">Where the station is, from the middle of the band, Hz.</param>
    /// <param name="tap">Takes what the station sends.</param>
    /// <param name="filter">The filter in front of the discriminator; null: ±120 kHz, or what the rate allows.</param>
    /// <exception cref="ProblemException"><c>fm.sample-rate</c>, <c>fm.station-offset</c>.</exception>
    public static StationReceiver ForIq(double sampleRateHz, double offsetHz, StationTap? tap = null, ChannelFilter? filter = null)
    {
        if (sampleRateHz is not (>= LeastIqRateHz and <= MostRateHz)) throw new ProblemException(StationTexts.SampleRate(sampleRateHz, LeastIqRateHz));
        if (!(Math.Abs(offsetHz) < sampleRateHz / 2)) throw new ProblemException(StationTexts.Offset(offsetHz, sampleRateHz));
        var decimation = (int)Math.Pow(2, Math.Max(0, Math.Round(Math.Log2(sampleRateHz / ChannelRateHz))));
        var channelizer = new Channelizer(sampleRateHz, decimation, ChannelSize);
        filter ??= WideFilter;
        var widest = channelizer.ChannelRateHz / 2 - FirDesign.TransitionHz(channelizer.MaxTaps, channelizer.ChannelRateHz);
        if (filter.HalfWidthHz > widest) filter = new ChannelFilter(widest, StationTexts.ByRate(widest));
        var carrier = new CarrierDemodulator(channelizer, offsetHz, filter, tap);
        return new StationReceiver(sampleRateHz, carrier.Mpx, channelizer, carrier);
    }

    /// <summary>Takes the next samples: Hz of deviation, or I, Q, I, Q … of full scale ±1 (any even number).</summary>
    public void Process(ReadOnlySpan<float> samples)
    {
        if (carrier is null || channelizer is null)
        {
            mpx.Process(samples);
            return;
        }
        while (channelizer.Take(ref samples)) carrier.ProcessBlock();
    }

    /// <summary>Samples are missing: filters and loops start afresh. What the station said and what was measured stays.</summary>
    public void Reset()
    {
        channelizer?.Reset();
        if (carrier is not null) carrier.Reset();
        else mpx.Reset();
    }

    /// <summary>The reading of the time since the last one; null where there was less than two blocks (some 30 ms).</summary>
    /// <param name="reception">How it was received. An SNR that is not known is NaN: then the noise of the multiplex alone decides.</param>
    public StationReading? Read(in Reception reception) => carrier is not null ? carrier.Read(reception) : mpx.Read(NoFilter, reception);

    /// <summary>What the station says of itself by RDS; null where there is none. The error rate is that since the last call.</summary>
    public RdsReading? ReadRds()
    {
        var (all, withErrors) = mpx.RdsBlocks;
        var (blocks, errors) = (all - blocksBefore.All, withErrors - blocksBefore.WithErrors);
        blocksBefore = (all, withErrors);
        // In noise blocks fit by chance; a PI that was heard twice, or blocks of which most are good, are no chance.
        if (mpx.Station.Pi is null && !(mpx.RdsSynchronised && blocks > 0 && 2 * errors < blocks)) return null;
        return mpx.Station.Reading(blocks > 0 ? (double)errors / blocks : 1);
    }

    /// <summary>Mean frequency against <c>offsetHz</c> since the last call, Hz; null for the multiplex, and where nothing was received.</summary>
    public double? TakeMeanFrequency() => carrier?.TakeMeanFrequency();
}
