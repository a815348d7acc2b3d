using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace SignalWatch.Hardware.Iq;

/// <summary>A datatype of SigMF (SigMF 1.0, "Dataset Format"): how complex samples stand in the file.</summary>
internal enum SigMfSampleFormat
{
    Cu8,
    Ci8,
    Ci16Le,
    Cf32Le,
}

internal static class SigMfSampleFormats
{
    public static bool TryParse(string? name, out SigMfSampleFormat format)
    {
        (var known, format) = name switch
        {
            "cu8" => (true, SigMfSampleFormat.Cu8),
            "ci8" => (true, SigMfSampleFormat.Ci8),
            "ci16_le" => (true, SigMfSampleFormat.Ci16Le),
            "cf32_le" => (true, SigMfSampleFormat.Cf32Le),
            _ => (false, default),
        };
        return known;
    }

    public static int BytesEachSample(this SigMfSampleFormat format) => format switch
    {
        SigMfSampleFormat.Cf32Le => 8,
        SigMfSampleFormat.Ci16Le => 4,
        _ => 2,
    };

    /// <summary>Converts whole samples to interleaved floats, full scale ±1.</summary>
    public static void Convert(this SigMfSampleFormat format, ReadOnlySpan<byte> bytes, Span<float> to)
    {
        switch (format)
        {
            case SigMfSampleFormat.Cu8:
                // Zero lies between 127 and 128: an offset of 128 would leave a spike of −42 dBFS at 0 Hz.
                for (var n = 0; n < bytes.Length; n++) to[n] = (bytes[n] - 127.5f) * (1 / 127.5f);
                break;
            case SigMfSampleFormat.Ci8:
                for (var n = 0; n < bytes.Length; n++) to[n] = (sbyte)bytes[n] * (1 / 128f);
                break;
            case SigMfSampleFormat.Ci16Le:
                for (var n = 0; n < bytes.Length / 2; n++) to[n] = BinaryPrimitives.ReadInt16LittleEndian(bytes[(2 * n)..]) * (1 / 32768f);
                break;
            default:
                FromFloats(bytes, to);
                break;
        }
    }

    private static void FromFloats(ReadOnlySpan<byte> bytes, Span<float> to)
    {
        if (BitConverter.IsLittleEndian) MemoryMarshal.Cast<byte, float>(bytes).CopyTo(to);
        else for (var n = 0; n < bytes.Length / 4; n++) to[n] = BinaryPrimitives.ReadSingleLittleEndian(bytes[(4 * n)..]);
        // One NaN would stay in filters and sums for ever.
        for (var n = 0; n < bytes.Length / 4; n++)
            if (!float.IsFinite(to[n])) to[n] = 0;
    }
}
