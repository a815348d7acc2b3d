using SignalWatch.Contracts;

namespace SignalWatch.Hardware;

/// <summary>Gives link-layer frames with the times at which they were captured: a network interface or a capture file. A file gives exactly what the interface gave.
/// Not thread-safe, but for <see cref="IDisposable.Dispose"/>.</summary>
public interface IPacketSource : IDisposable
{
    /// <summary>For people: <c>live:eth0</c>, or the file's path.</summary>
    string Name { get; }

    /// <summary>Live or replayed.</summary>
    Origin Origin { get; }

    /// <summary>What was received and what was not, since it was opened.</summary>
    CaptureStatistics Statistics { get; }

    /// <summary>The next frame. Returns within 200 ms whatever happens, so that silence is noticed.</summary>
    /// <param name="frame">Valid until the next call: it is not copied.</param>
    /// <exception cref="ProblemException">The source failed: what, and what to do.</exception>
    CaptureStatus Read(out CapturedFrame frame);
}

/// <summary>What a look for the next frame found.</summary>
public enum CaptureStatus
{
    /// <summary>A frame.</summary>
    Frame,

    /// <summary>Nothing for the time being.</summary>
    Idle,

    /// <summary>The source has an end, and this is it.</summary>
    Ended,
}

/// <summary>What a source received and what it did not. What this machine dropped was not lost on the way, and must not be held against a broadcaster.</summary>
/// <param name="Frames">Frames given.</param>
/// <param name="Bytes">Bytes of them that were captured.</param>
/// <param name="DroppedByKernel">Frames that the kernel dropped, because they were not read in time; null where the source does not say.</param>
/// <param name="DroppedByInterface">Frames that the interface or its driver dropped; null where the source does not say.</param>
/// <param name="DroppedHere">Records of a file that can't be read although what follows can.</param>
/// <param name="Cut">Frames of which only the beginning was captured (snap length).</param>
public readonly record struct CaptureStatistics(long Frames, long Bytes, long? DroppedByKernel, long? DroppedByInterface, long DroppedHere, long Cut);

/// <summary>One captured frame.</summary>
public readonly ref struct CapturedFrame
{
    /// <summary>Makes a frame of bytes that stay the caller's.</summary>
    public CapturedFrame(long timeNs, int originalLength, LinkType link, ReadOnlySpan<byte> bytes)
    {
        (TimeNs, OriginalLength, Link) = (timeNs, originalLength, link);
        Bytes = bytes;
    }

    /// <summary>When it was captured, ns since 1970-01-01 UTC, by the clock of whoever captured it.</summary>
    public long TimeNs { get; }

    /// <summary>Its length on the wire, bytes; <see cref="Bytes"/> may be fewer.</summary>
    public int OriginalLength { get; }

    /// <summary>What its first bytes are.</summary>
    public LinkType Link { get; }

    /// <summary>Its bytes, from the link-layer header on; valid until the source's next call.</summary>
    public ReadOnlySpan<byte> Bytes { get; }
}

/// <summary>Link-layer header types that are dissected. The numbers are those of tcpdump.org/linktypes.html; others are passed on as they are.</summary>
public enum LinkType
{
    /// <summary>BSD loopback: address family in the capturing machine's byte order.</summary>
    Null = 0,

    /// <summary>Ethernet.</summary>
    Ethernet = 1,

    /// <summary>IPv4 or IPv6 without a link layer: DLT_RAW as Linux numbers it.</summary>
    RawOfLinux = 12,

    /// <summary>The same as OpenBSD numbers it.</summary>
    RawOfOpenBsd = 14,

    /// <summary>IPv4 or IPv6 without a link layer.</summary>
    Raw = 101,

    /// <summary>OpenBSD loopback: address family in network byte order.</summary>
    Loop = 108,

    /// <summary>Linux cooked v1: what the interface <c>any</c> gives.</summary>
    LinuxCooked = 113,

    /// <summary>IPv4 without a link layer.</summary>
    IPv4 = 228,

    /// <summary>IPv6 without a link layer.</summary>
    IPv6 = 229,

    /// <summary>Linux cooked v2.</summary>
    LinuxCooked2 = 276,
}
