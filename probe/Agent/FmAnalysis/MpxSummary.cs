using SignalWatch.Fm;

namespace SignalWatch.Probe.FmAnalysis;

/// <summary>A multiplex signal over the whole run.</summary>
internal sealed class MpxSummary
{
    private double errorSum;
    private int rdsIntervals;

    /// <summary>What was measured; null where the signal was too short.</summary>
    public StationSummary? Station { get; private set; }

    /// <summary>The radio data; null where there are none.</summary>
    public RdsReading? Rds { get; private set; }

    /// <summary>Share of blocks with errors, over all that RDS was there.</summary>
    public double BlockErrorRate => rdsIntervals > 0 ? errorSum / rdsIntervals : 1;

    /// <summary>Adds an interval.</summary>
    public void Add(StationReading? measured, RdsReading? rds)
    {
        if (measured is not null) (Station ??= new StationSummary()).Add(measured);
        if (rds is null) return;
        Rds = rds;
        errorSum += rds.BlockErrorRate;
        rdsIntervals++;
    }
}
