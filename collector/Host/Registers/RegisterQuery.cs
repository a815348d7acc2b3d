namespace SignalWatch.Collector.Registers;

/// <summary>Looks into registers as of a day and as of what was known.</summary>
internal static class RegisterQuery
{
    /// <summary>The rows that hold.</summary>
    /// <param name="state">All registers.</param>
    /// <param name="type">Which.</param>
    /// <param name="known">As it was known then.</param>
    /// <param name="day">On this day; null for all days.</param>
    public static IEnumerable<(string Key, Segment Segment)> Rows(RegisterState state, string type, KnownPoint known, DateOnly? day) =>
        state.Tables[type].Values.SelectMany(e => e.AsOf(known).Where(s => day is not { } on || s.IsValid(on)).Select(s => (e.Key, s)));

    /// <summary>What is not the same at two points of known time, by key.</summary>
    public static IEnumerable<(string Key, Segment[] Before, Segment[] After)> Differences(RegisterState state, string type, KnownPoint before, KnownPoint after)
    {
        foreach (var (key, entry) in state.Tables[type])
        {
            var (old, now) = (entry.AsOf(before), entry.AsOf(after));
            if (!Timeline.IsSame(old, now)) yield return (key, old, now);
        }
    }

    /// <summary>The last act that was known at a point; 0 for none.</summary>
    public static int LastAct(RegisterState state, string type, KnownPoint known) => state.Acts[type].LastOrDefault(a => known.Includes(a.Number, a.At))?.Number ?? 0;
}
