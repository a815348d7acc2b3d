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
    private const int HeadBytes = 64 * 204;

    private readonly SafeFileHandle handle;
    private readonly long offset;

    private TransportStreamFile(SafeFileHandle handle, string path, long length)
    {
        this.handle = handle;
        Path = path;
        (offset, Layout) = FirstPacket(path, length);
        Packets = (length - offset) / Layout.Size;
        Seam = Scan();
        var rest = (length - offset) % Layout.Size;
        Warnings = [.. offset > 0 ? [PacketTexts.Skipped(path, offset)] : Array.Empty<Problem>(), .. rest > 0 ? [PacketTexts.Truncated(path, Packets, rest)] : Array.Empty<Problem>()];
    }

    public string Path { get; }

    /// <summary>How its packets lie: 188, 192 or 204 bytes.</summary>
    public PacketLayout Layout { get; }

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

    /// <summary>Reads whole packets from packet <paramref name="first"/> on, as they are in the file.</summary>
    /// <returns>How many were read.</returns>
    public int Read(long first, Span<byte> buffer)
    {
        var count = (int)Math.Min(buffer.Length / Layout.Size, Packets - first);
        var wanted = buffer[..(count * Layout.Size)];
        var filled = 0;
        while (filled < wanted.Length)
        {
            var read = RandomAccess.Read(handle, wanted[filled..], offset + first * Layout.Size + filled);
            if (read == 0) break; // it became shorter while it was played
            filled += read;
        }
        return filled / Layout.Size;
    }

    /// <summary>The 188 bytes of a packet among packets of the file.</summary>
    public Span<byte> Packet(Span<byte> packets, int index) => packets.Slice(index * Layout.Size + Layout.SyncOffset, PacketBytes);

    public void Dispose() => handle.Dispose();

    // The layout with the longest row of sync bytes: payload may hold five of them at any distance, but not row after row.
    private (long Offset, PacketLayout Layout) FirstPacket(string path, long length)
    {
        var head = new byte[(int)Math.Min(length, HeadBytes)];
        head = head[..RandomAccess.Read(handle, head, 0)];
        (long Offset, PacketLayout Layout)? best = null;
        var longest = GoodToAcquire - 1;
        foreach (var layout in PacketLayout.All)
        {
            int? first = null;
            for (var sync = 0; sync + (GoodToAcquire - 1) * layout.Size < head.Length; sync++)
            {
                var good = 0;
                for (var at = sync; at < head.Length && head[at] == SyncByte; at += layout.Size) good++;
                if (good >= GoodToAcquire) first ??= sync;
                if (good <= longest) continue;
                longest = good;
                // A file may begin within a packet, with its sync byte but without what comes before that.
                best = (first!.Value - layout.SyncOffset + (first >= layout.SyncOffset ? 0 : layout.Size), layout);
            }
        }
        return best ?? throw new ProblemException(PacketTexts.NotTransportStream(path));
    }

    private ReplaySeam Scan()
    {
        var seam = new ReplaySeam();
        var buffer = new byte[ScanPackets * Layout.Size];
        for (long first = 0; first < Packets;)
        {
            var count = Read(first, buffer);
            if (count == 0) break;
            for (var i = 0; i < count; i++) seam.Learn(Packet(buffer, i), first + i);
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
