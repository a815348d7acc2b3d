using SignalWatch.Fm;

namespace SignalWatch.Tests;

/// <summary>fm/rds_logs: 47 logs of real stations of 18 countries, 2015 to 2022, received off the air with RDS Spy.</summary>
internal static class RdsLogs
{
    public static IEnumerable<string> All() =>
        Directory.EnumerateFiles(Recordings.File("fm", "rds_logs")).Where(f => f.EndsWith(".spy", StringComparison.Ordinal) || f.EndsWith(".rds", StringComparison.Ordinal)).Order(StringComparer.Ordinal);

    public static string Path(string name) => All().Single(log => Name(log) == name);

    /// <summary>Country and PI, as <c>Poland_3ABC</c>.</summary>
    public static string Name(string log) => System.IO.Path.GetFileName(log).Split("_-_")[0];

    /// <summary>The references of these were made in redsea's mode for North America.</summary>
    public static bool IsAmerican(string log) => Name(log).StartsWith("USA", StringComparison.Ordinal) || Name(log).StartsWith("Canada", StringComparison.Ordinal);

    public static RdsLogFile Read(string log)
    {
        using var reader = new StreamReader(log);
        return RdsLogFile.Read(reader);
    }
}
