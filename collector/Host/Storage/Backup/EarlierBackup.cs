using SignalWatch.Contracts;

namespace SignalWatch.Collector.Storage.Backup;

/// <summary>The newest backup in a place: what has not changed since need not be copied again.</summary>
internal sealed class EarlierBackup
{
    private readonly string folder;
    private readonly Dictionary<string, BackupFile> files;

    private EarlierBackup(string folder, BackupManifest manifest)
    {
        (this.folder, Manifest) = (folder, manifest);
        files = manifest.Files.ToDictionary(f => f.Path, StringComparer.Ordinal);
    }

    public BackupManifest Manifest { get; }

    /// <summary>The newest backup whose manifest is sound; null where there is none.</summary>
    public static EarlierBackup? Newest(string place, string prefix, List<Text> notes)
    {
        foreach (var folder in Directory.GetDirectories(place, prefix + "*").Where(f => !f.EndsWith(BackupTaker.Unfinished, StringComparison.Ordinal)).OrderDescending(StringComparer.Ordinal))
        {
            try
            {
                return new(folder, BackupManifest.Read(folder));
            }
            catch (ProblemException unusable)
            {
                notes.Add(unusable.Problem.Title);
            }
        }
        return null;
    }

    /// <summary>The digest of a file that the earlier backup has; null where it has none.</summary>
    public string? DigestOf(string path) => files.GetValueOrDefault(path)?.Sha256;

    /// <summary>Gives a file of the earlier backup a second name, if it is still what it was.</summary>
    /// <param name="path">In the backup.</param>
    /// <param name="sha256">What it must be.</param>
    /// <param name="target">Its second name.</param>
    /// <param name="notes">Told where the earlier backup is damaged.</param>
    /// <param name="progress">Told of what is read.</param>
    public BackupFile? TryLink(string path, string sha256, string target, List<Text> notes, BackupProgress progress)
    {
        if (!files.TryGetValue(path, out var known) || known.Sha256 != sha256) return null;
        var there = Path.Combine(folder, path);
        try
        {
            if (FileCopy.Digest(there, progress) != (known.Bytes, sha256))
            {
                notes.Add(new($"以前的备份 {folder} 中 {path} 已损坏，已重新复制", $"{path} of the earlier backup {folder} is damaged, and was copied again"));
                return null;
            }
        }
        catch (SourceException gone)
        {
            notes.Add(new($"以前的备份 {folder} 中 {path} 读不到（{gone.Message}），已重新复制", $"{path} of the earlier backup {folder} can't be read ({gone.Message}), and was copied again"));
            return null;
        }
        FileCopy.MakeFolder(Path.GetDirectoryName(target)!);
        if (!Disk.TryLink(there, target)) return null;
        progress.AddFile();
        return known;
    }
}
