using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using SignalWatch.Contracts;

namespace SignalWatch.Rules;

/// <summary>One change that was made to a pack to see whether a test notices.</summary>
/// <param name="File">The file, <c>parameters/fm.yaml</c>.</param>
/// <param name="Line">Its line, from 1.</param>
/// <param name="Before">What stood there.</param>
/// <param name="After">What stood there for the trial.</param>
/// <param name="IsKilled">A test failed, as it should.</param>
public sealed record PackMutant(string File, int Line, string Before, string After, bool IsKilled);

/// <summary>Changes each threshold, operator and duration of a pack, one at a time, and runs the tests of the rules that it concerns: a limit that no test holds in place can be wrong without anybody noticing.</summary>
public static partial class PackMutation
{
    /// <summary>Runs all mutants. A change that makes the pack unreadable is no mutant.</summary>
    /// <param name="folder">The folder of a pack whose tests pass; nothing in it is changed.</param>
    /// <exception cref="ProblemException"><c>rules.pack-invalid</c>, or <c>rules.tests-fail</c> where they fail without any change.</exception>
    public static IReadOnlyList<PackMutant> Run(string folder)
    {
        var pack = RulePack.Load(folder);
        if (!PackTestRun.Run(pack).All(r => r.Passed)) throw new ProblemException(Texts.TestsFail(folder));
        var files = RulePack.ReadFiles(folder, [])!;
        var mutants = new List<PackMutant>();
        foreach (var (name, content) in files.ToList())
        {
            if (!name.StartsWith("parameters/", StringComparison.Ordinal) && !name.StartsWith("rules/", StringComparison.Ordinal)) continue;
            var text = Encoding.UTF8.GetString(content);
            foreach (var change in ChangesOf(name, text))
            {
                files[name] = Encoding.UTF8.GetBytes(text[..change.At] + change.After + text[(change.At + change.Before.Length)..]);
                if (RulePack.Read(files, []).Pack is not { } mutated) continue;
                var killed = PackTestRun.Run(mutated, rule => Concerns(change, rule)).Any(r => !r.Passed);
                mutants.Add(new(name, 1 + text.AsSpan(0, change.At).Count('\n'), change.Before, change.After, killed));
            }
            files[name] = content;
        }
        return mutants;
    }

    private static bool Concerns(Change change, Rule rule) => change.Rule is { } id ? rule.Id.Value == id : rule.Reads.Contains($"parameters.{change.Parameter}");

    private static IEnumerable<Change> ChangesOf(string file, string text)
    {
        if (file.StartsWith("parameters/", StringComparison.Ordinal))
        {
            foreach (Match value in ValueOfParameter().Matches(text))
                foreach (var after in Neighbours(value.Groups[1].Value))
                    yield return new(value.Groups[1].Index, value.Groups[1].Value, after, null, LastBefore(NameOfParameter(), text, value.Index));
            yield break;
        }
        foreach (Match limit in LimitOfRule().Matches(text))
            foreach (var after in Neighbours(limit.Groups[1].Value))
                yield return new(limit.Groups[1].Index, limit.Groups[1].Value, after, LastBefore(IdOfRule(), text, limit.Index), null);
        foreach (Match condition in ConditionOfRule().Matches(text))
            foreach (Match sign in Operator().Matches(condition.Value))
                yield return new(condition.Index + sign.Index, sign.Value, Opposite(sign.Value), LastBefore(IdOfRule(), text, condition.Index), null);
    }

    // One unit of the last digit either way: the smallest change that a person would make by mistake.
    private static IEnumerable<string> Neighbours(string number)
    {
        var value = decimal.Parse(number, NumberStyles.Number, CultureInfo.InvariantCulture);
        var step = new decimal(1, 0, 0, false, value.Scale);
        yield return (value + step).ToString(CultureInfo.InvariantCulture);
        if (value - step > 0 || value < 0) yield return (value - step).ToString(CultureInfo.InvariantCulture);
    }

    private static string Opposite(string sign) => sign switch
    {
        ">=" => ">",
        ">" => ">=",
        "<=" => "<",
        "<" => "<=",
        "==" => "!=",
        "!=" => "==",
        "&&" => "||",
        _ => "&&",
    };

    private static string? LastBefore(Regex regex, string text, int index) => regex.Matches(text[..index]).LastOrDefault()?.Groups[1].Value;

    [GeneratedRegex(@"\bvalue: *(-?[0-9]{1,15}(?:\.[0-9]{1,9})?)\b", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant)]
    private static partial Regex ValueOfParameter();

    [GeneratedRegex(@"\bname: *([a-z0-9_]+)", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant)]
    private static partial Regex NameOfParameter();

    [GeneratedRegex(@"\b(?:for|clearAfter|after|within|atLeast): *([0-9]{1,9})", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant)]
    private static partial Regex LimitOfRule();

    [GeneratedRegex(@"^(?:- )?(?:  )?id: *([A-Za-z0-9.-]+)", RegexOptions.NonBacktracking | RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex IdOfRule();

    // The condition's line, and those after it that are indented deeper than a key of a rule can be.
    [GeneratedRegex(@"^ *(?:- )?when:.*\n(?:    .*\n)*", RegexOptions.NonBacktracking | RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex ConditionOfRule();

    [GeneratedRegex("[<>]=?|[!=]=|&&|[|][|]", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant)]
    private static partial Regex Operator();

    private readonly record struct Change(int At, string Before, string After, string? Rule, string? Parameter);
}
