using System.Numerics;

namespace SignalWatch.Collector.Evidence.Merkle;

/// <summary>A tree of any size in at most 63 hashes: enough to append to it and to know its root, nothing more. Immutable.</summary>
/// <param name="Size">Its leaves.</param>
/// <param name="Peaks">The roots of the perfect trees that it is made of, the largest first: one for each bit of the size.</param>
internal sealed record MerkleRange(long Size, IReadOnlyList<byte[]> Peaks)
{
    public static MerkleRange Empty { get; } = new(0, []);

    /// <summary>The tree with one leaf more.</summary>
    public MerkleRange Append(byte[] leafHash)
    {
        List<byte[]> peaks = [.. Peaks];
        var hash = leafHash;
        for (var full = Size; (full & 1) == 1; full >>= 1)
        {
            hash = Rfc6962.Node(peaks[^1], hash);
            peaks.RemoveAt(peaks.Count - 1);
        }
        peaks.Add(hash);
        return new(Size + 1, peaks);
    }

    /// <summary>RFC 6962 2.1.</summary>
    public byte[] Root()
    {
        if (Size == 0) return Rfc6962.EmptyRoot();
        var root = Peaks[^1];
        for (var i = Peaks.Count - 2; i >= 0; i--) root = Rfc6962.Node(Peaks[i], root);
        return root;
    }

    /// <summary>True where it can be what it says: a hash for each bit.</summary>
    public bool IsWhole => Size >= 0 && Peaks.Count == BitOperations.PopCount((ulong)Size) && Peaks.All(p => p.Length == Rfc6962.HashBytes);

    public bool Equals(MerkleRange? other) => other is not null && Size == other.Size && Peaks.Count == other.Peaks.Count && Peaks.Zip(other.Peaks).All(p => p.First.AsSpan().SequenceEqual(p.Second));

    public override int GetHashCode() => Size.GetHashCode();
}
