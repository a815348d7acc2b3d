using System.Runtime.InteropServices;

namespace SignalWatch.Collector.Evidence;

/// <summary>What .NET has no call for: a file's name is on disk only when its folder is (fsync(2)).</summary>
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

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Sync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
