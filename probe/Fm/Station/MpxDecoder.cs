using SignalWatch.Fm.Rds;
using SignalWatch.Signal;

namespace SignalWatch.Fm;

/// <summary>The multiplex signal of a station (the discriminator's output, in Hz of deviation) in; sound, pilot, RDS and all measurements out.
/// One transform a block serves the pilot's channel, the RDS channel (its filter is the matched one), the two bands of the sound, the low pass of the deviation and the gaps that tell the noise.</summary>
internal sealed class MpxDecoder
{
    /// <summary>The multiplex that is measured ends here: sound, pilot and RDS are below 60 kHz.</summary>
    public const double BandwidthHz = 60_000;

    /// <summary>Time constant of the de-emphasis in Europe and China, s (BS.450-3 §1.2).</summary>
    public const double UsualDeemphasisSeconds = 50e-6;

    private const double PilotHz = 19_000;
    private const double RdsHz = 3 * PilotHz; // EN 50067 §1.2
    private const int ChannelSize = 256;

    private readonly Channelizer channelizer;
    private readonly Channel pilotChannel;
    private readonly Channel rdsChannel;
    private readonly float pilotFactor;
    private readonly RdsBlockSync blocks;
    private readonly RdsDemodulator rds;
    private readonly CompositeFilter composite;
    private readonly StereoDecoder stereo;
    private bool settled;

    /// <summary>Prepares the decoder.</summary>
    /// <param name="sampleRateHz">Rate of the multiplex signal: at least 125 kHz, so that RDS is in it.</param>
    /// <param name="tap">Takes groups and sound, or null.</param>
    /// <param name="fromDiscriminator">The signal is the turn of phase from sample to sample, which is the mean of the frequency over a sample: sin x / x is then taken out again.</param>
    /// <param name="deemphasisSeconds">Time constant of the de-emphasis.</param>
    public MpxDecoder(double sampleRateHz, StationTap? tap, bool fromDiscriminator = false, double deemphasisSeconds = UsualDeemphasisSeconds)
    {
        var decimation = (int)NextPowerOfTwo(sampleRateHz / 19_800);
        channelizer = new Channelizer(sampleRateHz, decimation, ChannelSize);
        var rate = channelizer.ChannelRateHz;
        double Factor(double hz) => fromDiscriminator && hz != 0 ? Math.PI * hz / sampleRateHz / Math.Sin(Math.PI * hz / sampleRateHz) : 1;
        // ±400 Hz around the pilot: sound ends 4 kHz away on both sides. Times two: of a real signal the channel holds one of its two halves.
        pilotFactor = (float)(2 * Factor(PilotHz));
        pilotChannel = new Channel(channelizer, PilotHz, Array.ConvertAll(FirDesign.LowPass(channelizer.MaxTaps, 400, rate, 50), tap => pilotFactor * tap));
        var rdsFactor = (float)(2 * Factor(RdsHz));
        var matched = RdsMatchedFilter.Design(channelizer.MaxTaps, rate);
        rdsChannel = new Channel(channelizer, RdsHz, Array.ConvertAll(matched, tap => rdsFactor * tap));
        Pilot = new PilotLoop(rate, channelizer.ChannelHop);
        blocks = new RdsBlockSync(group =>
        {
            Station.Accept(group);
            tap?.OnGroup?.Invoke(group);
        });
        rds = new RdsDemodulator(rate, blocks);
        composite = new CompositeFilter(channelizer, Factor);
        stereo = new StereoDecoder(channelizer, deemphasisSeconds, Factor, tap);
        var binHz = sampleRateHz / channelizer.Size;
        // A channel's oscillator stands at the phase of its bin a quarter of a block on; three times the pilot's and that of RDS may differ by quarters of a turn.
        var turns = (Math.Round(RdsHz / binHz) - 3 * Math.Round(PilotHz / binHz)) / 4;
        Meter = new StationMeter(sampleRateHz, channelizer.Hop, Pilot, new MpxNoise(channelizer, Factor), new RdsLevel(matched, rate, turns), rate, deemphasisSeconds);
    }

    /// <summary>The pilot.</summary>
    public PilotLoop Pilot { get; }

    /// <summary>What the station says of itself.</summary>
    public RdsStation Station { get; } = new();

    /// <summary>What is measured of it.</summary>
    public StationMeter Meter { get; }

    /// <summary>Whether RDS blocks are in step.</summary>
    public bool RdsSynchronised => blocks.Synchronised;

    /// <summary>RDS blocks that were due, and those of them with errors, since the start.</summary>
    public (long All, long WithErrors) RdsBlocks => (blocks.Blocks, blocks.BlocksWithErrors);

    /// <summary>While a group is given out: when it began, s since the start or the last reset, by the station's own clock (less the delay of the filters).</summary>
    public double RdsGroupSeconds => blocks.GroupStart / RdsDemodulator.SymbolRateHz;

    /// <summary>Samples are missing: filters and loops start afresh. What the station said stays.</summary>
    public void Reset()
    {
        channelizer.Reset();
        pilotChannel.Reset();
        rdsChannel.Reset();
        Pilot.Reset();
        rds.Reset();
        composite.Reset();
        stereo.Reset();
        Meter.Reset();
        settled = false;
    }

    /// <summary>Takes the next samples, Hz of deviation.</summary>
    public void Process(ReadOnlySpan<float> deviationHz)
    {
        while (channelizer.TakeReal(ref deviationHz))
        {
            pilotChannel.Compute();
            rdsChannel.Compute();
            Pilot.Process(pilotChannel.Re, pilotChannel.Im);
            var pilot = Pilot.Locked ? Pilot : null;
            rds.Process(rdsChannel.Re, rdsChannel.Im, pilot);
            stereo.Process(Pilot);
            // The first block begins with silence: a step from 0 to the carrier's offset, not modulation.
            if (settled) Measure(pilot);
            settled = true;
        }
    }

    /// <summary>The reading of the time since the last one; null where nothing was received.</summary>
    public StationReading? Read(ChannelFilter filter, in Reception reception) => Meter.Read(filter, reception, blocks.Synchronised);

    private void Measure(PilotLoop? pilot)
    {
        Meter.AddBlock(rdsChannel.Re, rdsChannel.Im, pilot, stereo.Energy, stereo.IsStereo);
        if (!composite.Add()) return;
        Meter.AddComposite(composite.Earlier);
        Meter.AddComposite(composite.Later);
    }

    // The power of two next to a ratio.
    private static double NextPowerOfTwo(double ratio) => Math.Pow(2, Math.Max(1, Math.Round(Math.Log2(ratio))));
}
