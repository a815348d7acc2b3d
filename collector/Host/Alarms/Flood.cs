using SignalWatch.Contracts;

namespace SignalWatch.Collector.Alarms;

/// <summary>More alarms than a person can take in: begins above 10 within 10 minutes, ends below 5 (ISA-18.2). Then the wall shows groups, and only new P1 sounds.</summary>
internal sealed class Flood
{
    private const int Begins = 10;
    private const int Ends = 5;
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(10);

    private readonly Queue<DateTimeOffset> raised = new();

    /// <summary>How it is; replaced whole, read by all.</summary>
    public FloodState State { get; private set; } = new(null, 0);

    /// <summary>Begins with the raises of what is stored, after a start.</summary>
    public void Begin(IEnumerable<AlarmRecord> stored, DateTimeOffset now)
    {
        raised.Clear();
        foreach (var at in stored.Where(a => a.Origin == Origin.Live).SelectMany(a => a.RecentRaises).Where(at => at > now - Window).Order()) raised.Enqueue(at);
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
