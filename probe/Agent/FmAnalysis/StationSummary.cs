using SignalWatch.Contracts;
using SignalWatch.Fm;

namespace SignalWatch.Probe.FmAnalysis;

/// <summary>A station's measurements over the whole run. What the station's receiver gathers from the beginning (peaks, shares, MPX power) is its last reading; what it measures each interval is averaged.</summary>
internal sealed class StationSummary
{
    private readonly MeasuredMean rms = new(MeanOf.Squares);
    private readonly MeasuredMean pilot = new(MeanOf.Values);
    private readonly MeasuredMean pilotDeviation = new(MeanOf.Values);
    private readonly MeasuredMean rdsDeviation = new(MeanOf.Values);
    private readonly MeasuredMean left = new(MeanOf.Decibels);
    private readonly MeasuredMean right = new(MeanOf.Decibels);

    /// <summary>The last reading; null before the first.</summary>
    public StationReading? Last { get; private set; }

    public Measured RmsDeviationHz => rms.Mean;

    public Measured PilotHz => pilot.Mean;

    public Measured PilotDeviationHz => pilotDeviation.Mean;

    public Measured RdsDeviationHz => rdsDeviation.Mean;

    public Measured LeftDbfs => left.Mean;

    public Measured RightDbfs => right.Mean;

    /// <summary>Adds an interval.</summary>
    public void Add(StationReading reading)
    {
        Last = reading;
        rms.Add(reading.RmsDeviationHz);
        pilot.Add(reading.PilotHz);
        pilotDeviation.Add(reading.PilotDeviationHz);
        rdsDeviation.Add(reading.RdsDeviationHz);
        left.Add(reading.LeftDbfs);
        right.Add(reading.RightDbfs);
    }
}

/// <summary>What is averaged.</summary>
internal enum MeanOf
{
    Values,
    Squares,

    /// <summary>The powers that the decibels stand for.</summary>
    Decibels,
}

/// <summary>The mean of valid readings; where there is none, of those that have a value, and then it is not valid either.</summary>
internal sealed class MeasuredMean(MeanOf kind)
{
    private (double Sum, int Count, double Seconds) valid;
    private (double Sum, int Count, double Seconds) any;
    private Text how;

    public Measured Mean
    {
        get
        {
            var (sum, count, seconds) = valid.Count > 0 ? valid : any;
            return count > 0 ? new Measured(From(sum / count), valid.Count > 0, seconds, how) : Measured.None(how);
        }
    }

    public void Add(Measured reading)
    {
        if (reading.Value is not { } value)
        {
            if (any.Count == 0) how = reading.How;
            return;
        }
        any = (any.Sum + To(value), any.Count + 1, any.Seconds + reading.Seconds);
        if (reading.IsValid) valid = (valid.Sum + To(value), valid.Count + 1, valid.Seconds + reading.Seconds);
        if (reading.IsValid || valid.Count == 0) how = reading.How;
    }

    private double To(double value) => kind switch { MeanOf.Squares => value * value, MeanOf.Decibels => Math.Pow(10, value / 10), _ => value };

    private double From(double mean) => kind switch { MeanOf.Squares => Math.Sqrt(mean), MeanOf.Decibels => 10 * Math.Log10(Math.Max(mean, 1e-30)), _ => mean };
}
