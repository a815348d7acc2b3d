using SignalWatch.Contracts;

namespace SignalWatch.Probe.Analysis;

/// <summary>A stream of a capture as a file: there whole or not at all.</summary>
internal sealed class ExtractedStream : IDisposable
{
    private readonly string path;
    private readonly string unfinished;
    private readonly bool overwrite;
    private FileStream? file;
    private bool isComplete;

    /// <exception cref="ProblemException">It is there already and may not be overwritten, or can't be written.</exception>
    public ExtractedStream(int number, string path, bool overwrite)
    {
        (Number, this.path, unfinished, this.overwrite) = (number, path, path + ".part", overwrite);
        if (!overwrite && File.Exists(path)) throw new ProblemException(TsTexts.FileIsThere(path));
        Guarded(() => file = new FileStream(unfinished, FileMode.Create, FileAccess.Write, FileShare.Read, 1 << 20));
    }

    /// <summary>Which stream.</summary>
    public int Number { get; }

    /// <summary>Bytes written.</summary>
    public long Bytes { get; private set; }

    /// <exception cref="ProblemException">The disk takes no more.</exception>
    public void Write(ReadOnlySpan<byte> packets)
    {
        try
        {
            file!.Write(packets);
        }
        catch (IOException failed)
        {
            throw new ProblemException(TsTexts.CantWrite(path, failed.Message), failed);
        }
        Bytes += packets.Length;
    }

    /// <summary>Gives it its name; on return it is on the disk. A stream without a byte leaves no file.</summary>
    /// <exception cref="ProblemException">It came in the way meanwhile, or can't be written.</exception>
    public void Complete()
    {
        if (Bytes == 0) return;
        Guarded(() =>
        {
            file!.Flush(flushToDisk: true);
            file.Dispose();
            File.Move(unfinished, path, overwrite);
        });
        isComplete = true;
    }

    public void Dispose()
    {
        file?.Dispose();
        if (!isComplete && file is not null) File.Delete(unfinished);
    }

    private void Guarded(Action write)
    {
        try
        {
            write();
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            throw new ProblemException(TsTexts.CantWrite(path, failed.Message), failed);
        }
    }
}
