using Microsoft.Data.Sqlite;
using SignalWatch.Contracts;

namespace SignalWatch.Collector.Storage;

/// <summary>What a failure of the store means to a probe and to people: nothing was stored, nothing was acknowledged, try again.</summary>
internal static class StorageFailure
{
    private const int Full = 13; // SQLITE_FULL: ENOSPC on write, or the page limit

    /// <summary>True where the failure is the store's and not the program's.</summary>
    public static bool Is(Exception failure) => failure is SqliteException or IOException;

    /// <summary>The problem to answer with.</summary>
    public static Problem Describe(Exception failure, string folder) =>
        failure is SqliteException { SqliteErrorCode: Full } ? Texts.StorageFull(folder) : Texts.StorageFailed(folder, failure.Message);
}
