using SignalWatch.Collector.Storage.Postgres;
using SignalWatch.Collector.Storage.Sqlite;
using SignalWatch.Contracts;

namespace SignalWatch.Collector.Storage;

/// <summary>Which store a command line means.</summary>
internal static class Stores
{
    /// <summary>The store that a collector writes.</summary>
    /// <exception cref="ProblemException">It can't be used.</exception>
    public static IStore Open(CollectorOptions options, DateTimeOffset now) =>
        options.Store is { } server ? PostgresStore.Open(server, now) : SqliteStore.Open(options.DataFolder, now);

    /// <summary>The store that a command reads, beside a collector that may write it.</summary>
    /// <exception cref="ProblemException">There is none.</exception>
    public static IStore OpenToRead(string? folder, string? server) => (folder, server) switch
    {
        (_, { } place) => PostgresStore.OpenToRead(place),
        ({ } place, _) => SqliteStore.OpenToRead(place),
        _ => throw new ProblemException(Texts.NoPlace()),
    };
}
