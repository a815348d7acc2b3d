using System.Text.RegularExpressions;

namespace SignalWatch.Rules.Expressions;

/// <summary>A function of one or two arguments; of a member, the target is the first. The types are those that the first and the second may have; none where any may be.</summary>
internal sealed record Function(ExpressionType Result, ExpressionType[] First, ExpressionType[] Second, Func<Value, Value, Value> Apply, long Cost = 0)
{
    /// <summary>The same function, prepared for a second argument that does not change; only patterns gain by it.</summary>
    public Function With(Value second) => Apply != Functions.Matches || second.Kind != ValueKind.Text ? this
        : Functions.Pattern(second.AsText) is { } pattern ? this with { Apply = (text, _) => Functions.IsMatch(text, pattern), Cost = 0 } : this;
}

/// <summary>The standard functions (CEL specification, "Standard definitions").</summary>
internal static class Functions
{
    // Making an automaton costs far more than matching a short text.
    private const long PatternCost = 2_000;
    private const int MaxPattern = 512;

    public static readonly Func<Value, Value, Value> Matches = (text, pattern) =>
        text.Kind != ValueKind.Text || pattern.Kind != ValueKind.Text ? Value.Of(Fault.NoOverload)
        : Pattern(pattern.AsText) is { } made ? IsMatch(text, made) : Value.Of(Fault.BadConversion);

    private static readonly ExpressionType[] Texts = [ExpressionType.Text];
    private static readonly ExpressionType[] Times = [ExpressionType.Timestamp];
    private static readonly ExpressionType[] TimesOrDurations = [ExpressionType.Timestamp, ExpressionType.Duration];

    private static readonly Function Size = new(ExpressionType.Integer, [ExpressionType.Text, ExpressionType.List, ExpressionType.Map, ExpressionType.Bytes], [], (a, _) => Conversions.Size(a));
    private static readonly Function MatchesFunction = new(ExpressionType.Boolean, Texts, Texts, Matches, PatternCost);

    private static readonly Dictionary<string, Function> Globals = new(StringComparer.Ordinal)
    {
        ["size"] = Size,
        ["matches"] = MatchesFunction,
        ["type"] = new(ExpressionType.Type, [], [], (a, _) => Value.OfType(TypeNames.Of(a))),
        ["dyn"] = new(ExpressionType.Any, [], [], (a, _) => a),
        ["int"] = new(ExpressionType.Integer, [ExpressionType.Integer, ExpressionType.Unsigned, ExpressionType.Real, ExpressionType.Text, ExpressionType.Timestamp], [], (a, _) => Conversions.ToInteger(a)),
        ["uint"] = new(ExpressionType.Unsigned, [ExpressionType.Unsigned, ExpressionType.Integer, ExpressionType.Real, ExpressionType.Text], [], (a, _) => Conversions.ToUnsigned(a)),
        ["double"] = new(ExpressionType.Real, [ExpressionType.Real, ExpressionType.Integer, ExpressionType.Unsigned, ExpressionType.Text], [], (a, _) => Conversions.ToReal(a)),
        ["bool"] = new(ExpressionType.Boolean, [ExpressionType.Boolean, ExpressionType.Text], [], (a, _) => Conversions.ToBoolean(a)),
        ["bytes"] = new(ExpressionType.Bytes, [ExpressionType.Bytes, ExpressionType.Text], [], (a, _) => Conversions.ToBytes(a)),
        ["string"] = new(ExpressionType.Text, [ExpressionType.Text, ExpressionType.Integer, ExpressionType.Unsigned, ExpressionType.Real, ExpressionType.Boolean, ExpressionType.Bytes, ExpressionType.Timestamp, ExpressionType.Duration], [], (a, _) => Conversions.ToText(a)),
        ["timestamp"] = new(ExpressionType.Timestamp, [ExpressionType.Timestamp, ExpressionType.Text, ExpressionType.Integer], [], (a, _) => Conversions.ToTimestamp(a)),
        ["duration"] = new(ExpressionType.Duration, [ExpressionType.Duration, ExpressionType.Text], [], (a, _) => Conversions.ToDuration(a)),
    };

    private static readonly Dictionary<string, Function> Members = new(StringComparer.Ordinal)
    {
        ["startsWith"] = new(ExpressionType.Boolean, Texts, Texts, (a, b) => OfTexts(a, b, static (t, p) => t.StartsWith(p, StringComparison.Ordinal))),
        ["endsWith"] = new(ExpressionType.Boolean, Texts, Texts, (a, b) => OfTexts(a, b, static (t, p) => t.EndsWith(p, StringComparison.Ordinal))),
        ["contains"] = new(ExpressionType.Boolean, Texts, Texts, (a, b) => OfTexts(a, b, static (t, p) => t.Contains(p, StringComparison.Ordinal))),
        ["matches"] = MatchesFunction,
    };

    private static readonly string[] TimeParts =
        ["getDate", "getDayOfMonth", "getDayOfWeek", "getDayOfYear", "getFullYear", "getHours", "getMilliseconds", "getMinutes", "getMonth", "getSeconds"];

    /// <summary>Calls in zones look up a table of the zone's changes.</summary>
    private const long ZoneCost = 20;

    private static readonly Dictionary<string, (Function Utc, Function InZone)> OfTime = TimeParts.ToDictionary(part => part, part => (
        new Function(ExpressionType.Integer, part is "getHours" or "getMinutes" or "getSeconds" or "getMilliseconds" ? TimesOrDurations : Times, [], (a, _) => TimeFunctions.Part(part, a, null)),
        new Function(ExpressionType.Integer, Times, Texts, (a, zone) => zone.Kind == ValueKind.Text ? TimeFunctions.Part(part, a, zone.AsText) : Value.Of(Fault.NoOverload), ZoneCost)), StringComparer.Ordinal);

    /// <summary>All names, for messages.</summary>
    public static string Names { get; } = string.Join(", ", Globals.Keys.Concat(Members.Keys).Concat(TimeParts).Concat(["has", "all", "exists", "exists_one", "map", "filter"]).Distinct().Order(StringComparer.Ordinal));

    /// <summary>The function of that name that takes so many arguments (a target counts as one), or null.</summary>
    public static Function? Find(string name, bool isMember, int arguments)
    {
        if (isMember && name == "size" && arguments == 1) return Size;
        if (isMember && OfTime.TryGetValue(name, out var time)) return arguments switch { 1 => time.Utc, 2 => time.InZone, _ => null };
        var found = (isMember ? Members : Globals).GetValueOrDefault(name);
        return found is not null && arguments == (found.Second.Length > 0 ? 2 : 1) ? found : null;
    }

    /// <summary>Whether there is such a function, whatever its arguments.</summary>
    public static bool Exists(string name) => name == "has" || Globals.ContainsKey(name) || Members.ContainsKey(name) || OfTime.ContainsKey(name);

    /// <summary>A pattern that matches in linear time, without look-around and back references, as the specification wants of RE2; null where it is none.</summary>
    public static Regex? Pattern(string pattern)
    {
        if (pattern.Length > MaxPattern) return null;
        try
        {
            return new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (Exception refused) when (refused is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    public static Value IsMatch(Value text, Regex pattern) => text.Kind == ValueKind.Text ? Value.Of(pattern.IsMatch(text.AsText)) : Value.Of(Fault.NoOverload);

    private static Value OfTexts(Value a, Value b, Func<string, string, bool> test) =>
        a.Kind == ValueKind.Text && b.Kind == ValueKind.Text ? Value.Of(test(a.AsText, b.AsText)) : Value.Of(Fault.NoOverload);
}
