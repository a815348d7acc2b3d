namespace SignalWatch.Probe.Spool;

/// <summary>What the spool knows of one of its files.</summary>
internal sealed class Segment(string file, long first, long last, long bytes)
{
    public string File => file;

    public long First => first;

    /// <summary>Number of its last record; one less than <see cref="First"/> where it is empty.</summary>
    public long Last { get; set; } = last;

    /// <summary>Bytes that are good and on disk.</summary>
    public long Bytes { get; set; } = bytes;

    /// <summary>Some of it could not be read: it is set aside, not deleted.</summary>
    public bool Damaged { get; set; }
}

/// <summary>Appends to one segment file. Not sealed, so that a test can make the disk fail.</summary>
internal class SegmentAppender : IDisposable
{
    private readonly FileStream stream;

    /// <param name="file">A file that is there is replaced: it is the rest of a failed attempt at the same numbers.</param>
    /// <param name="length">0 for a new file; else the file is opened, and cut to this length.</param>
    public SegmentAppender(string file, long length)
    {
        stream = new FileStream(file, length == 0 ? FileMode.Create : FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        stream.SetLength(length);
        stream.Position = length;
    }

    /// <summary>On return the bytes are on disk, not just with the operating system.</summary>
    /// <exception cref="IOException">They may be there or not, wholly or in part.</exception>
    public virtual void Append(ReadOnlySpan<byte> bytes)
    {
        stream.Write(bytes);
        stream.Flush(flushToDisk: true);
    }

    /// <summary>Takes back what a failed append may have left. After a failed fsync nothing is sure, so a reader must not rely on it.</summary>
    public void TryCut(long length)
    {
        try { stream.SetLength(length); }
        catch (IOException) { /* the next segment's first number says where this one ends */ }
    }

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        if (disposing) stream.Dispose();
    }
}
