using System.Numerics;
using System.Runtime.InteropServices;

namespace SignalWatch.Hardware;

/// <summary>The exclusive or of byte strings: FEC of RFC 2733 and SMPTE ST 2022-1 knows nothing else.</summary>
internal static class Parity
{
    /// <summary>Adds a string to a parity. The shorter of both counts as padded with zeros; nothing is written past the parity.</summary>
    public static void Add(Span<byte> parity, ReadOnlySpan<byte> bytes)
    {
        var length = Math.Min(parity.Length, bytes.Length);
        var vectors = MemoryMarshal.Cast<byte, Vector<byte>>(parity[..length]);
        var added = MemoryMarshal.Cast<byte, Vector<byte>>(bytes[..length]);
        for (var i = 0; i < vectors.Length; i++) vectors[i] ^= added[i];
        for (var i = vectors.Length * Vector<byte>.Count; i < length; i++) parity[i] ^= bytes[i];
    }
}
