using SignalWatch.Contracts;

namespace SignalWatch.Fm;

/// <summary>What the measurements of an interval may claim, by its reception: which are valid, and why not.</summary>
internal readonly struct StationClaims
{
    // Of ±75 kHz deviation and sound up to 53 kHz, what a filter narrower than this cuts off makes peaks 2 kHz too low and more.
    private const double LeastHalfWidthHz = 110_000;

    // Above, what the noise adds to a peak is no longer known to 2 kHz.
    private const double MostNoiseHz = 1_200;
    private const double ShareNoiseHz = 500;
    private const double ShareSeconds = 60;
    private const double RareSeconds = 10;

    // Loud sound swings a carrier out of a filter narrower than that for a part of the time: at ±80 kHz a subcarrier read up to 11 % low. Where that is more than 0.3 kHz, it is no measurement.
    private const double MissingOfRds = 0.11;
    private const double RdsToleranceHz = 300;

    private readonly Text? reception;
    private readonly double halfWidthHz;

    // The discriminator follows the stronger neighbour: a power is that one's, however long it was measured.
    private readonly bool isForeign;

    // Where a discriminator clicks, its noise is not the one that is taken off the sound.
    private readonly bool clicks;

    /// <summary>Judges the reception.</summary>
    public StationClaims(ChannelFilter filter, in Reception interval, double? noiseHz)
    {
        NoiseHz = noiseHz ?? 0;
        clicks = interval.SnrDb < 10;
        halfWidthHz = filter.HalfWidthHz;
        isForeign = interval.BesideStronger;
        reception = interval.Overload ? StationTexts.Overload : interval.Torn ? StationTexts.Torn : interval.BesideStronger ? StationTexts.BesideStronger : null;
        Deviation = reception ?? (noiseHz is null ? StationTexts.TooShort : interval.SnrDb < 10 || noiseHz > MostNoiseHz ? StationTexts.Noise(noiseHz.Value) : filter.HalfWidthHz < LeastHalfWidthHz ? StationTexts.Narrow(filter.HalfWidthHz) : null);
    }

    /// <summary>Why no deviation can be measured; null where it can.</summary>
    public Text? Deviation { get; }

    private double NoiseHz { get; }

    public Measured Rms(double? hz, double seconds, bool isClear) =>
        hz is null || !isClear ? Measured.None(hz is null ? StationTexts.TooShort : StationTexts.Noise(NoiseHz)) : new(hz, reception is null, seconds, reception ?? StationTexts.Rms);

    public Measured Peak(double? hz, double seconds) => Of(hz, seconds, Deviation, StationTexts.Peak(NoiseHz));

    public Measured Rare(double? hz, double seconds) => Of(hz, seconds, Deviation ?? (seconds < RareSeconds ? StationTexts.Observed(RareSeconds) : null), StationTexts.Rare);

    public Measured Share(double? share, double seconds) =>
        Of(share, seconds, Deviation ?? (NoiseHz > ShareNoiseHz ? StationTexts.Noise(NoiseHz) : seconds < ShareSeconds ? StationTexts.Observed(ShareSeconds) : null), StationTexts.Share);

    public Measured Power(double? dbr, double seconds) =>
        Of(isForeign ? null : dbr, seconds, reception ?? (seconds < ModulationPower.WindowSeconds - 0.01 ? StationTexts.Observed(ModulationPower.WindowSeconds) : null), StationTexts.Power);

    public Measured WorstPower(double? dbr, bool wasFull, double seconds) => isForeign ? Measured.None(StationTexts.BesideStronger) :
        Of(dbr, wasFull ? ModulationPower.WindowSeconds : seconds, wasFull ? null : StationTexts.Observed(ModulationPower.WindowSeconds), StationTexts.WorstPower);

    public Measured PilotFrequency(bool isStereo, (double Hz, double Seconds)? pilot) =>
        !isStereo ? Measured.None(StationTexts.NoPilot) : pilot is { } p ? Of(p.Hz, p.Seconds, reception ?? (p.Seconds < 0.5 ? StationTexts.TooShort : null), StationTexts.PilotFrequency) : Measured.None(StationTexts.TooShort);

    public Measured PilotDeviation(bool isStereo, (double Hz, double Seconds)? pilot, bool isClear)
    {
        if (isStereo) return pilot is { } p ? Of(p.Hz, p.Seconds, reception, StationTexts.PilotDeviation) : Measured.None(StationTexts.TooShort);
        return isClear ? new(0, reception is null, 0, StationTexts.NoPilot) : Measured.None(StationTexts.Noise(NoiseHz));
    }

    public Measured RdsDeviation((double Hz, double Seconds)? rds) =>
        rds is { } r ? r.Hz > 0 ? Of(r.Hz, r.Seconds, reception ?? (halfWidthHz < LeastHalfWidthHz && MissingOfRds * r.Hz > RdsToleranceHz ? StationTexts.Narrow(halfWidthHz) : null), StationTexts.RdsDeviation) : new(0, reception is null, r.Seconds, StationTexts.NoRds) : Measured.None(StationTexts.TooShort);

    public Measured RdsPhase((double Degrees, double Seconds)? phase) => phase is { } p ? Of(p.Degrees, p.Seconds, reception, StationTexts.RdsPhase) : Measured.None(StationTexts.NoRdsPhase);

    public Measured Level(double? dbfs, double seconds) => dbfs is null || clicks ? Measured.None(seconds > 0 ? StationTexts.SoundInNoise : StationTexts.TooShort) : Of(dbfs, seconds, reception, StationTexts.Level);

    public Measured Silence(double seconds, bool canTell) => canTell && !clicks ? Of(seconds, seconds, reception, StationTexts.Silence) : Measured.None(StationTexts.SoundInNoise);

    private static Measured Of(double? value, double seconds, Text? why, Text how) => value is null ? Measured.None(why ?? StationTexts.TooShort) : new(value, why is null, seconds, why ?? how);
}
