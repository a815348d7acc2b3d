using System.Globalization;
using SignalWatch.Content.Sound;
using SignalWatch.Contracts;
using SignalWatch.Fm;
using SignalWatch.Fm.Identity;

namespace SignalWatch.Probe.Watches;

/// <summary>What there is to say of a carrier, as facts of <c>fm.carrier</c>.</summary>
internal static class CarrierFacts
{
    private static readonly string[] NeedsArithmetic = ["image", "intermodulation", "overload"];

    /// <summary>What was measured.</summary>
    public static IEnumerable<(string, Fact?)> Measured(FmLevels levels, CarrierReading c)
    {
        yield return ("frequency_hz", Fact.Of(c.NominalHz));
        yield return ("on_air", Fact.Of(c.OnAir));
        yield return ("offset_hz", Known.Number(c.OffsetHz));
        var dbm = levels.Dbm(c.LevelDbfs, c.NominalHz);
        yield return ("level_dbfs", dbm is null ? Known.Number(c.LevelDbfs) : null);
        yield return ("level_dbm", Known.Number(dbm));
        yield return ("snr_db", Known.Number(c.SnrDb));
        yield return ("occupied_bandwidth_hz", Known.Number(c.OccupiedBandwidthHz));
        yield return ("off_raster", Fact.Of(c.OffRaster));
        yield return ("modulated", Known.Flag(c.Modulated));
        yield return ("pilot", Known.Flag(c.Pilot));
        yield return ("on_air_s", Known.Number(c.OnAirSeconds));
        if (c.Rds is { } rds)
        {
            yield return ("pi", Known.Words(rds.Pi?.ToString("X4", CultureInfo.InvariantCulture)));
            yield return ("ps", Known.Words(rds.Ps?.TrimEnd()));
            yield return ("radio_text", Known.Words(rds.RadioText));
            yield return ("programme_type", Known.Number(rds.ProgrammeType));
            yield return ("rds_block_error_rate", Known.Number(rds.BlockErrorRate));
        }
        if (c.Station is not { } station) yield break;
        yield return ("filter_half_width_hz", Fact.Of(station.Filter.HalfWidthHz));
        yield return ("deviation_rms_hz", Justified(station.RmsDeviationHz));
        yield return ("deviation_peak_hz", Justified(station.PeakDeviationHz));
        yield return ("deviation_p99999_hz", Justified(station.P99999DeviationHz));
        yield return ("share_above_77k", Justified(station.ShareAbove77k));
        yield return ("over_deviated", Known.Flag(station.OverDeviated));
        yield return ("mpx_power_dbr", Justified(station.MpxPowerDbr));
        yield return ("mpx_power_worst_dbr", Justified(station.WorstMpxPowerDbr));
        yield return ("pilot_deviation_hz", Justified(station.PilotDeviationHz));
        yield return ("pilot_frequency_hz", Justified(station.PilotHz));
        yield return ("rds_deviation_hz", Justified(station.RdsDeviationHz));
        yield return ("left_dbfs", Justified(station.LeftDbfs));
        yield return ("right_dbfs", Justified(station.RightDbfs));
        yield return ("silence_s", Justified(station.SilenceSeconds));
    }

    /// <summary>Who it is.</summary>
    /// <param name="who">What was found.</param>
    /// <param name="sound">What its sound repeats; null where nobody listens without a break: then nothing is said of it.</param>
    /// <param name="registerDigest">By which register.</param>
    public static IEnumerable<(string, Fact?)> Identified(Identification who, SoundFindings? sound, string registerDigest)
    {
        yield return ("status", Fact.Of(Word(who.Status)));
        // Without the fact a rule can't decide: that is what an unknown status means.
        yield return ("own_carrier", who.Status == CarrierStatus.Unknown ? null : Fact.Of(who.Status is not (CarrierStatus.Image or CarrierStatus.Intermodulation)));
        yield return ("stage", Fact.Of(Word(who.Stage)));
        yield return ("score", Fact.Of(who.Score));
        yield return ("field_dbuvm", Known.Number(who.FieldDbuvm));
        yield return ("register_digest", Known.Words(registerDigest));
        yield return ("overspill_excess_db", Known.Number(who.OverspillExcessDb));
        yield return ("level_jump_db", Known.Number(who.LevelJumpDb));
        yield return ("offset_jump_hz", Known.Number(who.OffsetJumpHz));
        yield return ("loops", Known.Number(sound?.Loops));
        yield return ("loop_s", Known.Number(sound?.LoopSeconds));
        // An empty text says that it was looked for and not found: without the fact a rule could not tell.
        yield return ("same_sound_as", sound is null ? null : Fact.Of(Others(who, "same-sound")));
        yield return ("switches_with", Fact.Of(Others(who, "co-switching")));
        yield return ("nocturnal", Fact.Of(who.Reasons.Any(r => r.Code == "schedule")));
        if (who.Reasons.Count > 0)
        {
            yield return ("reasons", Known.Words(string.Join(' ', who.Reasons.Select(r => r.Code))));
            yield return ("reasons_zh", Known.Words(string.Join('；', who.Reasons.Select(r => r.Sentence.Zh))));
            yield return ("reasons_en", Known.Words(string.Join("; ", who.Reasons.Select(r => r.Sentence.En))));
        }
        var checks = who.Exclusions.Where(e => NeedsArithmetic.Contains(e.Check)).ToList();
        if (who.Stage == SuspicionStage.None && who.Status is CarrierStatus.Licensed or CarrierStatus.Overspill || checks.Count == 0) yield break;
        yield return ("exclusion_zh", Known.Words(string.Join('；', checks.Select(e => e.Arithmetic.Zh))));
        yield return ("exclusion_en", Known.Words(string.Join("; ", checks.Select(e => e.Arithmetic.En))));
    }

    /// <summary>The word of a status on the wire.</summary>
    public static string Word(CarrierStatus status) => status switch
    {
        CarrierStatus.CarrierOnly => "carrier-only",
        _ => status.ToString().ToLowerInvariant(),
    };

    /// <summary>The word of a stage on the wire.</summary>
    public static string Word(SuspicionStage stage) => stage.ToString().ToLowerInvariant();

    private static Fact? Justified(Measured value) => Known.Number(value.Justified);

    private static string Others(Identification who, string code) =>
        string.Join(", ", who.Reasons.Where(r => r.Code == code).SelectMany(r => r.OtherHz).Distinct().Order().Select(hz => (hz / 1e6).ToString("0.0#", CultureInfo.InvariantCulture) + " MHz"));
}
