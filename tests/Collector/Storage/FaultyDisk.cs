using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace SignalWatch.Collector.Tests.Storage;

/// <summary>A folder on a disk that can fail, under SQLite's own calls: it loses what was not synced when the power is cut, in any order and torn within a sector run,
/// and answers with an error at the n-th write or sync. It stands between SQLite and its system calls (sqlite3_vfs), so that nothing of the product is replaced.</summary>
internal sealed unsafe partial class FaultyDisk : IDisposable
{
    /// <summary>SQLITE_FULL: ENOSPC.</summary>
    public const int Full = 13;

    /// <summary>SQLITE_IOERR_WRITE: EIO on write.</summary>
    public const int WriteFailed = 778;

    /// <summary>SQLITE_IOERR_FSYNC: EIO on fsync.</summary>
    public const int SyncFailed = 1034;

    private const int Sector = 512;
    private static readonly Lock Gate = new();
    private static readonly List<FaultyDisk> Disks = [];
    private static readonly Dictionary<nint, string> Open = [];
    private static readonly Dictionary<nint, nint> OriginalOf = [], PatchedOf = []; // tables of methods
    private static Vfs* system;

    private readonly Dictionary<string, FileImage> files = [];
    private readonly Random random;
    private long calls, cutAt = long.MaxValue, failFrom = long.MaxValue, failTo;
    private int failure;

    public FaultyDisk(string folder, int seed)
    {
        (Folder, random) = (folder + Path.DirectorySeparatorChar, new Random(seed));
        lock (Gate)
        {
            Install();
            Disks.Add(this);
        }
    }

    public string Folder { get; }

    /// <summary>Writes, truncations and syncs so far.</summary>
    public long Calls { get { lock (Gate) return calls; } }

    public bool IsDead { get; private set; }

    /// <summary>Cuts the power so many calls from now: that call and all after it fail.</summary>
    public void CutPowerIn(int further)
    {
        lock (Gate) cutAt = calls + further;
    }

    /// <summary>Fails <paramref name="count"/> calls, the first of them so many from now.</summary>
    public void FailIn(int further, int count, int code)
    {
        lock (Gate) (failFrom, failTo, failure) = (calls + further, calls + further + count, code);
    }

    /// <summary>What is on the disk when the power is back: all that was synced, and of the rest whatever the disk happened to have written.</summary>
    public void WriteSurvivors(string folder)
    {
        lock (Gate)
        {
            foreach (var (path, image) in files)
                if (image.Survivors(random) is { } bytes) File.WriteAllBytes(Path.Combine(folder, Path.GetRelativePath(Folder, path)), bytes);
        }
    }

    public void Dispose()
    {
        lock (Gate) Disks.Remove(this);
    }

    /// <summary>One more call on this disk.</summary>
    /// <returns>The error that it meets, or 0.</returns>
    private int Next()
    {
        if (++calls >= cutAt) IsDead = true;
        if (IsDead) return WriteFailed;
        return calls >= failFrom && calls < failTo ? failure : 0;
    }

    private FileImage Image(string path)
    {
        // A file that came under another name: whoever renamed it has synced it, and its folder.
        if (!files.TryGetValue(path, out var image)) files[path] = image = new(File.Exists(path) ? File.ReadAllBytes(path) : []);
        return image;
    }

    private static (FaultyDisk Disk, string Path)? Of(nint file) =>
        Open.TryGetValue(file, out var path) && Disks.Find(d => path.StartsWith(d.Folder, StringComparison.Ordinal)) is { } disk ? (disk, path) : null;

    /// <summary>A file: what is surely on the disk, and what was written since.</summary>
    private sealed class FileImage(byte[] found)
    {
        private readonly List<(long Offset, byte[]? Bytes)> pending = []; // no bytes: truncated to the offset
        private byte[] durable = found;
        private bool everSynced = found.Length > 0;

        public void Write(long offset, ReadOnlySpan<byte> bytes) => pending.Add((offset, bytes.ToArray()));

        public void Truncate(long size) => pending.Add((size, null));

        public void Sync()
        {
            foreach (var (offset, bytes) in pending) durable = Apply(durable, offset, bytes);
            pending.Clear();
            everSynced = true;
        }

        /// <summary>Null: its name was never made durable, and is gone.</summary>
        public byte[]? Survivors(Random random)
        {
            if (!everSynced && random.Next(2) == 0) return null;
            var content = durable.ToArray();
            foreach (var (offset, bytes) in pending)
            {
                if (bytes is null)
                {
                    if (random.Next(2) == 0) content = Apply(content, offset, null);
                    continue;
                }
                // Sector by sector: a disk that writes 4 KB does not write them at once, nor in order.
                for (var at = 0; at < bytes.Length; at += Sector)
                    if (random.Next(2) == 0) content = Apply(content, offset + at, bytes[at..Math.Min(bytes.Length, at + Sector)]);
            }
            return content;
        }

        private static byte[] Apply(byte[] content, long offset, byte[]? bytes)
        {
            if (bytes is null)
            {
                Array.Resize(ref content, (int)offset);
                return content;
            }
            if (content.Length < offset + bytes.Length) Array.Resize(ref content, (int)offset + bytes.Length);
            bytes.CopyTo(content, offset);
            return content;
        }
    }

    // What follows is sqlite3.h: struct sqlite3_vfs, sqlite3_file and sqlite3_io_methods.

    private static void Install()
    {
        if (system is not null) return;
        SQLitePCL.Batteries_V2.Init();
        system = Find(null);
        var patched = (Vfs*)NativeMemory.Alloc((nuint)sizeof(Vfs));
        *patched = *system;
        patched->Name = (byte*)Marshal.StringToCoTaskMemUTF8("faulty");
        patched->Open = &OnOpen;
        patched->Delete = &OnDelete;
        if (Register(patched, 1) != 0) throw new InvalidOperationException("SQLite refused the faulty disk");
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnOpen(Vfs* vfs, byte* name, nint* file, int flags, int* outFlags)
    {
        var result = system->Open(system, name, file, flags, outFlags);
        if (result != 0 || name is null || *file == 0) return result;
        lock (Gate)
        {
            Open[(nint)file] = Text(name);
            if (!PatchedOf.TryGetValue(*file, out var patched))
            {
                var methods = (Methods*)NativeMemory.Alloc((nuint)sizeof(Methods));
                *methods = *(Methods*)*file;
                methods->Close = &OnClose;
                methods->Write = &OnWrite;
                methods->Truncate = &OnTruncate;
                methods->Sync = &OnSync;
                PatchedOf[*file] = patched = (nint)methods;
                OriginalOf[patched] = *file;
            }
            *file = patched;
        }
        return result;
    }

    private static string Text(byte* name) => Encoding.UTF8.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(name));

    private static Methods* Original(nint* file)
    {
        lock (Gate) return (Methods*)OriginalOf[*file];
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnDelete(Vfs* vfs, byte* name, int syncFolder)
    {
        lock (Gate)
        {
            var path = Text(name);
            if (Disks.Find(d => path.StartsWith(d.Folder, StringComparison.Ordinal)) is { } disk)
            {
                if (disk.IsDead) return WriteFailed;
                disk.files.Remove(path);
            }
        }
        return system->Delete(system, name, syncFolder);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnClose(nint* file)
    {
        var close = Original(file)->Close;
        lock (Gate) Open.Remove((nint)file);
        return close(file);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnWrite(nint* file, byte* bytes, int count, long offset)
    {
        lock (Gate)
        {
            if (Of((nint)file) is var (disk, path))
            {
                if (disk.Next() is not 0 and var error) return error;
                disk.Image(path).Write(offset, new ReadOnlySpan<byte>(bytes, count));
            }
        }
        return Original(file)->Write(file, bytes, count, offset);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnTruncate(nint* file, long size)
    {
        lock (Gate)
        {
            if (Of((nint)file) is var (disk, path))
            {
                if (disk.Next() is not 0 and var error) return error;
                disk.Image(path).Truncate(size);
            }
        }
        return Original(file)->Truncate(file, size);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnSync(nint* file, int flags)
    {
        lock (Gate)
        {
            if (Of((nint)file) is var (disk, path))
            {
                if (disk.Next() is not 0 and var error) return error == WriteFailed ? SyncFailed : error;
                disk.Image(path).Sync();
            }
        }
        return 0; // what is on the real disk does not matter here
    }

    [LibraryImport("e_sqlite3", EntryPoint = "sqlite3_vfs_find", StringMarshalling = StringMarshalling.Utf8)]
    private static partial Vfs* Find(string? name);

    [LibraryImport("e_sqlite3", EntryPoint = "sqlite3_vfs_register")]
    private static partial int Register(Vfs* vfs, int makeDefault);

    [StructLayout(LayoutKind.Sequential)]
    private struct Vfs
    {
        public int Version, SizeOfFile, LongestPath;
        public Vfs* Next;
        public byte* Name;
        public void* AppData;
        public delegate* unmanaged[Cdecl]<Vfs*, byte*, nint*, int, int*, int> Open;
        public delegate* unmanaged[Cdecl]<Vfs*, byte*, int, int> Delete;
        public fixed long Others[14];
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Methods
    {
        public int Version;
        public delegate* unmanaged[Cdecl]<nint*, int> Close;
        public void* Read;
        public delegate* unmanaged[Cdecl]<nint*, byte*, int, long, int> Write;
        public delegate* unmanaged[Cdecl]<nint*, long, int> Truncate;
        public delegate* unmanaged[Cdecl]<nint*, int, int> Sync;
        public fixed long Others[13];
    }
}
