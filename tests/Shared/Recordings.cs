using System.Runtime.CompilerServices;

namespace SignalWatch.Tests;

/// <summary>Where the recordings are: <c>SIGNALWATCH_RECORDINGS</c>, or <c>../shared/recordings</c> beside the checkout.</summary>
internal static class Recordings
{
    public static string Folder { get; } =
        Environment.GetEnvironmentVariable("SIGNALWATCH_RECORDINGS") is { Length: > 0 } named
            ? Path.GetFullPath(named)
            : Path.GetFullPath(Path.Combine(Checkout.Root, "..", "shared", "recordings"));

    /// <summary>Null where the recordings are there, and in CI, where their absence is a failure.</summary>
    public static string? WhySkip =>
        Directory.Exists(Folder) || Environment.GetEnvironmentVariable("CI") == "true"
            ? null
            : $"SKIPPED: no recordings at {Folder}; set SIGNALWATCH_RECORDINGS";

    public static string File(params string[] parts) => Path.Combine([Folder, .. parts]);
}

/// <summary>The root of the checkout that these tests were compiled from.</summary>
internal static class Checkout
{
    public static string Root { get; } = Path.GetFullPath(Path.Combine(SourceFolder(), "..", ".."));

    private static string SourceFolder([CallerFilePath] string thisFile = "") => Path.GetDirectoryName(thisFile)!;
}
