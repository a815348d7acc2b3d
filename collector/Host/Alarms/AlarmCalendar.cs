using System.Text.Json;
using SignalWatch.Collector.Journal;
using SignalWatch.Collector.Storage;
using SignalWatch.Contracts;

namespace SignalWatch.Collector.Alarms;

/// <summary>重要保障期: alarms of its areas are one level more urgent.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">What is protected: 两会, 高考.</param>
/// <param name="Areas">Area codes of GB/T 2260, or beginnings of them; empty for everywhere.</param>
/// <param name="From">From when.</param>
/// <param name="To">Until when.</param>
internal sealed record ProtectionPeriod(string Id, string Name, IReadOnlyList<string> Areas, DateTimeOffset From, DateTimeOffset To)
{
    public bool Covers(string area, DateTimeOffset now) => now >= From && now < To && (Areas.Count == 0 || Areas.Any(a => area.StartsWith(a, StringComparison.Ordinal)));
}

/// <summary>检修或停播计划, approved: what is expected to be off the air is no alarm, and is logged.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Title">What is done.</param>
/// <param name="Subjects">Subjects as <c>kind:key</c>, or beginnings of them; empty for all.</param>
/// <param name="Areas">Area codes, or beginnings of them; empty for everywhere.</param>
/// <param name="Rules">Rules, or beginnings of their ids; at least one.</param>
/// <param name="From">From when.</param>
/// <param name="To">Until when.</param>
/// <param name="ApprovedBy">Who approved it.</param>
internal sealed record RunPlan(string Id, string Title, IReadOnlyList<string> Subjects, IReadOnlyList<string> Areas, IReadOnlyList<string> Rules, DateTimeOffset From, DateTimeOffset To, string ApprovedBy)
{
    public bool Covers(RuleId rule, Subject subject, string area, DateTimeOffset now) => now >= From && now < To
        && Rules.Any(r => rule.Value.StartsWith(r, StringComparison.Ordinal))
        && (Subjects.Count == 0 || Subjects.Any(s => subject.ToString().StartsWith(s, StringComparison.Ordinal)))
        && (Areas.Count == 0 || Areas.Any(a => area.StartsWith(a, StringComparison.Ordinal)));
}

/// <summary>How alarms behave. Index 0 of each list is priority 1.</summary>
internal sealed record AlarmSettings
{
    /// <summary>The longest that an alarm may be shelved, hours, by priority.</summary>
    public IReadOnlyList<double> LongestShelfHours { get; init; } = [0.5, 8, 168, 168];

    /// <summary>After how many hours an acknowledgement of what is still active ends, by priority.</summary>
    public IReadOnlyList<double> AcknowledgementHours { get; init; } = [4, 8, 24, 72];

    /// <summary>After how many minutes without acknowledgement an alarm is one level more urgent, by severity; 0: never.</summary>
    public IReadOnlyList<double> EscalateAfterMinutes { get; init; } = [0, 10, 60, 0];

    /// <summary>Rules whose alarms stay until somebody resets them.</summary>
    public IReadOnlyList<string> Latching { get; init; } = [];

    /// <summary>Rules that nothing suppresses: aviation, interference, major events, intrusion, emergency, our own integrity.</summary>
    public IReadOnlyList<string> NeverSuppressed { get; init; } = ["FM-07", "FM-08", "FM-11", "TS-11", "EB-01", "EB-02", "EB-03", "SC-01", "SC-04", "SC-05", "SW-01"];

    /// <summary>What stands over what.</summary>
    public IReadOnlyList<SuppressionRule> Suppressions { get; init; } =
    [
        new(new("TS-01"), ["TS-02", "TS-03", "TS-04", "TS-05", "TS-06", "TS-07", "TS-08"], CauseRelation.Multiplex),
        new(new("FM-12"), ["FM-13", "FM-14"], CauseRelation.Same),
        new(new("SC-01"), ["*"], CauseRelation.Witnesses),
    ];

    public TimeSpan EscalateAfter(int severity) => EscalateAfterMinutes.ElementAtOrDefault(severity - 1) is > 0 and var minutes ? TimeSpan.FromMinutes(minutes) : TimeSpan.MaxValue;

    public TimeSpan LongestShelf(int priority) => TimeSpan.FromHours(LongestShelfHours[Math.Clamp(priority, 1, LongestShelfHours.Count) - 1]);

    public TimeSpan AcknowledgementLasts(int priority) => TimeSpan.FromHours(AcknowledgementHours[Math.Clamp(priority, 1, AcknowledgementHours.Count) - 1]);

    /// <summary>What is wrong with it; null where nothing is.</summary>
    public string? WhatIsWrong() =>
        LongestShelfHours is not { Count: 4 } || LongestShelfHours.Any(h => h is not (> 0 and <= 720)) ? "longestShelfHours: 4 numbers above 0, at most 720"
        : AcknowledgementHours is not { Count: 4 } || AcknowledgementHours.Any(h => h is not (> 0 and <= 720)) ? "acknowledgementHours: 4 numbers above 0, at most 720"
        : EscalateAfterMinutes is not { Count: 4 } || EscalateAfterMinutes.Any(m => m is not (>= 0 and <= 10_080)) ? "escalateAfterMinutes: 4 numbers from 0 to 10080"
        : Latching is null || NeverSuppressed is null || Suppressions is null || Suppressions.Any(s => s?.Affected is null || string.IsNullOrEmpty(s.Cause.Value)) ? "latching, neverSuppressed, suppressions: lists"
        : null;
}

/// <summary>A change of the calendar or the settings as the journal keeps it: a new body in the place of the old one, or none.</summary>
internal sealed record JournaledCalendar(string Kind, string Id, string Actor, DateTimeOffset At, JsonElement? Body);

/// <summary>Protection periods, run plans and settings of alarms.</summary>
internal sealed class AlarmCalendar : ISlice
{
    public const string PeriodKind = "alarm.period", PlanKind = "alarm.plan", SettingsKind = "alarm.settings";
    private const string TheSettings = "settings";

    private readonly DocumentBook<ProtectionPeriod> periods = new(PeriodKind);
    private readonly DocumentBook<RunPlan> plans = new(PlanKind);
    private readonly DocumentBook<AlarmSettings> settings = new(SettingsKind);

    /// <inheritdoc/>
    public IReadOnlyList<string> Kinds => [PeriodKind, PlanKind, SettingsKind];

    /// <summary>Writer only: as the open group has them.</summary>
    public AlarmSettings Settings => settings.Present.GetValueOrDefault(TheSettings) ?? new();

    /// <inheritdoc cref="Settings"/>
    public IEnumerable<ProtectionPeriod> Periods => periods.Present.Values;

    /// <inheritdoc cref="Settings"/>
    public IEnumerable<RunPlan> Plans => plans.Present.Values;

    /// <summary>As committed.</summary>
    public (IReadOnlyList<ProtectionPeriod> Periods, IReadOnlyList<RunPlan> Plans, AlarmSettings Settings) Committed =>
        ([.. periods.Committed.OrderBy(p => p.From)], [.. plans.Committed.OrderBy(p => p.From)], settings.Find(TheSettings) ?? new());

    /// <summary>Writer only: something takes the place of what was there under that kind and id; null removes it.</summary>
    public void Put(string kind, string id, object? body, string actor, Group group)
    {
        var journaled = new JournaledCalendar(kind, kind == SettingsKind ? TheSettings : id, actor, group.Now, body is null ? null : JsonSerializer.SerializeToElement(body, body.GetType(), WireJson.Options));
        group.Append(EntryKind.AlarmSettings, null, JsonSerializer.SerializeToUtf8Bytes(journaled, WireJson.Options));
        Apply(journaled);
    }

    /// <inheritdoc/>
    public void Load(IDocuments store)
    {
        periods.Load(store);
        plans.Load(store);
        settings.Load(store);
    }

    /// <inheritdoc/>
    public void Save(IStoreWriter store)
    {
        periods.Save(store);
        plans.Save(store);
        settings.Save(store);
    }

    /// <inheritdoc/>
    public void Publish()
    {
        periods.Publish();
        plans.Publish();
        settings.Publish();
    }

    /// <inheritdoc/>
    public void Replay(in JournalRow row)
    {
        if (row.Kind == EntryKind.AlarmSettings) Apply(JsonSerializer.Deserialize<JournaledCalendar>(row.Body.Span, WireJson.Options)!);
    }

    /// <inheritdoc/>
    public IEnumerable<Document> Documents(string kind) => kind switch { PeriodKind => periods.Documents(), PlanKind => plans.Documents(), _ => settings.Documents() };

    private void Apply(JournaledCalendar change)
    {
        switch (change.Kind)
        {
            case PeriodKind: Put(periods, change); break;
            case PlanKind: Put(plans, change); break;
            case SettingsKind: Put(settings, change); break;
        }
    }

    private static void Put<T>(DocumentBook<T> book, JournaledCalendar change) where T : class
    {
        if (change.Body is { } body) book.Set(change.Id, body.Deserialize<T>(WireJson.Options)!);
        else book.Remove(change.Id);
    }
}
