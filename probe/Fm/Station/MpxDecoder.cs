using SignalWatch.Fm.Rds;
using SignalWatch.Signal;

namespace SignalWatch.Fm;

/// <summary>The multiplex signal of a station (the discriminator's output, in Hz of deviation) in; pilot, RDS and deviation out.
/// One transform a block serves the pilot's channel, the RDS channel (its filter is the matched one) and the power of the multiplex.</summary>
internal sealed class MpxDecoder
{
    /// <summary>The multiplex that is measured ends here: sound, pilot and RDS are below 60 kHz.</summary>
    public const double BandwidthHz = 60_000;

    private const double PilotHz = 19_000;
    private const double RdsHz = 3 * PilotHz; // EN 50067 §1.2
    private const int ChannelSize = 256;

    private readonly Channelizer channelizer;
    private readonly Channel pilotChannel;
    private readonly Channel rdsChannel;
    private readonly RdsBlockSync blocks;
    private readonly RdsDemodulator rds;
    private readonly int bandBins;
    private double powerSum;
    private int powerBlocks;
    private int pilotBlocks;
    private bool settled;

    /// <summary>Prepares the decoder.</summary>
    /// <param name="sampleRateHz">Rate of the multiplex signal: at least 125 kHz, so that RDS is in it.</param>
    /// <param name="tap">Takes groups and sound, or null.</param>
    public MpxDecoder(double sampleRateHz, StationTap? tap)
    {
        var decimation = (int)NextPowerOfTwo(sampleRateHz / 19_800);
        channelizer = new Channelizer(sampleRateHz, decimation, ChannelSize);
        var rate = channelizer.ChannelRateHz;
        // ±400 Hz around the pilot: sound ends 4 kHz away on both sides. Times two: of a real signal the channel holds one of its two halves.
        pilotChannel = new Channel(channelizer, PilotHz, Array.ConvertAll(FirDesign.LowPass(channelizer.MaxTaps, 400, rate, 50), tap => 2 * tap));
        rdsChannel = new Channel(channelizer, RdsHz, Array.ConvertAll(RdsMatchedFilter.Design(channelizer.MaxTaps, rate), tap => 2 * tap));
        Pilot = new PilotLoop(rate, channelizer.ChannelHop);
        blocks = new RdsBlockSync(group =>
        {
            Station.Accept(group);
            tap?.OnGroup?.Invoke(group);
        });
        rds = new RdsDemodulator(rate, blocks);
        bandBins = (int)(BandwidthHz / sampleRateHz * channelizer.Size);
    }

    /// <summary>The pilot.</summary>
    public PilotLoop Pilot { get; }

    /// <summary>What the station says of itself.</summary>
    public RdsStation Station { get; } = new();

    /// <summary>Whether RDS blocks are in step.</summary>
    public bool RdsSynchronised => blocks.Synchronised;

    /// <summary>RDS blocks that were due, and those of them with errors, since the start.</summary>
    public (long All, long WithErrors) RdsBlocks => (blocks.Blocks, blocks.BlocksWithErrors);

    /// <summary>Samples are missing: filters and loops start afresh. What the station said stays.</summary>
    public void Reset()
    {
        channelizer.Reset();
        pilotChannel.Reset();
        rdsChannel.Reset();
        Pilot.Reset();
        rds.Reset();
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
            rds.Process(rdsChannel.Re, rdsChannel.Im, Pilot.Locked ? Pilot : null);
            // The first block begins with silence: a step from 0 to the carrier's offset, not modulation.
            if (settled) AddPower();
            settled = true;
        }
    }

    /// <summary>Mean square of the multiplex up to 60 kHz without its mean, Hz², and whether there was a pilot for most of the time; since the last call. Null before the first block.</summary>
    public (double MeanSquare, bool Pilot)? TakeMeasurement()
    {
        if (powerBlocks == 0) return null;
        var result = (powerSum / powerBlocks, 2 * pilotBlocks > powerBlocks);
        (powerSum, powerBlocks, pilotBlocks) = (0, 0, 0);
        return result;
    }

    private void AddPower()
    {
        var power = Sums.OfSquares(channelizer.SpectrumRe.Slice(1, bandBins), channelizer.SpectrumIm.Slice(1, bandBins));
        powerSum += 2 * power / ((double)channelizer.Size * channelizer.Size);
        powerBlocks++;
        if (Pilot.Locked) pilotBlocks++;
    }

    // The power of two next to a ratio.
    private static double NextPowerOfTwo(double ratio) => Math.Pow(2, Math.Max(1, Math.Round(Math.Log2(ratio))));
}
