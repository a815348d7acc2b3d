using SignalWatch.Fm;

namespace SignalWatch.Probe.FmAnalysis;

/// <summary>One carrier over the whole run: means of what is measured each interval, and the last of what is gathered from the beginning.</summary>
internal sealed class CarrierSummary
{
    // The receiver's offset is the mean of its last 10 s; beyond that length, these means are averaged.
    private const double OffsetWindowSeconds = 10;

    private readonly List<double> occupied = [];
    private double powerSum;
    private double noiseSum;
    private double errorSum;
    private double offsetSum;
    private double offsetWeight;
    private double seconds;
    private int rdsIntervals;

    /// <summary>The last reading.</summary>
    public required CarrierReading Last { get; set; }

    /// <summary>The last reading of the time on the air.</summary>
    public CarrierReading? LastOnAir { get; private set; }

    /// <summary>What was measured of the station; null where nothing was.</summary>
    public StationSummary? Station { get; private set; }

    /// <summary>The radio data; null where there are none.</summary>
    public RdsReading? Rds { get; private set; }

    /// <summary>Mean level, dBFS.</summary>
    public double LevelDbfs => Decibels(powerSum / Math.Max(seconds, double.Epsilon));

    /// <summary>Mean level over mean noise, dB.</summary>
    public double SnrDb => Decibels(powerSum / Math.Max(noiseSum, double.Epsilon));

    /// <summary>Mean frequency less the nominal one, Hz.</summary>
    public double OffsetHz => offsetWeight > 0 ? offsetSum / offsetWeight : Last.OffsetHz;

    /// <summary>Median of the occupied bandwidths, Hz; null where none was justified.</summary>
    public double? OccupiedHz
    {
        get
        {
            if (occupied.Count == 0) return null;
            occupied.Sort();
            return occupied[occupied.Count / 2];
        }
    }

    /// <summary>Modulated at some time: true; never, where that can be said: false.</summary>
    public bool? Modulated { get; private set; }

    /// <summary>Share of blocks with errors, over all that RDS was there.</summary>
    public double BlockErrorRate => rdsIntervals > 0 ? errorSum / rdsIntervals : 1;

    /// <summary>Adds an interval.</summary>
    public void Add(CarrierReading reading, double length)
    {
        Last = reading;
        if (!reading.OnAir) return;
        LastOnAir = reading;
        var power = Math.Pow(10, reading.LevelDbfs / 10);
        powerSum += power * length;
        noiseSum += power * Math.Pow(10, -reading.SnrDb / 10) * length;
        seconds += length;
        if (reading.OccupiedBandwidthHz is { } hz) occupied.Add(hz);
        Modulated = reading.Modulated ?? Modulated;
        AddOffset(reading.OffsetHz, length);
        if (reading.Station is { } station) (Station ??= new StationSummary()).Add(station);
        if (reading.Rds is not { } rds) return;
        Rds = rds;
        errorSum += rds.BlockErrorRate;
        rdsIntervals++;
    }

    // Up to 10 s the last value is the mean of all; from there on each further one counts for its interval.
    private void AddOffset(double offsetHz, double length)
    {
        if (seconds <= OffsetWindowSeconds) (offsetSum, offsetWeight) = (offsetHz * seconds, seconds);
        else (offsetSum, offsetWeight) = (offsetSum + offsetHz * length, offsetWeight + length);
    }

    private static double Decibels(double ratio) => 10 * Math.Log10(Math.Max(ratio, 1e-30));
}
