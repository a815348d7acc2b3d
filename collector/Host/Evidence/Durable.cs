using System.Runtime.InteropServices;

namespace SignalWatch.Collector.Evidence;

/// <summary>What .NET has no call for: a file's name is on disk only when its folder is (fsync(2)), and it has one name or the other (rename(2)).</summary>
internal static partial class Durable
{
    private const int ReadOnly = 0; // O_RDONLY

    /// <summary>Returns when the folder's entries are on disk.</summary>
    /// <exception cref="IOException">They could not be written.</exception>
    public static void SyncFolder(string folder)
    {
        if (OperatingSystem.IsWindows()) return;
        var descriptor = Open(folder, ReadOnly, 0);
        if (descriptor < 0) throw new IOException($"{folder} can't be opened: {Marshal.GetLastPInvokeErrorMessage()}");
        try
        {
            if (Sync(descriptor) != 0) throw new IOException($"{folder} can't be synced: {Marshal.GetLastPInvokeErrorMessage()}");
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    /// <summary>Returns when the entries of a folder, and of all folders that it lies in, are on disk.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="top">The outermost of them.</param>
    /// <exception cref="IOException">They could not be written.</exception>
    public static void SyncFolders(string folder, string top)
    {
        var last = Path.TrimEndingDirectorySeparator(Path.GetFullPath(top));
        for (var at = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)); at is not null && at.Length >= last.Length; at = Path.GetDirectoryName(at)) SyncFolder(at);
    }

    /// <summary>Gives a file another name on the same file system, in one step. <c>File.Move</c> links or copies where that fails, and a copy would be on disk in part.</summary>
    /// <exception cref="IOException">It could not be done; the file has the name that it had.</exception>
    public static void Rename(string from, string to)
    {
        if (OperatingSystem.IsWindows()) File.Move(from, to);
        else if (SystemRename(from, to) != 0) throw new IOException($"{from} can't be named {to}: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    [LibraryImport("libc", EntryPoint = "rename", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SystemRename(string from, string to);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Sync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
