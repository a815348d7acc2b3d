using System.CommandLine;
using SignalWatch.Contracts;

namespace SignalWatch.Probe.Commands;

/// <summary>The program's command line. Exit codes: 0 done, 1 a problem, 2 wrong usage.</summary>
internal static class ProbeCommandLine
{
    // systemd and the launcher wait so long after SIGTERM; within it the spool is flushed.
    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(5);

    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter error)
    {
        var language = LanguageOf(args) ?? Languages.FromEnvironment();
        var languageOption = new Option<string>("--lang") { Description = Texts.LanguageDescription.In(language), Recursive = true };
        languageOption.AcceptOnlyFromAmong("zh", "en");
        var root = new RootCommand(Texts.AppDescription.In(language))
        {
            RunCommand.Create(language, output, error),
            ReplayCommand.Create(language, output, error),
            CityCommand.Create(language, output, error),
            TsCommand.Create(language, output, error),
            FmCommand.Create(language, output, error),
            RdsCommand.Create(language, output, error),
            ListenCommand.Create(language, output, error),
        };
        root.Options.Add(languageOption);
        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (var wrong in parsed.Errors) await error.WriteLineAsync(wrong.Message).ConfigureAwait(false);
            await error.WriteLineAsync(Texts.SeeHelp.In(language)).ConfigureAwait(false);
            return 2;
        }
        return await parsed.InvokeAsync(new InvocationConfiguration { Output = output, Error = error, ProcessTerminationTimeout = StopWithin, EnableDefaultExceptionHandler = false }).ConfigureAwait(false);
    }

    /// <summary>Runs an action; a problem is printed in the person's language and gives 1.</summary>
    public static async Task<int> GuardAsync(Language language, TextWriter error, Func<Task> action)
    {
        // Signals are taken only once the action has given way: what it did before that, SIGTERM would end without a flush.
        await Task.Yield();
        try
        {
            await action().ConfigureAwait(false);
            return 0;
        }
        catch (ProblemException failure)
        {
            await error.WriteLineAsync(failure.Problem.Title.In(language)).ConfigureAwait(false);
            await error.WriteLineAsync(failure.Problem.Detail.In(language)).ConfigureAwait(false);
            return failure.Problem.Code.StartsWith("usage.", StringComparison.Ordinal) ? 2 : 1;
        }
    }

    // Before anything is parsed: help and errors are to be in this language.
    private static Language? LanguageOf(string[] args)
    {
        var at = Array.IndexOf(args, "--lang");
        return (at >= 0 && at + 1 < args.Length ? args[at + 1] : null) switch { "zh" => Language.Chinese, "en" => Language.English, _ => null };
    }
}
