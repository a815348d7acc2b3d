using System.CommandLine;
using SignalWatch.Contracts;
using SignalWatch.Probe.FmAnalysis;

namespace SignalWatch.Probe.Commands;

/// <summary><c>listen</c>: writes a station's sound to a file.</summary>
internal static class ListenCommand
{
    public static Command Create(Language language, TextWriter output, TextWriter error)
    {
        var source = new FmSourceOptions(language, FmTexts.SourceArgument);
        var frequency = new Option<string?>("--frequency", "-f") { Description = FmTexts.FrequencyOption.In(language), HelpName = "HZ" };
        var file = new Option<string?>("--out", "-o") { Description = FmTexts.OutOption.In(language), HelpName = "FILE" };
        var mono = new Option<bool>("--mono") { Description = FmTexts.MonoOption.In(language) };
        var force = new Option<bool>("--force") { Description = TsTexts.ForceOption.In(language) };
        var command = new Command("listen", FmTexts.ListenDescription.In(language)) { frequency, file, mono, force };
        source.AddTo(command);
        command.SetAction((parsed, cancel) => ProbeCommandLine.GuardAsync(language, error, async () =>
        {
            var request = new ListenRequest
            {
                Source = source.Address(parsed),
                Options = source.Options(parsed),
                FrequencyHz = FmSourceOptions.Positive("--frequency", parsed.GetValue(frequency)),
                Out = parsed.GetValue(file) ?? throw new ProblemException(FmTexts.Needs("listen", "--out FILE")),
                Mono = parsed.GetValue(mono),
                Force = parsed.GetValue(force),
                Duration = source.Duration(parsed),
            };
            if (request.Source.Kind == IqKind.Groups) throw new ProblemException(FmTexts.OnlyGroups(request.Source.Written));
            await new ListenRun(request, language, output, error, TimeProvider.System).RunAsync(cancel).ConfigureAwait(false);
        }));
        return command;
    }
}
