using System.Globalization;

namespace SignalWatch.Hardware.Tests.Capture;

/// <summary>A test that makes network namespaces of its own. Where the kernel does not permit it or a program is absent the test is reported as skipped with the reason; in CI it runs all the same, and fails.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class NetworkFactAttribute : FactAttribute
{
    private const int AdministerSystem = 21; // CAP_SYS_ADMIN, capabilities(7)

    public NetworkFactAttribute() => Skip = Environment.GetEnvironmentVariable("CI") == "true" ? null : Missing();

    private static string? Missing()
    {
        if (!MayUnshare()) return "SKIPPED: a network namespace needs CAP_SYS_ADMIN on Linux; run as root";
        if (VirtualLink.Program() is null) return "SKIPPED: the program ip is absent; apt-get install iproute2";
        return System.Runtime.InteropServices.NativeLibrary.TryLoad("libpcap.so.0.8", out _) ? null : "SKIPPED: libpcap is absent; apt-get install libpcap0.8";
    }

    private static bool MayUnshare() =>
        OperatingSystem.IsLinux()
        && File.ReadLines("/proc/self/status").FirstOrDefault(l => l.StartsWith("CapEff:", StringComparison.Ordinal)) is { } line
        && ((ulong.Parse(line.AsSpan("CapEff:".Length).Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture) >> AdministerSystem) & 1) == 1;
}
