using FsCheck;
using FsCheck.Fluent;
using SignalWatch.Contracts;
using SignalWatch.Rules.Expressions;

namespace SignalWatch.Rules.Tests.Expressions;

/// <summary>Whatever the text: no exception, no hang, an answer.</summary>
public sealed class ParserProperties
{
    private static readonly string[] Words =
    [
        "snr_db", "on_air", "ps", "licence.class", "parameters.limit", "nothing", "1", "2.5", "'a'", "true", "null", "(", ")", "[", "]", "+", "-", "*", "/", "%", "!", "&&", "||", "?", ":", ",", ".",
        "==", "!=", "<", ">=", "in", "has(", "size(", ".startsWith(", "'", "\"", "\\", "//", "\n", "0x", "1e", "台", "\ud83d", "\0",
    ];

    [Fact]
    public void Any_text_is_parsed_or_refused() =>
        Prop.ForAll(ArbMap.Default.ArbFor<string>(), text => Answers(text ?? "")).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));

    [Fact]
    public void Any_row_of_words_is_parsed_or_refused()
    {
        var rows = Gen.Choose(0, Words.Length - 1).Select(i => Words[i]).ArrayOf().Select(words => string.Join(' ', words)).ToArbitrary();
        Prop.ForAll(rows, Answers).Check(Config.QuickThrowOnFailure.WithMaxTest(5000));
    }

    [Fact]
    public void Any_text_is_a_template_or_refused()
    {
        var scope = new Scope(Vocabulary.FmCarrier, []);
        var rows = Gen.Choose(0, Words.Length + 3).Select(i => i < Words.Length ? Words[i] : new[] { "{", "}", "{snr_db:0.0}", "|" }[i - Words.Length]).ArrayOf().Select(string.Concat).ToArbitrary();
        Prop.ForAll(rows, text =>
        {
            var template = Template.Parse(text, scope, new Slots(), out _);
            return template.Render(Language.Chinese, _ => null) is not null && template.Render(Language.English, v => v.Type == ExpressionType.Text ? Fact.Of("x") : Fact.Of(1.0)) is not null;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(3000));
    }

    /// <summary>What is parsed can also be checked and, where it fits, evaluated; and every problem lies within the text.</summary>
    private static bool Answers(string text)
    {
        var evaluated = Evaluated.Of(text, ("on_air", Fact.Of(true)), ("snr_db", Fact.Of(3.0)));
        return evaluated.Value is not null || (evaluated.Problems.Count > 0 && evaluated.Problems.All(p => p.Offset >= 0 && p.Offset <= text.Length && p.What.Zh.Length > 0 && p.What.En.Length > 0));
    }
}
