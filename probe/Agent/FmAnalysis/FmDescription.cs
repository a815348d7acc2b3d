using System.Globalization;
using System.Text.Json;
using SignalWatch.Contracts;
using SignalWatch.Fm;
using SignalWatch.Fm.Identity;

namespace SignalWatch.Probe.FmAnalysis;

/// <summary>Makes the document's parts of what was measured. A figure that is not justified becomes null, or stands beside the word that says so.</summary>
internal sealed class FmDescription(Language language, double? dbmAtFullScale)
{
    /// <summary>A carrier of a band.</summary>
    public CarrierDocument Carrier(CarrierSummary carrier, Identification? who)
    {
        var station = carrier.Station;
        return Station(station, carrier.Rds, carrier.BlockErrorRate) with
        {
            FrequencyHz = carrier.Last.NominalHz,
            OffsetHz = Tenths(carrier.OffsetHz),
            BesideStronger = carrier.LastOnAir?.BesideStronger,
            OffRaster = carrier.Last.OffRaster,
            OnAir = carrier.Last.OnAir,
            LevelDbfs = dbmAtFullScale is null ? Hundredths(carrier.LevelDbfs) : null,
            LevelDbm = Hundredths(carrier.LevelDbfs + dbmAtFullScale),
            SnrDb = Hundredths(carrier.SnrDb),
            OccupiedHz = Tenths(carrier.OccupiedHz),
            Modulated = carrier.Modulated,
            Status = who?.Status,
            Licence = who?.Licence is { } licence ? Licence(licence) : null,
            Reasons = [.. (who?.Reasons ?? []).Select(r => new ReasonDocument(r.Code, r.Points, r.Sentence.In(language)))],
            Exclusions = [.. (who?.Exclusions ?? []).Select(e => new ExclusionDocument(e.Check, e.Explains, e.Arithmetic.In(language)))],
            Score = who?.Score,
            Stage = who?.Stage,
        };
    }

    /// <summary>A mirror image: where it is, how strong, and of what. Nothing is measured of what it repeats.</summary>
    public CarrierDocument Image(MaskedPeak peak, Identification who) => new()
    {
        FrequencyHz = who.NominalHz,
        OffsetHz = Tenths(peak.FrequencyHz - who.NominalHz),
        LevelDbfs = dbmAtFullScale is null ? Hundredths(peak.LevelDbfs) : null,
        LevelDbm = Hundredths(peak.LevelDbfs + dbmAtFullScale),
        Status = who.Status,
        Reasons = [.. who.Reasons.Select(r => new ReasonDocument(r.Code, r.Points, r.Sentence.In(language)))],
        Exclusions = [.. who.Exclusions.Select(e => new ExclusionDocument(e.Check, e.Explains, e.Arithmetic.In(language)))],
        Score = who.Score,
        Stage = who.Stage,
    };

    /// <summary>A station, without its carrier.</summary>
    public CarrierDocument Station(StationSummary? station, RdsReading? rds, double blockErrorRate)
    {
        var last = station?.Last;
        return new CarrierDocument
        {
            Stereo = last?.Stereo,
            PilotHz = Tenths(station?.PilotDeviationHz.Justified),
            PilotFrequencyHz = Hundredths(station?.PilotHz.Justified),
            Rds = rds is null ? null : Rds(rds, blockErrorRate, station?.RdsDeviationHz.Justified),
            Deviation = station is null || last is null ? null : Deviation(station, last),
            MpxPowerDbr = Thousandths(last?.MpxPowerDbr.Value),
            Mpx = last is null ? null : new MpxDocument(last.MpxPowerDbr.IsValid, Tenths(last.MpxPowerDbr.Seconds), Thousandths(last.WorstMpxPowerDbr.Value), last.MpxPowerDbr.How.In(language)),
            FilterHz = last is { Filter.HalfWidthHz: var half } && double.IsFinite(half) ? half : null, // of the multiplex there is none
            FilterWhy = last?.Filter.Why.In(language),
            Audio = station is null || last is null ? null : new AudioDocument(Hundredths(station.LeftDbfs.Justified), Hundredths(station.RightDbfs.Justified), Tenths(last.SilenceSeconds.Justified)),
        };
    }

    /// <summary>A peak that is no carrier.</summary>
    public static MaskedDocument Masked(MaskedPeak peak) =>
        new(Math.Round(peak.FrequencyHz), Hundredths(peak.LevelDbfs), JsonNamingPolicy.CamelCase.ConvertName(peak.Reason.ToString()), Math.Round(peak.CausedByHz));

    private static LicenceDocument Licence(FmLicence licence) =>
        new(licence.FrequencyHz, licence.Pi, licence.Name, licence.Licensee, JsonNamingPolicy.CamelCase.ConvertName(licence.Class.ToString()), licence.Area);

    private static RdsDocument Rds(RdsReading rds, double blockErrorRate, double? deviationHz) => new(
        rds.Pi?.ToString("X4", CultureInfo.InvariantCulture), rds.Ps, rds.Ps is null ? rds.PartialPs : null, rds.RadioText, rds.Groups, Math.Round(blockErrorRate, 4), Tenths(deviationHz), rds.ProgrammeType, rds.TrafficProgramme, rds.AlternativeFrequenciesHz);

    private DeviationDocument Deviation(StationSummary station, StationReading last) => new()
    {
        PeakHz = Tenths(last.PeakDeviationHz.Value),
        P99999Hz = Tenths(last.P99999DeviationHz.Value),
        ShareAbove77k = last.ShareAbove77k.Value,
        ShareAbove75k = last.ShareAbove75k.Value,
        RmsHz = Tenths(station.RmsDeviationHz.Value),
        Valid = last.PeakDeviationHz.IsValid,
        Exceeds = last.OverDeviated,
        Seconds = Tenths(last.PeakDeviationHz.Seconds),
        How = last.PeakDeviationHz.How.In(language),
    };

    // More digits than an instrument has would look like knowledge.
    private static double Tenths(double value) => Math.Round(value, 1) + 0.0; // a negative zero has no meaning

    private static double? Tenths(double? value) => value is { } v ? Tenths(v) : null;

    private static double Hundredths(double value) => Math.Round(value, 2);

    private static double? Hundredths(double? value) => value is { } v ? Math.Round(v, 2) : null;

    private static double? Thousandths(double? value) => value is { } v ? Math.Round(v, 3) + 0.0 : null;
}
