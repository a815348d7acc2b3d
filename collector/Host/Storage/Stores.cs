using SignalWatch.Collector.Storage.Postgres;
using SignalWatch.Collector.Storage.Sqlite;
using SignalWatch.Contracts;

namespace SignalWatch.Collector.Storage;

/// <summary>Which store a command line means.</summary>
internal static class Stores
{
    /// <summary>The store that a collector writes, and with it the data folder: beside a database too the folder has one owner.</summary>
    /// <exception cref="ProblemException">It can't be used.</exception>
    public static IStore Open(CollectorOptions options, DateTimeOffset now) => Open(options.DataFolder, options.Store, now);

    /// <inheritdoc cref="Open(CollectorOptions, DateTimeOffset)"/>
    public static IStore Open(string folder, string? server, DateTimeOffset now)
    {
        if (server is null) return SqliteStore.Open(folder, now);
        var taken = DataFolder.Take(folder);
        try
        {
            return PostgresStore.Open(server, now, taken);
        }
        catch
        {
            taken.Dispose();
            throw;
        }
    }

    /// <summary>The store that a command reads, beside a collector that may write it.</summary>
    /// <exception cref="ProblemException">There is none.</exception>
    public static IStore OpenToRead(string? folder, string? server) => (folder, server) switch
    {
        (_, { } place) => PostgresStore.OpenToRead(place),
        ({ } place, _) => SqliteStore.OpenToRead(place),
        _ => throw new ProblemException(Texts.NoPlace()),
    };
}
