using System.Globalization;
using Npgsql;
using NpgsqlTypes;

namespace SignalWatch.Collector.Storage.Postgres;

/// <summary>Who writes.</summary>
/// <param name="Name">The node's name.</param>
/// <param name="Address">Where the other nodes reach it.</param>
/// <param name="Since">When it took over, by its clock.</param>
internal sealed record SeatHolder(string Name, Uri Address, DateTimeOffset Since);

/// <summary>The place of the one writer as the other nodes see it: who has it, whether it is free, and news of its commits. The lock is the truth; the name beside it only says where acts go.</summary>
internal sealed class WriterSeat
{
    private readonly NpgsqlDataSource source;

    public WriterSeat(NpgsqlDataSource source)
    {
        this.source = source;
        using var connection = source.OpenConnection();
        using var transaction = connection.BeginTransaction();
        // Two nodes that start at once: IF NOT EXISTS alone can fail on the catalogue's index.
        PostgresStore.Run(connection, string.Create(CultureInfo.InvariantCulture, $"SELECT pg_advisory_xact_lock({PostgresStore.WriterLock + 1})"));
        PostgresStore.Run(connection, "CREATE TABLE IF NOT EXISTS writer_seat (one boolean PRIMARY KEY DEFAULT true CHECK (one), name text NOT NULL, address text NOT NULL, since bigint NOT NULL)");
        transaction.Commit();
    }

    /// <summary>The one who has it or had it last, and whether the lock is free.</summary>
    public (SeatHolder? Holder, bool IsFree) Look()
    {
        using var connection = source.OpenConnection();
        var holder = PostgresStore.Read(connection, "SELECT name, address, since FROM writer_seat",
            r => new SeatHolder(r.GetString(0), new Uri(r.GetString(1)), DateTimeOffset.FromUnixTimeMilliseconds(r.GetInt64(2)))).ToList();
        // A bigint lock stands in pg_locks with its halves apart and objsubid 1 (PostgreSQL 15, 54.12).
        var isFree = PostgresStore.Ask<bool>(connection, string.Create(CultureInfo.InvariantCulture, $"""
            SELECT NOT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 1 AND classid = {PostgresStore.WriterLock >> 32} AND objid = {PostgresStore.WriterLock & 0xFFFF_FFFF}
                AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))
            """));
        return (holder.Count > 0 ? holder[0] : null, isFree);
    }

    /// <summary>Says who has it now. Only for who holds the lock.</summary>
    public void Take(SeatHolder holder)
    {
        using var connection = source.OpenConnection();
        using var command = new NpgsqlCommand("INSERT INTO writer_seat (name, address, since) VALUES ($1, $2, $3) ON CONFLICT (one) DO UPDATE SET name = excluded.name, address = excluded.address, since = excluded.since", connection);
        command.Parameters.Add(new NpgsqlParameter { Value = holder.Name, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new NpgsqlParameter { Value = holder.Address.ToString(), NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new NpgsqlParameter { Value = holder.Since.ToUnixTimeMilliseconds(), NpgsqlDbType = NpgsqlDbType.Bigint });
        command.ExecuteNonQuery();
    }

    /// <summary>Calls <paramref name="told"/> after each commit, until the session is lost or it is told to stop.</summary>
    /// <exception cref="NpgsqlException">The session was lost.</exception>
    public async Task Listen(Action told, CancellationToken stopping)
    {
        await using var connection = await source.OpenConnectionAsync(stopping).ConfigureAwait(false);
        await using (var listen = new NpgsqlCommand($"LISTEN {PostgresStore.Channel}", connection)) await listen.ExecuteNonQueryAsync(stopping).ConfigureAwait(false);
        while (true)
        {
            await connection.WaitAsync(stopping).ConfigureAwait(false);
            told();
        }
    }
}
