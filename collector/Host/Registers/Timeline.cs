namespace SignalWatch.Collector.Registers;

/// <summary>What holds of one thing from one day to another.</summary>
/// <param name="From">First day; the smallest there is for always.</param>
/// <param name="To">Last day, inclusive; the largest there is for ever.</param>
/// <param name="Cells">The cells, in the order of the schema's columns; empty text for none.</param>
internal sealed record Segment(DateOnly From, DateOnly To, string[] Cells)
{
    /// <summary>True on the days of its validity.</summary>
    public bool IsValid(DateOnly day) => From <= day && day <= To;

    /// <summary>The same cells on the same days.</summary>
    public bool IsSame(Segment other) => From == other.From && To == other.To && Cells.AsSpan().SequenceEqual(other.Cells);
}

/// <summary>What holds of one thing over all days: segments in order, none overlapping, and no two that touch with the same cells. So two timelines that say the same are the same.</summary>
internal static class Timeline
{
    /// <summary>A row takes the place of every segment that it overlaps, from a day on: a licence that now ends earlier ends earlier, and one that follows another leaves the other as it is.</summary>
    /// <param name="timeline">What held.</param>
    /// <param name="row">What holds now on the row's own days.</param>
    /// <param name="since">Before this day everything stays as it was.</param>
    public static Segment[] Put(IReadOnlyList<Segment> timeline, Segment row, DateOnly since)
    {
        if (row.To < since || row.To < row.From) return [.. timeline];
        var (kept, put) = (new List<Segment>(timeline.Count + 1), row.From < since ? row with { From = since } : row);
        foreach (var segment in timeline)
        {
            if (segment.To < put.From || segment.From > put.To) kept.Add(segment);
            else if (segment.From < since) kept.Add(segment with { To = since.AddDays(-1) });
        }
        kept.Add(put);
        return Joined(kept);
    }

    /// <summary>Nothing holds any more from a day on.</summary>
    public static Segment[] Cut(IReadOnlyList<Segment> timeline, DateOnly since) =>
        [.. timeline.Where(s => s.From < since).Select(s => s.To < since ? s : s with { To = since.AddDays(-1) })];

    /// <summary>What holds on a day; null where nothing does.</summary>
    public static Segment? At(IReadOnlyList<Segment> timeline, DateOnly day) => timeline.FirstOrDefault(s => s.IsValid(day));

    /// <summary>They say the same.</summary>
    public static bool IsSame(IReadOnlyList<Segment> one, IReadOnlyList<Segment> other)
    {
        if (one.Count != other.Count) return false;
        for (var i = 0; i < one.Count; i++)
            if (!one[i].IsSame(other[i])) return false;
        return true;
    }

    private static Segment[] Joined(List<Segment> segments)
    {
        segments.Sort((a, b) => a.From.CompareTo(b.From));
        var joined = new List<Segment>(segments.Count);
        foreach (var segment in segments)
        {
            if (joined.Count > 0 && joined[^1] is var last && last.To < segment.From && last.To.AddDays(1) == segment.From && last.Cells.AsSpan().SequenceEqual(segment.Cells))
                joined[^1] = last with { To = segment.To };
            else joined.Add(segment);
        }
        return [.. joined];
    }
}
