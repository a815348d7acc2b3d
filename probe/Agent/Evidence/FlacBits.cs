using System.Buffers.Binary;
using System.Numerics;

namespace SignalWatch.Probe.Evidence;

/// <summary>Bits of one FLAC frame, most significant first (RFC 9639 §5). Its memory holds the largest frame that can be: who writes more made a mistake.</summary>
internal sealed class FlacBits(int mostBytes)
{
    private readonly byte[] bytes = new byte[mostBytes + sizeof(ulong)];
    private ulong held;
    private int heldBits;

    /// <summary>Whole bytes so far.</summary>
    public int Length { get; private set; }

    public ReadOnlySpan<byte> Bytes => bytes.AsSpan(0, Length);

    public void Clear() => (held, heldBits, Length) = (0, 0, 0);

    /// <summary>Writes the low bits of a value.</summary>
    /// <param name="value">What is above the bits is ignored: two's complement numbers come as they are.</param>
    /// <param name="count">0 to 32.</param>
    public void Write(uint value, int count)
    {
        if (count == 0) return;
        held = (held << count) | (value & (uint.MaxValue >> (32 - count)));
        heldBits += count;
        if (heldBits < 32) return;
        heldBits -= 32;
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(Length), (uint)(held >> heldBits));
        Length += 4;
    }

    public void WriteSigned(int value, int count) => Write((uint)value, count);

    /// <summary>A Rice code (RFC 9639 §9.2.7.2): the high part as that many zeros and a one, then the low bits.</summary>
    public void WriteRice(int value, int parameter)
    {
        var folded = Rice.Fold(value);
        var zeros = folded >> parameter;
        for (; zeros >= 32; zeros -= 32) Write(0, 32);
        Write(1, (int)zeros + 1);
        Write(folded, parameter);
    }

    /// <summary>Fills the last byte with zeros.</summary>
    public void Align()
    {
        if (heldBits % 8 != 0) Write(0, 8 - heldBits % 8);
        for (; heldBits > 0; heldBits -= 8) bytes[Length++] = (byte)(held >> (heldBits - 8));
    }

    /// <summary>A number as UTF-8 codes characters, up to 36 bits (RFC 9639 §9.1.5).</summary>
    public void WriteCoded(ulong value)
    {
        if (value < 0x80)
        {
            Write((uint)value, 8);
            return;
        }
        // n bytes hold 5n + 1 bits.
        var length = Math.Max(2, (64 - BitOperations.LeadingZeroCount(value) + 3) / 5);
        Write((0xFF00u >> length & 0xFF) | (uint)(value >> (6 * (length - 1))), 8);
        for (var n = length - 2; n >= 0; n--) Write(0x80 | (uint)(value >> (6 * n)) & 0x3F, 8);
    }
}
