namespace SignalWatch.Fm.Identity;

/// <summary>How often something was heard.</summary>
/// <param name="What">What.</param>
/// <param name="Seconds">For how long in all, s.</param>
public readonly record struct HeardFor(string What, double Seconds);

/// <summary>A signature as it is kept over a restart.</summary>
public sealed record SignatureSnapshot
{
    /// <summary>The licensed frequency, Hz.</summary>
    public required long FrequencyHz { get; init; }

    /// <summary>The PI that a person accepted here in spite of the register, four upper-case hex digits; or null.</summary>
    public string? AcceptedPi { get; init; }

    /// <summary>PI, four upper-case hex digits each.</summary>
    public IReadOnlyList<HeardFor> Pi { get; init; } = [];

    /// <summary>Names.</summary>
    public IReadOnlyList<HeardFor> Ps { get; init; } = [];

    /// <summary>Time with a pilot, s.</summary>
    public double PilotSeconds { get; init; }

    /// <summary>Time surely without, s.</summary>
    public double NoPilotSeconds { get; init; }

    /// <summary>Time with RDS, s.</summary>
    public double RdsSeconds { get; init; }

    /// <summary>Time without, s.</summary>
    public double NoRdsSeconds { get; init; }

    /// <summary>Carrier frequency less the licensed one, Hz.</summary>
    public RunningMean OffsetHz { get; init; }

    /// <summary>Deviation by the pilot, Hz.</summary>
    public RunningMean PilotDeviationHz { get; init; }

    /// <summary>Deviation that one sample in 100,000 exceeds, Hz.</summary>
    public RunningMean P99999DeviationHz { get; init; }

    /// <summary>MPX power, dBr.</summary>
    public RunningMean MpxPowerDbr { get; init; }

    /// <summary>The level, day by day.</summary>
    public IReadOnlyList<DayLevel> Levels { get; init; } = [];
}

/// <summary>What was learnt of the station on a licensed frequency. Bounded: 4 PI, 16 names, 30 days of level.</summary>
internal sealed class StationSignature
{
    // Ten minutes: programme, news and adverts were heard; a jingle's or a traffic message's PI is not the station's.
    private const double LeastSeconds = 600;
    private const double LeastShare = 0.95;

    private const int MaxPi = 4;
    private const int MaxPs = 16;

    // A station that scrolls text through its name shows dozens; one that does not has its name, and one or two for news and sport.
    private const int StaticPs = 4;

    private readonly Dictionary<string, double> pi = [];
    private readonly Dictionary<string, double> ps = [];
    private readonly LevelMemory levels = new();
    private double pilotSeconds, noPilotSeconds, rdsSeconds, noRdsSeconds;
    private RunningMean offset, pilotDeviation, p99999, mpxPower;

    /// <summary>The PI that a person accepted in spite of the register; it takes the place of the register's.</summary>
    public string? AcceptedPi { get; init; }

    /// <summary>The PI that was nearly always there; null where none was learnt.</summary>
    public string? Pi => pi.Values.Sum() is >= LeastSeconds and var all && pi.MaxBy(p => p.Value) is var (code, seconds) && seconds >= LeastShare * all ? code : null;

    /// <summary>The names that were there for ten minutes each; null where none was, or where the name is a moving text.</summary>
    public IReadOnlyCollection<string>? Ps => ps.Count <= StaticPs && ps.Where(p => p.Value >= LeastSeconds).Select(p => p.Key).ToList() is { Count: > 0 } names ? names : null;

    /// <summary>Whether there is a pilot; null where that is not always the same.</summary>
    public bool? Pilot => Mostly(pilotSeconds, noPilotSeconds);

    /// <summary>Whether there is RDS; null where that is not always the same.</summary>
    public bool? Rds => Mostly(rdsSeconds, noRdsSeconds);

    /// <summary>Carrier frequency less the licensed one, Hz; null before ten minutes.</summary>
    public RunningMean? OffsetHz => offset.Seconds >= LeastSeconds ? offset : null;

    /// <summary>Median and spread of the level, dB; null before a day.</summary>
    public (double MedianDb, double MadDb)? Level => levels.Typical;

    /// <summary>Learns who it is, while nothing speaks against it being the station.</summary>
    /// <param name="carrier">A reading on the air, well received.</param>
    /// <param name="offsetHz">Carrier frequency less the licensed one, without the receiver's own error; null where that is not known.</param>
    /// <param name="seconds">Time that it covers, s.</param>
    public void Learn(CarrierReading carrier, double? offsetHz, double seconds)
    {
        if (carrier.Rds?.Pi is { } code) Hear(pi, Pis.Hex(code), seconds, MaxPi);
        if (carrier.Rds?.Ps is { } name) Hear(ps, name, seconds, MaxPs);
        if (carrier.Rds?.Pi is not null) rdsSeconds += seconds; else if (carrier.Rds is null) noRdsSeconds += seconds;
        if (carrier.Pilot == true) pilotSeconds += seconds; else if (carrier.Pilot == false) noPilotSeconds += seconds;
        if (offsetHz is { } hz) offset = offset.With(hz, seconds);
        if (carrier.Station is not { } station) return;
        if (station.PilotDeviationHz.Justified is { } pilotHz) pilotDeviation = pilotDeviation.With(pilotHz, seconds);
        if (station.P99999DeviationHz.Justified is { } peak) p99999 = p99999.With(peak, seconds);
        if (station.MpxPowerDbr.Justified is { } power) mpxPower = mpxPower.With(power, seconds);
    }

    /// <summary>Learns the level.</summary>
    public void LearnLevel(DateOnly day, double levelDbfs, double seconds) => levels.Add(day, levelDbfs, seconds);

    public SignatureSnapshot Snapshot(long frequencyHz) => new()
    {
        FrequencyHz = frequencyHz, AcceptedPi = AcceptedPi, Pi = List(pi), Ps = List(ps), PilotSeconds = pilotSeconds, NoPilotSeconds = noPilotSeconds, RdsSeconds = rdsSeconds, NoRdsSeconds = noRdsSeconds,
        OffsetHz = offset, PilotDeviationHz = pilotDeviation, P99999DeviationHz = p99999, MpxPowerDbr = mpxPower, Levels = levels.Snapshot(),
    };

    public static StationSignature From(SignatureSnapshot snapshot)
    {
        var signature = new StationSignature
        {
            AcceptedPi = snapshot.AcceptedPi, pilotSeconds = snapshot.PilotSeconds, noPilotSeconds = snapshot.NoPilotSeconds, rdsSeconds = snapshot.RdsSeconds, noRdsSeconds = snapshot.NoRdsSeconds,
            offset = snapshot.OffsetHz, pilotDeviation = snapshot.PilotDeviationHz, p99999 = snapshot.P99999DeviationHz, mpxPower = snapshot.MpxPowerDbr,
        };
        foreach (var heard in snapshot.Pi.Take(MaxPi)) signature.pi[heard.What] = heard.Seconds;
        foreach (var heard in snapshot.Ps.Take(MaxPs)) signature.ps[heard.What] = heard.Seconds;
        signature.levels.Restore(snapshot.Levels);
        return signature;
    }

    private static void Hear(Dictionary<string, double> heard, string what, double seconds, int most)
    {
        if (!heard.ContainsKey(what) && heard.Count >= most) heard.Remove(heard.OrderBy(h => h.Value).ThenBy(h => h.Key, StringComparer.Ordinal).First().Key);
        heard[what] = heard.GetValueOrDefault(what) + seconds;
    }

    private static bool? Mostly(double with, double without) =>
        with + without < LeastSeconds ? null : with >= LeastShare * (with + without) ? true : without >= LeastShare * (with + without) ? false : null;

    private static IReadOnlyList<HeardFor> List(Dictionary<string, double> heard) => [.. heard.OrderBy(h => h.Key, StringComparer.Ordinal).Select(h => new HeardFor(h.Key, h.Value))];
}
