using System.IO.Hashing;

namespace SignalWatch.Collector.Ingest;

/// <summary>What short texts were read as, so that the same one is not made again. Of a fixed size: a new text takes the place of the one that has its slot.</summary>
internal sealed class Utf8Cache<T>
{
    private const int Slots = 1_024; // a power of two
    private const int Longest = 128;

    private readonly (ulong Hash, byte[]? Bytes, T Value)[] slots = new (ulong, byte[]?, T)[Slots];

    /// <summary>What these bytes were read as.</summary>
    /// <param name="bytes">The text as it stands in the line, without escapes.</param>
    /// <param name="value">What it is.</param>
    /// <returns>False where it is not known.</returns>
    public bool TryGet(ReadOnlySpan<byte> bytes, out T value)
    {
        value = default!;
        if (bytes.Length > Longest) return false;
        var hash = XxHash3.HashToUInt64(bytes);
        ref readonly var slot = ref slots[hash & (Slots - 1)];
        if (slot.Bytes is null || slot.Hash != hash || !slot.Bytes.AsSpan().SequenceEqual(bytes)) return false;
        value = slot.Value;
        return true;
    }

    /// <summary>Notes what these bytes were read as.</summary>
    public void Add(ReadOnlySpan<byte> bytes, T value)
    {
        if (bytes.Length > Longest) return;
        var hash = XxHash3.HashToUInt64(bytes);
        slots[hash & (Slots - 1)] = (hash, bytes.ToArray(), value);
    }
}
