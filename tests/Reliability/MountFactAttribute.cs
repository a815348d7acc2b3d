using System.Globalization;

namespace SignalWatch.Reliability;

/// <summary>A test that mounts a file system of its own. Where the kernel does not permit it the test is reported as skipped with the reason; in CI it runs all the same, and fails.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class MountFactAttribute : FactAttribute
{
    private const int AdministerSystem = 21; // CAP_SYS_ADMIN, capabilities(7)

    public MountFactAttribute() =>
        Skip = MayMount() || Environment.GetEnvironmentVariable("CI") == "true" ? null : "SKIPPED: mounting a file system needs CAP_SYS_ADMIN on Linux; run as root";

    private static bool MayMount() =>
        OperatingSystem.IsLinux()
        && File.ReadLines("/proc/self/status").FirstOrDefault(l => l.StartsWith("CapEff:", StringComparison.Ordinal)) is { } line
        && ((ulong.Parse(line.AsSpan("CapEff:".Length).Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture) >> AdministerSystem) & 1) == 1;
}
