using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace SignalWatch.Probe.Evidence;

/// <summary>Writes sound as FLAC (RFC 9639): 16 bits, one channel or two, in constant memory.
/// <para>Number of samples, digest and seek points stand before the sound and are known after it. Until <see cref="Complete"/> they say "unknown", which the format permits: a file that was torn plays up to the tear.</para></summary>
internal sealed class FlacWriter : IDisposable
{
    // STREAMINFO has 34 bytes (§8.2), a seek point 18 (§8.5).
    private const int StreamInfoBytes = 34, SeekPointBytes = 18;

    // One seek point in 5 s at 32 kHz, for 20 minutes; a longer file has them further apart.
    private const int SeekPoints = 256, FirstSpacing = 40;

    private readonly Stream stream;
    private readonly int sampleRateHz;
    private readonly int channels;
    private readonly FlacFrame frame;
    private readonly IncrementalHash digest;
    private readonly short[] left = new short[FlacFrame.BlockSamples];
    private readonly short[] right;
    private readonly short[] interleaved;
    private readonly List<(long Sample, long Offset, int Count)> points = new(SeekPoints);
    private readonly long seekTableAt, firstFrameAt;
    private int filled, spacing = FirstSpacing, smallestFrame = int.MaxValue, largestFrame;
    private long frames;

    /// <summary>Begins a file.</summary>
    /// <param name="stream">Where it goes; it can seek, is at its beginning, and stays the caller's.</param>
    /// <param name="sampleRateHz">Samples a second, 1 to 1,048,575.</param>
    /// <param name="channels">1 or 2.</param>
    /// <param name="vendor">Which program writes it.</param>
    /// <param name="comments">What it is: names of Vorbis comments, and their values.</param>
    public FlacWriter(Stream stream, int sampleRateHz, int channels, string vendor, IReadOnlyList<KeyValuePair<string, string>> comments)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(sampleRateHz, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(sampleRateHz, 1_048_575);
        ArgumentOutOfRangeException.ThrowIfNotEqual(channels is 1 or 2, true, nameof(channels));
        (this.stream, this.sampleRateHz, this.channels) = (stream, sampleRateHz, channels);
        frame = new FlacFrame(sampleRateHz, channels);
        right = channels == 2 ? new short[FlacFrame.BlockSamples] : [];
        interleaved = channels == 2 ? new short[2 * FlacFrame.BlockSamples] : [];
#pragma warning disable CA5351 // STREAMINFO wants MD5 (§8.2). It finds damage; what proves the file is the SHA of the manifest.
        digest = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
#pragma warning restore CA5351
        stream.Write("fLaC"u8);
        WriteStreamInfo(new byte[16]);
        WriteComments(vendor, comments);
        seekTableAt = stream.Position + 4;
        WriteSeekTable();
        firstFrameAt = stream.Position;
    }

    /// <summary>Samples of each channel so far.</summary>
    public long Samples { get; private set; }

    /// <summary>Adds sound of a file with one channel.</summary>
    /// <exception cref="IOException">The disk takes no more.</exception>
    public void Write(ReadOnlySpan<short> mono)
    {
        if (channels != 1) throw new InvalidOperationException("the file has two channels");
        while (!mono.IsEmpty)
        {
            var take = Math.Min(mono.Length, left.Length - filled);
            mono[..take].CopyTo(left.AsSpan(filled));
            mono = mono[take..];
            Added(take);
        }
    }

    /// <summary>Adds sound of a file with two channels.</summary>
    /// <exception cref="IOException">The disk takes no more.</exception>
    public void Write(ReadOnlySpan<short> one, ReadOnlySpan<short> other)
    {
        if (channels != 2 || one.Length != other.Length) throw new InvalidOperationException("two channels of one length belong into a file with two");
        while (!one.IsEmpty)
        {
            var take = Math.Min(one.Length, left.Length - filled);
            one[..take].CopyTo(left.AsSpan(filled));
            other[..take].CopyTo(right.AsSpan(filled));
            one = one[take..];
            other = other[take..];
            Added(take);
        }
    }

    /// <summary>Writes what is left, and what is known now: length, digest, seek points. The stream then stands at the file's end.</summary>
    /// <exception cref="IOException">The disk takes no more.</exception>
    public void Complete()
    {
        if (filled > 0) PutFrame();
        var end = stream.Position;
        stream.Position = 4;
        WriteStreamInfo(digest.GetHashAndReset());
        stream.Position = seekTableAt - 4;
        WriteSeekTable();
        stream.Position = end;
    }

    public void Dispose() => digest.Dispose();

    private void Added(int count)
    {
        filled += count;
        Samples += count;
        if (filled == left.Length) PutFrame();
    }

    private void PutFrame()
    {
        ReadOnlySpan<short> one = left.AsSpan(0, filled), other = channels == 2 ? right.AsSpan(0, filled) : [];
        Digest(one, other);
        if (frames % spacing == 0) AddPoint();
        var bytes = frame.Encode(frames, one, other);
        stream.Write(bytes);
        (smallestFrame, largestFrame) = (Math.Min(smallestFrame, bytes.Length), Math.Max(largestFrame, bytes.Length));
        frames++;
        filled = 0;
    }

    // §8.2: of the samples, interleaved, least significant byte first.
    private void Digest(ReadOnlySpan<short> one, ReadOnlySpan<short> other)
    {
        var all = one;
        if (channels == 2)
        {
            for (var n = 0; n < one.Length; n++) (interleaved[2 * n], interleaved[2 * n + 1]) = (one[n], other[n]);
            all = interleaved.AsSpan(0, 2 * one.Length);
        }
        if (!BitConverter.IsLittleEndian) throw new PlatformNotSupportedException("sound is digested as it stands in memory, least significant byte first");
        digest.AppendData(MemoryMarshal.AsBytes(all));
    }

    private void AddPoint()
    {
        if (points.Count == SeekPoints)
        {
            for (var n = 0; n < SeekPoints / 2; n++) points[n] = points[2 * n];
            points.RemoveRange(SeekPoints / 2, SeekPoints / 2);
            spacing *= 2;
        }
        points.Add((Samples - filled, stream.Position - firstFrameAt, filled));
    }

    private void WriteStreamInfo(ReadOnlySpan<byte> md5)
    {
        Span<byte> block = stackalloc byte[4 + StreamInfoBytes];
        BinaryPrimitives.WriteUInt32BigEndian(block, StreamInfoBytes); // type 0, not the last block
        var info = block[4..];
        BinaryPrimitives.WriteUInt16BigEndian(info, FlacFrame.BlockSamples);
        BinaryPrimitives.WriteUInt16BigEndian(info[2..], FlacFrame.BlockSamples);
        Put24(info[4..], frames == 0 ? 0 : smallestFrame);
        Put24(info[7..], largestFrame);
        // 20 bits of rate, 3 of channels less one, 5 of sample width less one, 36 of samples; more than 36 bits is "unknown".
        var samples = frames == 0 || Samples >= 1L << 36 ? 0 : Samples;
        BinaryPrimitives.WriteUInt64BigEndian(info[10..], (ulong)sampleRateHz << 44 | (ulong)(channels - 1) << 41 | 15UL << 36 | (ulong)samples);
        md5.CopyTo(info[18..]);
        stream.Write(block);
    }

    // §8.6: the vendor, how many comments, the comments; each text after its length, which alone in this format has its least significant byte first.
    private void WriteComments(string vendor, IReadOnlyList<KeyValuePair<string, string>> comments)
    {
        using var block = new MemoryStream();
        using var writer = new BinaryWriter(block);
        Put(vendor);
        writer.Write(comments.Count);
        foreach (var (name, value) in comments) Put($"{name}={value}");
        Span<byte> head = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(head, 4u << 24 | (uint)block.Length);
        stream.Write(head);
        stream.Write(block.GetBuffer().AsSpan(0, (int)block.Length));

        void Put(string text)
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            writer.Write(bytes.Length);
            writer.Write(bytes);
        }
    }

    // §8.5: what is not used has the sample number of all ones.
    private void WriteSeekTable()
    {
        var block = new byte[4 + SeekPoints * SeekPointBytes];
        BinaryPrimitives.WriteUInt32BigEndian(block, 0x80u << 24 | 3u << 24 | SeekPoints * SeekPointBytes); // the last block
        for (var n = 0; n < SeekPoints; n++)
        {
            var at = block.AsSpan(4 + n * SeekPointBytes);
            if (n >= points.Count)
            {
                BinaryPrimitives.WriteUInt64BigEndian(at, ulong.MaxValue);
                continue;
            }
            BinaryPrimitives.WriteInt64BigEndian(at, points[n].Sample);
            BinaryPrimitives.WriteInt64BigEndian(at[8..], points[n].Offset);
            BinaryPrimitives.WriteUInt16BigEndian(at[16..], (ushort)points[n].Count);
        }
        stream.Write(block);
    }

    private static void Put24(Span<byte> to, int value) => (to[0], to[1], to[2]) = ((byte)(value >> 16), (byte)(value >> 8), (byte)value);
}
