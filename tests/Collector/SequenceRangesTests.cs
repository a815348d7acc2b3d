using FsCheck;
using FsCheck.Fluent;
using SignalWatch.Collector.Journal;

namespace SignalWatch.Collector.Tests;

public sealed class SequenceRangesTests
{
    [Fact]
    public void Equals_a_set_whatever_the_order()
    {
        Prop.ForAll(Gen.Choose(1, 40).ListOf().ToArbitrary(), numbers =>
        {
            var (ranges, set) = (new SequenceRanges(), new SortedSet<long>());
            foreach (var number in numbers)
                if (ranges.Add(number) != set.Add(number)) return false;
            var back = SequenceRanges.Parse(ranges.ToString());
            var stored = back.Runs.SelectMany(r => Enumerable.Range((int)r.From, (int)r.Count)).Select(n => (long)n).ToList();
            var missing = back.Missing().SelectMany(r => Enumerable.Range((int)r.From, (int)r.Count)).Select(n => (long)n);
            var apart = back.Runs.Zip(back.Runs.Skip(1)).All(pair => pair.First.To + 1 < pair.Second.From);
            return stored.SequenceEqual(set) && ranges.Count == set.Count && apart
                && missing.SequenceEqual(set.Count == 0 ? [] : Enumerable.Range(1, (int)set.Max).Select(n => (long)n).Where(n => !set.Contains(n)));
        }).QuickCheckThrowOnFailure();
    }
}
