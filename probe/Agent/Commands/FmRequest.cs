using SignalWatch.Probe.FmAnalysis;

namespace SignalWatch.Probe.Commands;

/// <summary>What a person asks of <c>fm</c>.</summary>
internal sealed record FmRequest
{
    public required IqAddress Source { get; init; }

    public required IqOptions Options { get; init; }

    /// <summary>One document instead of a report.</summary>
    public bool Json { get; init; }

    /// <summary>The register.</summary>
    public string? Licences { get; init; }

    /// <summary>Where it is received, GB/T 2260.</summary>
    public string? Area { get; init; }

    /// <summary>Time of signal; null for the whole file.</summary>
    public TimeSpan? Duration { get; init; }
}
