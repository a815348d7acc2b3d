using System.Text.Json.Serialization;

namespace SignalWatch.Simulation;

/// <summary>A stretch of each virtual day: either <c>from</c>–<c>to</c> by the clock on the wall (over midnight where <c>to</c> is earlier),
/// or <c>for</c> so long in <c>every</c> period, beginning <c>at</c> into it; periods are counted from midnight.</summary>
internal sealed record Window
{
    public TimeOnly? From { get; init; }
    public TimeOnly? To { get; init; }
    public TimeSpan? Every { get; init; }
    public TimeSpan? At { get; init; }
    public TimeSpan? For { get; init; }

    /// <summary>True where the window is one of the two shapes, and makes sense.</summary>
    [JsonIgnore]
    public bool IsValid => IsDaily || IsPeriodic;

    private bool IsDaily => this is { From: { } from, To: { } to, Every: null, At: null, For: null } && from != to;

    private bool IsPeriodic => this is { From: null, To: null, Every: { } every, For: { } length }
        && every > TimeSpan.Zero && every <= TimeSpan.FromDays(1) && length > TimeSpan.Zero && length <= every && (At ?? TimeSpan.Zero) >= TimeSpan.Zero && (At ?? TimeSpan.Zero) < every;

    /// <summary>The beginning of the stretch that <paramref name="at"/> lies in, or null where it lies in none.</summary>
    public DateTimeOffset? StartAround(DateTimeOffset at)
    {
        var midnight = new DateTimeOffset(at.Date, at.Offset);
        var time = at - midnight;
        if (From is { } from && To is { } to)
        {
            if (from < to) return time >= from.ToTimeSpan() && time < to.ToTimeSpan() ? midnight + from.ToTimeSpan() : null;
            if (time >= from.ToTimeSpan()) return midnight + from.ToTimeSpan();
            return time < to.ToTimeSpan() ? midnight.AddDays(-1) + from.ToTimeSpan() : null;
        }
        var (every, into, length) = (Every!.Value, At ?? TimeSpan.Zero, For!.Value);
        var since = new TimeSpan((((time - into).Ticks % every.Ticks) + every.Ticks) % every.Ticks);
        return since < length ? at - since : null;
    }
}

/// <summary>Questions to a list of windows.</summary>
internal static class Schedule
{
    /// <summary>A thing without windows is on all day.</summary>
    public static bool IsOn(this IReadOnlyList<Window>? windows, DateTimeOffset at) => windows is null || windows.IsWithin(at);

    /// <summary>True inside any of the windows.</summary>
    public static bool IsWithin(this IReadOnlyList<Window> windows, DateTimeOffset at)
    {
        for (var i = 0; i < windows.Count; i++)
            if (windows[i].StartAround(at) is not null) return true;
        return false;
    }
}
