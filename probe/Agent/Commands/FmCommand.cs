using System.CommandLine;
using SignalWatch.Contracts;
using SignalWatch.Probe.FmAnalysis;

namespace SignalWatch.Probe.Commands;

/// <summary><c>fm</c>: measures an FM band or one station.</summary>
internal static class FmCommand
{
    public static Command Create(Language language, TextWriter output, TextWriter error)
    {
        var source = new FmSourceOptions(language, FmTexts.SourceArgument);
        var json = new Option<bool>("--json") { Description = FmTexts.JsonOption.In(language) };
        var licences = new Option<string?>("--licences") { Description = FmTexts.LicencesOption.In(language), HelpName = "CSV" };
        var area = new Option<string?>("--area") { Description = FmTexts.AreaOption.In(language), HelpName = "CODE" };
        var command = new Command("fm", FmTexts.FmDescription.In(language)) { json, licences, area };
        source.AddTo(command);
        command.SetAction((parsed, cancel) => ProbeCommandLine.GuardAsync(language, error, async () =>
        {
            var code = parsed.GetValue(area);
            if (code is not null && (code.Length is 0 or > 12 || !code.All(char.IsAsciiDigit))) throw new ProblemException(FmTexts.BadArea(code));
            if (code is not null && parsed.GetValue(licences) is null) throw new ProblemException(FmTexts.Needs("--area", "--licences"));
            var request = new FmRequest
            {
                Source = source.Address(parsed),
                Options = source.Options(parsed),
                Json = parsed.GetValue(json),
                Licences = parsed.GetValue(licences),
                Area = code,
                Duration = source.Duration(parsed),
            };
            if (request.Source.Kind == IqKind.Groups) throw new ProblemException(FmTexts.OnlyGroups(request.Source.Written));
            await new FmRun(request, language, output, error, TimeProvider.System).RunAsync(cancel).ConfigureAwait(false);
        }));
        return command;
    }
}
