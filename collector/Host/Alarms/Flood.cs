using SignalWatch.Contracts;

namespace SignalWatch.Collector.Alarms;

/// <summary>More alarms than a person can take in: begins above 10 within 10 minutes, ends below 5 (ISA-18.2). Then the wall shows groups, and only new P1 sounds.</summary>
internal sealed class Flood
{
    /// <summary>Above so many within ten minutes it begins.</summary>
    public const int Begins = 10;

    /// <summary>Below so many it ends.</summary>
    public const int Ends = 5;

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Remembered = TimeSpan.FromDays(1);

    private readonly Queue<DateTimeOffset> raised = new();

    /// <summary>How it is; replaced whole, read by all.</summary>
    public FloodState State { get; private set; } = new(null, 0);

    /// <summary>Goes through the raises of what is stored, after a start: a flood that goes on began when it began, not when the collector came back.</summary>
    public void Begin(IEnumerable<AlarmRecord> stored, DateTimeOffset now)
    {
        raised.Clear();
        State = new(null, 0);
        foreach (var at in stored.Where(a => a.Origin == Origin.Live).SelectMany(a => a.RecentRaises).Where(at => at > now - Remembered && at <= now).Order()) Count(at);
        Advance(now);
    }

    /// <summary>An alarm was raised that calls for somebody.</summary>
    public void Count(DateTimeOffset now)
    {
        raised.Enqueue(now);
        Advance(now);
    }

    /// <summary>Time went on.</summary>
    public void Advance(DateTimeOffset now)
    {
        while (raised.TryPeek(out var oldest) && now - oldest > Window) raised.Dequeue();
        var since = State.Since is null ? raised.Count > Begins ? now : (DateTimeOffset?)null : raised.Count < Ends ? null : State.Since;
        if (since != State.Since || raised.Count != State.Count) State = new(since, raised.Count);
    }
}
