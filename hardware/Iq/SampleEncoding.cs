using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace SignalWatch.Hardware.Iq;

/// <summary>How one value stands in a file or on a wire. A complex sample is two of them, I before Q.</summary>
internal enum SampleEncoding
{
    /// <summary>Unsigned, zero between 127 and 128: RTL2832 and SigMF's cu8.</summary>
    U8,

    /// <summary>Unsigned, zero at 128: WAV (Multimedia Programming Interface 1.0, "Data Format of the Samples").</summary>
    U8Wav,
    I8,
    I16Le,
    I16Be,
    U16Le,
    U16Be,
    I24Le,
    I32Le,
    I32Be,
    F32Le,
    F32Be,
    F64Le,
}

internal static class SampleEncodings
{
    public static int Bytes(this SampleEncoding encoding) => encoding switch
    {
        SampleEncoding.U8 or SampleEncoding.U8Wav or SampleEncoding.I8 => 1,
        SampleEncoding.I24Le => 3,
        SampleEncoding.I32Le or SampleEncoding.I32Be or SampleEncoding.F32Le or SampleEncoding.F32Be => 4,
        SampleEncoding.F64Le => 8,
        _ => 2,
    };

    /// <summary>Converts whole values to floats, full scale ±1. What is no number becomes 0: one NaN would stay in filters and sums for ever.</summary>
    public static void Convert(this SampleEncoding encoding, ReadOnlySpan<byte> bytes, Span<float> to)
    {
        var count = bytes.Length / encoding.Bytes();
        to = to[..count];
        switch (encoding)
        {
            case SampleEncoding.U8:
                // An offset of 128 would leave a spike of −42 dBFS at 0 Hz.
                FromU8(bytes, to, 127.5f, 1 / 127.5f);
                break;
            case SampleEncoding.U8Wav:
                FromU8(bytes, to, 128, 1 / 128f);
                break;
            case SampleEncoding.I8:
                for (var n = 0; n < count; n++) to[n] = (sbyte)bytes[n] * (1 / 128f);
                break;
            case SampleEncoding.I16Le:
                FromI16(bytes, to);
                break;
            case SampleEncoding.I16Be:
                for (var n = 0; n < count; n++) to[n] = BinaryPrimitives.ReadInt16BigEndian(bytes[(2 * n)..]) * (1 / 32768f);
                break;
            case SampleEncoding.U16Le:
                for (var n = 0; n < count; n++) to[n] = (BinaryPrimitives.ReadUInt16LittleEndian(bytes[(2 * n)..]) - 32767.5f) * (1 / 32767.5f);
                break;
            case SampleEncoding.U16Be:
                for (var n = 0; n < count; n++) to[n] = (BinaryPrimitives.ReadUInt16BigEndian(bytes[(2 * n)..]) - 32767.5f) * (1 / 32767.5f);
                break;
            case SampleEncoding.I24Le:
                for (var n = 0; n < count; n++) to[n] = (bytes[3 * n] << 8 | bytes[3 * n + 1] << 16 | bytes[3 * n + 2] << 24) * (1 / 2147483648f);
                break;
            case SampleEncoding.I32Le:
                for (var n = 0; n < count; n++) to[n] = BinaryPrimitives.ReadInt32LittleEndian(bytes[(4 * n)..]) * (1 / 2147483648f);
                break;
            case SampleEncoding.I32Be:
                for (var n = 0; n < count; n++) to[n] = BinaryPrimitives.ReadInt32BigEndian(bytes[(4 * n)..]) * (1 / 2147483648f);
                break;
            case SampleEncoding.F32Le:
                for (var n = 0; n < count; n++) to[n] = Finite(BinaryPrimitives.ReadSingleLittleEndian(bytes[(4 * n)..]));
                break;
            case SampleEncoding.F32Be:
                for (var n = 0; n < count; n++) to[n] = Finite(BinaryPrimitives.ReadSingleBigEndian(bytes[(4 * n)..]));
                break;
            default:
                for (var n = 0; n < count; n++) to[n] = Finite((float)BinaryPrimitives.ReadDoubleLittleEndian(bytes[(8 * n)..]));
                break;
        }
    }

    private static float Finite(float value) => float.IsFinite(value) ? value : 0;

    private static void FromU8(ReadOnlySpan<byte> bytes, Span<float> to, float zero, float scale)
    {
        var n = 0;
        if (Vector128.IsHardwareAccelerated)
        {
            var (zeros, scales) = (Vector128.Create(zero), Vector128.Create(scale));
            for (; n <= bytes.Length - 16; n += 16)
            {
                var (low, high) = Vector128.Widen(Vector128.Create(bytes.Slice(n, 16)));
                Store(low, to[n..]);
                Store(high, to[(n + 8)..]);
            }

            void Store(Vector128<ushort> eight, Span<float> at)
            {
                var (low, high) = Vector128.Widen(eight);
                ((Vector128.ConvertToSingle(low.AsInt32()) - zeros) * scales).CopyTo(at);
                ((Vector128.ConvertToSingle(high.AsInt32()) - zeros) * scales).CopyTo(at[4..]);
            }
        }
        for (; n < bytes.Length; n++) to[n] = (bytes[n] - zero) * scale;
    }

    private static void FromI16(ReadOnlySpan<byte> bytes, Span<float> to)
    {
        var n = 0;
        if (Vector128.IsHardwareAccelerated && BitConverter.IsLittleEndian)
        {
            var values = MemoryMarshal.Cast<byte, short>(bytes);
            var scales = Vector128.Create(1 / 32768f);
            for (; n <= values.Length - 8; n += 8)
            {
                var (low, high) = Vector128.Widen(Vector128.Create(values.Slice(n, 8)));
                (Vector128.ConvertToSingle(low) * scales).CopyTo(to[n..]);
                (Vector128.ConvertToSingle(high) * scales).CopyTo(to[(n + 4)..]);
            }
        }
        for (; n < to.Length; n++) to[n] = BinaryPrimitives.ReadInt16LittleEndian(bytes[(2 * n)..]) * (1 / 32768f);
    }
}
