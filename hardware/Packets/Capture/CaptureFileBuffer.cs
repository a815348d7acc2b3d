namespace SignalWatch.Hardware;

/// <summary>A window that moves over a capture file: memory does not depend on the file's length.</summary>
internal sealed class CaptureFileBuffer(Stream stream) : IDisposable
{
    /// <summary>The longest record that is read in one piece. libpcap's largest frame is 256 KiB.</summary>
    public const int LargestRecord = 1 << 20;

    private readonly byte[] window = new byte[LargestRecord];
    private int start;
    private int end;

    /// <summary>Where in the file the next byte is.</summary>
    public long Offset { get; private set; }

    /// <summary>Whether there is no byte left.</summary>
    public bool AtEnd => start == end && !Fill(1);

    /// <summary>Looks at the next bytes without passing them.</summary>
    /// <returns>False where the file ends before, or more than <see cref="LargestRecord"/> are asked for.</returns>
    public bool TryPeek(int count, out ReadOnlySpan<byte> bytes)
    {
        bytes = default;
        if (end - start < count && !Fill(count)) return false;
        bytes = window.AsSpan(start, count);
        return true;
    }

    /// <summary>Gives the next bytes, valid until the next call, and passes them.</summary>
    public bool TryTake(int count, out ReadOnlySpan<byte> bytes)
    {
        if (!TryPeek(count, out bytes)) return false;
        start += count;
        Offset += count;
        return true;
    }

    /// <summary>Passes bytes that nobody reads, however many.</summary>
    /// <returns>False where the file ends before.</returns>
    public bool TrySkip(long count)
    {
        while (count > 0)
        {
            if (AtEnd) return false;
            var some = (int)Math.Min(count, end - start);
            (start, Offset, count) = (start + some, Offset + some, count - some);
        }
        return true;
    }

    public void Dispose() => stream.Dispose();

    private bool Fill(int count)
    {
        if (count > window.Length) return false;
        window.AsSpan(start, end - start).CopyTo(window);
        (start, end) = (0, end - start);
        while (end < count && stream.Read(window, end, window.Length - end) is > 0 and var read) end += read;
        return end >= count;
    }
}
