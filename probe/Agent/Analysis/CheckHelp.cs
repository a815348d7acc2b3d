using System.Globalization;
using SignalWatch.Contracts;
using SignalWatch.TransportStream;

namespace SignalWatch.Probe.Analysis;

/// <summary>What a check means, from the catalogue.</summary>
internal sealed class CheckHelp(TextWriter output, Language language)
{
    /// <exception cref="ProblemException">There is no such check.</exception>
    public void Write(string id)
    {
        if (string.Equals(id, "all", StringComparison.OrdinalIgnoreCase))
        {
            Table();
            return;
        }
        var legacy = Checks.Legacy.FirstOrDefault(l => l.Id == id);
        var checks = Checks.Find(id) is { Count: > 0 } found ? found : [.. (legacy.Of ?? []).SelectMany(Checks.Find)];
        if (checks.Count == 0) throw new ProblemException(TsTexts.UnknownCheck(id));
        foreach (var check in checks) Explain(check);
    }

    private void Table()
    {
        var table = new TextTable([.. ReportTexts.HelpColumns.Select(c => c.In(language))]) { Right = { 3 } };
        foreach (var check in Checks.All) table.Add(check.Priority == CheckPriority.Own ? "" : $"P{(int)check.Priority}", check.Id, check.Name, Limit(check), check.Title.In(language));
        foreach (var line in table.Lines("")) output.WriteLine(line);
    }

    private void Explain(Check check)
    {
        output.WriteLine($"{check.Id}  {check.Name}  {check.Title.In(language)}");
        foreach (var (title, text) in ((Text, string)[])[(ReportTexts.Clause, check.Clause), (ReportTexts.Limit, Limit(check)), (ReportTexts.Meaning, check.Meaning.In(language)), (ReportTexts.Causes, check.Causes.In(language)), (ReportTexts.Evidence, check.Evidence.In(language))])
            if (text.Length > 0) output.WriteLine($"  {title.In(language)}{text}");
        output.WriteLine();
    }

    private static string Limit(Check check) => check.Limit is not { } limit ? ""
        : limit.V141 == limit.V13 ? string.Create(CultureInfo.InvariantCulture, $"{limit.V141:0.###} {limit.Unit}")
        : string.Create(CultureInfo.InvariantCulture, $"{limit.V141:0.###} {limit.Unit} (V1.3: {limit.V13:0.###} {limit.Unit})");
}
