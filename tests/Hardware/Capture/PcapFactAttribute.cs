using System.Runtime.InteropServices;

namespace SignalWatch.Hardware.Tests.Capture;

/// <summary>A test that needs libpcap. Where it is absent the test is reported as skipped with the reason; in CI it runs all the same, and fails.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PcapFactAttribute : FactAttribute
{
    public PcapFactAttribute() =>
        Skip = NativeLibrary.TryLoad("libpcap.so.0.8", out _) || Environment.GetEnvironmentVariable("CI") == "true" ? null : "SKIPPED: libpcap is absent; apt-get install libpcap0.8";
}
