using System.Data.Common;
using SignalWatch.Collector.Journal;
using SignalWatch.Collector.Storage.Postgres;
using SignalWatch.Collector.Storage.Sqlite;
using SignalWatch.Contracts;

namespace SignalWatch.Collector.Storage.Backup;

/// <summary>What a restore came to.</summary>
/// <param name="Place">The store.</param>
/// <param name="Manifest">What was restored, and was found again in its place.</param>
/// <param name="Check">What the check says of it, as it would have said of the source.</param>
internal sealed record Restored(string Place, BackupManifest Manifest, JournalCheckReport Check);

/// <summary>Brings a backup into an empty place, of either kind of store, and reads all of it back.</summary>
internal static class BackupRestore
{
    private const UnixFileMode OfEvidence = UnixFileMode.UserRead | UnixFileMode.GroupRead; // as evidence is kept

    /// <summary>Restores.</summary>
    /// <param name="backup">The folder of one backup.</param>
    /// <param name="data">The data folder, empty or not there.</param>
    /// <param name="server">The database; null where the journal is kept in the folder.</param>
    /// <param name="progress">Told of what is done.</param>
    /// <exception cref="ProblemException">The backup is damaged, the place is not empty, or it could not be written. A place that was begun is marked.</exception>
    public static Restored Run(string backup, string data, string? server, BackupProgress progress)
    {
        (backup, data) = (Path.TrimEndingDirectorySeparator(Path.GetFullPath(backup)), Path.TrimEndingDirectorySeparator(Path.GetFullPath(data)));
        var manifest = BackupManifest.Read(backup);
        if (BackupVerifier.Run(backup, manifest, progress) is [var first, ..] damaged) throw new ProblemException(BackupTexts.Damaged(backup, damaged.Count, first.Path));
        RefuseWhatIsNotEmpty(data, server);
        using var folder = DataFolder.Take(data);
        var mark = Path.Combine(data, DataFolder.UnfinishedName);
        try
        {
            File.WriteAllText(mark, backup);
            Disk.SyncFolder(data);
            CopyFiles(backup, data, manifest, withJournal: server is null, progress);
            if (server is not null) CopyJournal(Path.Combine(backup, BackupManifest.DataName), server, manifest, progress);
            Disk.SyncFileSystem(data);
            var restored = ReadBack(data, server, manifest, progress);
            File.Delete(mark);
            Disk.SyncFolder(data);
            return restored;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or DbException or SourceException)
        {
            throw new ProblemException(BackupTexts.RestoreFailed(data, failure.Message), failure);
        }
    }

    private static void RefuseWhatIsNotEmpty(string data, string? server)
    {
        if (File.Exists(data)) throw new ProblemException(Texts.FolderUnusable(data, "ENOTDIR"));
        string[] harmless = ["lost+found", DataFolder.LockName]; // of a file system's root, and of a collector that never began
        if (Directory.Exists(data) && Directory.EnumerateFileSystemEntries(data).Select(Path.GetFileName).Where(name => !harmless.Contains(name)).Order(StringComparer.Ordinal).Take(4).ToList() is { Count: > 0 } there)
            throw new ProblemException(BackupTexts.NotEmpty(data, Named(string.Join(", ", there.Take(3)) + (there.Count > 3 ? " …" : ""))));
        if (server is null) return;
        try
        {
            using var store = PostgresStore.OpenToRead(server);
            using var view = store.OpenView();
            if (view.Newest > 0 || view.DocumentKinds().Count > 0) throw new ProblemException(BackupTexts.NotEmpty(store.Place, BackupTexts.EntriesOf(view.Count())));
        }
        catch (ProblemException nothing) when (nothing.Problem.Code == "data.absent")
        {
            // As it should be.
        }
    }

    private static Text Named(string files) => new(files, files);

    private static void CopyFiles(string backup, string data, BackupManifest manifest, bool withJournal, BackupProgress progress)
    {
        progress.Begin(BackupStage.Files);
        foreach (var file in manifest.Files)
        {
            var path = file.Path[(BackupManifest.DataName.Length + 1)..];
            if (DataFiles.IsJournal(path) && !withJournal) continue;
            var target = Path.GetFullPath(Path.Combine(data, path));
            if (!target.StartsWith(data + Path.DirectorySeparatorChar, StringComparison.Ordinal)) throw new ProblemException(BackupTexts.ManifestDamaged(backup)); // a path that leads out of the folder
            FileCopy.MakeFolder(Path.GetDirectoryName(target)!);
            var mode = DataFiles.DigestOfObject(path) is null ? FileCopy.Private : OfEvidence;
            if (FileCopy.Run(Path.Combine(backup, file.Path), target, mode, progress) != (file.Bytes, file.Sha256)) throw new ProblemException(BackupTexts.Damaged(backup, 1, file.Path));
        }
    }

    private static void CopyJournal(string from, string server, BackupManifest manifest, BackupProgress progress)
    {
        progress.Begin(BackupStage.Entries);
        using var source = SqliteStore.OpenToRead(from);
        using var view = source.OpenView();
        using var target = PostgresStore.Open(server, view.Months[0].Month.Begins);
        using var writer = target.OpenWriter();
        JournalCopy.Run(view, writer, progress.AddEntry);
        if (writer.Position != manifest.Position) throw new ProblemException(BackupTexts.RestoreDiffers(target.Place, $"{writer.Position} / {manifest.Position}"));
    }

    /// <summary>What is there now, compared with what the manifest says of it.</summary>
    private static Restored ReadBack(string data, string? server, BackupManifest manifest, BackupProgress progress)
    {
        progress.Begin(BackupStage.Entries);
        using var store = Stores.OpenToRead(data, server);
        using var view = store.OpenView();
        if (view.Newest != manifest.Position) throw new ProblemException(BackupTexts.RestoreDiffers(store.Place, $"{view.Newest} / {manifest.Position}"));
        if (view.Months.Count != manifest.Months.Count) throw new ProblemException(BackupTexts.RestoreDiffers(store.Place, $"{view.Months.Count} / {manifest.Months.Count}"));
        for (var i = 0; i < manifest.Months.Count; i++)
        {
            var (expected, found) = (manifest.Months[i], JournalDigest.OfMonth(view, i, manifest.Months[i].Source, progress.AddEntry));
            if (found != expected) throw new ProblemException(BackupTexts.RestoreDiffers(store.Place, $"{expected.Month}: {found.Entries} / {expected.Entries}, {found.Digest} / {expected.Digest}"));
        }
        if (JournalDigest.OfDocuments(view) is var documents && documents != (manifest.Documents, manifest.DocumentsDigest))
            throw new ProblemException(BackupTexts.RestoreDiffers(store.Place, $"documents {documents.Count} / {manifest.Documents}"));
        return new(store.Place, manifest, JournalCheck.Run(view));
    }
}
