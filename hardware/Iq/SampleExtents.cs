using Microsoft.Win32.SafeHandles;

namespace SignalWatch.Hardware.Iq;

/// <summary>Where in a file the bytes of its samples lie. One piece, as a rule; a WAV of a KiwiSDR has a piece for each 512 samples.</summary>
internal sealed class SampleExtents
{
    private readonly List<Extent> extents = [];
    private int current;

    /// <summary>Bytes of samples altogether.</summary>
    public long Length { get; private set; }

    public void Add(long offset, long bytes)
    {
        if (bytes <= 0) return;
        extents.Add(new Extent(Length, offset, bytes));
        Length += bytes;
    }

    /// <summary>Leaves out what lies behind.</summary>
    public void Limit(long bytes) => Length = Math.Min(Length, bytes);

    /// <summary>Fills <paramref name="to"/> with the bytes from <paramref name="position"/> on.</summary>
    /// <returns>False where the file has become shorter than it was.</returns>
    /// <exception cref="IOException">The disk.</exception>
    public bool Read(SafeFileHandle file, long position, Span<byte> to)
    {
        while (!to.IsEmpty)
        {
            var extent = At(position);
            var within = position - extent.Start;
            var read = RandomAccess.Read(file, to[..(int)Math.Min(to.Length, extent.Bytes - within)], extent.Offset + within);
            if (read == 0) return false;
            position += read;
            to = to[read..];
        }
        return true;
    }

    // Reading goes forward: the next extent is the one in use or its neighbour, but for the beginning of a loop.
    private Extent At(long position)
    {
        if (position < extents[current].Start) current = 0;
        while (position >= extents[current].Start + extents[current].Bytes) current++;
        return extents[current];
    }

    private readonly record struct Extent(long Start, long Offset, long Bytes);
}
