namespace SignalWatch.Contracts;

/// <summary>What a rule says. Missing data is undetermined, never compliant.</summary>
public enum VerdictResult
{
    /// <summary>The rule's condition holds, and has held long enough.</summary>
    Violation,

    /// <summary>It does not hold, and has not for long enough.</summary>
    Compliant,

    /// <summary>It cannot be said: facts are missing, or data stopped.</summary>
    Undetermined,
}

/// <summary>A fact, parameter or register entry that a verdict rests on.</summary>
/// <param name="Name">Its name in the rule: <c>snr_db</c>, <c>licence.class</c>.</param>
/// <param name="Value">Its value; null where it was missing.</param>
/// <param name="Unit">Its unit, or an empty text.</param>
/// <param name="From">Where it comes from: the probe, <c>register</c>, or <c>parameter</c>.</param>
/// <param name="At">When it was measured, or since when the parameter is in force.</param>
/// <param name="Title">What a parameter is, as its pack says; null for facts, which the vocabulary names.</param>
public sealed record VerdictInput(string Name, Fact? Value, string Unit, string From, DateTimeOffset? At, Text? Title = null);

/// <summary>What a rule says of a subject at a time, with all that it rests on: it can be run again, and gives the same bytes.</summary>
public sealed record Verdict
{
    /// <summary>Digest of rule, subject, result, time and inputs (hex of SHA-256, first 32 digits): the same verdict has the same id.</summary>
    public required string Id { get; init; }

    /// <summary>The rule.</summary>
    public required RuleId Rule { get; init; }

    /// <summary>The rule's version.</summary>
    public required int RuleVersion { get; init; }

    /// <summary>What the verdict is about.</summary>
    public required Subject Subject { get; init; }

    /// <summary>Violation, compliant or undetermined.</summary>
    public required VerdictResult Result { get; init; }

    /// <summary>Severity of the rule, 1 紧急 to 4 提示.</summary>
    public required int Severity { get; init; }

    /// <summary>The rule's title: 疑似黑广播 97.8 MHz.</summary>
    public required Text Title { get; init; }

    /// <summary>One sentence that a person can check, with the values in it.</summary>
    public required Text Sentence { get; init; }

    /// <summary>The reason in a few words, for a row: 未在登记表中. Null where the rule gives none.</summary>
    public Text? Reason { get; init; }

    /// <summary>Why a verdict is undetermined, or an empty list: names of the missing facts.</summary>
    public IReadOnlyList<string> Missing { get; init; } = [];

    /// <summary>Since when the condition has held (event time).</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>Event time of the decision.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Every fact, parameter and register entry that was read.</summary>
    public required IReadOnlyList<VerdictInput> Inputs { get; init; }

    /// <summary>The input that matters most, for the alarm's row; null where the rule names none or it was not measured.</summary>
    public VerdictInput? Measured { get; init; }

    /// <summary>The probes whose observations show it, sorted.</summary>
    public required IReadOnlyList<ProbeId> Witnesses { get; init; }

    /// <summary>How often the rule's counted event happened so far in this violation; 1 where the rule counts nothing.</summary>
    public long Occurrences { get; init; } = 1;

    /// <summary>The rule is on trial: the verdict is shown as such, and never raises an alarm.</summary>
    public bool IsTrial { get; init; }

    /// <summary>The violated rule and its subject that explain this one, <c>TS-01 multiplex:1.1</c>: no matter of its own, so it raises no alarm. Null otherwise.</summary>
    public string? SuppressedBy { get; init; }

    /// <summary>A lead for a person to look into, not a finding.</summary>
    public bool IsLead { get; init; }

    /// <summary>The evidence that the rule asks for, <c>E-FM</c>; an empty text where it names none.</summary>
    public string Evidence { get; init; } = "";

    /// <summary>The weakest origin of the inputs: one simulated input makes the verdict simulated.</summary>
    public Origin Origin { get; init; }

    /// <summary>Id and version of the rule pack: <c>demonstration@1.0.0</c>.</summary>
    public required string Pack { get; init; }

    /// <summary>SHA-256 of the pack, hex.</summary>
    public required string PackDigest { get; init; }

    /// <summary>SHA-256 of the register, hex, or an empty text where the rule reads none.</summary>
    public required string RegisterDigest { get; init; }

    /// <summary>The build that decided.</summary>
    public required string Build { get; init; }
}
