using System.Globalization;
using SignalWatch.Contracts;
using SignalWatch.Rules.Expressions;
using YamlDotNet.Core;

namespace SignalWatch.Rules.Packs;

/// <summary>Reads the fields of a mapping, each by its type, and reports every one that is missing, of the wrong type or unknown.
/// An unknown key is an error because it is most often a known one misspelt, and then a limit silently does not hold.</summary>
internal sealed class Fields
{
    private readonly YamlMapping mapping;
    private readonly HashSet<string> read = [];

    private Fields(PackFile file, YamlMapping mapping) => (File, this.mapping) = (file, mapping);

    public PackFile File { get; }

    public Mark Start => mapping.Start;

    /// <summary>The fields of <paramref name="node"/>, or null, reported, where it is not a mapping.</summary>
    public static Fields? Of(PackFile file, YamlNode node)
    {
        if (node is YamlMapping mapping) return new(file, mapping);
        file.Report(node, Texts.MappingExpected);
        return null;
    }

    public YamlNode? Node(string name, bool required = false)
    {
        read.Add(name);
        foreach (var (key, value) in mapping.Entries)
            if (key.Text == name) return value is YamlScalar { IsNull: true } && !required ? null : value;
        if (required) File.Report(mapping, Texts.MissingKey(name));
        return null;
    }

    public YamlScalar? Scalar(string name, bool required = true)
    {
        var node = Node(name, required);
        if (node is null or YamlScalar { IsNull: false, Text.Length: > 0 }) return node as YamlScalar;
        File.Report(node, Texts.TextExpected(name));
        return null;
    }

    public string Text(string name, bool required = true) => Scalar(name, required)?.Text ?? "";

    public int Integer(string name, int least, int most)
    {
        if (Scalar(name) is not { } scalar) return least;
        if (int.TryParse(scalar.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most) return value;
        File.Report(scalar, Texts.IntegerExpected(name, least, most));
        return least;
    }

    public double? Number(string name)
    {
        if (Scalar(name, required: false) is not { } scalar) return null;
        if (TryNumber(scalar, out var value)) return value;
        File.Report(scalar, Texts.NumberExpected(name));
        return null;
    }

    /// <summary>A truth value; false where it is not there.</summary>
    public bool Flag(string name)
    {
        if (Scalar(name, required: false) is not { } scalar) return false;
        if (scalar is not { Style: ScalarStyle.Plain, Text: "true" or "false" }) File.Report(scalar, Texts.FlagExpected(name));
        return scalar.Text == "true";
    }

    /// <summary>Both languages: a text in one alone is an error.</summary>
    public Text Bilingual(string name)
    {
        if (Node(name, required: true) is not { } node || Of(File, node) is not { } texts) return default;
        var text = new Text(texts.Text("zh"), texts.Text("en"));
        texts.Close();
        return text;
    }

    /// <summary>A template in both languages.</summary>
    public BilingualTemplate Template(string name, Scope scope, Slots slots, bool required = true)
    {
        if (Node(name, required) is not { } node || Of(File, node) is not { } texts) return BilingualTemplate.Empty;
        var template = new BilingualTemplate(texts.OneTemplate("zh", scope, slots), texts.OneTemplate("en", scope, slots));
        texts.Close();
        return template;
    }

    public T Choice<T>(string name, T absent, bool required = true) where T : struct, Enum
    {
        if (Scalar(name, required) is not { } scalar) return absent;
        foreach (var value in Enum.GetValues<T>())
            if (string.Equals(value.ToString(), scalar.Text, StringComparison.OrdinalIgnoreCase) && char.IsAsciiLetterLower(scalar.Text[0])) return value;
        File.Report(scalar, Texts.ChoiceExpected(name, string.Join(", ", Enum.GetNames<T>().Select(n => char.ToLowerInvariant(n[0]) + n[1..]))));
        return absent;
    }

    public IReadOnlyList<YamlNode> List(string name, bool required = true)
    {
        var node = Node(name, required);
        if (node is null or YamlSequence) return (node as YamlSequence)?.Items ?? [];
        File.Report(node, Texts.ListExpected(name));
        return [];
    }

    /// <summary>A day of China's legal time. China has had no summer time since 1991, so a day begins at UTC+8 whatever the machine's zone.</summary>
    public DateTimeOffset Date(string name)
    {
        if (Scalar(name) is not { } scalar) return default;
        if (DateOnly.TryParseExact(scalar.Text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)) return LegalTime.StartOf(date);
        File.Report(scalar, Texts.DateExpected(name));
        return default;
    }

    public TimeSpan Duration(string name, TimeSpan absent, bool required = true)
    {
        if (Scalar(name, required) is not { } scalar) return absent;
        if (Durations.TryParse(scalar.Text, out var duration)) return duration;
        File.Report(scalar, Texts.DurationExpected(name));
        return absent;
    }

    /// <summary>Reports every key that nothing has asked for.</summary>
    public void Close()
    {
        foreach (var (key, _) in mapping.Entries)
            if (!read.Contains(key.Text)) File.Report(key, Texts.UnknownKey(key.Text, string.Join(", ", read)));
    }

    public static bool TryNumber(YamlScalar scalar, out double value)
    {
        value = 0;
        return scalar.Style == ScalarStyle.Plain && double.TryParse(scalar.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && double.IsFinite(value);
    }

    private Template OneTemplate(string name, Scope scope, Slots slots)
    {
        if (Scalar(name) is not { } scalar) return Expressions.Template.Empty;
        var template = Expressions.Template.Parse(scalar.Text.TrimEnd(), scope, slots, out var problems);
        foreach (var problem in problems) File.Report(scalar, problem.Offset, problem.What);
        return template;
    }
}

/// <summary>Days and times of China's legal time, UTC+8.</summary>
internal static class LegalTime
{
    public static readonly TimeSpan Offset = TimeSpan.FromHours(8);

    public static DateTimeOffset StartOf(DateOnly date) => new(date.ToDateTime(TimeOnly.MinValue), Offset);

    public static DateOnly DayOf(DateTimeOffset at) => DateOnly.FromDateTime(at.ToOffset(Offset).DateTime);
}

/// <summary>Durations as rules write them: <c>500ms</c>, <c>10s</c>, <c>5m</c>, <c>1h</c>.</summary>
internal static class Durations
{
    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = default;
        var digits = 0;
        while (digits < text.Length && (char.IsAsciiDigit(text[digits]) || text[digits] == '.')) digits++;
        double? seconds = text[digits..] switch { "ms" => 0.001, "s" => 1, "m" => 60, "h" => 3600, _ => null };
        if (seconds is not { } unit || !double.TryParse(text.AsSpan(0, digits), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)) return false;
        if (value * unit > 366 * 86400.0) return false;
        duration = TimeSpan.FromSeconds(value * unit);
        return true;
    }
}
