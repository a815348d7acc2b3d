using System.Reflection;

namespace SignalWatch.Collector;

/// <summary>This run of this build.</summary>
internal sealed class CollectorIdentity(TimeProvider time)
{
    private static readonly string Informational =
        typeof(CollectorIdentity).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0";

    /// <summary>UUIDv7 of the run: the boot of the collector's own entries, and the instance of the wall.</summary>
    public Guid Instance { get; } = Guid.CreateVersion7(time.GetUtcNow());

    public DateTimeOffset StartedAt { get; } = time.GetUtcNow();

    /// <summary>Version and commit, as verdicts carry it: <c>0.1.0+cf667c6…</c>.</summary>
    public string Build { get; } = Informational;

    public string Version { get; } = Informational.Split('+')[0];

    /// <summary>The commit that was built, or null where the build was not told.</summary>
    public string? Commit { get; } = Informational.Split('+') is [_, var commit] ? commit : null;
}
