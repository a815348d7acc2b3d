using System.Security.Cryptography;

namespace SignalWatch.Collector.Evidence.Merkle;

/// <summary>The hashes of a Merkle tree (RFC 6962 2.1, the same in RFC 9162): a leaf and a node begin differently, so that neither can pass for the other.</summary>
internal static class Rfc6962
{
    public const int HashBytes = SHA256.HashSizeInBytes;

    /// <summary>MTH of the empty list.</summary>
    public static byte[] EmptyRoot() => SHA256.HashData([]);

    public static byte[] Leaf(ReadOnlySpan<byte> entry)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData([0x00]);
        hash.AppendData(entry);
        return hash.GetHashAndReset();
    }

    public static byte[] Node(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        Span<byte> both = stackalloc byte[1 + 2 * HashBytes];
        both[0] = 0x01;
        left.CopyTo(both[1..]);
        right.CopyTo(both[(1 + HashBytes)..]);
        return SHA256.HashData(both);
    }
}
