namespace SignalWatch.Contracts;

/// <summary>An expected failure, as people and machines are told of it (RFC 9457 with a stable code).</summary>
/// <param name="Code">Stable, for machines: <c>alarm.illegal-transition</c>.</param>
/// <param name="Title">What happened, and where.</param>
/// <param name="Detail">What was kept, and what to do.</param>
/// <param name="Status">The HTTP status that fits it.</param>
public sealed record Problem(string Code, Text Title, Text Detail, int Status = 400)
{
    /// <summary>Title and detail as one text for one line.</summary>
    public Text OneLine() => new(Join(Title.Zh, "。", Detail.Zh), Join(Title.En, ". ", Detail.En));

    private static string Join(string title, string stop, string detail) =>
        title.TrimEnd('.', '。') + (detail.Length > 0 ? stop + detail : "");
}

/// <summary>Ends an operation with a <see cref="Problem"/>: a program prints it in the user's language and exits with 1, the API answers with it.</summary>
public sealed class ProblemException(Problem problem, Exception? cause = null) : Exception($"{problem.Code}: {problem.Title.En} {problem.Detail.En}", cause)
{
    /// <summary>What happened.</summary>
    public Problem Problem { get; } = problem;
}
