using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Data.Sqlite;
using SignalWatch.Collector.Storage.Sqlite.Salvage;
using SignalWatch.Contracts;

namespace SignalWatch.Collector.Storage.Sqlite;

/// <summary>What happens to a damaged month: it is set aside as it is, and a fresh file takes its place with all that could be read.</summary>
internal sealed partial class SqliteStore
{
    private const int LastPossibleSchema = 999;
    private const int PageBytes = 4_096; // SQLite's default, which no file of ours changes
    private const int Corrupt = 11, NotADatabase = 26, NoSuchTable = 1, ShortRead = 522, ReadFailed = 266;

    /// <summary>At the start the newest month is looked through whole only up to this size, a tenth of a second; larger ones wait for the scrub, because probes wait for the start.</summary>
    private const long CheckedAtStartBytes = 64L << 20;

    private readonly ConcurrentDictionary<Month, string> damaged = new();

    /// <summary>True for an error that only a damaged file gives, and not a full or a failing disk that will do better.</summary>
    internal static bool IsDamage(Exception failure) => failure is SqliteException { SqliteErrorCode: Corrupt or NotADatabase } or SqliteException { SqliteExtendedErrorCode: ShortRead or ReadFailed };

    /// <summary>Where the scrub found the month damaged: as SQLite would say it.</summary>
    internal void ThrowWhereDamaged(Month month)
    {
        if (damaged.TryGetValue(month, out var why)) throw new SqliteException(why, Corrupt);
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> Scrub(DateTimeOffset now, CancellationToken cancelled)
    {
        var found = new List<string>();
        var months = Months();
        foreach (var month in months)
        {
            cancelled.ThrowIfCancellationRequested();
            if (Fault(month, isNewest: month == months[^1], whole: true) is not { } why) continue;
            found.Add($"{month}: {why}");
            if (month == months[^1]) damaged[month] = why;
            else Mend(month, why, now);
        }
        return found;
    }

    /// <summary>Replaces a damaged file. A kill on the way leaves the damaged one in its place, or both: then the next start sets the older aside.</summary>
    internal void Mend(Month month, string why, DateTimeOffset now)
    {
        var file = FileOf(month);
        var next = Path.Combine(Place, string.Create(CultureInfo.InvariantCulture, $"journal-{month}-{Files().Where(f => f.Month == month).Max(f => f.Mended) + 1}.db"));
        using (var content = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete))
        using (var log = File.Exists(file + "-wal") ? new FileStream(file + "-wal", FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete) : null)
        using (var around = new Neighbours(this, month))
            SqliteSalvage.Run(new(content, log), next + ".new", around.Known, Path.GetFileName(SetAsideName(file, now)), why, now);
        File.Move(next + ".new", next);
        Disk.SyncFolder(Place);
        SetAsideReplaced(now);
        firsts.TryRemove(month, out _);
        damaged.TryRemove(month, out _);
    }

    /// <summary>Files in whose place there is a mended one get the name under which they stay.</summary>
    private void SetAsideReplaced(DateTimeOffset now)
    {
        foreach (var month in Files().GroupBy(f => f.Month))
            foreach (var old in month.OrderBy(f => f.Mended).SkipLast(1))
            {
                var aside = SetAsideName(old.Path, now);
                File.Delete(old.Path + "-shm");
                if (File.Exists(old.Path + "-wal")) File.Move(old.Path + "-wal", aside + "-wal");
                File.Move(old.Path, aside);
                Disk.SyncFolder(Place);
            }
    }

    private static string SetAsideName(string file, DateTimeOffset now) => string.Create(CultureInfo.InvariantCulture, $"{file}.damaged-{now.UtcDateTime:yyyyMMddTHHmmss}");

    private void MendDamaged(DateTimeOffset now)
    {
        var months = Months();
        foreach (var month in months)
            if (Fault(month, isNewest: month == months[^1], whole: false) is { } why) Mend(month, why, now);
    }

    /// <summary>What is wrong with a month's file; null where nothing is.</summary>
    /// <exception cref="ProblemException">It has another schema: it is not damaged, and not ours to touch.</exception>
    private string? Fault(Month month, bool isNewest, bool whole)
    {
        // Beside a writer the log grows while it is read, and would look torn.
        var file = FileOf(month);
        try
        {
            if (!(whole && isNewest) && LogIsBroken(file)) return "the log is damaged before its last transaction";
            if (EndsWithinAPage(file)) return "the file ends within a page"; // the integrity check takes the rest for zeros; reading it later fails
            using var connection = SqliteFile.Connect(file);
            var version = (int)SqliteFile.Number(connection, "PRAGMA user_version");
            if (version is < 1 or > LastPossibleSchema) return "no schema"; // four bytes that are wrong, not a later program
            if (version != SqliteFile.SchemaVersion) throw new ProblemException(Texts.OtherSchema(Place, version, SqliteFile.SchemaVersion));
            if (SqliteFile.Number(connection, "SELECT COUNT(*) FROM month") != 1) return "no first position";
            if (isNewest)
                foreach (var table in (string[])["documents", "opening", "thinned"]) SqliteFile.Number(connection, $"SELECT COUNT(*) FROM {table}");
            if (!whole && !(isNewest && new FileInfo(file).Length <= CheckedAtStartBytes)) return null;
            var fault = SqliteFile.Read(connection, "PRAGMA integrity_check(1)", r => r.GetString(0)).FirstOrDefault();
            return fault == "ok" ? null : fault;
        }
        catch (SqliteException failure) when (IsDamage(failure) || failure.SqliteErrorCode == NoSuchTable)
        {
            return failure.Message;
        }
    }

    /// <summary>Where there is a log it may have the rest of the page: the write of it was interrupted.</summary>
    private static bool EndsWithinAPage(string file) => new FileInfo(file).Length % PageBytes != 0 && new FileInfo(file + "-wal") is not { Exists: true, Length: > 0 };

    private static bool LogIsBroken(string file)
    {
        if (!File.Exists(file + "-wal")) return false;
        using var content = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var log = new FileStream(file + "-wal", FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        return new SqlitePages(content, log).LogIsBroken;
    }

    private List<(Month Month, int Mended, string Path)> Files()
    {
        var files = new List<(Month, int, string)>();
        foreach (var path in Directory.EnumerateFiles(Place, "journal-*.db"))
        {
            var name = Path.GetFileNameWithoutExtension(path)["journal-".Length..];
            if (Month.TryParse(name, out var month)) files.Add((month, 0, path));
            else if (name.LastIndexOf('-') is > 0 and var at && Month.TryParse(name[..at], out month) && int.TryParse(name.AsSpan(at + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var mended)) files.Add((month, mended, path));
        }
        return files;
    }

    /// <summary>What the months before and behind a damaged one say of it.</summary>
    private sealed class Neighbours : IDisposable
    {
        private readonly SqliteConnection? before, behind;

        public Neighbours(SqliteStore store, Month month)
        {
            var months = store.Months();
            var at = months.IndexOf(month);
            before = at > 0 ? SqliteFile.Connect(store.FileOf(months[at - 1])) : null;
            behind = at + 1 < months.Count ? SqliteFile.Connect(store.FileOf(months[at + 1])) : null;
            Known = new(month, at + 1 == months.Count,
                before is null ? null : Ask(() => SqliteFile.Number(before, SqliteWriter.NewestPosition) + 1),
                behind is null ? null : Ask(() => SqliteFile.Number(behind, "SELECT first_position FROM month") - 1),
                Readable(before, "documents"), Readable(behind, "opening"));
        }

        public MonthAround Known { get; }

        public void Dispose()
        {
            before?.Dispose();
            behind?.Dispose();
        }

        // A neighbour may be damaged itself: then it says nothing.
        private static long? Ask(Func<long> question)
        {
            try
            {
                return question();
            }
            catch (SqliteException)
            {
                return null;
            }
        }

        private static Listed? Readable(SqliteConnection? file, string table)
        {
            try
            {
                return file is null ? null : new(Listed.All(new SqliteView.Table(file, table)));
            }
            catch (SqliteException)
            {
                return null;
            }
        }
    }
}
