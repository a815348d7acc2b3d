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

/// <summary>The edition of TR 101 290 that is measured by.</summary>
public enum MeasurementProfile
{
    /// <summary>V1.4.1 (2020-06).</summary>
    V141,

    /// <summary>V1.3: a PCR is due every 40 ms.</summary>
    V13,
}

/// <summary>A limit of a check, in one unit, by edition.</summary>
/// <param name="V141">Limit of V1.4.1.</param>
/// <param name="V13">Limit of V1.3.</param>
/// <param name="Unit"><c>ms</c>, <c>ns</c> or <c>B</c>.</param>
public sealed record CheckLimit(double V141, double V13, string Unit)
{
    /// <summary>The limit in an edition.</summary>
    public double In(MeasurementProfile profile) => profile == MeasurementProfile.V13 ? V13 : V141;
}

/// <summary>One thing that is checked in a transport stream: its place in the standard, its limit, and its words for people. The code raises no other than those of the catalogue, and takes its limits from there.</summary>
public sealed class Check
{
    /// <summary>Number in TR 101 290 with its part: <c>1.3.a/1</c>; or a word for a check of our own: <c>service.appeared</c>.</summary>
    public required string Id { get; init; }

    /// <summary>Its priority.</summary>
    public required CheckPriority Priority { get; init; }

    /// <summary>Name in the standard: <c>PAT_error_2</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The clause that demands it.</summary>
    public required string Clause { get; init; }

    /// <summary>Its limit, or null where each occurrence is an error.</summary>
    public CheckLimit? Limit { get; init; }

    /// <summary>What is wrong, in a few words.</summary>
    public required Text Title { get; init; }

    /// <summary>When it is raised, and what viewers notice.</summary>
    public required Text Meaning { get; init; }

    /// <summary>Likely causes, and where to look first.</summary>
    public required Text Causes { get; init; }

    /// <summary>What to keep as evidence.</summary>
    public required Text Evidence { get; init; }

    /// <summary>The number without its part: <c>1.3.a</c>. Counters are kept by it.</summary>
    public string BaseId => Id.IndexOf('/', StringComparison.Ordinal) is > 0 and var slash ? Id[..slash] : Id;

    /// <inheritdoc/>
    public override string ToString() => Id;
}
