namespace SignalWatch.Fm.Rds;

/// <summary>The clock of a station, sent in the moment when a minute begins (group 4A, EN 50067 §3.1.5.6 and annex G).</summary>
internal sealed class RdsClock
{
    // 1 March 1900 to the last that 17 bits hold: annex G's own range.
    private const int FirstDay = 15_079;
    private const int EpochDay = 40_587; // 1970-01-01 as a modified Julian day

    // Two clocks fit where the time between them is that between their groups, to a minute.
    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(1.5);
    private const double GroupsEachMinute = 60 * 1187.5 / 104;

    private DateTimeOffset? candidate;
    private long candidateTime;

    /// <summary>The last clock that was believed.</summary>
    public DateTimeOffset? Time { get; private set; }

    /// <summary>Takes a clock.</summary>
    /// <param name="clock">The clock.</param>
    /// <param name="corrected">A block of it was corrected: it needs a second one that fits.</param>
    /// <param name="time">Groups since some beginning.</param>
    public void Accept(DateTimeOffset clock, bool corrected, long time)
    {
        var fits = candidate is { } before && (clock - before - TimeSpan.FromMinutes((time - candidateTime) / GroupsEachMinute)).Duration() < Tolerance;
        if (!corrected || fits) Time = clock;
        (candidate, candidateTime) = (clock, time);
    }

    public void Clear() => (Time, candidate) = (null, null);

    /// <summary>The clock of a group 4A, local time with its offset; null where a block is missing or there is no such time.</summary>
    public static DateTimeOffset? Of(in RdsGroup group)
    {
        if (group.B is not { } b || group.C is not { } c || group.D is not { } d) return null;
        var day = (b & 3) << 15 | c >> 1;
        var hour = (c & 1) << 4 | d >> 12;
        var minute = d >> 6 & 63;
        var offset = TimeSpan.FromMinutes((d & 31) * ((d >> 5 & 1) != 0 ? -30 : 30));
        if (day < FirstDay || hour > 23 || minute > 59 || offset.Duration() > TimeSpan.FromHours(14)) return null;
        var utc = DateTimeOffset.UnixEpoch.AddDays(day - EpochDay).AddHours(hour).AddMinutes(minute);
        return utc.ToOffset(offset);
    }
}
