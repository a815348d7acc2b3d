using Microsoft.Win32.SafeHandles;
using SignalWatch.Contracts;

namespace SignalWatch.Probe.Analysis;

/// <summary>Bytes of a file, or of a pipe, which can be read only once: its first bytes are kept while they are looked at, and given again.</summary>
internal sealed class FileBytes : IDisposable
{
    // Of a pipe, what the first look may take: seconds of a usual multiplex.
    private const int MostHeldBytes = 8 << 20;

    private readonly SafeFileHandle file;
    private readonly FileStream? pipe;
    private byte[] held = [];
    private int heldBytes;
    private bool looking = true;

    private FileBytes(SafeFileHandle file)
    {
        this.file = file;
        try
        {
            Length = RandomAccess.GetLength(file);
        }
        catch (NotSupportedException)
        {
            pipe = new FileStream(file, FileAccess.Read, bufferSize: 0);
        }
    }

    /// <summary>Null for a pipe.</summary>
    public long? Length { get; }

    /// <summary>Opens it.</summary>
    /// <exception cref="ProblemException">It is missing, a folder, unreadable or empty.</exception>
    public static FileBytes Open(string path)
    {
        if (Directory.Exists(path)) throw new ProblemException(TsTexts.Folder(path));
        if (!File.Exists(path)) throw new ProblemException(TsTexts.Missing(path));
        SafeFileHandle? file = null;
        try
        {
            file = File.OpenHandle(path, options: FileOptions.SequentialScan);
            var bytes = new FileBytes(file);
            return bytes.Length == 0 ? throw new ProblemException(TsTexts.Empty(path)) : bytes;
        }
        catch (Exception failed)
        {
            file?.Dispose();
            if (failed is IOException or UnauthorizedAccessException) throw new ProblemException(TsTexts.Unreadable(path, failed.Message), failed);
            throw;
        }
    }

    /// <summary>Reads.</summary>
    /// <param name="into">Is filled from its beginning.</param>
    /// <param name="position">Of a pipe: where the last reading ended, or, once after <see cref="EndLook"/>, 0.</param>
    /// <returns>Bytes read; 0 at the end, and where a look at a pipe may go no further.</returns>
    public int Read(Span<byte> into, long position)
    {
        if (pipe is null) return RandomAccess.Read(file, into, position);
        if (position < heldBytes)
        {
            var again = Math.Min(into.Length, heldBytes - (int)position);
            held.AsSpan((int)position, again).CopyTo(into);
            return again;
        }
        if (!looking)
        {
            held = [];
            return pipe.Read(into);
        }
        if (held.Length == 0) held = new byte[MostHeldBytes];
        var read = pipe.Read(into[..Math.Min(into.Length, MostHeldBytes - heldBytes)]);
        into[..read].CopyTo(held.AsSpan(heldBytes));
        heldBytes += read;
        return read;
    }

    /// <summary>The first look is over.</summary>
    public void EndLook() => looking = false;

    public void Dispose()
    {
        pipe?.Dispose();
        file.Dispose();
    }
}
