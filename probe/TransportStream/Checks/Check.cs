using SignalWatch.Contracts;

namespace SignalWatch.TransportStream;

/// <summary>How much a check matters: the priorities of TR 101 290, and what SignalWatch watches beyond them.</summary>
public enum CheckPriority
{
    /// <summary>Not of TR 101 290.</summary>
    Own = 0,

    /// <summary>Necessary to decode (TR 101 290 5.2.1).</summary>
    First = 1,

    /// <summary>Recommended to watch continuously (TR 101 290 5.2.2).</summary>
    Second = 2,

    /// <summary>Depends on the application (TR 101 290 5.2.3).</summary>
    Third = 3,
}

/// <summary>One thing that is checked in a transport stream: its place in the standard and its words for people. The code raises no other than those of the catalogue.</summary>
/// <param name="Id">Number in TR 101 290 with its part: <c>1.3.a/1</c>; or a word for a check of our own: <c>service.appeared</c>.</param>
/// <param name="Priority">Its priority.</param>
/// <param name="Name">Name in the standard: <c>PAT_error_2</c>.</param>
/// <param name="Clause">The clause that demands it.</param>
/// <param name="Title">What is wrong, in a few words.</param>
/// <param name="Meaning">When it is raised, and what viewers notice.</param>
/// <param name="Causes">Likely causes and where to look first.</param>
public sealed record Check(string Id, CheckPriority Priority, string Name, string Clause, Text Title, Text Meaning, Text Causes)
{
    /// <inheritdoc/>
    public override string ToString() => Id;
}
