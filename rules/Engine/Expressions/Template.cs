using System.Globalization;
using System.Text;
using SignalWatch.Contracts;

namespace SignalWatch.Rules.Expressions;

/// <summary>A title or sentence with the values of the verdict in it: <c>{name}</c>, <c>{name:format}</c>, <c>{first|second|'text'}</c> for the first that is known; <c>{{</c> and <c>}}</c> are braces.
/// Formats: a pattern of <c>0 # .</c> for numbers, <c>MHz</c> and <c>kHz</c> for values in Hz, a number n for the first n characters of a text; <c> unit</c> behind them adds the unit.
/// Names are checked when the pack is read, so a sentence can never fail when it is needed.</summary>
internal sealed class Template
{
    public static readonly Template Empty = new([], "");

    private readonly IReadOnlyList<Part> parts;

    private Template(IReadOnlyList<Part> parts, string source) => (this.parts, Source) = (parts, source);

    public string Source { get; }

    /// <summary>Reads a template. Bad placeholders are problems and left out.</summary>
    public static Template Parse(string source, Scope scope, Slots slots, out List<ExpressionProblem> problems)
    {
        problems = [];
        var parts = new List<Part>();
        var literal = new StringBuilder();
        for (var i = 0; i < source.Length; i++)
        {
            if (source[i] is '{' or '}' && i + 1 < source.Length && source[i + 1] == source[i]) literal.Append(source[i++]);
            else if (source[i] == '}') problems.Add(new(i, Texts.BraceNotOpened));
            else if (source[i] != '{') literal.Append(source[i]);
            else
            {
                var end = source.IndexOf('}', i);
                if (end < 0) { problems.Add(new(i, Texts.BraceNotClosed)); break; }
                Flush();
                if (Placeholder.Parse(source.AsSpan(i + 1, end - i - 1), i + 1, scope, slots, problems) is { } placeholder) parts.Add(placeholder);
                i = end;
            }
        }
        Flush();
        return new(parts, source);

        void Flush()
        {
            if (literal.Length > 0) parts.Add(new Literal(literal.ToString()));
            literal.Clear();
        }
    }

    /// <summary>The text with the values in it.</summary>
    /// <param name="language">Which language truth values, units and "unknown" are in.</param>
    /// <param name="value">The value of a variable, or null where it is not known.</param>
    public string Render(Language language, Func<Variable, Fact?> value)
    {
        var text = new StringBuilder();
        foreach (var part in parts) text.Append(part.Render(language, value));
        return text.ToString();
    }

    private abstract class Part
    {
        public abstract string Render(Language language, Func<Variable, Fact?> value);
    }

    private sealed class Literal(string text) : Part
    {
        public override string Render(Language language, Func<Variable, Fact?> value) => text;
    }

    private sealed class Placeholder(IReadOnlyList<Variable> choices, string? otherwise, string format, bool withUnit) : Part
    {
        public static Placeholder? Parse(ReadOnlySpan<char> inside, int offset, Scope scope, Slots slots, List<ExpressionProblem> problems)
        {
            var before = problems.Count;
            var colon = inside.IndexOf(':');
            var format = colon < 0 ? "" : inside[(colon + 1)..].ToString();
            var withUnit = format == "unit" || format.EndsWith(" unit", StringComparison.Ordinal);
            if (withUnit) format = format[..^4].TrimEnd();
            var choices = new List<Variable>();
            string? otherwise = null;
            foreach (var name in (colon < 0 ? inside : inside[..colon]).ToString().Split('|', StringSplitOptions.TrimEntries))
            {
                if (name.Length >= 2 && name[0] == '\'' && name[^1] == '\'') otherwise = name[1..^1];
                else if (scope.Find(name) is not { } variable) problems.Add(new(offset, Texts.UnknownName(name, scope.Nearest(name))));
                else if (variable.Source != VariableSource.Verdict && slots.Of(variable) < 0) problems.Add(new(offset, Texts.TooManyVariables));
                else if (!Fits(format, variable)) problems.Add(new(offset, Texts.BadFormat(format, variable.Name)));
                else choices.Add(variable);
            }
            return problems.Count == before ? new(choices, otherwise, format, withUnit) : null;
        }

        private static bool Fits(string format, Variable variable) => format switch
        {
            "" => true,
            "MHz" or "kHz" => variable.Unit == "Hz",
            _ when variable.Type == ExpressionType.Text => int.TryParse(format, NumberStyles.None, CultureInfo.InvariantCulture, out var length) && length > 0,
            _ => variable.Type is ExpressionType.Real or ExpressionType.Integer && format.All(c => c is '0' or '#' or '.') && format.Count(c => c == '.') <= 1,
        };

        public override string Render(Language language, Func<Variable, Fact?> value)
        {
            foreach (var variable in choices)
                if (value(variable) is { } fact) return Format(fact, language) + (withUnit ? Texts.UnitSuffix(variable.Unit).In(language) : "");
            return otherwise ?? Texts.Unknown.In(language);
        }

        private string Format(Fact fact, Language language) => fact.Type switch
        {
            FactType.Boolean => (fact.AsBoolean ? Texts.Yes : Texts.No).In(language),
            FactType.Text => format.Length == 0 ? fact.AsText : fact.AsText[..Math.Min(fact.AsText.Length, int.Parse(format, CultureInfo.InvariantCulture))],
            _ => format switch
            {
                "MHz" => (fact.AsNumber / 1e6).ToString("0.0##", CultureInfo.InvariantCulture),
                "kHz" => (fact.AsNumber / 1e3).ToString("0.0##", CultureInfo.InvariantCulture),
                "" => fact.ToString(),
                _ => fact.AsNumber.ToString(format, CultureInfo.InvariantCulture),
            },
        };
    }
}

/// <summary>The same sentence in both languages.</summary>
internal sealed record BilingualTemplate(Template Zh, Template En)
{
    public static readonly BilingualTemplate Empty = new(Template.Empty, Template.Empty);

    public Text Source => new(Zh.Source, En.Source);

    public Text Render(Func<Variable, Fact?> value) => new(Zh.Render(Language.Chinese, value), En.Render(Language.English, value));
}
