using System.Globalization;
using System.Text;

namespace SignalWatch.Collector.Journal;

/// <summary>The first and the last number of a run without a hole.</summary>
internal readonly record struct SequenceRange(long From, long To)
{
    public long Count => To - From + 1;
}

/// <summary>A set of sequence numbers as sorted, disjoint runs: what makes a duplicate known for ever at the price of a few bytes for each boot.</summary>
internal sealed class SequenceRanges
{
    private readonly List<SequenceRange> runs = [];

    /// <summary>The runs, ascending, never touching.</summary>
    public IReadOnlyList<SequenceRange> Runs => runs;

    /// <summary>How many numbers there are.</summary>
    public long Count => runs.Sum(r => r.Count);

    /// <summary>Adds a number.</summary>
    /// <returns>False where it was there already.</returns>
    public bool Add(long number)
    {
        var at = IndexOfFirstAfter(number);
        if (at > 0 && runs[at - 1].To >= number) return false;
        var joinsBefore = at > 0 && runs[at - 1].To == number - 1;
        var joinsAfter = at < runs.Count && runs[at].From == number + 1;
        switch (joinsBefore, joinsAfter)
        {
            case (true, true):
                runs[at - 1] = new(runs[at - 1].From, runs[at].To);
                runs.RemoveAt(at);
                break;
            case (true, false): runs[at - 1] = runs[at - 1] with { To = number }; break;
            case (false, true): runs[at] = runs[at] with { From = number }; break;
            default: runs.Insert(at, new(number, number)); break;
        }
        return true;
    }

    /// <summary>Adds the numbers of a run that are above <paramref name="after"/>.</summary>
    public void Add(SequenceRange run, long after)
    {
        var wanted = new SequenceRange(Math.Max(run.From, after + 1), run.To);
        if (wanted.Count <= 0) return;
        var (from, to) = (wanted.From, wanted.To);
        for (var at = runs.Count - 1; at >= 0; at--)
        {
            if (runs[at].To < from - 1) break;
            if (runs[at].From > to + 1) continue;
            (from, to) = (Math.Min(from, runs[at].From), Math.Max(to, runs[at].To));
            runs.RemoveAt(at);
        }
        runs.Insert(IndexOfFirstAfter(from), new(from, to));
    }

    /// <summary>Takes the numbers of a run out of the set, where they are in it.</summary>
    public void Remove(SequenceRange gone)
    {
        var at = Math.Max(0, IndexOfFirstAfter(gone.From) - 1);
        while (at < runs.Count && runs[at].From <= gone.To)
        {
            var run = runs[at];
            if (run.To < gone.From)
            {
                at++;
                continue;
            }
            runs.RemoveAt(at);
            if (run.From < gone.From) runs.Insert(at++, new(run.From, gone.From - 1));
            if (run.To > gone.To) runs.Insert(at++, new(gone.To + 1, run.To));
        }
    }

    /// <summary>True where all numbers of the run are in the set.</summary>
    public bool Has(SequenceRange run) => IndexOfFirstAfter(run.From) is var at and > 0 && runs[at - 1].To >= run.To;

    /// <summary>The runs that are missing from 1 to the last number.</summary>
    public IEnumerable<SequenceRange> Missing()
    {
        var expected = 1L;
        foreach (var run in runs)
        {
            if (run.From > expected) yield return new(expected, run.From - 1);
            expected = run.To + 1;
        }
    }

    /// <summary><c>1-57,60,62-64</c>.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var run in runs)
        {
            if (text.Length > 0) text.Append(',');
            text.Append(CultureInfo.InvariantCulture, $"{run.From}");
            if (run.To != run.From) text.Append(CultureInfo.InvariantCulture, $"-{run.To}");
        }
        return text.ToString();
    }

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    public static SequenceRanges Parse(string text)
    {
        var ranges = new SequenceRanges();
        foreach (var part in text.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            var ends = part.Split('-');
            var from = long.Parse(ends[0], CultureInfo.InvariantCulture);
            ranges.runs.Add(new(from, ends.Length > 1 ? long.Parse(ends[1], CultureInfo.InvariantCulture) : from));
        }
        return ranges;
    }

    private int IndexOfFirstAfter(long number)
    {
        // The newest run is asked first: numbers nearly always arrive in order.
        if (runs.Count == 0 || runs[^1].From <= number) return runs.Count;
        var (low, high) = (0, runs.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (runs[middle].From <= number) low = middle + 1; else high = middle;
        }
        return low;
    }
}
