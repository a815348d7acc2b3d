using SignalWatch.Contracts;

namespace SignalWatch.Collector.Alarms;

/// <summary>What people may do to an alarm when, and what comes of it: 待确认 → 已确认 → 已派单 → 处置中 → 已处置 → 已归档, 误报, the shelf, service, the latch. Pure.</summary>
internal static class AlarmHandling
{
    private static readonly TimeSpan RememberFor = TimeSpan.FromHours(24);

    /// <summary>Whether an act is possible now.</summary>
    public static Decision Decide(AlarmRecord state, AlarmActRequest request, DateTimeOffset now)
    {
        if (!IsPossible(state, request.Act)) return Decision.Refuse(AlarmTexts.NotPossible(state, request.Act));
        if (request.Version != state.Version && request.Act is not AddAlarmNote) return Decision.Refuse(AlarmTexts.Changed(state.Id.Value, request.Version, state.Version));
        if (request.Act is Shelve shelve && shelve.Until <= now) return Decision.Refuse(AlarmTexts.BadAct("until"));
        return Decision.Of(new Performed(now, request.Actor, request.Act, request.ClientTime));
    }

    /// <summary>The acts that are possible now, by their wire names.</summary>
    public static IReadOnlyList<string> Possible(AlarmRecord state)
    {
        AlarmAct[] samples =
        [
            new Unacknowledge(""), new Shelve(default, ""), new Unshelve(), new TakeOutOfService(""), new ReturnToService(), new ResetLatch(), new Dispatch("", default), new StartHandling(), new ResolveAlarm(""),
            new ArchiveAlarm(), new DeclareFalse(default), new ReopenAlarm(""), new AddAlarmNote(""),
        ];
        return [.. state is { Live: true, Acknowledged: false } ? ["acknowledge"] : Array.Empty<string>(), .. samples.Where(s => IsPossible(state, s)).Select(AlarmTexts.NameOf)];
    }

    /// <summary>The alarm after an act that was possible.</summary>
    public static AlarmRecord Apply(AlarmRecord state, Performed performed)
    {
        var (at, actor) = (performed.At, performed.Actor);
        return performed.Act switch
        {
            Unacknowledge => AlarmMachine.Owed(state, at) with { Workflow = state.Workflow == AlarmWorkflow.Confirmed ? AlarmWorkflow.Pending : state.Workflow },
            Shelve s => state with { Shelf = new(actor, s.Reason, at, s.Until, s.OneShot) },
            Unshelve => state with { Shelf = null },
            TakeOutOfService o => state with { OutOfService = o.Reason },
            ReturnToService => state with { OutOfService = null },
            ResetLatch => state with { Latched = false },
            Dispatch d => state with { Workflow = AlarmWorkflow.Dispatched, Dispatch = new(d.Team, d.Deadline, actor, at) },
            StartHandling => state with { Workflow = AlarmWorkflow.Handling },
            ResolveAlarm => state with { Workflow = AlarmWorkflow.Resolved },
            ArchiveAlarm => state with { Workflow = AlarmWorkflow.Archived },
            DeclareFalse f => AlarmMachine.Owed(state, null) with
            {
                AcknowledgedBy = actor,
                AcknowledgedAt = at,
                Workflow = AlarmWorkflow.FalseAlarm,
                FalseAlarm = new(f.Reason, f.Note, actor, at, f.Remember ? at + RememberFor : null),
            },
            ReopenAlarm when state.Workflow == AlarmWorkflow.FalseAlarm => AlarmMachine.Owed(state, at) with { Workflow = AlarmWorkflow.Pending, FalseAlarm = null },
            ReopenAlarm => state with { Workflow = AlarmWorkflow.Confirmed },
            _ => state, // a note is in the timeline only
        };
    }

    private static bool IsPossible(AlarmRecord state, AlarmAct act) => act switch
    {
        Unacknowledge => state is { Acknowledged: true, Live: true },
        Shelve => state.Live,
        Unshelve => state.Shelf is not null,
        TakeOutOfService => state.OutOfService is null,
        ReturnToService => state.OutOfService is not null,
        ResetLatch => state is { Latched: true, Active: false },
        Dispatch => state.Workflow is AlarmWorkflow.Confirmed or AlarmWorkflow.Dispatched or AlarmWorkflow.Handling,
        StartHandling => state.Workflow is AlarmWorkflow.Confirmed or AlarmWorkflow.Dispatched,
        ResolveAlarm => state.Workflow is AlarmWorkflow.Confirmed or AlarmWorkflow.Dispatched or AlarmWorkflow.Handling,
        // While the condition holds nothing is settled.
        ArchiveAlarm => state is { Workflow: AlarmWorkflow.Resolved, Active: false },
        DeclareFalse => state.Workflow is AlarmWorkflow.Pending or AlarmWorkflow.Confirmed or AlarmWorkflow.Dispatched or AlarmWorkflow.Handling,
        ReopenAlarm => state.Workflow is AlarmWorkflow.Resolved or AlarmWorkflow.Archived or AlarmWorkflow.FalseAlarm,
        _ => true,
    };
}
