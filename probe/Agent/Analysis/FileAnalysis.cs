using System.Security.Cryptography;
using SignalWatch.Contracts;

namespace SignalWatch.Probe.Analysis;

/// <summary>A file, read once from its first byte to its last: bytes with the times that its own clock gives them.</summary>
internal sealed class FileAnalysis : IDisposable
{
    private const int BlockBytes = 1 << 20;
    private const double AssumedBps = 20_000_000; // a usual multiplex; times made of it are never shown
    private const double LongestPieceSeconds = 0.05; // absence is found on time in slow streams too
    private const double ClockHz = 27_000_000;
    private const uint StampMask = (1 << 30) - 1;

    private readonly FileBytes file;
    private readonly string path;
    private readonly FileScan scan;
    private readonly FileClock clock;
    private uint lastStamp;
    private long stampTicks = -1;

    private FileAnalysis(FileBytes file, string path, double? bitrate)
    {
        (this.file, this.path) = (file, path);
        scan = FileScan.Of(file);
        clock = bitrate is { } given ? FileClock.Given(given) : scan.Fit is { } fit ? FileClock.ByClock(fit) : FileClock.Assumed(AssumedBps);
        IsStamped = scan.Grid is { PacketBytes: PacketGrid.StampedBytes };
    }

    /// <summary>Null for a pipe.</summary>
    public long? Length => file.Length;

    /// <summary>Bytes read.</summary>
    public long Read { get; private set; }

    /// <summary>Its packets carry arrival times: no rate is needed, and none goes before them.</summary>
    public bool IsStamped { get; }

    /// <summary>A person's rate or the file's own; null where times are of no rate.</summary>
    public FileClock Clock => clock;

    public TimeBase TimeBase => IsStamped ? new("m2ts", null, TsTexts.ClockStamps) : new(clock.Kind, clock.IsKnown ? clock.BitrateBps : null, clock.Method, clock.IsKnown);

    /// <summary>SHA-256 of its bytes, hex; null where it was not read to its end.</summary>
    public string? Sha256 { get; private set; }

    /// <summary>Why it ended before its end, or null.</summary>
    public Problem? BrokeOff { get; private set; }

    /// <exception cref="ProblemException">It is missing, unreadable or empty.</exception>
    public static FileAnalysis Open(string path, double? bitrate)
    {
        var file = FileBytes.Open(path);
        try
        {
            return new FileAnalysis(file, path, bitrate);
        }
        catch (Exception failed)
        {
            file.Dispose();
            if (failed is IOException or UnauthorizedAccessException) throw new ProblemException(TsTexts.Unreadable(path, failed.Message), failed);
            throw;
        }
    }

    /// <summary>Reads it.</summary>
    /// <param name="analysis">Gets the bytes.</param>
    /// <param name="duration">Ends after so much of the stream's time; null reads all.</param>
    /// <param name="progress">Is told after each block.</param>
    /// <param name="cancel">Ends it; what was read stays.</param>
    public void Run(StreamAnalysis analysis, TimeSpan? duration, Action<long>? progress, CancellationToken cancel)
    {
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[BlockBytes];
        var held = 0;
        try
        {
            while (!cancel.IsCancellationRequested)
            {
                var count = file.Read(buffer.AsSpan(held), Read);
                if (count == 0)
                {
                    if (held > 0) Push(analysis, buffer.AsSpan(0, held), Read - held, last: true);
                    Sha256 = Convert.ToHexStringLower(digest.GetHashAndReset());
                    return;
                }
                digest.AppendData(buffer, held, count);
                Read += count;
                held += count;
                var used = Push(analysis, buffer.AsSpan(0, held), Read - held, last: false);
                buffer.AsSpan(used, held - used).CopyTo(buffer);
                held -= used;
                progress?.Invoke(Read);
                if (analysis.Duration >= duration) return;
            }
        }
        catch (IOException failed)
        {
            BrokeOff = TsTexts.BrokeOff(path, Read, failed.Message);
        }
    }

    public void Dispose() => file.Dispose();

    private int Push(StreamAnalysis analysis, ReadOnlySpan<byte> bytes, long position, bool last)
    {
        if (IsStamped) return PushStamped(analysis, bytes, position, last);
        return PushTimed(analysis, bytes, position, last);
    }

    // In pieces of one rate, short enough that time does not stand still for longer than a check's limit.
    private int PushTimed(StreamAnalysis analysis, ReadOnlySpan<byte> bytes, long position, bool last)
    {
        var grid = scan.Grid ?? new PacketGrid(PacketGrid.TransportBytes, 0);
        var done = 0;
        while (done < bytes.Length)
        {
            var packet = (position + done - grid.FirstSync + grid.SyncOffset) / (double)grid.PacketBytes;
            var rate = clock.BitrateAt(packet);
            var bytesPerSecond = rate / 8 * grid.PacketBytes / PacketGrid.TransportBytes;
            var untilChange = (clock.NextChange(packet) - packet) * grid.PacketBytes;
            var piece = (int)Math.Clamp(Math.Min(untilChange, bytesPerSecond * LongestPieceSeconds), 1, bytes.Length - done);
            // Up to the end of a packet: else half of it would wait for the next piece, and its time with it.
            var phase = (int)((position + done - grid.FirstSync + grid.SyncOffset) % grid.PacketBytes + grid.PacketBytes) % grid.PacketBytes;
            piece = Math.Max(piece - (piece + phase) % grid.PacketBytes, grid.PacketBytes - phase);
            if (piece > bytes.Length - done)
            {
                if (!last) break;
                piece = bytes.Length - done;
            }
            analysis.Push(bytes.Slice(done, piece), At(clock.SecondsAt(packet)), rate, grid.PacketBytes);
            done += piece;
        }
        return done;
    }

    private int PushStamped(StreamAnalysis analysis, ReadOnlySpan<byte> bytes, long position, bool last)
    {
        var grid = scan.Grid!.Value;
        var first = grid.FirstSync - grid.SyncOffset;
        var at = 0;
        if (position < first)
        {
            at = (int)Math.Min(bytes.Length, first - position);
            analysis.Push(bytes[..at], At(0));
        }
        for (; bytes.Length - at >= PacketGrid.StampedBytes; at += PacketGrid.StampedBytes)
        {
            var unit = bytes.Slice(at, PacketGrid.StampedBytes);
            analysis.PushStamped(unit, At(Stamp(unit) / ClockHz));
        }
        if (!last || at == bytes.Length) return at;
        analysis.Push(bytes[at..], At(Math.Max(0, stampTicks) / ClockHz));
        return bytes.Length;
    }

    // 30 bits of 27 MHz: they begin anew after 39.8 s. A stamp out of place (its sync byte is not there) does not move the time.
    private long Stamp(ReadOnlySpan<byte> unit)
    {
        var stamp = System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(unit) & StampMask;
        if (stampTicks < 0) stampTicks = 0;
        else if (unit[PacketGrid.StampBytes] != PacketGrid.SyncByte) return stampTicks;
        else stampTicks += stamp - lastStamp & StampMask;
        lastStamp = stamp;
        return stampTicks;
    }

    private static DateTimeOffset At(double seconds) => DateTimeOffset.UnixEpoch.AddTicks((long)Math.Round(seconds * TimeSpan.TicksPerSecond));
}
