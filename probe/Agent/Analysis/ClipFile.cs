using System.Buffers.Binary;
using System.Security.Cryptography;

namespace SignalWatch.Probe.Analysis;

/// <summary>A clip while it is written: packets of 192 bytes, each after its arrival time on a 27 MHz clock that begins with the clip (30 bits, as M2TS has it). It has its name once it is whole.</summary>
internal sealed class ClipFile : IDisposable
{
    private const long StampMask = (1 << 30) - 1;
    private const int BufferBytes = 1 << 20;

    private readonly string path;
    private readonly string unfinished;
    private readonly FileStream file;
    private readonly IncrementalHash digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] buffer = new byte[BufferBytes / PacketGrid.StampedBytes * PacketGrid.StampedBytes];
    private int filled;

    /// <exception cref="IOException">It can't be made there.</exception>
    /// <exception cref="UnauthorizedAccessException">Nor may it.</exception>
    public ClipFile(string path)
    {
        this.path = path;
        unfinished = path + ".part";
        file = new FileStream(unfinished, FileMode.Create, FileAccess.Write, FileShare.Read, 0);
    }

    public long Packets { get; private set; }

    public long Bytes => Packets * PacketGrid.StampedBytes;

    /// <summary>When its first packet arrived, in 100 ns.</summary>
    public long FirstTicks { get; private set; }

    /// <summary>When its last packet arrived.</summary>
    public long LastTicks { get; private set; }

    /// <summary>Writes a packet.</summary>
    /// <exception cref="IOException">The disk takes no more.</exception>
    public void Write(ReadOnlySpan<byte> packet, long ticks)
    {
        if (Packets == 0) FirstTicks = ticks;
        // 27 MHz is 27 ticks in 10 of 100 ns.
        BinaryPrimitives.WriteUInt32BigEndian(buffer.AsSpan(filled), (uint)((ticks - FirstTicks) * 27 / 10 & StampMask));
        packet.CopyTo(buffer.AsSpan(filled + PacketGrid.StampBytes));
        filled += PacketGrid.StampedBytes;
        (Packets, LastTicks) = (Packets + 1, ticks);
        if (filled == buffer.Length) Flush();
    }

    /// <summary>Gives it its name; on return it is on the disk.</summary>
    /// <returns>SHA-256 of its bytes, hex.</returns>
    public string Complete()
    {
        Flush();
        file.Flush(flushToDisk: true);
        file.Dispose();
        File.Move(unfinished, path);
        return Convert.ToHexStringLower(digest.GetHashAndReset());
    }

    /// <summary>Gives it up: nothing of it stays.</summary>
    public void Abandon()
    {
        file.Dispose();
        File.Delete(unfinished);
    }

    public void Dispose()
    {
        file.Dispose();
        digest.Dispose();
    }

    private void Flush()
    {
        file.Write(buffer, 0, filled);
        digest.AppendData(buffer, 0, filled);
        filled = 0;
    }
}
