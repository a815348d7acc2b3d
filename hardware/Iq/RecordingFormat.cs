using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace SignalWatch.Hardware.Iq;

/// <summary>How a recording keeps its samples.</summary>
public enum RecordingFormat
{
    /// <summary><c>ci16_le</c>: 16-bit integers, 4 bytes a sample.</summary>
    Ci16,

    /// <summary><c>cf32_le</c>: single-precision floats, 8 bytes a sample, nothing rounded or clipped.</summary>
    Cf32,
}

internal static class RecordingFormats
{
    public static string Datatype(this RecordingFormat format) => format == RecordingFormat.Ci16 ? "ci16_le" : "cf32_le";

    public static int BytesEachSample(this RecordingFormat format) => format == RecordingFormat.Ci16 ? 4 : 8;

    /// <summary>Writes interleaved floats as they stand in the file.</summary>
    /// <param name="format">The form.</param>
    /// <param name="values">Real and imaginary parts, alternating.</param>
    /// <param name="gain">They are multiplied by it first.</param>
    /// <param name="to">Room for all of them.</param>
    /// <returns>Values that did not fit and were clipped. What is no number becomes 0 and counts as clipped.</returns>
    public static int Encode(this RecordingFormat format, ReadOnlySpan<float> values, float gain, Span<byte> to)
    {
        if (!BitConverter.IsLittleEndian) throw new PlatformNotSupportedException("recordings are written as they stand in memory, least significant byte first");
        var clipped = 0;
        if (format == RecordingFormat.Cf32)
        {
            var floats = MemoryMarshal.Cast<byte, float>(to);
            for (var n = 0; n < values.Length; n++)
            {
                var value = values[n] * gain;
                if (!float.IsFinite(value)) (value, clipped) = (0, clipped + 1);
                floats[n] = value;
            }
            return clipped;
        }
        for (var n = 0; n < values.Length; n++)
        {
            // The reader divides by 32768.
            var value = MathF.Round(values[n] * gain * 32768);
            if (!(value is >= short.MinValue and <= short.MaxValue))
            {
                clipped++;
                value = float.IsNaN(value) ? 0 : Math.Clamp(value, short.MinValue, short.MaxValue);
            }
            BinaryPrimitives.WriteInt16LittleEndian(to[(2 * n)..], (short)value);
        }
        return clipped;
    }
}
