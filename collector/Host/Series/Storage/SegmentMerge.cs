namespace SignalWatch.Collector.Series.Storage;

/// <summary>Makes one file of several of the same window.</summary>
internal static class SegmentMerge
{
    /// <summary>How many files of a tier become one of the next.</summary>
    private const int Fan = 8;

    /// <summary>The next files worth merging: eight neighbours of a tier, or all of a window that is long closed.</summary>
    /// <param name="files">All files.</param>
    /// <param name="closedBeforeMs">Windows that end before it get no more values as a rule.</param>
    public static IReadOnlyList<SegmentName>? Next(IEnumerable<SegmentName> files, long closedBeforeMs)
    {
        foreach (var window in files.GroupBy(f => (f.Rollup, f.WindowMs)))
        {
            var ordered = window.OrderBy(f => f.From).ToList();
            if (ordered.Count < 2) continue;
            if (window.Key.WindowMs + window.Key.Rollup.WindowMs < closedBeforeMs && ordered.Count <= Fan) return ordered;
            for (var start = 0; start + Fan <= ordered.Count; start++)
                if (ordered.Skip(start).Take(Fan).All(f => f.Tier == ordered[start].Tier)) return ordered.GetRange(start, Fan);
            // Late values may leave a window without a run of one tier, and yet with many files.
            if (ordered.Count >= 4 * Fan) return ordered.GetRange(ordered.Count - Fan, Fan);
        }
        return null;
    }

    /// <summary>Writes their union. The files themselves stay.</summary>
    /// <exception cref="InvalidDataException">One of them is damaged.</exception>
    public static SegmentName Merge(string folder, IReadOnlyList<SegmentName> files)
    {
        var merged = new SegmentName(files[0].Rollup, files[0].WindowMs, files[0].From, files[^1].To, files.Max(f => f.Tier) + 1);
        var inputs = new List<Segment>();
        try
        {
            foreach (var file in files) inputs.Add(Segment.Open(Path.Combine(folder, file.File)));
            using var writer = new SegmentWriter(folder, merged);
            var at = new int[inputs.Count];
            var entries = inputs.Select(i => i.Series > 0 ? i.Entry(0) : (SegmentEntry?)null).ToArray();
            var cells = new List<Cell>();
            while (entries.Any(e => e is not null))
            {
                var id = entries.Min(e => e?.Id ?? int.MaxValue);
                cells.Clear();
                for (var i = 0; i < inputs.Count; i++)
                {
                    if (entries[i] is not { } entry || entry.Id != id) continue;
                    inputs[i].Read(entry, cells);
                    entries[i] = ++at[i] < inputs[i].Series ? inputs[i].Entry(at[i]) : null;
                }
                Cell.Settle(cells);
                writer.Add(id, cells);
            }
            writer.Finish();
            return merged;
        }
        finally
        {
            foreach (var input in inputs) input.Dispose();
        }
    }
}
