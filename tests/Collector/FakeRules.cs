using System.Globalization;
using System.Text;
using SignalWatch.Collector.Evaluation;
using SignalWatch.Contracts;

namespace SignalWatch.Collector.Tests;

/// <summary>Rules small enough to predict: a modulated carrier that is in no register is a violation at once, one that is off air complies; after 30 s without data it is undetermined.
/// A subject "fault" makes the engine throw.</summary>
internal sealed class FakeRules : IRuleSet
{
    public static readonly RuleId Rule = new("FM-01");

    public PackIdentity Pack { get; } = new("fake", "1", new string('a', 64), new("假规则", "fake rules"));

    public ILicenceRegister EmptyRegister { get; } = new FakeRegister([], "");

    public RegisterImport ImportFm(byte[] csv, bool keepGood)
    {
        var lines = Encoding.UTF8.GetString(csv).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var problems = new List<RegisterRowProblem>();
        var entries = new List<RegisterEntry>();
        for (var i = 1; i < lines.Length; i++)
        {
            var cells = lines[i].Split(',');
            if (cells.Length == 2 && long.TryParse(cells[0], CultureInfo.InvariantCulture, out var hz)) entries.Add(new(hz, "", CarrierClass.Licensed, cells[1], "licensee", null));
            else problems.Add(new(i + 1, 1, "frequency_hz", new("频率无效", "not a frequency")));
        }
        var refused = problems.Count > 0 && !keepGood;
        return new(refused ? null : new FakeRegister(entries, $"{entries.Count}"), lines.Length - 1, entries.Count, problems);
    }

    public IRuleEvaluator CreateEvaluator(ILicenceRegister register, string build) => new Engine(register, build);

    private sealed record FakeRegister(IReadOnlyList<RegisterEntry> Entries, string Digest) : ILicenceRegister
    {
        public RegisterEntry? Find(string area, long frequencyHz, DateTimeOffset at) => Entries.FirstOrDefault(e => Math.Abs(e.FrequencyHz - frequencyHz) <= 50_000);
    }

    private sealed class Engine(ILicenceRegister register, string build) : IRuleEvaluator
    {
        private readonly Dictionary<string, (string Result, DateTimeOffset At, long Count)> subjects = [];
        private readonly HashSet<string> changed = [];

        public IReadOnlyList<Verdict> Observe(Observation o, DateTimeOffset received)
        {
            if (o.Subject.Key == "fault") throw new InvalidOperationException("the fake engine was asked to fail");
            if (o.Kind != Vocabulary.FmCarrier.Name || register.Find("", (long)(o.Facts.Number("frequency_hz") ?? 0), o.At) is not null) return [];
            var before = subjects.GetValueOrDefault(o.Subject.Key);
            var onAir = o.Facts.Flag("on_air") == true;
            subjects[o.Subject.Key] = (onAir ? "violation" : "compliant", o.At, onAir ? before.Count + 1 : 0);
            changed.Add(o.Subject.Key);
            if (!onAir && before.Result is null) return [];
            return [Make(o.Subject, onAir ? VerdictResult.Violation : VerdictResult.Compliant, o.At, [o.Probe], Math.Max(1, subjects[o.Subject.Key].Count), o.Origin)];
        }

        public IReadOnlyList<Verdict> Advance(DateTimeOffset now)
        {
            var silent = subjects.Where(s => s.Value.Result == "violation" && now - s.Value.At > TimeSpan.FromSeconds(30)).ToList();
            foreach (var (key, value) in silent)
            {
                subjects[key] = value with { Result = "undetermined" };
                changed.Add(key);
            }
            return [.. silent.Select(s => Make(new(SubjectKind.Frequency, s.Key), VerdictResult.Undetermined, now, [], 1, Origin.Live))];
        }

        public void Resume(DateTimeOffset now)
        {
            foreach (var (key, value) in subjects.ToList()) subjects[key] = value with { At = now };
        }

        public IEnumerable<(string Key, string? Json)> TakeChangedState()
        {
            var taken = changed.Select(k => (k, (string?)string.Create(CultureInfo.InvariantCulture, $"{subjects[k].Result}|{subjects[k].At:O}|{subjects[k].Count}"))).ToList();
            changed.Clear();
            return taken;
        }

        public IReadOnlyList<string> Restore(IEnumerable<(string Key, string Json)> state)
        {
            foreach (var (key, json) in state)
            {
                var parts = json.Split('|');
                subjects[key] = (parts[0], DateTimeOffset.Parse(parts[1], CultureInfo.InvariantCulture), long.Parse(parts[2], CultureInfo.InvariantCulture));
            }
            return [];
        }

        private Verdict Make(Subject subject, VerdictResult result, DateTimeOffset at, IReadOnlyList<ProbeId> witnesses, long occurrences, Origin origin) =>
            Verdicts.Of(Rule, subject, result, at, witnesses, occurrences, origin) with { Build = build };
    }
}

/// <summary>Verdicts as tests need them.</summary>
internal static class Verdicts
{
    public static Verdict Of(RuleId rule, Subject subject, VerdictResult result, DateTimeOffset at, IReadOnlyList<ProbeId>? witnesses = null, long occurrences = 1, Origin origin = Origin.Live, int severity = 2) => new()
    {
        Id = $"{rule}|{subject}|{result}|{at:O}|{occurrences}",
        Rule = rule,
        RuleVersion = 1,
        Subject = subject,
        Result = result,
        Severity = severity,
        Title = new("疑似黑广播", "suspected pirate"),
        Sentence = new($"{result}", $"{result} at {at:O}"),
        Since = at,
        At = at,
        Inputs = [new("level_dbm", Fact.Of(-40.5), "dBm", "GZ-03", at)],
        Measured = new("level_dbm", Fact.Of(-40.5), "dBm", "GZ-03", at),
        Witnesses = witnesses ?? [],
        Occurrences = occurrences,
        Origin = origin,
        Pack = "fake@1",
        PackDigest = "",
        RegisterDigest = "",
        Build = "test",
    };
}
