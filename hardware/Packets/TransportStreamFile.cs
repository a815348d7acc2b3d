using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;
using SignalWatch.Contracts;

namespace SignalWatch.Hardware;

/// <summary>A file of transport stream packets, looked through once: where its packets begin, how fast it is, and how its end joins its beginning.</summary>
internal sealed class TransportStreamFile : IDisposable
{
    public const int PacketBytes = 188;
    public const byte SyncByte = 0x47;
    private const int GoodToAcquire = 5;
    private const int ScanPackets = 1024;

    private readonly SafeFileHandle handle;
    private readonly long offset;

    private TransportStreamFile(SafeFileHandle handle, string path, long length)
    {
        this.handle = handle;
        Path = path;
        offset = FirstPacket(path, length);
        Packets = (length - offset) / PacketBytes;
        Seam = Scan();
        var rest = (length - offset) % PacketBytes;
        Warnings = [.. offset > 0 ? [PacketTexts.Skipped(path, offset)] : Array.Empty<Problem>(), .. rest > 0 ? [PacketTexts.Truncated(path, Packets, rest)] : Array.Empty<Problem>()];
    }

    public string Path { get; }

    /// <summary>Whole packets.</summary>
    public long Packets { get; }

    /// <summary>Where its end joins its beginning; and its rate.</summary>
    public ReplaySeam Seam { get; }

    /// <summary>What is wrong with the file without keeping it from being played.</summary>
    public IReadOnlyList<Problem> Warnings { get; }

    /// <exception cref="ProblemException">It is missing, unreadable, empty, or no transport stream.</exception>
    public static TransportStreamFile Open(string path)
    {
        if (!File.Exists(path)) throw new ProblemException(PacketTexts.Missing(path));
        SafeFileHandle? handle = null;
        try
        {
            handle = File.OpenHandle(path, options: FileOptions.SequentialScan);
            var length = RandomAccess.GetLength(handle);
            return length == 0 ? throw new ProblemException(PacketTexts.Empty(path)) : new TransportStreamFile(handle, path, length);
        }
        catch (Exception failed)
        {
            handle?.Dispose();
            if (failed is IOException or UnauthorizedAccessException) throw new ProblemException(PacketTexts.Unreadable(path, failed.Message), failed);
            throw;
        }
    }

    /// <summary>Reads whole packets from packet <paramref name="first"/> on.</summary>
    /// <returns>How many were read.</returns>
    public int Read(long first, Span<byte> buffer)
    {
        var count = (int)Math.Min(buffer.Length / PacketBytes, Packets - first);
        var wanted = buffer[..(count * PacketBytes)];
        var filled = 0;
        while (filled < wanted.Length)
        {
            var read = RandomAccess.Read(handle, wanted[filled..], offset + first * PacketBytes + filled);
            if (read == 0) break; // it became shorter while it was played
            filled += read;
        }
        return filled / PacketBytes;
    }

    public void Dispose() => handle.Dispose();

    private long FirstPacket(string path, long length)
    {
        var head = new byte[(int)Math.Min(length, 64 * PacketBytes)];
        head = head[..RandomAccess.Read(handle, head, 0)];
        for (var start = 0; start + (GoodToAcquire - 1) * PacketBytes < head.Length; start++)
        {
            var good = 0;
            while (good < GoodToAcquire && head[start + good * PacketBytes] == SyncByte) good++;
            if (good == GoodToAcquire) return start;
        }
        throw new ProblemException(PacketTexts.NotTransportStream(path));
    }

    private ReplaySeam Scan()
    {
        var seam = new ReplaySeam();
        var buffer = new byte[ScanPackets * PacketBytes];
        for (long first = 0; first < Packets;)
        {
            var count = Read(first, buffer);
            if (count == 0) break;
            for (var i = 0; i < count; i++) seam.Learn(buffer.AsSpan(i * PacketBytes, PacketBytes), first + i);
            first += count;
        }
        seam.Close(Packets);
        return seam;
    }
}

/// <summary>Fields of a packet's header (ISO/IEC 13818-1 2.4.3.2).</summary>
internal readonly ref struct PacketHeader(ReadOnlySpan<byte> packet)
{
    private readonly ReadOnlySpan<byte> packet = packet;
    private readonly uint word = BinaryPrimitives.ReadUInt32BigEndian(packet);

    public bool HasSync => word >> 24 == TransportStreamFile.SyncByte;

    public bool Damaged => (word & 0x80_0000) != 0;

    public bool UnitStart => (word & 0x40_0000) != 0;

    public int Pid => (int)(word >> 8 & 0x1FFF);

    public bool Scrambled => (word & 0xC0) != 0;

    public bool HasAdaptation => (word & 0x20) != 0;

    public bool HasPayload => (word & 0x10) != 0;

    public int Cc => (int)(word & 0x0F);

    public bool Discontinuity => HasAdaptation && packet[4] > 0 && (packet[5] & 0x80) != 0;

    public bool HasPcr => HasAdaptation && packet[4] >= 7 && (packet[5] & 0x10) != 0;

    /// <summary>Where the payload begins; past the end where there is none.</summary>
    public int PayloadStart => HasAdaptation ? 5 + packet[4] : 4;
}
