using System.Globalization;
using SignalWatch.Contracts;

namespace SignalWatch.Probe.Analysis;

/// <summary>TR 101 290 in the report: what occurred, by priority; what could not be measured.</summary>
internal sealed class MeasurementSection(TextWriter output, Language language, TerminalStyle style)
{
    public void Write(StreamDocument stream)
    {
        if (stream.Measurements is not { } measured) return;
        output.WriteLine();
        output.WriteLine(style.Heading($"TR 101 290 V{measured.Profile}"));
        var checks = measured.Checks.Where(c => c.Priority is not null).ToList();
        if (checks.Count == 0) output.WriteLine("  " + (stream.Packets > 0 ? style.Good(ReportTexts.NoErrors.In(language)) : ReportTexts.NothingCame.In(language)));
        else
        {
            var table = new TextTable([.. ReportTexts.CheckColumns.Select(c => c.In(language))]) { Right = { 0, 4, 5, 6, 7 } };
            foreach (var c in checks.OrderBy(c => c.Priority))
                table.Add($"P{c.Priority}", c.Rule, c.Name, c.Title, c.Count.ToString("N0", CultureInfo.InvariantCulture), Seconds(c.FirstSeconds), Seconds(c.LastSeconds), c.ErrorSeconds > 0 ? c.ErrorSeconds.ToString(CultureInfo.InvariantCulture) : "", c.Standing > 0 ? ReportTexts.Standing.In(language) : "");
            var row = -1;
            var priorities = checks.OrderBy(c => c.Priority).Select(c => c.Priority).ToList();
            foreach (var line in table.Lines())
            {
                output.WriteLine(row < 0 ? style.Faint(line) : priorities[row] == 1 ? style.Bad(line) : priorities[row] == 2 ? style.Warn(line) : line);
                row++;
            }
        }
        var unmeasured = measured.Counters.Where(c => c.Value is null).Select(c => c.Key).ToList();
        if (unmeasured.Count > 0) output.WriteLine("  " + style.Faint($"{ReportTexts.Unmeasurable.In(language)}{string.Join(" ", unmeasured)}"));
        var own = measured.Checks.Where(c => c.Priority is null).ToList();
        if (own.Count == 0) return;
        output.WriteLine("  " + ReportTexts.Beyond.In(language) + string.Join(ReportTexts.Comma.In(language), own.Select(c => string.Create(CultureInfo.InvariantCulture, $"{c.Title} ×{c.Count}"))));
    }

    private static string Seconds(double? value) => value is { } seconds ? string.Create(CultureInfo.InvariantCulture, $"{seconds:F3}") : "";
}
