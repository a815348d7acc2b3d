using System.Data.Common;
using System.Globalization;
using SignalWatch.Collector.Evidence;
using SignalWatch.Contracts;

namespace SignalWatch.Collector.Storage.Backup;

/// <summary>A finished backup.</summary>
/// <param name="Folder">Where it is.</param>
/// <param name="Manifest">What it has.</param>
/// <param name="Digest">Of the manifest, and so of all.</param>
/// <param name="Linked">How many of its files are those of an earlier backup.</param>
/// <param name="Notes">What people should know of the earlier backup.</param>
internal sealed record TakenBackup(string Folder, BackupManifest Manifest, string Digest, int Linked, IReadOnlyList<Text> Notes);

/// <summary>Takes one backup of a data folder and its store, beside a collector that may be at work. What is derived and made again at the next start is left out: tiles of the evidence log,
/// uploads that are on their way.</summary>
internal sealed class BackupTaker
{
    public const string Unfinished = ".unfinished", Incomplete = "-incomplete";
    private const string LockName = "backup.lock", Prefix = "signalwatch-";
    private const int MostRounds = 8;

    private readonly IStore store;
    private readonly string source, place;
    private readonly BackupProgress progress;
    private readonly List<BackupFile> files = [];
    private readonly List<BackupLack> lacks = [];
    private readonly List<Text> notes = [];
    private EarlierBackup? earlier;
    private string folder = "";
    private int linked;

    private BackupTaker(IStore store, string source, string place, BackupProgress progress) => (this.store, this.source, this.place, this.progress) = (store, source, place, progress);

    /// <summary>Takes a backup.</summary>
    /// <param name="store">The journal.</param>
    /// <param name="data">The data folder.</param>
    /// <param name="place">The folder of backups; this one gets a folder in it.</param>
    /// <param name="build">The version that takes it.</param>
    /// <param name="now">When, with the zone that people are told.</param>
    /// <param name="progress">Told of what is done.</param>
    /// <exception cref="ProblemException">It could not be taken; nothing of it is left.</exception>
    public static TakenBackup Take(IStore store, string data, string place, string build, DateTimeOffset now, BackupProgress progress)
    {
        (data, place) = (Path.TrimEndingDirectorySeparator(Path.GetFullPath(data)), Path.TrimEndingDirectorySeparator(Path.GetFullPath(place)));
        if (!Directory.Exists(data)) throw new ProblemException(Texts.FolderUnusable(data, "ENOENT"));
        if ((place + "/").StartsWith(data + "/", StringComparison.Ordinal)) throw new ProblemException(BackupTexts.Inside(place, data));
        var taker = new BackupTaker(store, data, place, progress);
        try
        {
            FileCopy.MakeFolder(place);
            using var alone = TakePlace(place);
            return taker.Take(build, now);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new ProblemException(failure is IOException io && Disk.IsFull(io) ? BackupTexts.Full(place, progress.Bytes) : BackupTexts.WriteFailed(place, failure.Message), failure);
        }
    }

    private TakenBackup Take(string build, DateTimeOffset now)
    {
        foreach (var torn in Directory.GetDirectories(place, Prefix + "*" + Unfinished)) Directory.Delete(torn, recursive: true); // of a backup that was killed
        earlier = EarlierBackup.Newest(place, Prefix, notes);
        folder = Path.Combine(place, string.Create(CultureInfo.InvariantCulture, $"{Prefix}{now.UtcDateTime:yyyyMMdd'T'HHmmss'Z'}{Unfinished}"));
        try
        {
            FileCopy.MakeFolder(Path.Combine(folder, BackupManifest.DataName));
            // Before the journal's moment: what is derived from it (series, positions of outputs) may be behind it, and catches up, but never ahead.
            progress.Begin(BackupStage.Files);
            CopyOthers();
            using var view = OpenView();
            var months = CopyJournal(view);
            // Behind the journal's moment: what the journal speaks of is there.
            progress.Begin(BackupStage.Evidence);
            CopyEvidence(view);
            return Finish(view, months, build, now);
        }
        catch
        {
            TryDelete(folder);
            throw;
        }
    }

    private TakenBackup Finish(IStoreView view, IReadOnlyList<BackupMonth> months, string build, DateTimeOffset now)
    {
        var (documents, documentsDigest) = JournalDigest.OfDocuments(view);
        var manifest = new BackupManifest
        {
            Format = BackupManifest.FormatName,
            Build = build,
            TakenAt = now,
            Source = store.Place,
            Position = view.Newest,
            Entries = months.Sum(m => m.Entries),
            Months = months,
            Documents = documents,
            DocumentsDigest = documentsDigest,
            Files = [.. files.OrderBy(f => f.Path, StringComparer.Ordinal)],
            Lacks = lacks,
        };
        var digest = manifest.Write(folder);
        Disk.SyncFileSystem(folder);
        var name = string.Create(CultureInfo.InvariantCulture, $"{Prefix}{now.UtcDateTime:yyyyMMdd'T'HHmmss'Z'}-p{view.Newest}{(lacks.Count > 0 ? Incomplete : "")}");
        var finished = Path.Combine(place, name);
        Directory.Move(folder, finished);
        Disk.SyncFolder(place);
        return new(finished, manifest, digest, linked, notes);
    }

    private IStoreView OpenView()
    {
        try
        {
            return store.OpenView();
        }
        catch (DbException unreadable)
        {
            throw new ProblemException(BackupTexts.JournalUnreadable(store.Place, unreadable.Message), unreadable);
        }
    }

    private IReadOnlyList<BackupMonth> CopyJournal(IStoreView view)
    {
        progress.Begin(BackupStage.Journal);
        try
        {
            return new JournalBackup(view, Path.Combine(folder, BackupManifest.DataName), earlier, progress, Admit, notes).Run();
        }
        catch (DbException failure)
        {
            if (failure is Microsoft.Data.Sqlite.SqliteException { SqliteErrorCode: SQLitePCL.raw.SQLITE_FULL }) throw new ProblemException(BackupTexts.Full(place, progress.Bytes), failure);
            throw new ProblemException(BackupTexts.JournalUnreadable(store.Place, failure.Message), failure);
        }
    }

    /// <summary>A file of the backup that is in its place.</summary>
    private void Admit(BackupFile file, bool isLinked)
    {
        files.Add(file);
        if (isLinked) linked++;
    }

    /// <summary>Everything that is neither the journal nor evidence nor keys, copied until it is as the folder has it at one moment: files of series are merged, and settings replaced, as a backup goes on.</summary>
    private void CopyOthers()
    {
        var copied = new Dictionary<string, (SourceFile File, BackupFile Copy)>(StringComparer.Ordinal);
        for (var round = 0; round < MostRounds; round++)
        {
            var there = DataFiles.Others(source);
            var quiet = there.Count == copied.Count;
            foreach (var gone in copied.Keys.Where(path => !there.ContainsKey(path)).ToList())
            {
                File.Delete(TargetOf(gone));
                copied.Remove(gone);
                quiet = false;
            }
            foreach (var (path, now) in there)
            {
                if (copied.TryGetValue(path, out var before) && before.File == now) continue;
                quiet = false;
                if (copied.Remove(path)) File.Delete(TargetOf(path));
                if (Copy(path) is { } copy) copied[path] = (now, copy);
            }
            if (quiet) break;
            if (round == MostRounds - 1) lacks.Add(new(".", BackupTexts.LockGone));
        }
        foreach (var (_, copy) in copied.Values) Admit(copy, isLinked: false);
    }

    private void CopyEvidence(IStoreView view)
    {
        foreach (var path in DataFiles.Kept(source).Keys)
        {
            if (DataFiles.DigestOfObject(path) is not { } sha256)
            {
                if (Copy(path) is { } copy) Admit(copy, isLinked: false);
            }
            else if (earlier?.TryLink(DataFiles.InBackup(path), sha256, TargetOf(path), notes, progress) is { } link) Admit(link, isLinked: true);
            else if (Copy(path) is { } fresh)
            {
                Admit(fresh, isLinked: false);
                if (fresh.Sha256 != sha256) lacks.Add(new(path, BackupTexts.SourceAltered));
            }
        }
        var have = files.Select(f => f.Path).Concat(lacks.Select(l => DataFiles.InBackup(l.Path))).ToHashSet(StringComparer.Ordinal);
        foreach (var (sha256, _) in view.Documents("evidence"))
            if (ObjectFiles.IsDigest(sha256) && !have.Contains(DataFiles.InBackup(DataFiles.ObjectOf(sha256)))) lacks.Add(new(DataFiles.ObjectOf(sha256), BackupTexts.SourceMissing));
    }

    private BackupFile? Copy(string path)
    {
        var target = TargetOf(path);
        try
        {
            FileCopy.MakeFolder(Path.GetDirectoryName(target)!);
            var (bytes, sha256) = FileCopy.Run(Path.Combine(source, path), target, FileCopy.Private, progress);
            return new(DataFiles.InBackup(path), bytes, sha256);
        }
        catch (SourceException unreadable)
        {
            File.Delete(target);
            if (!unreadable.IsGone) lacks.Add(new(path, BackupTexts.Unreadable(unreadable.Message)));
            return null;
        }
    }

    private string TargetOf(string path) => Path.Combine(folder, BackupManifest.DataName, path);

    private static void TryDelete(string torn)
    {
        try
        {
            Directory.Delete(torn, recursive: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // Its name says that it is none, and the next backup tries again.
        }
    }

    private static FileStream TakePlace(string place)
    {
        var path = Path.Combine(place, LockName);
        var existed = File.Exists(path);
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException taken) when (existed)
        {
            throw new ProblemException(BackupTexts.Busy(place), taken);
        }
    }
}
