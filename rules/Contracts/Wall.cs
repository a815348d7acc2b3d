using System.Text.Json.Serialization;

namespace SignalWatch.Contracts;

/// <summary>The whole wall at a revision; after it come <see cref="WallDelta"/>s.</summary>
/// <param name="Instance">The collector's run: with another instance, revisions start anew.</param>
/// <param name="Revision">Rises by one with each delta. A viewer that misses one asks for a new snapshot.</param>
/// <param name="ServerTime">The collector's clock.</param>
/// <param name="DataAt">When the newest observation was received, or null before the first.</param>
/// <param name="Alarms">Alarms that are live: active, or not acknowledged.</param>
/// <param name="Carriers">Carriers of the FM band now, by probe.</param>
/// <param name="Probes">Every probe that has ever reported.</param>
/// <param name="Multiplexes">Transport streams with their services.</param>
/// <param name="Channels">OTT channels.</param>
public sealed record WallSnapshot(
    Guid Instance,
    long Revision,
    DateTimeOffset ServerTime,
    DateTimeOffset? DataAt,
    IReadOnlyList<AlarmRow> Alarms,
    IReadOnlyList<CarrierRow> Carriers,
    IReadOnlyList<ProbeRow> Probes,
    IReadOnlyList<MultiplexRow> Multiplexes,
    IReadOnlyList<ChannelRow> Channels);

/// <summary>What changed since the revision before. Rows replace rows of the same key; coalesced for each viewer.</summary>
/// <param name="Instance">As in the snapshot.</param>
/// <param name="FromRevision">Applies to this revision only.</param>
/// <param name="Revision">The revision after it.</param>
/// <param name="ServerTime">The collector's clock.</param>
/// <param name="DataAt">When the newest observation was received.</param>
/// <param name="Alarms">Changed alarms.</param>
/// <param name="AlarmsGone">Alarms that are no longer live.</param>
/// <param name="Carriers">Changed carriers.</param>
/// <param name="CarriersGone">Keys of carriers that are gone.</param>
/// <param name="Probes">Changed probes.</param>
/// <param name="Multiplexes">Changed transport streams.</param>
/// <param name="Channels">Changed OTT channels.</param>
public sealed record WallDelta(
    Guid Instance,
    long FromRevision,
    long Revision,
    DateTimeOffset ServerTime,
    DateTimeOffset? DataAt,
    IReadOnlyList<AlarmRow> Alarms,
    IReadOnlyList<AlarmId> AlarmsGone,
    IReadOnlyList<CarrierRow> Carriers,
    IReadOnlyList<string> CarriersGone,
    IReadOnlyList<ProbeRow> Probes,
    IReadOnlyList<MultiplexRow> Multiplexes,
    IReadOnlyList<ChannelRow> Channels);

/// <summary>Sent every second, so that a screen knows that it is not frozen.</summary>
/// <param name="ServerTime">The collector's clock.</param>
/// <param name="DataAt">When the newest observation was received.</param>
/// <param name="Revision">The newest revision.</param>
/// <param name="StorageFull">True while the collector can't store, and so does not acknowledge: the probes keep everything.</param>
public sealed record WallHeartbeat(DateTimeOffset ServerTime, DateTimeOffset? DataAt, long Revision, bool StorageFull)
{
    /// <summary>Whether there are more alarms than a person can take in; null where the collector does not say.</summary>
    public FloodState? Flood { get; init; }
}

/// <summary>How far an alarm is, for people. Derived from the flags, never stored.</summary>
public enum AlarmState
{
    /// <summary>Active, nobody has acknowledged it: 未确认 (ISA-18.2 B).</summary>
    Unacknowledged,

    /// <summary>Active and acknowledged: 已确认 (ISA-18.2 C).</summary>
    Acknowledged,

    /// <summary>The condition has gone, but nobody has acknowledged it: 已恢复 (ISA-18.2 D).</summary>
    Returned,

    /// <summary>Nothing is wrong: 正常 (ISA-18.2 A). Not on the wall.</summary>
    Normal,
}

/// <summary>How far people are with an alarm.</summary>
public enum AlarmWorkflow
{
    /// <summary>待确认.</summary>
    Pending,

    /// <summary>已确认: somebody has seen that it is real.</summary>
    Confirmed,

    /// <summary>已派单: a team was sent.</summary>
    Dispatched,

    /// <summary>处置中: the team is at work.</summary>
    Handling,

    /// <summary>已处置.</summary>
    Resolved,

    /// <summary>已归档.</summary>
    Archived,

    /// <summary>误报: it was none.</summary>
    FalseAlarm,
}

/// <summary>Whether there are more alarms than a person can take in: above 10 within 10 minutes, until below 5.</summary>
/// <param name="Since">Since when there are; null while there are not.</param>
/// <param name="Count">Alarms raised in the last 10 minutes that called for somebody.</param>
public sealed record FloodState(DateTimeOffset? Since, int Count);

/// <summary>One alarm as a row of the wall and of the API. What is false, none or 0 may be left out of the JSON.</summary>
public sealed record AlarmRow
{
    /// <summary>The alarm.</summary>
    public required AlarmId Id { get; init; }

    /// <summary>The rule that raised it.</summary>
    public required RuleId Rule { get; init; }

    /// <summary>What it is about.</summary>
    public required Subject Subject { get; init; }

    /// <summary>Priority, 1 紧急 to 4 提示.</summary>
    public required int Priority { get; init; }

    /// <summary>Severity as the rule says; the priority is above it where a protection period, repeats or a long wait make it more urgent.</summary>
    public required int Severity { get; init; }

    /// <summary>For people: derived from the flags.</summary>
    public required AlarmState State { get; init; }

    /// <summary>How far people are with it.</summary>
    public required AlarmWorkflow Workflow { get; init; }

    /// <summary>The ISA-18.2 letter, derived.</summary>
    public required char IsaState { get; init; }

    /// <summary>The condition holds.</summary>
    public required bool Active { get; init; }

    /// <summary>Somebody has acknowledged it.</summary>
    public required bool Acknowledged { get; init; }

    /// <summary>Its data stopped: it may still be active, nobody knows. Never the same as cleared.</summary>
    public required bool Unknown { get; init; }

    /// <summary>It has returned, and somebody has to reset it all the same.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Latched { get; init; }

    /// <summary>Put aside until then; null where it is not.</summary>
    public DateTimeOffset? ShelvedUntil { get; init; }

    /// <summary>Who put it aside.</summary>
    public string? ShelvedBy { get; init; }

    /// <summary>Why.</summary>
    public string? ShelvedReason { get; init; }

    /// <summary>Why nothing is said of it for the time being; null where it is in service.</summary>
    public string? OutOfService { get; init; }

    /// <summary>What it folds under: <c>alarm:A-…</c>, <c>plan:…</c>, <c>falseAlarm</c>; null where nothing stands over it.</summary>
    public IReadOnlyList<string>? SuppressedBy { get; init; }

    /// <summary>What makes it more urgent than its severity: <c>period:…</c>, <c>repeats</c>, <c>unacknowledged</c>; null where nothing does.</summary>
    public IReadOnlyList<string>? RaisedBy { get; init; }

    /// <summary>Alarms that fold under it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Folded { get; init; }

    /// <summary>Raised three times or more within a minute.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Chattering { get; init; }

    /// <summary>The team that was sent; null where none was.</summary>
    public string? Team { get; init; }

    /// <summary>Until when it is to be done.</summary>
    public DateTimeOffset? Deadline { get; init; }

    /// <summary>Title: 疑似黑广播 97.8 MHz.</summary>
    public required Text Title { get; init; }

    /// <summary>What the rule saw, in one sentence.</summary>
    public required Text Sentence { get; init; }

    /// <summary>The reason in a few words: 未在登记表中. Null where the rule gives none.</summary>
    public Text? Reason { get; init; }

    /// <summary>Area code of GB/T 2260 of the first witness, or an empty text.</summary>
    public string Area { get; init; } = "";

    /// <summary>The value that matters most and its unit, for the row; null where the rule names none.</summary>
    public VerdictInput? Measured { get; init; }

    /// <summary>The probes that see it.</summary>
    public required IReadOnlyList<ProbeId> Witnesses { get; init; }

    /// <summary>Counted occurrences.</summary>
    public required long Occurrences { get; init; }

    /// <summary>When it became active (event time).</summary>
    public required DateTimeOffset RaisedAt { get; init; }

    /// <summary>When the condition went; null while active.</summary>
    public DateTimeOffset? ClearedAt { get; init; }

    /// <summary>When it last began to ask for attention, by the collector's clock; a console sounds once for each such time. Null where it never did.</summary>
    public DateTimeOffset? AnnouncedAt { get; init; }

    /// <summary>Who acknowledged it; null while nobody has.</summary>
    public string? AcknowledgedBy { get; init; }

    /// <summary>When.</summary>
    public DateTimeOffset? AcknowledgedAt { get; init; }

    /// <summary>Replayed and simulated alarms say so and never count.</summary>
    public required Origin Origin { get; init; }

    /// <summary>Rises with each change that matters to a person who acts (raised, returned, unknown, known, acknowledged), not with more occurrences or witnesses: a command names the version that it was given on.</summary>
    public required long Version { get; init; }

    /// <summary>The journal's position at its last change of any kind. It outlives restarts: what is behind a revision has changed since.</summary>
    public required long Revision { get; init; }

    /// <summary>On the wall.</summary>
    public required bool Live { get; init; }
}

/// <summary>What the register says of a carrier, and what it looks like.</summary>
public enum CarrierClass
{
    /// <summary>In the register.</summary>
    Licensed,

    /// <summary>Known overspill from across the border.</summary>
    Overspill,

    /// <summary>In no register, and modulated: perhaps a pirate.</summary>
    Unregistered,

    /// <summary>In no register, and without modulation: a carrier, not a broadcast.</summary>
    Unidentified,
}

/// <summary>One carrier of the band, as one probe sees it.</summary>
/// <param name="Key">Unique: probe, watch and frequency.</param>
/// <param name="Probe">Who sees it.</param>
/// <param name="Watch">With which watch.</param>
/// <param name="Subject">The frequency as subject.</param>
/// <param name="FrequencyHz">Nominal frequency.</param>
/// <param name="Class">Licensed, overspill, unregistered or unidentified.</param>
/// <param name="Name">The licensed name, or the RDS name, or null.</param>
/// <param name="Facts">The newest facts.</param>
/// <param name="At">When they were measured.</param>
/// <param name="Origin">Live, replayed or simulated.</param>
public sealed record CarrierRow(string Key, ProbeId Probe, WatchId Watch, Subject Subject, long FrequencyHz, CarrierClass Class, string? Name,
    IReadOnlyDictionary<string, Fact> Facts, DateTimeOffset At, Origin Origin);

/// <summary>One probe.</summary>
/// <param name="Probe">The probe.</param>
/// <param name="Name">Its name, or its id.</param>
/// <param name="Area">Area code of GB/T 2260.</param>
/// <param name="Online">Heard of within 15 s. A probe that is not online is unknown, not well.</param>
/// <param name="LastReceived">When its last batch arrived.</param>
/// <param name="Version">Its version.</param>
/// <param name="ClockOffsetMs">Its clock minus the collector's, or null.</param>
/// <param name="SpoolEntries">Entries that wait at the probe.</param>
/// <param name="WatchesFailed">Watches that do not run.</param>
/// <param name="Faults">What its failed watches say.</param>
/// <param name="Origin">Live, replayed or simulated.</param>
public sealed record ProbeRow(ProbeId Probe, string Name, string Area, bool Online, DateTimeOffset LastReceived, string? Version, double? ClockOffsetMs, long SpoolEntries,
    int WatchesFailed, IReadOnlyList<string> Faults, Origin Origin);

/// <summary>One transport stream.</summary>
/// <param name="Key">Unique: the subject.</param>
/// <param name="Probe">Who receives it.</param>
/// <param name="Watch">With which watch.</param>
/// <param name="Facts">The newest facts.</param>
/// <param name="Services">Its services.</param>
/// <param name="At">When they were measured.</param>
/// <param name="Origin">Live, replayed or simulated.</param>
public sealed record MultiplexRow(string Key, ProbeId Probe, WatchId Watch, IReadOnlyDictionary<string, Fact> Facts, IReadOnlyList<ServiceRow> Services, DateTimeOffset At, Origin Origin);

/// <summary>One service of a transport stream.</summary>
/// <param name="Subject">The service.</param>
/// <param name="Name">Its name, or its id.</param>
/// <param name="Facts">The newest facts.</param>
/// <param name="CcErrors">Continuity errors in the last minute.</param>
public sealed record ServiceRow(Subject Subject, string Name, IReadOnlyDictionary<string, Fact> Facts, long CcErrors);

/// <summary>One OTT channel.</summary>
/// <param name="Subject">The channel.</param>
/// <param name="Probe">Who polls it.</param>
/// <param name="Name">Its name.</param>
/// <param name="Facts">The newest facts.</param>
/// <param name="At">When they were measured.</param>
/// <param name="Origin">Live, replayed or simulated.</param>
public sealed record ChannelRow(Subject Subject, ProbeId Probe, string Name, IReadOnlyDictionary<string, Fact> Facts, DateTimeOffset At, Origin Origin);

/// <summary>An alarm with the verdict behind it and all that happened to it.</summary>
/// <param name="Alarm">The row.</param>
/// <param name="Verdict">The newest verdict of its rule; null for an alarm about ourselves.</param>
/// <param name="Timeline">Everything that happened, oldest first.</param>
public sealed record AlarmDetail(AlarmRow Alarm, Verdict? Verdict, IReadOnlyList<TimelineEntry> Timeline)
{
    /// <summary>What may be done now, by the names of the acts.</summary>
    public IReadOnlyList<string> Possible { get; init; } = [];
}

/// <summary>One thing that happened to an alarm.</summary>
/// <param name="At">Event time.</param>
/// <param name="What">Stable word: <c>raised</c>, <c>occurred</c>, <c>returned</c>, <c>unknown</c>, <c>known</c>, <c>acknowledged</c>, <c>circumstances</c>, <c>expired</c>, or the name of a person's act.</param>
/// <param name="Actor">Who did it; null where a rule did.</param>
/// <param name="Note">The note, or the sentence of the verdict.</param>
public sealed record TimelineEntry(DateTimeOffset At, string What, string? Actor, Text Note)
{
    /// <summary>The clock of the person's screen, where it said so.</summary>
    public DateTimeOffset? ClientTime { get; init; }
}

/// <summary>A person's acknowledgement.</summary>
/// <param name="Actor">Who: 1 to 64 characters.</param>
/// <param name="Version">The version of the alarm that the person saw; an older one is refused with 409.</param>
/// <param name="Note">A note, or null; at most 500 characters.</param>
public sealed record Acknowledgement(string Actor, long Version, string? Note);
