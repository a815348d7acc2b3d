using System.Numerics;

namespace SignalWatch.Collector.Evidence.Merkle;

/// <summary>The root of a perfect tree: of the 2^<paramref name="level"/> leaves from <paramref name="index"/> · 2^level.</summary>
internal delegate byte[] PerfectRoot(int level, long index);

/// <summary>Proofs that a leaf is in a tree, and that a tree is the beginning of a larger one (RFC 6962 2.1.1 and 2.1.2), and their verification (RFC 9162 2.1.3.2 and 2.1.4.2), which shares no code with the making.</summary>
internal static class MerkleProof
{
    /// <summary>PATH(index, D[size]), from the leaf's sibling up; the index is below the size.</summary>
    public static List<byte[]> Inclusion(long index, long size, PerfectRoot root)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, size);
        var path = new List<byte[]>();
        Path(index, 0, size, root, path);
        return path;
    }

    /// <summary>PROOF(from, D[to]), from 1 on; from a tree to itself it is empty.</summary>
    public static List<byte[]> Consistency(long from, long to, PerfectRoot root)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(from, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(from, to);
        var proof = new List<byte[]>();
        Subproof(from, 0, to, true, root, proof);
        return proof;
    }

    /// <summary>True where the leaf is the one at <paramref name="index"/> of the tree of that size and root.</summary>
    public static bool VerifyInclusion(ReadOnlySpan<byte> leafHash, long index, long size, IReadOnlyList<byte[]> proof, ReadOnlySpan<byte> root)
    {
        if (index < 0 || index >= size) return false;
        var (fn, sn, r) = (index, size - 1, leafHash.ToArray());
        foreach (var p in proof)
        {
            if (sn == 0) return false;
            if ((fn & 1) == 1 || fn == sn)
            {
                r = Rfc6962.Node(p, r);
                while ((fn & 1) == 0 && fn != 0) (fn, sn) = (fn >> 1, sn >> 1);
            }
            else r = Rfc6962.Node(r, p);
            (fn, sn) = (fn >> 1, sn >> 1);
        }
        return sn == 0 && root.SequenceEqual(r);
    }

    /// <summary>True where the first tree is the beginning of the second.</summary>
    public static bool VerifyConsistency(long from, ReadOnlySpan<byte> fromRoot, long to, ReadOnlySpan<byte> toRoot, IReadOnlyList<byte[]> proof)
    {
        if (from < 1 || from > to) return false;
        if (from == to) return proof.Count == 0 && fromRoot.SequenceEqual(toRoot);
        // Where the first tree is perfect its root is where the second's proof begins, and is not sent.
        List<byte[]> path = BitOperations.IsPow2(from) ? [fromRoot.ToArray(), .. proof] : [.. proof];
        if (path.Count == 0) return false;
        var (fn, sn) = (from - 1, to - 1);
        while ((fn & 1) == 1) (fn, sn) = (fn >> 1, sn >> 1);
        var (fr, sr) = (path[0], path[0]);
        foreach (var c in path.Skip(1))
        {
            if (sn == 0) return false;
            if ((fn & 1) == 1 || fn == sn)
            {
                (fr, sr) = (Rfc6962.Node(c, fr), Rfc6962.Node(c, sr));
                while ((fn & 1) == 0 && fn != 0) (fn, sn) = (fn >> 1, sn >> 1);
            }
            else sr = Rfc6962.Node(sr, c);
            (fn, sn) = (fn >> 1, sn >> 1);
        }
        return sn == 0 && fromRoot.SequenceEqual(fr) && toRoot.SequenceEqual(sr);
    }

    /// <summary>MTH of <paramref name="count"/> leaves from <paramref name="start"/>, which is a multiple of the largest power of two below the count.</summary>
    public static byte[] RootOf(long start, long count, PerfectRoot root)
    {
        if (BitOperations.IsPow2(count)) return root(BitOperations.Log2((ulong)count), start / count);
        var k = Split(count);
        return Rfc6962.Node(RootOf(start, k, root), RootOf(start + k, count - k, root));
    }

    private static void Path(long m, long start, long n, PerfectRoot root, List<byte[]> path)
    {
        if (n == 1) return;
        var k = Split(n);
        if (m < k)
        {
            Path(m, start, k, root, path);
            path.Add(RootOf(start + k, n - k, root));
        }
        else
        {
            Path(m - k, start + k, n - k, root, path);
            path.Add(RootOf(start, k, root));
        }
    }

    private static void Subproof(long m, long start, long n, bool known, PerfectRoot root, List<byte[]> proof)
    {
        if (m == n)
        {
            if (!known) proof.Add(RootOf(start, n, root));
            return;
        }
        var k = Split(n);
        if (m <= k)
        {
            Subproof(m, start, k, known, root, proof);
            proof.Add(RootOf(start + k, n - k, root));
        }
        else
        {
            Subproof(m - k, start + k, n - k, false, root, proof);
            proof.Add(RootOf(start, k, root));
        }
    }

    /// <summary>The largest power of two below <paramref name="n"/>.</summary>
    private static long Split(long n) => 1L << BitOperations.Log2((ulong)(n - 1));
}
