using System.Globalization;
using SignalWatch.Contracts;
using SignalWatch.Fm;
using SignalWatch.Probe.Analysis;

namespace SignalWatch.Probe.FmAnalysis;

/// <summary>What a station says of itself, for a person at a terminal.</summary>
internal sealed class RdsReport(TextWriter output, Language language, TerminalStyle style, bool rbds)
{
    public void Write(RdsResult result)
    {
        var rds = result.Reading;
        output.WriteLine(style.Heading(result.Source));
        Row(RdsReportTexts.Frequency, result.FrequencyHz is { } hz ? Megahertz(hz) + " MHz" : null);
        Row(RdsReportTexts.Time, Times(result));
        Row(RdsReportTexts.Groups, string.Create(CultureInfo.InvariantCulture, $"{rds.Groups:N0}{Errors(result)}"));
        if (rds.Groups == 0) return;
        Row("PI", rds.Pi is { } pi ? pi.ToString("X4", CultureInfo.InvariantCulture) + (rds.CallSign is { } sign ? $"  {sign}" : "") : RdsReportTexts.Unconfirmed.In(language));
        Row("PS", rds.Ps ?? Partial(rds.PartialPs));
        Row("RT", rds.RadioText?.TrimEnd() ?? Partial(rds.PartialRadioText));
        foreach (var tag in rds.RadioTextPlus?.Tags ?? []) Row("RT+", $"{tag.ContentType}: {tag.Text}");
        Row("PTY", rds.ProgrammeType is { } type ? string.Create(CultureInfo.InvariantCulture, $"{type} {RdsCodes.ProgrammeType(type, rbds).In(language)}") : null);
        Row("PTYN", rds.ProgrammeTypeName);
        Row("TP TA", rds.TrafficProgramme is { } tp ? $"{YesNo(tp)} {(rds.TrafficAnnouncement is { } ta ? YesNo(ta) : "–")}" : null);
        Row("M/S", rds.Music is { } music ? (music ? RdsReportTexts.Music : RdsReportTexts.Speech).In(language) : null);
        Row("DI", Decoder(rds.Decoder));
        Row("AF", rds.AlternativeFrequenciesHz.Count > 0 ? string.Join(" ", rds.AlternativeFrequenciesHz.Select(Megahertz)) + " MHz" : null);
        Row("CT", rds.ClockTime?.ToString("yyyy-MM-dd HH:mm zzz", CultureInfo.InvariantCulture));
        Row("PIN", rds.ProgrammeItem is { } item ? string.Create(CultureInfo.InvariantCulture, $"{item.Day} {item.Hour:00}:{item.Minute:00}") : null);
        Row("ECC", rds.ExtendedCountryCode is { } ecc ? ecc.ToString("X2", CultureInfo.InvariantCulture) + (rds.Country is { } country ? $"  {country}" : "") : null);
        Row(RdsReportTexts.Language, rds.Language);
        foreach (var application in rds.Applications) Row("ODA", $"{application.Id:X4} {application.Name} {application.GroupType}");
        if (rds.Tmc is { } tmc) Row("TMC", string.Create(CultureInfo.InvariantCulture, $"{RdsReportTexts.Table.In(language)} {tmc.LocationTable?.ToString(CultureInfo.InvariantCulture) ?? "–"}  {tmc.Messages:N0} {RdsReportTexts.Messages.In(language)}{(tmc.IsEncrypted == true ? RdsReportTexts.Encrypted.In(language) : "")}"));
        foreach (var other in rds.OtherNetworks) Row("EON", $"{other.Pi:X4} {other.Ps?.Trim()} {string.Join(" ", other.FrequenciesHz.Select(Megahertz))}".TrimEnd());
        Row(RdsReportTexts.Types, string.Join("  ", rds.GroupCounts.OrderBy(g => int.Parse(g.Key[..^1], CultureInfo.InvariantCulture)).ThenBy(g => g.Key[^1]).Select(g => string.Create(CultureInfo.InvariantCulture, $"{g.Key} {g.Value}"))));
    }

    private string Errors(RdsResult result)
    {
        var parts = new List<string>();
        if (result.LostBlocks > 0) parts.Add(string.Create(CultureInfo.InvariantCulture, $"{result.LostBlocks:N0} {RdsReportTexts.LostBlocks.In(language)}"));
        if (result.Reading.CorrectedBlocks > 0) parts.Add(string.Create(CultureInfo.InvariantCulture, $"{result.Reading.CorrectedBlocks:N0} {RdsReportTexts.CorrectedBlocks.In(language)}"));
        if (result.BlockErrorRate is { } rate) parts.Add(string.Create(CultureInfo.InvariantCulture, $"BLER {rate:P1}"));
        return parts.Count > 0 ? $"  ({string.Join(RdsReportTexts.Comma.In(language), parts)})" : "";
    }

    private static string? Times(RdsResult result) =>
        result is { From: { } from, To: { } to } ? string.Create(CultureInfo.InvariantCulture, $"{from:yyyy-MM-dd HH:mm:ss} – {to:HH:mm:ss}") : null;

    private string? Partial(string? text) => text is null ? null : $"{text}  {style.Faint(RdsReportTexts.Unconfirmed.In(language))}";

    private string? Decoder(RdsDecoderIdentification decoder)
    {
        var parts = new List<string>();
        if (decoder.Stereo is { } stereo) parts.Add((stereo ? FmReportTexts.Stereo : FmReportTexts.Mono).In(language));
        if (decoder.ArtificialHead == true) parts.Add(RdsReportTexts.ArtificialHead.In(language));
        if (decoder.Compressed == true) parts.Add(RdsReportTexts.Compressed.In(language));
        if (decoder.DynamicProgrammeType == true) parts.Add(RdsReportTexts.DynamicPty.In(language));
        return parts.Count > 0 ? string.Join(RdsReportTexts.Comma.In(language), parts) : null;
    }

    private string YesNo(bool flag) => (flag ? RdsReportTexts.Yes : RdsReportTexts.No).In(language);

    private void Row(Text name, string? value) => Row(name.In(language), value);

    private void Row(string name, string? value)
    {
        if (value is null) return;
        // Texts come from the air: control characters would move the cursor of the person's terminal.
        var printable = string.Concat(value.Select(c => char.IsControl(c) && c != '\u001b' ? '�' : c));
        output.WriteLine($"  {name}{new string(' ', Math.Max(1, 10 - TextTable.Width(name)))}{printable}");
    }

    private static string Megahertz(long hz) => (hz / 1e6).ToString("0.0##", CultureInfo.InvariantCulture);
}
