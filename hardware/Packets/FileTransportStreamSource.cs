using SignalWatch.Contracts;

namespace SignalWatch.Hardware;

/// <summary>A transport stream file as a source: flat out, or at the pace of its own clock. The first time through, its bytes are exactly those of the file.</summary>
public sealed class FileTransportStreamSource : ITransportStreamSource
{
    private const double PacketBits = TransportStreamFile.PacketBytes * 8;
    private const int Burst = 21; // three datagrams' worth: a paced file wakes its reader no more often than a network does
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(150);

    private readonly TransportStreamFile file;
    private readonly LoopingPackets packets;
    private readonly ReplayPace? pace;
    private readonly TimeProvider time;
    private readonly double? bitrate;
    private readonly DateTimeOffset began;

    private FileTransportStreamSource(TransportStreamFile file, ReplayOptions options, bool paced, TimeProvider time)
    {
        (this.file, this.time) = (file, time);
        bitrate = options.BitrateBps ?? file.Seam.BitrateBps;
        if (paced) pace = new ReplayPace(bitrate ?? throw new ProblemException(PacketTexts.NoClock(file.Path)), time);
        packets = new LoopingPackets(file, options.Loops);
        began = time.GetUtcNow();
    }

    /// <inheritdoc/>
    public string Name => file.Path;

    /// <inheritdoc/>
    public Origin Origin => Origin.Replay;

    /// <inheritdoc/>
    public long? Dropped => 0;

    /// <summary>Bytes of its packets as they are read: 188, 192 (M2TS) or 204 (with Reed-Solomon parity).</summary>
    public int PacketSize => file.Layout.Size;

    /// <summary>Its rate, b/s of packets of 188 bytes; null for a file without PCR.</summary>
    public double? BitrateBps => bitrate;

    /// <summary>What is wrong with the file without keeping it from being played.</summary>
    public IReadOnlyList<Problem> Warnings => file.Warnings;

    /// <summary>Opens a file.</summary>
    /// <param name="path">A file of packets of 188, 192 or 204 bytes.</param>
    /// <param name="options">How often, and at what rate.</param>
    /// <param name="paced">At its own pace; else as fast as it is read, and the times of the reads are those of the stream's own clock from now on.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="ProblemException">The file is missing, empty, no transport stream, or is to be paced without PCR and rate.</exception>
    public static FileTransportStreamSource Open(string path, ReplayOptions options, bool paced, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        var file = TransportStreamFile.Open(path);
        try
        {
            return new FileTransportStreamSource(file, options, paced, time);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask<TransportStreamRead> ReadAsync(Memory<byte> buffer, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        var size = file.Layout.Size;
        var most = buffer.Length / size;
        if (pace is not null)
        {
            if (pace.Until(packets.Given + Burst) is var wait && wait > TimeSpan.Zero)
                await Task.Delay(wait < LongestWait ? wait : LongestWait, time, cancel).ConfigureAwait(false);
            most = (int)Math.Min(most, pace.Due(packets.Given));
            if (most <= 0) return new TransportStreamRead(0, time.GetUtcNow(), Ended: false);
        }
        var count = packets.Read(buffer.Span[..(most * size)]);
        return new TransportStreamRead(count * size, Now(), Ended: count < most);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        file.Dispose();
        return ValueTask.CompletedTask;
    }

    private DateTimeOffset Now() => pace is null && bitrate is { } rate ? began + TimeSpan.FromSeconds(packets.Given * PacketBits / rate) : time.GetUtcNow();
}
