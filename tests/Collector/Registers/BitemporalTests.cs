using SignalWatch.Collector.Registers;

namespace SignalWatch.Collector.Tests.Registers;

/// <summary>Two times at once, against a model that keeps for every act, key and day what was known.</summary>
public sealed class BitemporalTests
{
    private const int Days = 40, Keys = 4;
    private static readonly DateOnly First = new(2026, 1, 1);
    private static readonly DateTimeOffset Start = new(2026, 3, 14, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void As_of_any_act_and_any_day_it_is_what_a_naive_model_says()
    {
        for (var seed = 0; seed < 400; seed++)
        {
            var random = new Random(seed);
            var state = RegisterState.Empty;
            var model = new List<string?[,]> { new string?[Keys, Days] };
            for (var act = 1; act <= 12; act++)
            {
                var (kind, since) = (random.Next(3) == 0 ? ImportKind.Replace : ImportKind.Add, random.Next(3) == 0 ? random.Next(Days) : 0);
                var rows = Draw(random);
                var csv = "lexicon,term,basis,valid_from,valid_to\n" + string.Concat(rows.Select(r => $"库,词{r.Key},{r.Value},{(r.From == 0 ? "" : Day(r.From))},{(r.To == Days - 1 ? "" : Day(r.To))}\n"));
                var file = RegisterFile.Read(RegisterSchemas.Find("lexicons")!, System.Text.Encoding.UTF8.GetBytes(csv), Areas.BuiltIn);
                var plan = ImportPlan.Of(file, state.Tables["lexicons"], new(kind, since == 0 ? DateOnly.MinValue : First.AddDays(since), SkipsBad: false));
                if ((plan.Refusal is null) != (rows.Count > 0)) throw new InvalidOperationException(string.Join(' ', file.Problems.Select(p => p.What.En)));
                var changes = rows.Count == 0 ? [] : plan.Changes; // an empty file is refused
                state = state.With(Act(act, changes.Count), changes);
                model.Add(rows.Count == 0 ? model[^1] : Naive(model[^1], rows, kind, since));
var (was, now) = (model[^2], model[^1]);
                changes.Where(c => Enumerable.Range(0, Days).All(d => now[c.Key.Last() - '0', d] == was[c.Key.Last() - '0', d])).Should().BeEmpty($"seed {seed} act {act}: what does not change is not written");
            }
            for (var act = 0; act < model.Count; act++)
                for (var key = 0; key < Keys; key++)
                    for (var day = 0; day < Days; day++)
                    {
                        var point = random.Next(2) == 0 ? new KnownPoint(act, null) : new KnownPoint(null, Start.AddHours(act).AddMinutes(30));
                        var found = state.Tables["lexicons"].TryGetValue($"库|词{key}", out var entry) ? Timeline.At(entry.AsOf(point), First.AddDays(day))?.Cells[3] : null;
                        if (found != model[act][key, day]) found.Should().Be(model[act][key, day], $"seed {seed}, act {act}, key {key}, day {day}");
                    }
        }
    }

    private static RegisterAct Act(int number, int changes) => new("lexicons", number, RegisterVerb.Import, "", Start.AddHours(number), changes);

    private static string Day(int day) => First.AddDays(day).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);

    private static List<(int Key, string Value, int From, int To)> Draw(Random random)
    {
        var rows = new List<(int Key, string Value, int From, int To)>();
        for (var i = random.Next(5); i > 0; i--)
        {
            var (key, a, b) = (random.Next(Keys), random.Next(Days), random.Next(Days));
            var (from, to) = random.Next(4) == 0 ? (0, Days - 1) : (Math.Min(a, b), Math.Max(a, b));
            if (rows.All(r => r.Key != key || r.To < from || to < r.From)) rows.Add((key, $"v{random.Next(3)}", from, to));
        }
        return rows;
    }

    /// <summary>Day by day. A run of equal days is one row of before; a new row clears each run that it touches, from <paramref name="since"/> on.</summary>
    private static string?[,] Naive(string?[,] before, List<(int Key, string Value, int From, int To)> rows, ImportKind kind, int since)
    {
        var after = (string?[,])before.Clone();
        if (kind == ImportKind.Replace)
            for (var key = 0; key < Keys; key++)
                for (var day = since; day < Days; day++) after[key, day] = null;
        foreach (var (key, value, from, to) in rows)
        {
            if (to < since) continue;
            var (first, run) = (Math.Max(from, since), Runs(after, key));
            var touched = Enumerable.Range(first, to - first + 1).Where(d => after[key, d] is not null).Select(d => run[d]).ToHashSet();
            for (var day = since; day < Days; day++)
                if (after[key, day] is not null && touched.Contains(run[day])) after[key, day] = null;
            for (var day = first; day <= to; day++) after[key, day] = value;
        }
        return after;
    }

    private static int[] Runs(string?[,] table, int key)
    {
        var runs = new int[Days];
        for (var day = 1; day < Days; day++) runs[day] = runs[day - 1] + (table[key, day] == table[key, day - 1] ? 0 : 1);
        return runs;
    }
}
