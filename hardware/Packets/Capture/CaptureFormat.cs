namespace SignalWatch.Hardware;

/// <summary>How the records of a capture file are laid out.</summary>
internal abstract class CaptureFormat(CaptureFileBuffer file)
{
    /// <summary>What a look for the next record found.</summary>
    internal enum Record
    {
        Frame,
        End,
        Truncated,
        Corrupt,
    }

    /// <summary>Records that can't be read although what follows can.</summary>
    public long Unreadable { get; protected set; }

    /// <summary>Frames that the kernel dropped, as the file says.</summary>
    public virtual long? DroppedByKernel => null;

    /// <summary>Frames that the interface dropped, as the file says.</summary>
    public virtual long? DroppedByInterface => null;

    protected CaptureFileBuffer File { get; } = file;

    /// <summary>Where the record began that was looked at last.</summary>
    public long RecordOffset { get; protected set; }

    /// <summary>Reads up to the next frame.</summary>
    public abstract Record Next(out CapturedFrame frame);
}
