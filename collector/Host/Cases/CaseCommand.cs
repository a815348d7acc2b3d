using System.Text.Json.Serialization;
using SignalWatch.Contracts;

namespace SignalWatch.Collector.Cases;

/// <summary>What a person does to a case. It is journaled as it came.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(OpenCase), "open")]
[JsonDerivedType(typeof(LinkAlarm), "linkAlarm")]
[JsonDerivedType(typeof(UnlinkAlarm), "unlinkAlarm")]
[JsonDerivedType(typeof(LinkEvidence), "linkEvidence")]
[JsonDerivedType(typeof(SetItem), "setItem")]
[JsonDerivedType(typeof(AddTask), "addTask")]
[JsonDerivedType(typeof(CompleteTask), "completeTask")]
[JsonDerivedType(typeof(SetLimb), "setLimb")]
[JsonDerivedType(typeof(HandOver), "handOver")]
[JsonDerivedType(typeof(Receive), "receive")]
[JsonDerivedType(typeof(AddNote), "addNote")]
[JsonDerivedType(typeof(Resolve), "resolve")]
[JsonDerivedType(typeof(Archive), "archive")]
[JsonDerivedType(typeof(Reopen), "reopen")]
internal abstract record CaseCommand;

/// <summary>Opens a case.</summary>
internal sealed record OpenCase(CaseKind Kind, string Title, string Area, IReadOnlyList<string>? Alarms = null, Origin Origin = Origin.Live) : CaseCommand;

/// <summary>An alarm belongs to it.</summary>
internal sealed record LinkAlarm(string Alarm) : CaseCommand;

/// <summary>An alarm was linked by mistake; the journal keeps that it was.</summary>
internal sealed record UnlinkAlarm(string Alarm, string Reason) : CaseCommand;

/// <summary>An item of evidence belongs to it, for ever.</summary>
internal sealed record LinkEvidence(string Sha256) : CaseCommand;

/// <summary>How an item of the minimum evidence set stands.</summary>
internal sealed record SetItem(int Item, ItemState State, IReadOnlyList<string>? Evidence, string? Note) : CaseCommand;

/// <summary>A team is to do something by a time.</summary>
internal sealed record AddTask(string What, string Team, DateTimeOffset Deadline) : CaseCommand;

/// <summary>It was done.</summary>
internal sealed record CompleteTask(int Task, string Result) : CaseCommand;

/// <summary>A value for a limb of the criminal threshold.</summary>
internal sealed record SetLimb(string Limb, double Value, double? Uncertainty, string Source) : CaseCommand;

/// <summary>To another authority.</summary>
internal sealed record HandOver(string To, string Reason) : CaseCommand;

/// <summary>The other authority has received it.</summary>
internal sealed record Receive(int Handover, string ReceivedBy, string? Answer) : CaseCommand;

/// <summary>A note.</summary>
internal sealed record AddNote(string Note) : CaseCommand;

/// <summary>The transmission was ended or the matter decided: re-checks after 7, 30 and 180 days follow.</summary>
internal sealed record Resolve(string Result) : CaseCommand;

/// <summary>Closes it.</summary>
internal sealed record Archive : CaseCommand;

/// <summary>Opens it again.</summary>
internal sealed record Reopen(string Reason) : CaseCommand;

/// <summary>A command as it comes and as the journal keeps it.</summary>
/// <param name="Actor">Who: 1 to 64 characters.</param>
/// <param name="Version">The version of the case that they saw; not for an opening.</param>
/// <param name="Command">What they do.</param>
internal sealed record CaseActRequest(string Actor, long Version, CaseCommand Command);

/// <summary>An act on a case as the journal keeps it.</summary>
internal sealed record JournaledCaseAct(string Case, string Actor, DateTimeOffset At, CaseCommand Command);
