using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace SignalWatch.Collector.Storage;

/// <summary>What makes files and names survive a loss of power.</summary>
internal static partial class Disk
{
    private const int NoRoom = 28; // ENOSPC of Linux; .NET gives the number of an error that it has no class for as HResult

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

    /// <summary>Returns when everything of the file system that has this folder is on disk: one call for a hundred thousand files.</summary>
    /// <exception cref="IOException">Something of it could not be written.</exception>
    public static void SyncFileSystem(string folder)
    {
        if (!OperatingSystem.IsLinux()) return;
        using var open = Open(folder, 0);
        if (open.IsInvalid || SyncFs(open) != 0) throw new IOException($"syncfs of {folder}: errno {Marshal.GetLastPInvokeError()}");
    }

    /// <summary>Gives a file a second name.</summary>
    /// <returns>False where the file system can't: it is another one, or has no such names.</returns>
    public static bool TryLink(string file, string name) => OperatingSystem.IsLinux() && Link(file, name) == 0;

    /// <summary>True where the failure says that the disk is full.</summary>
    public static bool IsFull(IOException failure) => failure.HResult == NoRoom;

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial SafeFileHandle Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int FSync(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "syncfs", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SyncFs(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Link(string file, string name);
}
