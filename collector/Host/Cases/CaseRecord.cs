using System.Text.Json.Serialization;
using SignalWatch.Contracts;

namespace SignalWatch.Collector.Cases;

/// <summary>How far a case is.</summary>
internal enum CaseState
{
    /// <summary>取证中: evidence is gathered.</summary>
    Gathering,

    /// <summary>已移送: handed over to another authority, whose answer is awaited.</summary>
    HandedOver,

    /// <summary>已处置: the transmission was ended or the matter decided; re-checks follow.</summary>
    Resolved,

    /// <summary>已归档: closed; read only.</summary>
    Archived,
}

/// <summary>What a suspected offence is about: it decides which authority is competent.</summary>
internal enum CaseKind
{
    /// <summary>黑广播.</summary>
    PirateFm,

    /// <summary>A hotel or another venue.</summary>
    Venue,

    /// <summary>A streaming service.</summary>
    Ott,

    /// <summary>What was broadcast.</summary>
    Content,

    /// <summary>An outage or intrusion of a licensed broadcast.</summary>
    Safety,
}

/// <summary>How one of the 15 items of the minimum evidence set stands.</summary>
internal enum ItemState
{
    Missing,
    Present,

    /// <summary>It does not apply, and the note says why.</summary>
    NotApplicable,
}

/// <summary>One item of the minimum evidence set in a case.</summary>
/// <param name="State">Missing, present, or not applicable.</param>
/// <param name="Evidence">Digests (SHA-256) of the evidence that shows it.</param>
/// <param name="Note">What is to be said of it; why, where it does not apply.</param>
/// <param name="By">Who said so.</param>
/// <param name="At">When.</param>
internal sealed record ChecklistItem(ItemState State, IReadOnlyList<string> Evidence, string? Note, string By, DateTimeOffset At);

/// <summary>Something that a team is to do by a time.</summary>
internal sealed record CaseTask(int Id, string What, string Team, DateTimeOffset Deadline, string By, DateTimeOffset At)
{
    public string? DoneBy { get; init; }

    public DateTimeOffset? DoneAt { get; init; }

    public string? Result { get; init; }

    /// <summary>The days after the resolution that a re-check is of; null for other tasks.</summary>
    public int? RecheckDays { get; init; }
}

/// <summary>A hand-over to another authority, and its receipt.</summary>
internal sealed record Handover(int Id, string To, string Reason, string By, DateTimeOffset At)
{
    /// <summary>Evidence that the letter lists, by digest, as it was then.</summary>
    public IReadOnlyList<string> Evidence { get; init; } = [];

    public string? ReceivedBy { get; init; }

    public DateTimeOffset? ReceivedAt { get; init; }

    public string? Answer { get; init; }
}

/// <summary>A value for a limb of the criminal threshold, with where it comes from. The product compares; it never concludes.</summary>
/// <param name="Value">In the limb's unit.</param>
/// <param name="Uncertainty">Half width of the 95 % interval in the same unit; null where nobody stated one.</param>
/// <param name="Source">Which measurement or document: a digest of evidence, or words.</param>
/// <param name="By">Who entered it.</param>
/// <param name="At">When.</param>
internal sealed record LimbValue(double Value, double? Uncertainty, string Source, string By, DateTimeOffset At);

/// <summary>A note in the order of the file.</summary>
internal sealed record CaseNote(string Note, string By, DateTimeOffset At);

/// <summary>One suspected offence with all that belongs to it.</summary>
internal sealed record CaseRecord
{
    /// <summary><c>C-2026-0007</c>: the year of its opening (Beijing time), and a number in it.</summary>
    public required string Id { get; init; }

    public required CaseKind Kind { get; init; }

    public required string Title { get; init; }

    /// <summary>Area code of GB/T 2260.</summary>
    public required string Area { get; init; }

    public CaseState State { get; init; }

    public required string OpenedBy { get; init; }

    public required DateTimeOffset OpenedAt { get; init; }

    public DateTimeOffset? ResolvedAt { get; init; }

    /// <summary>A drill's case is told apart everywhere, and counts nowhere.</summary>
    public Origin Origin { get; init; }

    public IReadOnlyList<string> Alarms { get; init; } = [];

    /// <summary>SHA-256 of each item. Evidence under a case is never removed.</summary>
    public IReadOnlyList<string> Evidence { get; init; } = [];

    /// <summary>By the item's number in the minimum evidence set, 1 to 15; what nobody has spoken of is missing.</summary>
    public IReadOnlyDictionary<int, ChecklistItem> Checklist { get; init; } = new Dictionary<int, ChecklistItem>();

    public IReadOnlyList<CaseTask> Tasks { get; init; } = [];

    public IReadOnlyList<Handover> Handovers { get; init; } = [];

    /// <summary>By the limb's code.</summary>
    public IReadOnlyDictionary<string, LimbValue> Limbs { get; init; } = new Dictionary<string, LimbValue>();

    public IReadOnlyList<CaseNote> Notes { get; init; } = [];

    /// <summary>Rises with each act: an act names the version that its author saw.</summary>
    public required long Version { get; init; }

    [JsonIgnore]
    public bool Open => State != CaseState.Archived;
}
