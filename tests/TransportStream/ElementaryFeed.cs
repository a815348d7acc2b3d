namespace SignalWatch.TransportStream.Tests;

/// <summary>Writes fields, most significant bit first.</summary>
internal sealed class BitWriter
{
    private readonly List<bool> bits = [];

    public BitWriter Bits(int count, long value)
    {
        for (var i = count - 1; i >= 0; i--) bits.Add((value >> i & 1) != 0);
        return this;
    }

    public BitWriter Flag(bool value) => Bits(1, value ? 1 : 0);

    public BitWriter Ue(int value)
    {
        var length = 0;
        while (value + 1 >> length + 1 != 0) length++;
        return Bits(length, 0).Bits(length + 1, value + 1);
    }

    public byte[] ToArray(bool stopBit = false)
    {
        var written = bits.ToList();
        if (stopBit) written.Add(true);
        while (written.Count % 8 != 0) written.Add(false);
        return [.. written.Chunk(8).Select(part => (byte)part.Aggregate(0, (sum, bit) => sum << 1 | (bit ? 1 : 0)))];
    }
}

/// <summary>Builds PES packets from elementary bytes and shows them to a reader as the analyser does.</summary>
internal static class ElementaryFeed
{
    public static byte[] Pes(byte[] elementary, int streamId = 0xE0, long? pts = 90_000, long? dts = null)
    {
        byte[] stamps = [.. pts is { } p ? Stamp(p, dts is null ? 2 : 3) : [], .. dts is { } d ? Stamp(d, 1) : []];
        var length = streamId == 0xE0 ? 0 : elementary.Length + stamps.Length + 3; // of pictures the length may be left open
        return [0, 0, 1, (byte)streamId, (byte)(length >> 8), (byte)length, 0x84, (byte)(pts is null ? 0 : dts is null ? 0x80 : 0xC0), (byte)stamps.Length, .. stamps, .. elementary];
    }

    public static byte[] Unit(params byte[] unit) => [0, 0, 0, 1, .. unit];

    /// <summary>A NAL unit with emulation prevention (ISO/IEC 14496-10 7.4.1).</summary>
    public static byte[] Nal(byte[] header, byte[] rbsp)
    {
        List<byte> nal = [0, 0, 0, 1, .. header];
        var zeros = 0;
        foreach (var value in rbsp)
        {
            if (zeros >= 2 && value <= 3)
            {
                nal.Add(3);
                zeros = 0;
            }
            zeros = value == 0 ? zeros + 1 : 0;
            nal.Add(value);
        }
        return [.. nal];
    }

    /// <summary>Feeds PES packets, one second apart, in payloads of the sizes that the seed gives.</summary>
    public static FormatReader Feed(FormatReader reader, int seed, params byte[][] pesPackets)
    {
        var random = new Random(seed);
        long time = 0;
        foreach (var pes in pesPackets)
        {
            var at = Math.Min(seed == 0 ? 184 : 40 + random.Next(145), pes.Length);
            time += 1_000_000_000;
            var parse = PesHeader.TryRead(pes.AsSpan(0, at), out var header);
            if (parse == PesParse.Ok) reader.Start(header, pes.AsSpan(header.HeaderBytes..at), time);
            else reader.NoHeader(parse);
            while (at < pes.Length)
            {
                var count = Math.Min(seed == 0 ? 184 : 1 + random.Next(184), pes.Length - at);
                if (reader.Wants) reader.Continue(pes.AsSpan(at, count));
                at += count;
            }
        }
        return reader;
    }

    public static FormatReader ReaderOf(int streamType, params byte[] descriptors) => new(ComponentClassifier.Classify(streamType, descriptors, []).Format, streamType);

    private static byte[] Stamp(long value, int prefix) =>
        [(byte)(prefix << 4 | (int)(value >> 30 & 7) << 1 | 1), (byte)(value >> 22), (byte)(value >> 14 & 0xFE | 1), (byte)(value >> 7), (byte)(value << 1 | 1)];
}
