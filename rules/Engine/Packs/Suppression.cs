using SignalWatch.Contracts;

namespace SignalWatch.Rules;

/// <summary>How the subject of a cause and that of its effect belong together.</summary>
internal enum Relation
{
    /// <summary>They are the same.</summary>
    Same,

    /// <summary>They are in the same transport stream.</summary>
    Multiplex,

    /// <summary>They are frequencies of the same area.</summary>
    Area,

    /// <summary>The cause is about the probe that shows the effect.</summary>
    Probe,
}

/// <summary>One <c>suppressWhen</c>: while that rule is violated there, this one's violation has its cause, and is not a matter of its own.</summary>
internal sealed record Suppression(RuleId Rule, Relation Relation)
{
    /// <summary>Whether a cause at <paramref name="cause"/> explains what <paramref name="probe"/> shows at <paramref name="effect"/>.</summary>
    public bool Explains(Subject cause, Subject effect, ProbeId probe) => Relation switch
    {
        Relation.Same => cause == effect,
        Relation.Multiplex => AreEqual(MultiplexOf(cause), MultiplexOf(effect)),
        Relation.Area => AreEqual(AreaOf(cause), AreaOf(effect)),
        _ => cause.Kind == SubjectKind.Probe && AreEqual(Before(cause.Key, cause.Key.IndexOf('/', StringComparison.Ordinal)), probe.Value),
    };

    // Ids of EN 300 468 clause 5.2.3: a service is its stream's two, and one more.
    private static ReadOnlySpan<char> MultiplexOf(Subject subject) => subject.Kind switch
    {
        SubjectKind.Multiplex => subject.Key,
        SubjectKind.Service => Before(subject.Key, subject.Key.LastIndexOf('.')),
        _ => default,
    };

    private static ReadOnlySpan<char> AreaOf(Subject subject) =>
        subject.Kind == SubjectKind.Frequency ? Before(subject.Key, subject.Key.IndexOf('/', StringComparison.Ordinal)) : default;

    private static ReadOnlySpan<char> Before(string key, int end) => end < 0 ? key : key.AsSpan(0, end);

    private static bool AreEqual(ReadOnlySpan<char> a, ReadOnlySpan<char> b) => a.Length > 0 && a.SequenceEqual(b);
}
