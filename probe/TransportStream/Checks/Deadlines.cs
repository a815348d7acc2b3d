namespace SignalWatch.TransportStream;

/// <summary>How a deadline learns that its subject is there.</summary>
internal enum DeadlineKind
{
    /// <summary>It is told.</summary>
    Told,

    /// <summary>Any packet of its PID.</summary>
    Packets,

    /// <summary>It is told; while its PID is scrambled nothing can be seen and nothing is due.</summary>
    ToldInClear,
}

/// <summary>Something that is due again and again: a table, a clock, a time stamp. It is missed once it is overdue, and each absence is one occurrence, however long.</summary>
internal sealed class Deadline(Check check, long limitNs, long from, int? pid = null, int? serviceId = null, int? tableId = null, DeadlineKind kind = DeadlineKind.Told)
{
    public Check Check { get; } = check;

    public int? Pid { get; } = pid;

    public int? ServiceId { get; } = serviceId;

    public int? TableId { get; } = tableId;

    public long LimitNs { get; } = limitNs;

    public DeadlineKind Kind { get; } = kind;

    /// <summary>table_id_extension and section number, where each section has a deadline of its own.</summary>
    public int? Part { get; init; }

    /// <summary>When it was last there, or its time began, ns.</summary>
    public long Last { get; set; } = from;

    /// <summary>It is overdue and was said to be.</summary>
    public bool Missed { get; set; }

    public long Due => Last + LimitNs;

    public AlarmKey Key => new(Check, Pid ?? AlarmKey.None, ServiceId ?? AlarmKey.None, Part ?? AlarmKey.None);
}

/// <summary>All deadlines of a stream. They are looked at only when the earliest can have passed, so that a packet costs one comparison.</summary>
internal sealed class Deadlines(PidTable pids, Action<Deadline> missed, Action<Deadline> met)
{
    private const long LookForReturnNs = 100_000_000;

    private readonly List<Deadline> all = [];
    private readonly List<Deadline> passed = [];

    /// <summary>Nothing is overdue before this time, ns.</summary>
    public long NextDue { get; private set; } = long.MaxValue;

    public Deadline Add(Deadline deadline)
    {
        all.Add(deadline);
        NextDue = Math.Min(NextDue, deadline.Due);
        return deadline;
    }

    /// <summary>It is not due any more: what it was about left the tables.</summary>
    public void Remove(Deadline? deadline)
    {
        if (deadline is not null && all.Remove(deadline) && deadline.Missed) met(deadline);
    }

    /// <summary>It is there.</summary>
    public void Meet(Deadline? deadline, long now)
    {
        if (deadline is null) return;
        deadline.Last = now;
        if (!deadline.Missed) return;
        deadline.Missed = false;
        NextDue = Math.Min(NextDue, deadline.Due);
        met(deadline);
    }

    /// <summary>The clock stood still for so long, as nothing could be seen: while out of sync.</summary>
    public void Postpone(long ns)
    {
        foreach (var deadline in all) deadline.Last += ns;
        NextDue = NextDue == long.MaxValue ? long.MaxValue : NextDue + ns;
    }

    /// <summary>Finds what is overdue, in the order of their times.</summary>
    public void Advance(long now)
    {
        if (now <= NextDue) return;
        foreach (var deadline in all)
        {
            Follow(deadline);
            if (!deadline.Missed && deadline.Due < now) passed.Add(deadline);
        }
        if (passed.Count > 1) passed.Sort(static (a, b) => a.Due.CompareTo(b.Due));
        foreach (var deadline in passed)
        {
            deadline.Missed = true;
            missed(deadline);
        }
        passed.Clear();
        NextDue = long.MaxValue;
        foreach (var deadline in all) NextDue = Math.Min(NextDue, !deadline.Missed ? deadline.Due : deadline.Kind == DeadlineKind.Told ? long.MaxValue : now + LookForReturnNs);
    }

    private void Follow(Deadline deadline)
    {
        if (deadline.Kind == DeadlineKind.Told) return;
        ref var state = ref pids[deadline.Pid!.Value];
        if (state.LastAt > deadline.Last && (deadline.Kind == DeadlineKind.Packets || state.ScrambledNow)) Meet(deadline, state.LastAt);
    }
}
