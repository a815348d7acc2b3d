using System.Text.Json;
using Microsoft.Data.Sqlite;
using SignalWatch.Collector.Journal;
using SignalWatch.Contracts;

namespace SignalWatch.Collector.Storage.Sqlite.Salvage;

/// <summary>What is known of a damaged month from its neighbours.</summary>
/// <param name="Month">Which.</param>
/// <param name="IsNewest">True for the month that is being written.</param>
/// <param name="First">Its first position as the month before says; null where nothing says it.</param>
/// <param name="Last">Its last position as the month behind says; null where nothing says it.</param>
/// <param name="Before">The documents with which the month before ended; null where there is none.</param>
/// <param name="Behind">The documents with which the month behind began; null for the newest month.</param>
internal sealed record MonthAround(Month Month, bool IsNewest, long? First, long? Last, IDocuments? Before, IDocuments? Behind);

/// <summary>Makes a fresh file of what can be read of a damaged one, which it does not alter.</summary>
internal sealed class SqliteSalvage
{
    private const int MostRuns = 1_000;

    /// <summary>Above what any collector stores, so that no position is given twice however long the damaged file had gone on.</summary>
    private const long MostEntriesPerSecond = 100_000;

    private static readonly TimeSpan AtLeast = TimeSpan.FromDays(1);

    private readonly SqlitePages pages;
    private readonly SqliteCells cells;
    private readonly MonthAround around;
    private readonly Dictionary<string, long> roots;
    private readonly long first;
    private readonly long thinned;
    private SqliteConnection made = null!;

    private SqliteSalvage(SqlitePages pages, MonthAround around)
    {
        (this.pages, this.around) = (pages, around);
        cells = new(pages);
        roots = cells.Roots();
        first = Table("month") is [[long said]] ? said : around.First ?? 1;
        thinned = Table("thinned")?.Sum(r => r is [_, long count] ? count : 0) ?? 0;
    }

    /// <summary>Writes the fresh file.</summary>
    /// <param name="pages">The damaged file.</param>
    /// <param name="to">The file to make.</param>
    /// <param name="around">What its neighbours say.</param>
    /// <param name="setAside">What the damaged file will be called.</param>
    /// <param name="why">How the damage showed.</param>
    /// <param name="now">The collector's clock.</param>
    /// <returns>What is lost.</returns>
    public static StoredLoss Run(SqlitePages pages, string to, MonthAround around, string setAside, string why, DateTimeOffset now)
    {
        var salvage = new SqliteSalvage(pages, around);
        StoredLoss? loss = null;
        SqliteFile.Make(to, salvage.first, before: null, connection =>
        {
            salvage.made = connection;
            loss = salvage.Fill(setAside, why, now);
        });
        return loss!;
    }

    private StoredLoss Fill(string setAside, string why, DateTimeOffset now)
    {
        TakeRows();
        foreach (var row in Table("thinned") ?? []) Put("INSERT INTO thinned VALUES ($a, $b)", row);
        var (holes, kept, last, lastAt) = Holes();
        var end = around.Last ?? Math.Max(last, first - 1) + MostEntriesPerSecond * (long)Math.Max(AtLeast.TotalSeconds, (now - lastAt).TotalSeconds);
        var known = Documents("documents", out var opening);
        var documents = known ?? DocumentFold.Of(opening ?? new Listed([]), Rows());
        var lost = Math.Max(0, holes.Sum(h => h.Count) - thinned);
        var loss = new StoredLoss
        {
            Month = around.Month.ToString(),
            SetAside = setAside,
            At = now,
            Why = why,
            Kept = kept,
            Lost = lost,
            Positions = thinned == 0 ? [.. holes.Take(MostRuns)] : [],
            Skipped = around.IsNewest ? new(Math.Max(last, first - 1) + 1, end) : null,
            Restarts = around.IsNewest,
            Folded = known is null,
            Numbers = thinned == 0 ? LostNumbers(documents, opening, folded: known is null) : [],
        };
        Store("documents", documents);
        Store("opening", around.IsNewest ? documents : opening ?? new Listed([]));
        if (around.IsNewest || lost > 0) Leave(loss, around.IsNewest ? end : FirstHole(holes), now);
        return loss;
    }

    /// <summary>Every row of every page that is the leaf of the journal or of the dead letters, wherever the tree above it is damaged.</summary>
    private void TakeRows()
    {
        var free = cells.Free();
        var page = new byte[pages.PageBytes];
        var bad = 0L;
        using var entry = Command("INSERT OR IGNORE INTO journal (position, kind, stream, sequence, about, received_at, body) VALUES ($a,$b,$c,$d,$e,$f,$g)", 7);
        using var letter = Command("INSERT OR IGNORE INTO dead_letters (id, stream, sequence, line, reason, received_at, body) VALUES ($a,$b,$c,$d,$e,$f,$g)", 7);
        for (var number = 2L; number <= pages.Count; number++)
        {
            if (free.Contains(number) || !pages.Read(number, page)) continue;
            foreach (var (id, columns) in cells.Leaf(page, ref bad))
            {
                if (IsEntry(id, columns)) Run(entry, [id, .. columns[1..]]);
                else if (columns is [null, long, null or long, long, string, long, byte[]]) Run(letter, [id, .. columns[1..]]);
            }
        }
    }

    // An entry that is about something has no number; a dead letter always has a line and a reason.
    private bool IsEntry(long id, object?[] columns) => columns is [null, long kind, null or long, null or long, null or string, long received, byte[] body]
        && !(columns[3] is long && columns[4] is string)
        && id >= first && id <= (around.Last ?? long.MaxValue / 2) && Enum.IsDefined((EntryKind)kind)
        && received is > 0 and < 253_402_300_800_000 && IsJson(body);

    private static bool IsJson(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body);
        try
        {
            while (reader.Read()) { }
            return body.Length > 0;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private (List<SequenceRange> Holes, long Kept, long Last, DateTimeOffset LastAt) Holes()
    {
        var holes = new List<SequenceRange>();
        var (kept, last, lastAt) = (0L, first - 1, around.Month.Begins);
        foreach (var (position, at) in SqliteFile.Read(made, "SELECT position, received_at FROM journal ORDER BY position", r => (r.GetInt64(0), r.GetInt64(1))))
        {
            if (position > last + 1) holes.Add(new(last + 1, position - 1));
            (kept, last, lastAt) = (kept + 1, position, SqliteFile.Instant(at));
        }
        if (around.Last is { } end && end > last) holes.Add(new(last + 1, end));
        return (holes, kept, last, lastAt);
    }

    private static long FirstHole(List<SequenceRange> holes) => holes[0].From;

    /// <summary>The documents of the month; null where they can't be read. And those that it began with.</summary>
    private Listed? Documents(string table, out IDocuments? opening)
    {
        opening = Read("opening") ?? around.Before ?? (first == 1 ? new Listed([]) : null);
        return Read(table) ?? (around.Behind is { } behind ? new(Listed.All(behind)) : null);
    }

    private Listed? Read(string table)
    {
        if (Table(table) is not { } rows) return null;
        var documents = new List<(string, Document)>();
        foreach (var row in rows)
        {
            if (row is not [string kind, string id, byte[] body]) return null;
            documents.Add((kind, new(id, body)));
        }
        return new(documents);
    }

    private List<object?[]>? Table(string name) => roots.TryGetValue(name, out var root) ? cells.Tree(root) : null;

    /// <summary>What the ledger calls stored in this month, and is not there.</summary>
    private List<LostNumbers> LostNumbers(IDocuments documents, IDocuments? opening, bool folded)
    {
        var lost = new List<LostNumbers>();
        var before = SequenceLedger.Streams(opening ?? new Listed([])).ToDictionary(s => s.Id);
        foreach (var stream in SequenceLedger.Streams(documents))
        {
            var missing = SequenceRanges.Parse(stream.Stored.ToString());
            foreach (var run in before.GetValueOrDefault(stream.Id)?.Stored.Runs ?? []) missing.Remove(run);
            // A ledger that was folded knows only what is there: what is missing before the last number may have been there.
            if (folded)
                foreach (var run in stream.Stored.Missing()) missing.Add(run, before.GetValueOrDefault(stream.Id)?.Through ?? 0);
            foreach (var number in SqliteFile.Read(made, SqliteView.SequencesOfStream, r => r.GetInt64(0), ("$id", stream.Id))) missing.Remove(new(number, number));
            if (missing.Runs.Count > 0) lost.Add(new(stream.Id, missing.ToString()));
        }
        return lost;
    }

    private IEnumerable<JournalRow> Rows() => SqliteFile.Read(made, $"SELECT {SqliteView.Columns} FROM journal ORDER BY position", SqliteView.Row);

    private void Store(string table, IDocuments documents)
    {
        foreach (var (kind, document) in Listed.All(documents)) Put($"INSERT OR REPLACE INTO {table} VALUES ($a, $b, $c)", [kind, document.Id, document.Body.ToArray()]);
    }

    private void Leave(StoredLoss loss, long position, DateTimeOffset now) => Put("INSERT INTO journal (position, kind, received_at, body) VALUES ($a,$b,$c,$d)",
        [position, (long)EntryKind.Damage, now.ToUnixTimeMilliseconds(), JsonSerializer.SerializeToUtf8Bytes(loss, WireJson.Options)]);

    private void Put(string sql, object?[] values)
    {
        using var command = Command(sql, values.Length);
        Run(command, values);
    }

    private SqliteCommand Command(string sql, int parameters)
    {
        var command = made.CreateCommand();
        command.CommandText = sql;
        for (var i = 0; i < parameters; i++) command.Parameters.Add(new SqliteParameter { ParameterName = $"${(char)('a' + i)}" });
        return command;
    }

    private static void Run(SqliteCommand command, object?[] values)
    {
        for (var i = 0; i < values.Length; i++) command.Parameters[i].Value = values[i] ?? DBNull.Value;
        command.ExecuteNonQuery();
    }
}
