namespace SignalWatch.Probe.Evidence;

/// <summary>Encodes one block of sound as a FLAC frame (RFC 9639 §9): header, one subframe a channel, checksum.</summary>
internal sealed class FlacFrame
{
    /// <summary>Samples of every frame but the last: 128 ms at 32 kHz, which is what a tear costs.</summary>
    public const int BlockSamples = 4096;

    private const int Width = 16;

    private static readonly byte[] Crc8 = [.. Enumerable.Range(0, 256).Select(n => (byte)Remainder(n, 8, 0x07))];
    private static readonly ushort[] Crc16 = [.. Enumerable.Range(0, 256).Select(n => (ushort)Remainder(n, 16, 0x8005))];

    private readonly int channels;
    private readonly uint rateCode;
    private readonly uint rateValue;
    private readonly int rateBits;
    private readonly int[] left = new int[BlockSamples], right = new int[BlockSamples], mid = new int[BlockSamples], side = new int[BlockSamples];
    private readonly FlacSubframe leftSub = new(BlockSamples), rightSub = new(BlockSamples), midSub = new(BlockSamples), sideSub = new(BlockSamples);
    private readonly FlacBits bits = new(2 * (BlockSamples * (Width + 1) / 8) + 64);

    public FlacFrame(int sampleRateHz, int channels)
    {
        this.channels = channels;
        // §9.1.2, table 15.
        (rateCode, rateValue, rateBits) = sampleRateHz switch
        {
            88_200 => (1u, 0u, 0),
            176_400 => (2u, 0u, 0),
            192_000 => (3u, 0u, 0),
            8_000 => (4u, 0u, 0),
            16_000 => (5u, 0u, 0),
            22_050 => (6u, 0u, 0),
            24_000 => (7u, 0u, 0),
            32_000 => (8u, 0u, 0),
            44_100 => (9u, 0u, 0),
            48_000 => (10u, 0u, 0),
            96_000 => (11u, 0u, 0),
            <= 65_535 => (13u, (uint)sampleRateHz, 16),
            _ => (0u, 0u, 0), // as STREAMINFO says
        };
    }

    /// <summary>Encodes a block.</summary>
    /// <param name="number">The frame's number.</param>
    /// <param name="one">Left, or the only channel; at most <see cref="BlockSamples"/>.</param>
    /// <param name="other">Right; not looked at where there is one channel.</param>
    /// <returns>The frame; valid until the next call.</returns>
    public ReadOnlySpan<byte> Encode(long number, ReadOnlySpan<short> one, ReadOnlySpan<short> other)
    {
        var count = one.Length;
        bits.Clear();
        for (var n = 0; n < count; n++) left[n] = one[n];
        if (channels == 1)
        {
            leftSub.Take(left.AsSpan(0, count), Width);
            Put(number, count, 0, leftSub, null);
        }
        else PutPair(number, other, count);
        bits.Align();
        var crc = 0u;
        foreach (var value in bits.Bytes) crc = (crc << 8 & 0xFFFF) ^ Crc16[crc >> 8 ^ value];
        bits.Write(crc, 16);
        bits.Align();
        return bits.Bytes;
    }

    private void PutPair(long number, ReadOnlySpan<short> other, int count)
    {
        for (var n = 0; n < count; n++)
        {
            right[n] = other[n];
            side[n] = left[n] - right[n];
            mid[n] = (left[n] + right[n]) >> 1;
        }
        leftSub.Take(left.AsSpan(0, count), Width);
        rightSub.Take(right.AsSpan(0, count), Width);
        midSub.Take(mid.AsSpan(0, count), Width);
        sideSub.Take(side.AsSpan(0, count), Width + 1);
        // §9.1.3, table 16: which pair, and in which order.
        long apart = leftSub.Estimate + rightSub.Estimate, withLeft = leftSub.Estimate + sideSub.Estimate, withRight = sideSub.Estimate + rightSub.Estimate, withMid = midSub.Estimate + sideSub.Estimate;
        var least = Math.Min(Math.Min(apart, withLeft), Math.Min(withRight, withMid));
        if (least == withMid) Put(number, count, 10, midSub, sideSub);
        else if (least == apart) Put(number, count, 1, leftSub, rightSub);
        else if (least == withLeft) Put(number, count, 8, leftSub, sideSub);
        else Put(number, count, 9, sideSub, rightSub);
    }

    private void Put(long number, int count, uint channelCode, FlacSubframe first, FlacSubframe? second)
    {
        var isWhole = count == BlockSamples;
        bits.Write(0xFFF8, 16); // sync code; blocks of one size, so the number is the frame's
        bits.Write(isWhole ? 12u : 7u, 4); // 12: 4096; 7: sixteen bits follow
        bits.Write(rateCode, 4);
        bits.Write(channelCode, 4);
        bits.Write(4u << 1, 4); // 16 bits a sample
        bits.WriteCoded((ulong)number);
        if (!isWhole) bits.Write((uint)count - 1, 16);
        bits.Write(rateValue, rateBits);
        bits.Align();
        byte crc = 0;
        foreach (var value in bits.Bytes) crc = Crc8[crc ^ value];
        bits.Write(crc, 8);
        first.Settle();
        first.Write(bits);
        if (second is null) return;
        second.Settle();
        second.Write(bits);
    }

    private static int Remainder(int value, int width, int polynomial)
    {
        var remainder = value << (width - 8);
        for (var n = 0; n < 8; n++) remainder = (remainder << 1) ^ ((remainder >> (width - 1) & 1) != 0 ? polynomial : 0);
        return remainder & ((1 << width) - 1);
    }
}
