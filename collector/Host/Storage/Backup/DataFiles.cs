using System.Text.RegularExpressions;
using SignalWatch.Collector.Evidence;
using SignalWatch.Contracts;

namespace SignalWatch.Collector.Storage.Backup;

/// <summary>A file of a data folder as it was found: what shows that it has changed.</summary>
internal readonly record struct SourceFile(long Bytes, DateTime Written);

/// <summary>Which files of a data folder a backup takes. What is not known is taken: a later version's folder must not be missed. Paths are below the data folder, with slashes.</summary>
internal static partial class DataFiles
{
    private const string Objects = "evidence/objects/";
    private const int Deepest = 12; // a link may lead in a circle

    // The journal is copied through its store. The rest is derived from the journal at the next start, or on its way and sent again.
    private static readonly string[] LeftOut = ["evidence/log/", "evidence/uploads/", DataFolder.LockName, DataFolder.UnfinishedName, "lost+found/"];

    private static readonly string[] KeptBehindTheJournal = ["evidence/", "keys/"];

    /// <summary>Evidence and keys: written once.</summary>
    public static SortedDictionary<string, SourceFile> Kept(string data) => Find(data, path => KeptBehindTheJournal.Any(path.StartsWith));

    /// <summary>All the rest, of which some changes at any time.</summary>
    public static SortedDictionary<string, SourceFile> Others(string data) => Find(data, path => !KeptBehindTheJournal.Any(path.StartsWith));

    /// <summary>The path in a backup.</summary>
    public static string InBackup(string path) => $"{BackupManifest.DataName}/{path}";

    /// <summary>Where the bytes of an item of evidence are.</summary>
    public static string ObjectOf(string sha256) => $"{Objects}{sha256[..2]}/{sha256}";

    /// <summary>The digest that a file of evidence is named by; null where it is none.</summary>
    public static string? DigestOfObject(string path) =>
        path.StartsWith(Objects, StringComparison.Ordinal) && Path.GetFileName(path) is var name && ObjectFiles.IsDigest(name) && path == ObjectOf(name) ? name : null;

    /// <summary>True for a file of the journal that its store reads, or the log beside it. One that was set aside is taken as any other file.</summary>
    public static bool IsJournal(string path) => OfJournal().IsMatch(path);

    [GeneratedRegex(@"^journal-\d{4}-\d{2}(-\d+)?\.db(-wal|-shm|-journal|\.new)?$", RegexOptions.CultureInvariant)]
    private static partial Regex OfJournal();

    private static List<FileInfo> List(string data, EnumerationOptions all)
    {
        try
        {
            return [.. new DirectoryInfo(data).EnumerateFiles("*", all)];
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new ProblemException(BackupTexts.FolderUnreadable(data, failure.Message), failure);
        }
    }

    private static SortedDictionary<string, SourceFile> Find(string data, Func<string, bool> wanted)
    {
        var found = new SortedDictionary<string, SourceFile>(StringComparer.Ordinal);
        // Links are followed, evidence may lie on another disk; a folder that can't be listed ends the backup, rather than be missing from it.
        var all = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None, IgnoreInaccessible = false, MaxRecursionDepth = Deepest };
        foreach (var file in List(data, all))
        {
            var path = Path.GetRelativePath(data, file.FullName).Replace(Path.DirectorySeparatorChar, '/');
            if (IsJournal(path) || LeftOut.Any(path.StartsWith) || path.EndsWith(".new", StringComparison.Ordinal) || !wanted(path)) continue;
            try
            {
                found[path] = new(file.Length, file.LastWriteTimeUtc);
            }
            catch (FileNotFoundException)
            {
                // Gone since it was listed.
            }
        }
        return found;
    }
}
