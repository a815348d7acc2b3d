using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;

namespace SignalWatch.Collector.Series.Storage;

/// <summary>A column of numbers as bytes. Measured values are decimals with few digits, so a column is a power of ten and the differences of whole numbers, runs of no difference as one;
/// what is no such decimal is written as the bytes in which it differs from the one before.</summary>
internal static class Column
{
    private const byte AsBits = 0xFF;
    private const int MostDecimals = 6;
    private const double MostScaled = 9e15; // whole numbers are exact in a double up to 2^53
    private static readonly double[] Powers = [1, 10, 100, 1e3, 1e4, 1e5, 1e6];

    /// <summary>Appends a number, 7 bits a byte.</summary>
    public static void WriteWhole(ArrayBufferWriter<byte> to, ulong value)
    {
        var span = to.GetSpan(10);
        var n = 0;
        for (; value >= 0x80; value >>= 7) span[n++] = (byte)(value | 0x80);
        span[n++] = (byte)value;
        to.Advance(n);
    }

    /// <summary>Appends <paramref name="values"/>.</summary>
    /// <param name="to">Where they go.</param>
    /// <param name="values">Finite.</param>
    /// <param name="tolerance">How far a value may be from its decimal, as a share of it: 0 for what was measured, a few rounding errors for sums.</param>
    public static void Write(ArrayBufferWriter<byte> to, ReadOnlySpan<double> values, double tolerance)
    {
        var decimals = DecimalsOf(values, tolerance);
        var head = to.GetSpan(1);
        head[0] = decimals < 0 ? AsBits : (byte)decimals;
        to.Advance(1);
        if (decimals < 0) WriteBits(to, values);
        else WriteScaled(to, values, Powers[decimals]);
    }

    /// <summary>Reads a column of <paramref name="values"/>' length.</summary>
    /// <exception cref="InvalidDataException">The bytes are not a column.</exception>
    public static void Read(ref ByteReader from, Span<double> values)
    {
        var mode = from.Byte();
        if (mode == AsBits) ReadBits(ref from, values);
        else if (mode <= MostDecimals) ReadScaled(ref from, values, Powers[mode]);
        else throw new InvalidDataException("an unknown kind of column");
    }

    private static int DecimalsOf(ReadOnlySpan<double> values, double tolerance)
    {
        var decimals = 0;
        foreach (var value in values)
        {
            while (!IsDecimal(value, Powers[decimals], tolerance))
                if (++decimals > MostDecimals) return -1;
        }
        // A later value may need more digits than an earlier one can have.
        foreach (var value in values)
            if (!IsDecimal(value, Powers[decimals], tolerance)) return -1;
        return decimals;
    }

    private static bool IsDecimal(double value, double power, double tolerance)
    {
        var scaled = Math.Round(value * power);
        if (Math.Abs(scaled) > MostScaled) return false;
        var back = scaled / power;
        // Bits, so that -0 stays -0.
        return BitConverter.DoubleToInt64Bits(back) == BitConverter.DoubleToInt64Bits(value) || (tolerance > 0 && Math.Abs(back - value) <= tolerance * Math.Abs(value));
    }

    private static void WriteScaled(ArrayBufferWriter<byte> to, ReadOnlySpan<double> values, double power)
    {
        var before = 0L;
        for (var i = 0; i < values.Length; i++)
        {
            var scaled = (long)Math.Round(values[i] * power);
            var difference = scaled - before;
            before = scaled;
            WriteWhole(to, (ulong)((difference << 1) ^ (difference >> 63)));
            if (difference != 0) continue;
            var run = 0;
            while (i + 1 < values.Length && (long)Math.Round(values[i + 1] * power) == scaled)
            {
                run++;
                i++;
            }
            WriteWhole(to, (ulong)run);
        }
    }

    private static void ReadScaled(ref ByteReader from, Span<double> values, double power)
    {
        var scaled = 0L;
        for (var i = 0; i < values.Length; i++)
        {
            var coded = from.Whole();
            scaled = unchecked(scaled + ((long)(coded >> 1) ^ -(long)(coded & 1)));
            var value = scaled / power;
            values[i] = value;
            if (coded != 0) continue;
            var run = from.Whole();
            if (run > (ulong)(values.Length - 1 - i)) throw new InvalidDataException("a run beyond the column");
            values.Slice(i + 1, (int)run).Fill(value);
            i += (int)run;
        }
    }

    private static void WriteBits(ArrayBufferWriter<byte> to, ReadOnlySpan<double> values)
    {
        var before = 0UL;
        foreach (var value in values)
        {
            var bits = BitConverter.DoubleToUInt64Bits(value);
            var different = bits ^ before;
            before = bits;
            var (low, high) = different == 0 ? (0, 0) : (BitOperations.TrailingZeroCount(different) / 8, 8 - (BitOperations.LeadingZeroCount(different) / 8));
            var span = to.GetSpan(9);
            span[0] = (byte)((low << 4) | high);
            for (var i = low; i < high; i++) span[1 + i - low] = (byte)(different >> (8 * i));
            to.Advance(1 + high - low);
        }
    }

    private static void ReadBits(ref ByteReader from, Span<double> values)
    {
        var before = 0UL;
        foreach (ref var value in values)
        {
            var (low, high) = ((int)from.Byte() is var code ? code >> 4 : 0, code & 15);
            if (high > 8 || low > high) throw new InvalidDataException("a difference beyond 8 bytes");
            for (var i = low; i < high; i++) before ^= (ulong)from.Byte() << (8 * i);
            value = BitConverter.UInt64BitsToDouble(before);
        }
    }
}

/// <summary>Reads bytes in order, never past their end.</summary>
internal ref struct ByteReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> rest = bytes;

    public readonly bool IsAtEnd => rest.IsEmpty;

    public byte Byte()
    {
        if (rest.IsEmpty) throw new InvalidDataException("the block ends early");
        var value = rest[0];
        rest = rest[1..];
        return value;
    }

    /// <summary>A number of 7 bits a byte.</summary>
    public ulong Whole()
    {
        var value = 0UL;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var part = Byte();
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80) return value;
        }
        throw new InvalidDataException("a number of more than 64 bits");
    }

    /// <summary>A number of 7 bits a byte, at most <paramref name="most"/>.</summary>
    public int Whole(int most) => Whole() is var value && value <= (ulong)most ? (int)value : throw new InvalidDataException($"{value} where at most {most} can be");

    public uint UInt32()
    {
        if (rest.Length < 4) throw new InvalidDataException("the block ends early");
        var value = BinaryPrimitives.ReadUInt32LittleEndian(rest);
        rest = rest[4..];
        return value;
    }
}
