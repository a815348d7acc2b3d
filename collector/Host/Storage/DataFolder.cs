using SignalWatch.Contracts;

namespace SignalWatch.Collector.Storage;

/// <summary>A data folder that is this process's own as long as it is open. The lock is the operating system's: it goes with the process, however that ends, so that a dead one blocks nobody.</summary>
internal sealed class DataFolder : IDisposable
{
    /// <summary>The file that is locked. It stays; what counts is who has it open.</summary>
    public const string LockName = "collector.lock";

    /// <summary>A file that is there while a restore is under way: a folder that has it holds a part of a backup, and would be taken for all of it.</summary>
    public const string UnfinishedName = "restore.unfinished";

    private readonly FileStream held;

    private DataFolder(string folder, FileStream held) => (Folder, this.held) = (folder, held);

    /// <summary>The folder's full path.</summary>
    public string Folder { get; }

    /// <summary>Takes a folder, and creates it where it is not there.</summary>
    /// <exception cref="ProblemException">It can't be used, another process has it, or a restore into it did not come to its end.</exception>
    public static DataFolder Take(string folder)
    {
        try
        {
            folder = Path.GetFullPath(folder);
            Directory.CreateDirectory(folder);
            var data = new DataFolder(folder, Lock(folder));
            if (!File.Exists(Path.Combine(folder, UnfinishedName))) return data;
            data.Dispose();
            throw new ProblemException(Texts.RestoreUnfinished(folder));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new ProblemException(Texts.FolderUnusable(folder, failure.Message), failure);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => held.Dispose();

    private static FileStream Lock(string folder)
    {
        var path = Path.Combine(folder, LockName);
        var existed = File.Exists(path);
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException taken) when (existed)
        {
            throw new ProblemException(Texts.FolderLocked(folder), taken);
        }
    }
}
