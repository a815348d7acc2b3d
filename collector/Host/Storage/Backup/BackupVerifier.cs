using SignalWatch.Contracts;

namespace SignalWatch.Collector.Storage.Backup;

/// <summary>A file of a backup that is not what it was.</summary>
internal sealed record DamagedFile(string Path, Text What);

/// <summary>Compares a backup with its manifest.</summary>
internal static class BackupVerifier
{
    private static readonly Text Missing = new("缺失", "is missing");
    private static readonly Text Altered = new("内容已改变", "was changed");
    private static readonly Text Foreign = new("不属于这份备份", "does not belong to the backup");

    /// <summary>Reads every file.</summary>
    /// <returns>What is not as it was written; empty where all of it is.</returns>
    /// <exception cref="ProblemException">The manifest itself is not.</exception>
    public static IReadOnlyList<DamagedFile> Run(string backup, BackupManifest manifest, BackupProgress progress)
    {
        progress.Begin(BackupStage.Verify);
        var damaged = new List<DamagedFile>();
        foreach (var file in manifest.Files)
        {
            try
            {
                if (FileCopy.Digest(Path.Combine(backup, file.Path), progress) != (file.Bytes, file.Sha256)) damaged.Add(new(file.Path, Altered));
                progress.AddFile();
            }
            catch (SourceException unreadable)
            {
                damaged.Add(new(file.Path, unreadable.IsGone ? Missing : BackupTexts.Unreadable(unreadable.Message)));
            }
        }
        // A log beside a month would be read with it, and change what it says.
        var known = manifest.Files.Select(f => f.Path).Append(BackupManifest.FileName).Append(BackupManifest.DigestName).ToHashSet(StringComparer.Ordinal);
        foreach (var file in Directory.EnumerateFiles(backup, "*", SearchOption.AllDirectories))
            if (Path.GetRelativePath(backup, file).Replace(Path.DirectorySeparatorChar, '/') is var path && !known.Contains(path)) damaged.Add(new(path, Foreign));
        return damaged;
    }
}
