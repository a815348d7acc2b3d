namespace SignalWatch.Tests;

/// <summary>A clock that stands still until a test moves it. Timers fire, in order of their due time, while it moves.</summary>
internal sealed class ManualTime(DateTimeOffset start) : TimeProvider
{
    private readonly List<ManualTimer> timers = [];
    private readonly Lock gate = new();
    private DateTimeOffset now = start;

    public ManualTime() : this(new DateTimeOffset(2026, 3, 14, 22, 0, 0, TimeSpan.FromHours(8))) { }

    public override DateTimeOffset GetUtcNow() { lock (gate) return now.ToUniversalTime(); }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => GetUtcNow().UtcTicks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, callback, state);
        timer.Change(dueTime, period);
        lock (gate) timers.Add(timer);
        return timer;
    }

    public void Advance(TimeSpan by)
    {
        var end = GetUtcNow() + by;
        while (true)
        {
            ManualTimer? next;
            lock (gate)
            {
                next = timers.Where(t => t.Due <= end).MinBy(t => t.Due);
                now = next?.Due ?? end;
            }
            if (next is null) return;
            next.Fire();
        }
    }

    /// <summary>Moves to the next timer that is due, and fires it.</summary>
    /// <param name="within">No further than this; null: however far.</param>
    /// <returns>False where none waits: whoever will wait has not come so far yet.</returns>
    public bool AdvanceToNext(TimeSpan? within = null)
    {
        DateTimeOffset? next;
        lock (gate) next = timers.Min(t => t.Due);
        if (next is not { } due || due - GetUtcNow() > within) return false;
        Advance(due - GetUtcNow());
        return true;
    }

    private sealed class ManualTimer(ManualTime time, TimerCallback callback, object? state) : ITimer
    {
        private TimeSpan period;

        public DateTimeOffset? Due { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan newPeriod)
        {
            period = newPeriod;
            Due = dueTime == Timeout.InfiniteTimeSpan ? null : time.GetUtcNow() + dueTime;
            return true;
        }

        public void Fire()
        {
            Due = period > TimeSpan.Zero ? Due + period : null;
            callback(state);
        }

        public void Dispose() { lock (time.gate) time.timers.Remove(this); }

        public ValueTask DisposeAsync() { Dispose(); return ValueTask.CompletedTask; }
    }
}
