namespace SignalWatch.Tests;

/// <summary>The server that tests and benches run for themselves.</summary>
internal static class Postgres15
{
    /// <summary>Where Debian puts its programs.</summary>
    public const string Programs = "/usr/lib/postgresql/15/bin";

    public static bool IsInstalled => Directory.Exists(Programs);
}
