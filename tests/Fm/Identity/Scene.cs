using SignalWatch.Contracts;
using SignalWatch.Fm;
using SignalWatch.Fm.Identity;

namespace SignalWatch.Tests.Identity;

/// <summary>A band by its readings: carriers as they would be measured, a register, a clock that a test turns.</summary>
internal sealed class Scene
{
    /// <summary>Shortly before the simulated pirate's usual hour: 23:04 in Guangdong.</summary>
    public static readonly DateTimeOffset Start = new(2026, 3, 2, 15, 4, 0, TimeSpan.Zero);

    private readonly Dictionary<long, FmLicence> licences = [];
    private readonly Dictionary<long, ContentFindings> contents = [];

    public Scene(IdentitySettings? settings = null, bool hasRegister = true)
    {
        (Settings, HasRegister) = (settings ?? new IdentitySettings { FrequencyAccuracyPpm = 0.01 }, hasRegister);
        Identifier = new StationIdentifier(Settings) { OnStage = Stages.Add, OnEdge = Edges.Add };
    }

    public IdentitySettings Settings { get; }

    public bool HasRegister { get; set; }

    public StationIdentifier Identifier { get; private set; }

    public List<StageChange> Stages { get; } = [];

    public List<OnOffEdge> Edges { get; } = [];

    public DateTimeOffset Now { get; set; } = Start;

    public List<CarrierReading> Carriers { get; } = [];

    public List<MaskedPeak> Masked { get; } = [];

    public bool Overload { get; set; }

    /// <summary>Field strength at 0 dBFS; null where the receiver is not calibrated.</summary>
    public double? FieldAtFullScale { get; set; }

    public IReadOnlyList<Identification> Last { get; private set; } = [];

    public static FmLicence Licence(double mhz, string? pi = null, LicenceClass kind = LicenceClass.Licensed, double? maxDeviationHz = 75_000, double? maxLevel = null, DateOnly? to = null, string name = "电台") =>
        new((long)Math.Round(mhz * 1e6), pi, name, "", kind, "44", null, null, null, maxDeviationHz, maxLevel, null, to, "");

    /// <summary>A carrier as it is measured.</summary>
    public static CarrierReading Carrier(double mhz, double dbfs = -30, double offsetHz = 0, bool? modulated = true, bool? pilot = true, ushort? pi = null, string? ps = null, double snr = 35, double? rmsHz = 18_000,
        bool? over = false, bool onAir = true, bool offRaster = false) => new()
    {
        NominalHz = (long)Math.Round(mhz * 1e6), OffRaster = offRaster, OnAir = onAir, OffsetHz = offsetHz, LevelDbfs = dbfs, SnrDb = snr, OnAirSeconds = onAir ? 60 : 0,
        Modulated = onAir ? modulated : null, Pilot = onAir ? pilot : null, Station = onAir ? Station(rmsHz, over) : null,
        Rds = pi is null && ps is null ? null : new RdsReading { Pi = pi, Ps = ps, Groups = 100 },
    };

    public Scene With(params CarrierReading[] carriers)
    {
        foreach (var carrier in carriers)
        {
            Carriers.RemoveAll(c => c.NominalHz == carrier.NominalHz);
            Carriers.Add(carrier);
        }
        return this;
    }

    public Scene Without(double mhz)
    {
        Carriers.RemoveAll(c => c.NominalHz == (long)Math.Round(mhz * 1e6));
        return this;
    }

    public Scene Register(params FmLicence[] entries)
    {
        foreach (var entry in entries) licences[entry.FrequencyHz] = entry;
        return this;
    }

    public Scene Sound(double mhz, ContentFindings content)
    {
        contents[(long)Math.Round(mhz * 1e6)] = content;
        return this;
    }

    /// <summary>One reading after another.</summary>
    public Scene Run(double seconds, double each = 1)
    {
        for (var passed = 0.0; passed < seconds - 1e-9; passed += each)
        {
            Now += TimeSpan.FromSeconds(each);
            Last = Identifier.Update(new FmBandReading(TimeSpan.FromSeconds(each), -110, Overload, [.. Carriers], [.. Masked]), Now, each, Look, hz => contents.GetValueOrDefault(hz, ContentFindings.None),
                (dbfs, _) => dbfs + FieldAtFullScale);
        }
        return this;
    }

    /// <summary>Time that nobody watches.</summary>
    public Scene Unwatched(double seconds)
    {
        Now += TimeSpan.FromSeconds(seconds);
        return this;
    }

    /// <summary>Another identifier takes over from a snapshot.</summary>
    public Scene Restart(Func<IdentifierSnapshot, IdentifierSnapshot>? keep = null)
    {
        var snapshot = Identifier.Snapshot();
        Identifier = new StationIdentifier(Settings) { OnStage = Stages.Add, OnEdge = Edges.Add };
        Identifier.Restore(keep is null ? snapshot : keep(snapshot));
        return this;
    }

    public Identification At(double mhz) => Last.Single(i => i.NominalHz == (long)Math.Round(mhz * 1e6));

    public IEnumerable<string> Reasons(double mhz) => At(mhz).Reasons.Select(r => r.Code);

    public ExclusionCheck Exclusion(double mhz, string check) => At(mhz).Exclusions.Single(e => e.Check == check);

    private static StationReading Station(double? rmsHz, bool? over)
    {
        var none = Measured.None(new("无", "none"));
        Measured Good(double? value) => value is null ? none : new Measured(value, true, 60, new("测量", "measured"));
        return new StationReading
        {
            Filter = new ChannelFilter(120_000, new("", "")), RmsDeviationHz = Good(rmsHz), PeakDeviationHz = Good(over == true ? 98_000 : 72_000), IntervalPeakDeviationHz = none,
            P99999DeviationHz = Good(over == true ? 96_000 : 69_000), ShareAbove75k = none, ShareAbove77k = Good(over == true ? 0.02 : 0), OverDeviated = over, MpxPowerDbr = none, WorstMpxPowerDbr = none,
            PilotHz = none, PilotDeviationHz = none, RdsDeviationHz = none, RdsPhaseDegrees = none, LeftDbfs = none, RightDbfs = none, SilenceSeconds = none,
        };
    }

    // As the register of the product looks: the nearest entry within half the raster.
    private RegisterAnswer Look(long hz, ushort? pi) => !HasRegister ? default : new RegisterAnswer(true, licences.Values.Where(l => Math.Abs(l.FrequencyHz - hz) <= 50_000).MinBy(l => Math.Abs(l.FrequencyHz - hz)));
}
