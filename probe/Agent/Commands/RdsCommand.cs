using System.CommandLine;
using SignalWatch.Contracts;

namespace SignalWatch.Probe.Commands;

/// <summary><c>rds</c>: decodes the radio data of a station.</summary>
internal static class RdsCommand
{
    public static Command Create(Language language, TextWriter output, TextWriter error)
    {
        var source = new FmSourceOptions(language, FmTexts.RdsSourceArgument);
        var groups = new Option<bool>("--groups") { Description = FmTexts.GroupsOption.In(language) };
        var json = new Option<bool>("--json") { Description = FmTexts.RdsJsonOption.In(language) };
        var rbds = new Option<bool>("--rbds") { Description = FmTexts.RbdsOption.In(language) };
        var frequency = new Option<string?>("--frequency", "-f") { Description = FmTexts.FrequencyOption.In(language), HelpName = "HZ" };
        var command = new Command("rds", FmTexts.RdsDescription.In(language)) { groups, json, frequency, rbds };
        source.AddTo(command);
        command.SetAction((parsed, cancel) => ProbeCommandLine.GuardAsync(language, error, async () =>
        {
            if (parsed.GetValue(groups) && parsed.GetValue(json)) throw new ProblemException(TsTexts.Conflict("--groups", "--json"));
            var request = new RdsRequest
            {
                Source = source.Address(parsed),
                Options = source.Options(parsed),
                FrequencyHz = FmSourceOptions.Positive("--frequency", parsed.GetValue(frequency)),
                Output = parsed.GetValue(groups) ? RdsOutput.Groups : parsed.GetValue(json) ? RdsOutput.Json : RdsOutput.Report,
                Rbds = parsed.GetValue(rbds),
                Duration = source.Duration(parsed),
            };
            await new RdsRun(request, language, output, error, TimeProvider.System).RunAsync(cancel).ConfigureAwait(false);
        }));
        return command;
    }
}
