using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace SignalWatch.Collector.Storage;

/// <summary>What makes files and names survive a loss of power.</summary>
internal static partial class Disk
{
    /// <summary>Returns when the file's bytes are on disk.</summary>
    public static void Sync(string file)
    {
        using var open = File.OpenHandle(file, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        RandomAccess.FlushToDisk(open);
    }

    /// <summary>Returns when the folder's names are on disk: without it a renamed file may be gone after a loss of power, although its bytes are there.</summary>
    public static void SyncFolder(string folder)
    {
        if (!OperatingSystem.IsLinux()) return;
        using var open = Open(folder, 0); // O_RDONLY; File.OpenHandle refuses folders
        if (open.IsInvalid || FSync(open) != 0) throw new IOException($"fsync of {folder}: errno {Marshal.GetLastPInvokeError()}");
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial SafeFileHandle Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int FSync(SafeFileHandle file);
}
