using SignalWatch.Contracts;

namespace SignalWatch.Rules.Packs;

/// <summary>A test of a pack: observations at virtual times, and the verdicts that they must and must never give.</summary>
internal sealed record PackTest(
    string Name,
    Rule Rule,
    DateTimeOffset Start,
    TimeSpan Until,
    FmRegister Register,
    IReadOnlyList<Observation> Observations,
    IReadOnlyList<ExpectedVerdict> Expected,
    IReadOnlyList<NeverVerdict> Never,
    Action<Text> Report);

/// <summary>A verdict that must come: exactly then, in this order, and with these texts where they are given.</summary>
internal sealed record ExpectedVerdict(TimeSpan At, VerdictResult Result, string? Title, string? Says, long? Occurrences, IReadOnlyList<string>? Witnesses, IReadOnlyList<string>? Missing, string? SuppressedBy);

/// <summary>What must never come: a result, or a word in any title or sentence.</summary>
internal sealed record NeverVerdict(VerdictResult? Result, string? Says);
