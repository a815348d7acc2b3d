using System.Buffers.Binary;

namespace SignalWatch.TransportStream;

/// <summary>The time of each packet, in ns since monitoring began: its arrival, its place where the bytes were spread evenly, or the time stamp that it brings (M2TS). It never goes back.</summary>
internal sealed class PacketTimes
{
    private const long StampCycle = 1L << 30; // arrival_time_stamp, 27 MHz
    private const long LongestStampStep = 27_000_000L * 10;

    private DateTimeOffset began;
    private long anchor;
    private long anchorPosition;
    private long pushedBytes;
    private double nsPerByte;
    private long run;
    private long? stamp;

    /// <summary>Monitoring began.</summary>
    public bool Started { get; private set; }

    /// <summary>Now.</summary>
    public long Now { get; private set; }

    /// <summary>A time for people.</summary>
    public DateTimeOffset Of(long ns) => began.AddTicks(ns / 100);

    /// <summary>Time went on; the first call starts it.</summary>
    public void Advance(DateTimeOffset at)
    {
        if (!Started) (Started, began) = (true, at);
        Now = Math.Max(Now, (at - began).Ticks * 100);
    }

    /// <summary>Bytes follow, from now on.</summary>
    /// <param name="bytes">How many.</param>
    /// <param name="bitrateBps">Rate of packets of 188 bytes at which they are spread; 0 where they arrived at once.</param>
    /// <param name="stride">Bytes from one packet to the next.</param>
    public void Push(int bytes, double bitrateBps, int stride)
    {
        nsPerByte = bitrateBps > 0 ? 8e9 / bitrateBps * PacketFramer.PacketBytes / stride : 0;
        (anchor, anchorPosition) = (Now, pushedBytes);
        pushedBytes += bytes;
    }

    /// <summary>A run of packets begins at a position of the stream.</summary>
    public void BeginRun(long position) => run = anchor + (long)((position - anchorPosition) * nsPerByte);

    /// <summary>A packet begins so many bytes after the run.</summary>
    public void Reach(int place)
    {
        if (nsPerByte > 0) Now = Math.Max(Now, run + (long)(place * nsPerByte));
    }

    /// <summary>A packet of 192 bytes: two bits of copy permission, then its arrival time.</summary>
    public void TakeStamp(ReadOnlySpan<byte> unit)
    {
        var next = BinaryPrimitives.ReadUInt32BigEndian(unit) & StampCycle - 1;
        var step = stamp is { } last ? next - last & StampCycle - 1 : 0;
        stamp = next;
        if (step <= LongestStampStep) Now += step * 1000 / 27;
    }
}
