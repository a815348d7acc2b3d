using System.Globalization;
using SignalWatch.Collector.Storage.Sqlite;

namespace SignalWatch.Collector.Storage.Backup;

/// <summary>The journal of a backup: always a file for each month as SQLite has them, whatever store it comes from, so that it can be checked and read where it lies, and restored into either.</summary>
/// <param name="view">The moment that is backed up.</param>
/// <param name="folder">Where the files go.</param>
/// <param name="earlier">The backup before; null where there is none.</param>
/// <param name="progress">Told of what is done.</param>
/// <param name="admit">Told of each file that is there, and whether it is one of the earlier backup.</param>
/// <param name="notes">Told where the earlier backup is damaged.</param>
internal sealed class JournalBackup(IStoreView view, string folder, EarlierBackup? earlier, BackupProgress progress, Action<BackupFile, bool> admit, List<Contracts.Text> notes)
{
    /// <summary>Copies all months.</summary>
    /// <returns>What they hold, read from the copies.</returns>
    public IReadOnlyList<BackupMonth> Run()
    {
        var months = view.Months;
        var known = new BackupMonth?[months.Count];
        var sources = new string?[months.Count];
        if (view is SqliteView files)
            for (var i = 0; i < months.Count; i++)
            {
                var isSealed = i + 1 < months.Count;
                sources[i] = isSealed ? SourceOf(files, months[i]) : null;
                known[i] = isSealed ? TryLink(months[i].Month, sources[i]!) : null;
                if (known[i] is null) Copy(files, months[i].Month);
            }
        else CopyAll();
        progress.Begin(BackupStage.Entries);
        return ReadBack(known, sources);
    }

    private void Copy(SqliteView files, Month month)
    {
        long told = 0;
        files.Copy(month, FileOf(month), (pages, _) =>
        {
            const int PageBytes = 4_096;
            progress.AddBytes((pages - told) * PageBytes);
            told = pages;
        });
    }

    private void CopyAll()
    {
        using (var copy = SqliteStore.Open(folder, view.Months[0].Month.Begins))
        using (var writer = copy.OpenWriter()) JournalCopy.Run(view, writer, progress.AddEntry);
        File.Delete(Path.Combine(folder, DataFolder.LockName));
        foreach (var month in view.Months)
        {
            using var settled = SqliteFile.Connect(FileOf(month.Month));
            SqliteFile.Execute(settled, "PRAGMA journal_mode=DELETE");
        }
    }

    /// <summary>Digests of the content, which a restore into any store is compared with, read from the copy: a copy that can't be read is none.</summary>
    private List<BackupMonth> ReadBack(BackupMonth?[] known, string?[] sources)
    {
        using var copy = SqliteStore.OpenToRead(folder);
        using var copied = copy.OpenView();
        var read = new List<BackupMonth>();
        for (var i = 0; i < known.Length; i++)
        {
            var month = known[i] ?? JournalDigest.OfMonth(copied, i, sources[i], progress.AddEntry);
            read.Add(month);
            if (known[i] is not null) continue;
            var file = FileOf(view.Months[i].Month);
            var (bytes, sha256) = FileCopy.Digest(file, progress);
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(file, FileCopy.Private);
            progress.AddFile();
            admit(new(PathOf(view.Months[i].Month), bytes, sha256), false);
        }
        return read;
    }

    private BackupMonth? TryLink(Month month, string source)
    {
        if (earlier?.Manifest.Months.FirstOrDefault(m => m.Month == month.ToString() && m.Source == source) is not { } same || earlier.DigestOf(PathOf(month)) is not { } sha256) return null;
        if (earlier.TryLink(PathOf(month), sha256, FileOf(month), notes, progress) is not { } link) return null;
        admit(link, true);
        return same;
    }

    /// <summary>A sealed month changes by retention only, which changes its counts and its file's length and time.</summary>
    private string SourceOf(SqliteView files, StoredMonth month)
    {
        var file = files.FileOf(month.Month);
        return string.Create(CultureInfo.InvariantCulture, $"{file.Length} {file.LastWriteTimeUtc.Ticks} {month.First} {month.Thinned} {view.Letters(month.Month).Count()}");
    }

    private string FileOf(Month month) => Path.Combine(folder, $"journal-{month}.db");

    private static string PathOf(Month month) => DataFiles.InBackup($"journal-{month}.db");
}
