using System.CommandLine;
using System.Data.Common;
using SignalWatch.Contracts;

namespace SignalWatch.Collector.Commands;

/// <summary>How the program speaks to a person at a terminal.</summary>
internal static class Terminal
{
    public static Option<string> LanguageOption { get; } = CreateLanguageOption();

    /// <summary>Runs a command; an expected failure is printed in the person's language and ends with 1.</summary>
    public static async Task<int> Guard(ParseResult parsed, Func<Language, Task<int>> run)
    {
        var language = LanguageOf(parsed);
        try
        {
            return await run(language).ConfigureAwait(false);
        }
        catch (ProblemException expected)
        {
            Print(expected.Problem, language);
            return 1;
        }
        catch (DbException unreadable)
        {
            Print(Texts.JournalUnreadable(unreadable.Message), language);
            return 1;
        }
    }

    public static void Print(Problem problem, Language language)
    {
        Console.Error.WriteLine($"{problem.Code}: {problem.Title.In(language)}");
        Console.Error.WriteLine(problem.Detail.In(language));
    }

    private static Language LanguageOf(ParseResult parsed) => parsed.GetValue(LanguageOption) switch
    {
        "zh" => Language.Chinese,
        "en" => Language.English,
        _ => Languages.FromEnvironment(),
    };

    private static Option<string> CreateLanguageOption()
    {
        var option = new Option<string>("--lang") { Description = "zh | en: language of messages 消息语言" };
        option.AcceptOnlyFromAmong("zh", "en");
        return option;
    }
}
