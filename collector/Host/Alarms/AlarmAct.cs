using System.Text.Json.Serialization;

namespace SignalWatch.Collector.Alarms;

/// <summary>What a person does to an alarm, beside acknowledging it.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(Unacknowledge), "unacknowledge")]
[JsonDerivedType(typeof(Shelve), "shelve")]
[JsonDerivedType(typeof(Unshelve), "unshelve")]
[JsonDerivedType(typeof(TakeOutOfService), "takeOutOfService")]
[JsonDerivedType(typeof(ReturnToService), "returnToService")]
[JsonDerivedType(typeof(ResetLatch), "resetLatch")]
[JsonDerivedType(typeof(Dispatch), "dispatch")]
[JsonDerivedType(typeof(StartHandling), "start")]
[JsonDerivedType(typeof(ResolveAlarm), "resolve")]
[JsonDerivedType(typeof(ArchiveAlarm), "archive")]
[JsonDerivedType(typeof(DeclareFalse), "falseAlarm")]
[JsonDerivedType(typeof(ReopenAlarm), "reopen")]
[JsonDerivedType(typeof(AddAlarmNote), "note")]
internal abstract record AlarmAct;

/// <summary>It was acknowledged by mistake, or is handed back.</summary>
internal sealed record Unacknowledge(string Reason) : AlarmAct;

/// <summary>Put aside for a time. It stays fully functional; what is beneath is not forgotten.</summary>
/// <param name="Until">At most as far off as its priority allows.</param>
/// <param name="Reason">Why.</param>
/// <param name="OneShot">It also ends when the condition goes.</param>
internal sealed record Shelve(DateTimeOffset Until, string Reason, bool OneShot = false) : AlarmAct;

/// <summary>Taken from the shelf.</summary>
internal sealed record Unshelve : AlarmAct;

/// <summary>Its source is under maintenance: no statement until it is returned.</summary>
internal sealed record TakeOutOfService(string Reason) : AlarmAct;

/// <summary>Its source works again.</summary>
internal sealed record ReturnToService : AlarmAct;

/// <summary>Somebody was there: the latch of an alarm that has returned is opened.</summary>
internal sealed record ResetLatch : AlarmAct;

/// <summary>派单: a team is to go.</summary>
internal sealed record Dispatch(string Team, DateTimeOffset Deadline) : AlarmAct;

/// <summary>处置中: the team is at work.</summary>
internal sealed record StartHandling : AlarmAct;

/// <summary>已处置.</summary>
internal sealed record ResolveAlarm(string Result) : AlarmAct;

/// <summary>已归档.</summary>
internal sealed record ArchiveAlarm : AlarmAct;

/// <summary>Why an alarm was none.</summary>
internal enum FalseAlarmReason
{
    /// <summary>镜像或互调.</summary>
    ImageOrProduct,

    /// <summary>已登记，但登记库未更新.</summary>
    RegisterOutOfDate,

    /// <summary>境外溢波.</summary>
    Overspill,

    /// <summary>合法测试.</summary>
    LawfulTest,

    /// <summary>计划内检修或停播.</summary>
    PlannedWork,

    /// <summary>设备故障.</summary>
    EquipmentFault,

    /// <summary>规则不当.</summary>
    RuleWrong,

    /// <summary>其他，须写备注.</summary>
    Other,
}

/// <summary>误报. Reversible; figures of precision count it.</summary>
/// <param name="Reason">Why it was none.</param>
/// <param name="Note">What is to be said of it; required for <see cref="FalseAlarmReason.Other"/>.</param>
/// <param name="Remember">Whether the same alarm is suppressed for 24 hours.</param>
internal sealed record DeclareFalse(FalseAlarmReason Reason, string? Note = null, bool Remember = false) : AlarmAct;

/// <summary>Back to work.</summary>
internal sealed record ReopenAlarm(string Reason) : AlarmAct;

/// <summary>A note in its timeline.</summary>
internal sealed record AddAlarmNote(string Note) : AlarmAct;

/// <summary>A person's act as it comes and as the journal keeps it.</summary>
/// <param name="Actor">Who: 1 to 64 characters.</param>
/// <param name="Version">The version of the alarm that the person saw; another one is refused with 409.</param>
/// <param name="Act">What they do.</param>
/// <param name="ClientTime">The clock of their screen, for the record; null where it did not say.</param>
internal sealed record AlarmActRequest(string Actor, long Version, AlarmAct Act, DateTimeOffset? ClientTime = null);
