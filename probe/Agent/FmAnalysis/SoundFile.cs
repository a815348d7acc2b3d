using System.Buffers.Binary;

namespace SignalWatch.Probe.FmAnalysis;

/// <summary>Takes a station's sound, 32 kHz.</summary>
internal interface ISoundFile : IDisposable
{
    /// <summary>Takes samples, full scale ±1.</summary>
    void Write(ReadOnlySpan<float> left, ReadOnlySpan<float> right);

    /// <summary>The sound is over: what stands in the header becomes true.</summary>
    void Complete();
}

/// <summary>WAV of 16 bits, or the same samples without a header. The header is right at any time to a player that goes by the file's length, and to all others once it is complete.</summary>
internal sealed class WavSound : ISoundFile
{
    public const int SampleRateHz = 32_000;
    private const int HeaderBytes = 44;

    // RIFF counts in 32 bits: 9 hours of stereo.
    private const long MostBytes = uint.MaxValue - HeaderBytes - 1;

    private readonly Stream stream;
    private readonly bool hasHeader;
    private readonly int channels;
    private byte[] buffer = new byte[4096];
    private long bytes;

    /// <summary>Writes to a stream, which it closes.</summary>
    public WavSound(Stream stream, bool hasHeader, bool mono)
    {
        (this.stream, this.hasHeader, channels) = (stream, hasHeader, mono ? 1 : 2);
        // Until it is complete: as long as it can be. Players then go by the file's end.
        if (hasHeader) stream.Write(Header(MostBytes));
    }

    /// <summary>The file can hold no more.</summary>
    public bool IsFull => hasHeader && bytes >= MostBytes;

    public void Write(ReadOnlySpan<float> left, ReadOnlySpan<float> right)
    {
        var frame = 2 * channels;
        var frames = hasHeader ? (int)Math.Min(left.Length, (MostBytes - bytes) / frame) : left.Length;
        if (buffer.Length < frames * frame) buffer = new byte[frames * frame];
        for (var n = 0; n < frames; n++)
        {
            if (channels == 1) BinaryPrimitives.WriteInt16LittleEndian(buffer.AsSpan(2 * n), Sample((left[n] + right[n]) / 2));
            else
            {
                BinaryPrimitives.WriteInt16LittleEndian(buffer.AsSpan(4 * n), Sample(left[n]));
                BinaryPrimitives.WriteInt16LittleEndian(buffer.AsSpan(4 * n + 2), Sample(right[n]));
            }
        }
        stream.Write(buffer, 0, frames * frame);
        bytes += frames * frame;
    }

    public void Complete()
    {
        if (hasHeader)
        {
            stream.Position = 0;
            stream.Write(Header(bytes));
        }
        stream.Flush();
    }

    public void Dispose() => stream.Dispose();

    /// <summary>A sample of 16 bits; what is beyond full scale, over-deviation, is cut.</summary>
    public static short Sample(float value) => (short)Math.Clamp(MathF.Round(value * 32767), short.MinValue, short.MaxValue);

    private byte[] Header(long dataBytes)
    {
        var header = new byte[HeaderBytes];
        "RIFF"u8.CopyTo(header);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(4), (uint)(dataBytes + HeaderBytes - 8));
        "WAVEfmt "u8.CopyTo(header.AsSpan(8));
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(16), 16);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(20), 1); // PCM
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(22), (ushort)channels);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(24), SampleRateHz);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(28), (uint)(SampleRateHz * 2 * channels));
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(32), (ushort)(2 * channels));
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(34), 16);
        "data"u8.CopyTo(header.AsSpan(36));
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(40), (uint)dataBytes);
        return header;
    }
}
