using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace SignalWatch.Tests.Evidence;

/// <summary>Reads FLAC by RFC 9639, written apart from the encoder: every checksum, every kind of subframe, up to the end or the tear.</summary>
internal sealed class FlacDecoder
{
    private readonly byte[] bytes;
    private int at; // in bits

    private FlacDecoder(byte[] bytes) => this.bytes = bytes;

    public int SampleRateHz { get; private set; }

    public int ChannelCount { get; private set; }

    public long SamplesSaid { get; private set; }

    public byte[] Md5Said { get; private set; } = [];

    public (int Smallest, int Largest) FramesSaid { get; private set; }

    public string Vendor { get; private set; } = "";

    public List<string> Comments { get; } = [];

    public List<(long Sample, long Offset, int Count)> Points { get; } = [];

    public List<int>[] Channels { get; private set; } = [];

    /// <summary>Where each frame begins, in bytes from the first, and its first sample.</summary>
    public List<(int Offset, long Sample)> Frames { get; } = [];

    /// <summary>Bytes after the last whole frame.</summary>
    public int TornBytes { get; private set; }

    public HashSet<string> Kinds { get; } = [];

    public byte[] Md5()
    {
        var interleaved = new List<short>();
        for (var n = 0; n < Channels[0].Count; n++)
            foreach (var channel in Channels) interleaved.Add((short)channel[n]);
#pragma warning disable CA5351 // the format's digest
        return MD5.HashData(MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(interleaved)));
#pragma warning restore CA5351
    }

    public static FlacDecoder Read(byte[] bytes)
    {
        var flac = new FlacDecoder(bytes);
        flac.Metadata();
        flac.AllFrames();
        return flac;
    }

    /// <summary>Reads what stands before the sound.</summary>
    public static FlacDecoder Head(byte[] bytes)
    {
        var flac = new FlacDecoder(bytes);
        flac.Metadata();
        return flac;
    }

    /// <summary>The number of the frame that begins so many bytes after the first.</summary>
    public int FrameAt(long offset)
    {
        var before = at;
        at += (int)(8 * offset);
        Bits(16).Should().Be(0xFFF8);
        Bits(16);
        var number = Coded();
        at = before;
        return number;
    }

    private void Metadata()
    {
        bytes.AsSpan(0, 4).SequenceEqual("fLaC"u8).Should().BeTrue();
        var pos = 4;
        for (var isLast = false; !isLast;)
        {
            isLast = (bytes[pos] & 0x80) != 0;
            int type = bytes[pos] & 0x7F, length = bytes[pos + 1] << 16 | bytes[pos + 2] << 8 | bytes[pos + 3];
            var block = bytes.AsSpan(pos + 4, length);
            if (pos == 4) type.Should().Be(0, "STREAMINFO comes first");
            if (type == 0) StreamInfo(block);
            else if (type == 3) SeekTable(block);
            else if (type == 4) VorbisComments(block);
            pos += 4 + length;
        }
        at = 8 * pos;
    }

    private void StreamInfo(ReadOnlySpan<byte> block)
    {
        FramesSaid = (block[4] << 16 | block[5] << 8 | block[6], block[7] << 16 | block[8] << 8 | block[9]);
        var packed = BinaryPrimitives.ReadUInt64BigEndian(block[10..]);
        (SampleRateHz, ChannelCount, SamplesSaid) = ((int)(packed >> 44), (int)(packed >> 41 & 7) + 1, (long)(packed & ((1UL << 36) - 1)));
        ((int)(packed >> 36 & 31) + 1).Should().Be(16);
        Md5Said = block[18..34].ToArray();
        Channels = [.. Enumerable.Range(0, ChannelCount).Select(_ => new List<int>())];
    }

    private void SeekTable(ReadOnlySpan<byte> block)
    {
        for (; block.Length >= 18; block = block[18..])
            if (BinaryPrimitives.ReadUInt64BigEndian(block) != ulong.MaxValue)
                Points.Add((BinaryPrimitives.ReadInt64BigEndian(block), BinaryPrimitives.ReadInt64BigEndian(block[8..]), BinaryPrimitives.ReadUInt16BigEndian(block[16..])));
    }

    private void VorbisComments(ReadOnlySpan<byte> block)
    {
        Vendor = Text(ref block);
        var count = BinaryPrimitives.ReadInt32LittleEndian(block);
        block = block[4..];
        for (var n = 0; n < count; n++) Comments.Add(Text(ref block));
        block.Length.Should().Be(0);
    }

    private static string Text(ref ReadOnlySpan<byte> block)
    {
        var length = BinaryPrimitives.ReadInt32LittleEndian(block);
        var text = Encoding.UTF8.GetString(block.Slice(4, length));
        block = block[(4 + length)..];
        return text;
    }

    private void AllFrames()
    {
        var first = at / 8;
        while (at < 8 * bytes.Length)
        {
            var begin = at;
            try
            {
                Frames.Add((begin / 8 - first, Channels[0].Count));
                Frame();
            }
            catch (IndexOutOfRangeException)
            {
                Frames.RemoveAt(Frames.Count - 1);
                TornBytes = bytes.Length - begin / 8;
                return;
            }
        }
    }

    private void Frame()
    {
        var begin = at / 8;
        Bits(16).Should().Be(0xFFF8);
        int sizeCode = (int)Bits(4), rateCode = (int)Bits(4), channelCode = (int)Bits(4);
        Bits(4).Should().Be(0b1000);
        Coded().Should().Be(Frames.Count - 1);
        var size = sizeCode switch { 12 => 4096, 7 => (int)Bits(16) + 1, _ => throw new InvalidDataException($"size {sizeCode}") };
        var rate = rateCode switch { 0 => SampleRateHz, 8 => 32_000, 9 => 44_100, 10 => 48_000, 13 => (int)Bits(16), _ => throw new InvalidDataException($"rate {rateCode}") };
        rate.Should().Be(SampleRateHz);
        var crc8 = Crc(bytes.AsSpan(begin, at / 8 - begin), 8, 0x07);
        Bits(8).Should().Be(crc8);
        var decoded = new int[ChannelCount][];
        for (var n = 0; n < ChannelCount; n++) decoded[n] = Subframe(size, 16 + (channelCode == 8 && n == 1 || channelCode == 9 && n == 0 || channelCode == 10 && n == 1 ? 1 : 0));
        Kinds.Add("channels " + channelCode);
        while (at % 8 != 0) Bits(1).Should().Be(0);
        var crc16 = Crc(bytes.AsSpan(begin, at / 8 - begin), 16, 0x8005);
        Bits(16).Should().Be(crc16);
        for (var n = 0; n < size; n++) Put(decoded, channelCode, n);
    }

    private void Put(int[][] decoded, int code, int n)
    {
        if (ChannelCount == 1)
        {
            Channels[0].Add(decoded[0][n]);
            return;
        }
        int a = decoded[0][n], b = decoded[1][n];
        var (left, right) = code switch
        {
            1 => (a, b),
            8 => (a, a - b),
            9 => (a + b, b),
            10 => (((a << 1 | b & 1) + b) >> 1, ((a << 1 | b & 1) - b) >> 1),
            _ => throw new InvalidDataException($"channels {code}"),
        };
        Channels[0].Add(left);
        Channels[1].Add(right);
    }

    private int[] Subframe(int size, int width)
    {
        Bits(1).Should().Be(0);
        var type = (int)Bits(6);
        Bits(1).Should().Be(0);
        var samples = new int[size];
        if (type == 0)
        {
            Kinds.Add("constant");
            Array.Fill(samples, Signed(width));
            return samples;
        }
        if (type == 1)
        {
            Kinds.Add("verbatim");
            for (var n = 0; n < size; n++) samples[n] = Signed(width);
            return samples;
        }
        var order = type >= 32 ? type - 31 : type - 8;
        Kinds.Add(type >= 32 ? "linear" : $"fixed {order}");
        for (var n = 0; n < order; n++) samples[n] = Signed(width);
        long[] taps = order switch { 0 => [], 1 => [1], 2 => [2, -1], 3 => [3, -3, 1], _ => [4, -6, 4, -1] };
        var shift = 0;
        if (type >= 32)
        {
            var precision = (int)Bits(4) + 1;
            shift = Signed(5);
            taps = [.. Enumerable.Range(0, order).Select(_ => (long)Signed(precision))];
        }
        Residual(samples, order);
        for (var n = order; n < size; n++)
        {
            long sum = 0;
            for (var k = 0; k < order; k++) sum += taps[k] * samples[n - 1 - k];
            samples[n] += (int)(sum >> shift);
        }
        return samples;
    }

    private void Residual(int[] to, int order)
    {
        var method = Bits(2);
        method.Should().BeLessThan(2u);
        Kinds.Add("rice " + method);
        var parts = 1 << (int)Bits(4);
        for (int part = 0, n = order; part < parts; part++)
        {
            var parameter = (int)Bits(method == 0 ? 4 : 5);
            parameter.Should().NotBe(method == 0 ? 15 : 31, "the escape code is not used");
            for (; n < (part + 1) * to.Length / parts; n++)
            {
                uint zeros = 0;
                while (Bits(1) == 0) zeros++;
                var folded = zeros << parameter | Bits(parameter);
                to[n] = (int)(folded >> 1) ^ -(int)(folded & 1);
            }
        }
    }

    private int Coded()
    {
        var first = Bits(8);
        if (first < 0x80) return (int)first;
        var length = 0;
        for (; (first & 0x80 >> length) != 0; length++) { }
        var value = first & (0x7Fu >> length);
        for (var n = 1; n < length; n++) value = value << 6 | Bits(8) & 0x3F;
        return (int)value;
    }

    private int Signed(int width) => (int)(Bits(width) << (32 - width)) >> (32 - width);

    private uint Bits(int count)
    {
        uint value = 0;
        while (count > 0)
        {
            var take = Math.Min(count, 8 - at % 8);
            value = value << take | (uint)(bytes[at / 8] >> (8 - at % 8 - take)) & ((1u << take) - 1);
            (at, count) = (at + take, count - take);
        }
        return value;
    }

    private static uint Crc(ReadOnlySpan<byte> of, int width, uint polynomial)
    {
        uint crc = 0, mask = (1u << width) - 1;
        foreach (var value in of)
        {
            crc ^= (uint)value << (width - 8);
            for (var n = 0; n < 8; n++) crc = (crc << 1 ^ ((crc >> (width - 1) & 1) != 0 ? polynomial : 0)) & mask;
        }
        return crc;
    }
}
