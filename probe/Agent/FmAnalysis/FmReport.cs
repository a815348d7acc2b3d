using System.Globalization;
using SignalWatch.Contracts;
using SignalWatch.Fm.Identity;
using SignalWatch.Probe.Analysis;

namespace SignalWatch.Probe.FmAnalysis;

/// <summary>The document, for a person at a terminal.</summary>
internal sealed class FmReport(TextWriter output, Language language, TerminalStyle style)
{
    public void Write(FmDocument document)
    {
        Line(style.Heading(document.Source.Name));
        Source(document);
        Line();
        if (document.Carriers.Count == 0) Line(style.Warn(FmReportTexts.NoCarrier.In(language)));
        else
        {
            Carriers(document.Carriers);
            Line();
            Line(style.Heading(FmReportTexts.Measurements.In(language)));
            Measurements(document.Carriers);
            foreach (var carrier in document.Carriers) Details(carrier);
        }
        Masked(document.Masked);
        Warnings(document.Warnings);
    }

    private void Source(FmDocument document)
    {
        var source = document.Source;
        if (source.Origin == "simulated") Line("  " + style.Bad(FmReportTexts.SimulatedLoudly.In(language)));
        var parts = new List<string> { Origin(source.Origin).In(language), Number(document.DurationSeconds, "F1", "s"), Number(source.SampleRateHz / 1e3, "0.###", "kS/s") };
        if (source.CenterFrequencyHz is { } centre) parts.Add(Number(centre / 1e6, "F3", "MHz"));
        if (source.Start is { } start) parts.Add(start.ToString("yyyy-MM-dd HH:mm:ss zzz", CultureInfo.InvariantCulture));
        Line("  " + string.Join("  ", parts));
        if (document.NoiseFloorDbfsPerHz is { } noise)
            Line($"  {FmReportTexts.NoiseFloor.In(language)} {Number(noise, "F1", "dBFS/Hz")}  {(document.Overload == true ? style.Bad(FmReportTexts.Overloaded.In(language)) : style.Good(FmReportTexts.NotOverloaded.In(language)))}");
        if (source.Kind == "iq") Line("  " + (document.Register is { } register
            ? string.Create(CultureInfo.InvariantCulture, $"{FmReportTexts.Register.In(language)} {register.File}  {register.Entries} {FmReportTexts.Entries.In(language)}  SHA-256 {register.Digest[..Math.Min(12, register.Digest.Length)]}…")
            : style.Warn(FmReportTexts.NoRegister.In(language))));
    }

    private void Carriers(IReadOnlyList<CarrierDocument> carriers)
    {
        var table = new TextTable([.. FmReportTexts.CarrierColumns.Select(c => c.In(language))]) { Right = { 0, 3, 4, 5, 6 } };
        foreach (var c in carriers)
            table.Add(Frequency(c), Status(c), Name(c), Level(c), Number(c.SnrDb, "F1"), Number(c.OffsetHz, "F0"), Number(c.OccupiedHz / 1e3, "F0"), Stereo(c), c.Rds?.Pi, (c.Rds?.Ps ?? c.Rds?.PartialPs)?.Trim(), Score(c));
        Rows(table, carriers);
    }

    private void Measurements(IReadOnlyList<CarrierDocument> carriers)
    {
        var table = new TextTable([.. FmReportTexts.MeasurementColumns.Select(c => c.In(language))]) { Right = { 0, 1, 3, 4, 5, 6, 8, 9, 10, 11 } };
        foreach (var c in carriers)
            table.Add(Frequency(c), Number(c.Deviation?.PeakHz / 1e3, "F1"), Validity(c), Number(c.Deviation?.P99999Hz / 1e3, "F1"), Share(c.Deviation?.ShareAbove77k), Power(c),
                Number(c.PilotHz / 1e3, "F2"), Number(c.Rds?.DeviationHz / 1e3, "F2"), Groups(c), Number(c.Audio?.LeftDbfs, "F1"), Number(c.Audio?.RightDbfs, "F1"), Number(c.FilterHz / 1e3, "F0"));
        Rows(table, carriers);
    }

    private void Rows(TextTable table, IReadOnlyList<CarrierDocument> carriers)
    {
        var row = -1;
        foreach (var line in table.Lines())
        {
            Line(row < 0 ? style.Faint(line) : carriers[row].Status switch
            {
                CarrierStatus.Unregistered => style.Bad(line),
                CarrierStatus.CarrierOnly or CarrierStatus.Image or CarrierStatus.Intermodulation => style.Warn(line),
                _ when carriers[row].Deviation?.Exceeds == true => style.Warn(line),
                _ => line,
            });
            row++;
        }
    }

    private void Details(CarrierDocument c)
    {
        var lines = new List<string>();
        if (c.Rds?.Rt is { } text) lines.Add($"RT “{text.TrimEnd()}”");
        if (c.Deviation is { } deviation)
        {
            if (deviation.Exceeds == true) lines.Add(style.Bad(FmReportTexts.Exceeds(deviation).In(language)));
            if (!deviation.Valid) lines.Add(style.Faint($"{FmReportTexts.PeakNotValid.In(language)}{deviation.How}"));
        }
        if (c.Audio?.SilenceSeconds is > 0 and var silence) lines.Add(style.Warn(FmReportTexts.Silence(silence).In(language)));
        lines.AddRange(c.Reasons.Select(r => string.Create(CultureInfo.InvariantCulture, $"{r.Points:+0;-0;0}  {r.Text}")));
        lines.AddRange(c.Exclusions.Where(e => e.Explains != false).Select(e => style.Faint(e.Text)));
        if (lines.Count == 0) return;
        Line();
        Line("  " + style.Heading(Frequency(c) is { Length: > 0 } frequency ? $"{frequency} MHz" : FmReportTexts.Station.In(language)));
        foreach (var line in lines) Line("    " + line);
    }

    private void Masked(IReadOnlyList<MaskedDocument> masked)
    {
        if (masked.Count == 0) return;
        Line();
        Line(style.Heading(FmReportTexts.MaskedHeading.In(language)));
        var table = new TextTable([.. FmReportTexts.MaskedColumns.Select(c => c.In(language))]) { Right = { 0, 1, 3 } };
        foreach (var m in masked) table.Add(Number(m.FrequencyHz / 1e6, "F3"), Number(m.LevelDbfs, "F1"), FmReportTexts.Mask(m.Reason).In(language), Number(m.CausedByHz / 1e6, "F3"));
        foreach (var line in table.Lines()) Line(style.Faint(line));
    }

    private void Warnings(IReadOnlyList<WarningDocument> warnings)
    {
        if (warnings.Count == 0) return;
        Line();
        Line(style.Heading(ReportTexts.Warnings.In(language)));
        foreach (var warning in warnings) Line("  " + style.Warn(warning.Text));
    }

    private static string Frequency(CarrierDocument c) => c.FrequencyHz is { } hz ? (hz / 1e6).ToString(hz % 100_000 == 0 ? "F1" : "F2", CultureInfo.InvariantCulture) : "";

    private string Status(CarrierDocument c) => c.Status is { } status ? FmReportTexts.Status(status).In(language) + (c.OnAir == false ? FmReportTexts.NowOff.In(language) : "") : "";

    private static string Name(CarrierDocument c) => c.Licence is { } licence ? (licence.Name.Length > 0 ? licence.Name : licence.Licensee) : "";

    private string Level(CarrierDocument c) => c.LevelDbm is { } dbm ? Number(dbm, "F1", "dBm") : c.LevelDbfs is { } dbfs ? $"{Number(dbfs, "F1", "dBFS")} {FmReportTexts.Uncalibrated.In(language)}" : "";

    private string Stereo(CarrierDocument c) => c.Stereo switch
    {
        true => FmReportTexts.Stereo.In(language),
        false when c.Modulated == false => FmReportTexts.Unmodulated.In(language),
        false => FmReportTexts.Mono.In(language),
        null => "",
    };

    private string Score(CarrierDocument c) => c is { Score: > 0 and var score, Stage: { } stage and not SuspicionStage.None } ? string.Create(CultureInfo.InvariantCulture, $"{score} {FmReportTexts.Stage(stage).In(language)}") : "";

    // Nothing where there is no station; a power that can't be measured is said to be none.
    private string Power(CarrierDocument c) => c is { Mpx: not null, MpxPowerDbr: null } ? FmReportTexts.NotValid.In(language) : Number(c.MpxPowerDbr, "F2");

    private string Validity(CarrierDocument c) => c.Deviation switch
    {
        null or { PeakHz: null } => "",
        { Exceeds: true } => FmReportTexts.TooHigh.In(language),
        { Valid: true, Exceeds: false } => FmReportTexts.WithinLimit.In(language),
        { Valid: true } => FmReportTexts.Valid.In(language),
        _ => FmReportTexts.NotValid.In(language),
    };

    private static string Groups(CarrierDocument c) => c.Rds is { } rds ? string.Create(CultureInfo.InvariantCulture, $"{rds.Groups} / {rds.BlockErrorRate:P1}") : "";

    private static string Share(double? share) => share is { } s ? s.ToString("0.0E+0", CultureInfo.InvariantCulture) : "";

    private static Text Origin(string origin) => origin switch { "live" => FmReportTexts.Live, "simulated" => FmReportTexts.SimulatedShort, _ => FmReportTexts.Replay };

    private static string Number(double? value, string format, string unit = "") => value is { } v ? v.ToString(format, CultureInfo.InvariantCulture) + (unit.Length > 0 ? " " + unit : "") : "";

    private void Line(string text = "") => output.WriteLine(text);
}
