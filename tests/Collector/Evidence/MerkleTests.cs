using System.Text;
using FsCheck;
using FsCheck.Fluent;
using SignalWatch.Collector.Evidence.Merkle;

namespace SignalWatch.Collector.Tests.Evidence;

public sealed class MerkleTests
{
    /// <summary>The leaves of the reference implementation of Certificate Transparency (merkletree tests), with the roots of the first 0 to 8 of them.</summary>
    private static readonly byte[][] Leaves = [.. new[] { "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f" }.Select(Convert.FromHexString)];

    private static readonly string[] Roots =
    [
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125", "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7", "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef", "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];

    [Fact]
    public void The_roots_are_those_of_Certificate_Transparency()
    {
        for (var size = 0; size <= Leaves.Length; size++) Hex(Range(Leaves.Take(size)).Root()).Should().Be(Roots[size]);
    }

    [Theory] // the same tests' inclusion proofs
    [InlineData(0, 1, "")]
    [InlineData(0, 8, "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7 5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e 6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4")]
    [InlineData(5, 8, "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0 d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7")]
    [InlineData(2, 3, "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125")]
    [InlineData(1, 5, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d 5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b")]
    public void Inclusion_proofs_are_those_of_Certificate_Transparency(int index, int size, string expected) =>
        string.Join(' ', MerkleProof.Inclusion(index, size, Naive(Leaves)).Select(Hex)).Should().Be(expected);

    [Theory] // the same tests' consistency proofs
    [InlineData(1, 1, "")]
    [InlineData(1, 8, "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7 5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e 6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4")]
    [InlineData(6, 8, "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0 d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7")]
    [InlineData(2, 5, "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b")]
    public void Consistency_proofs_are_those_of_Certificate_Transparency(int from, int to, string expected) =>
        string.Join(' ', MerkleProof.Consistency(from, to, Naive(Leaves)).Select(Hex)).Should().Be(expected);

    [Fact]
    public void Every_proof_of_every_tree_up_to_forty_holds_and_holds_for_nothing_else()
    {
        var leaves = Enumerable.Range(0, 40).Select(i => Encoding.ASCII.GetBytes($"leaf {i}")).ToArray();
        var roots = Enumerable.Range(0, 41).Select(n => Range(leaves.Take(n)).Root()).ToArray();
        for (var size = 1; size <= leaves.Length; size++)
        {
            for (var index = 0; index < size; index++)
            {
                var proof = MerkleProof.Inclusion(index, size, Naive(leaves));
                var leaf = Rfc6962.Leaf(leaves[index]);
                MerkleProof.VerifyInclusion(leaf, index, size, proof, roots[size]).Should().BeTrue("leaf {0} is in the tree of {1}", index, size);
                MerkleProof.VerifyInclusion(leaf, (index + 1) % size, size, proof, roots[size]).Should().Be(size == 1);
                MerkleProof.VerifyInclusion(leaf, index, size, [.. proof, roots[1]], roots[size]).Should().BeFalse();
                MerkleProof.VerifyInclusion(Rfc6962.Leaf("other"u8), index, size, proof, roots[size]).Should().BeFalse();
            }
            for (var from = 1; from <= size; from++)
            {
                var proof = MerkleProof.Consistency(from, size, Naive(leaves));
                MerkleProof.VerifyConsistency(from, roots[from], size, roots[size], proof).Should().BeTrue("{0} is the beginning of {1}", from, size);
                MerkleProof.VerifyConsistency(from, roots[from - 1], size, roots[size], proof).Should().BeFalse();
                MerkleProof.VerifyConsistency(from, roots[from], size, roots[size - 1], proof).Should().BeFalse();
                MerkleProof.VerifyConsistency(from, roots[from], size, roots[size], [.. proof, roots[1]]).Should().BeFalse();
            }
        }
    }

    [Theory] // C2SP tlog-tiles: the example of the index, and the tiles of a tree of 70,000
    [InlineData(0, 1234067, 256, "tile/0/x001/x234/067")]
    [InlineData(0, 273, 112, "tile/0/273.p/112")]
    [InlineData(1, 1, 17, "tile/1/001.p/17")]
    [InlineData(2, 0, 1, "tile/2/000.p/1")]
    public void Tiles_have_the_names_of_the_specification(int level, long index, int width, string path)
    {
        new Tile(level, index, width).Path.Should().Be(path);
        Tile.Parse(path["tile/".Length..]).Should().Be((new Tile(level, index, width), false));
        if (level == 0) Tile.Parse(path.Replace("tile/0", "entries", StringComparison.Ordinal)).Should().Be((new Tile(0, index, width), true));
        if (width < Tile.Full) Tile.Partial(level, 70_000).Should().Be(new Tile(level, index, width));
    }

    [Fact]
    public void A_path_that_is_no_tile_is_refused_whatever_it_is()
    {
        foreach (var bad in new[] { "", "0", "0/", "0/0", "0/00", "0/0000", "00/000", "64/000", "0/x000/001", "0/001/002", "0/000.p/0", "0/000.p/256", "0/000.p/01", "0/../../keys", "0/x1/000", "entries", "entries/../../../x", "-1/000", "0/000.p", "0/\u0660\u0660\u0660" })
            Tile.Parse(bad).Should().BeNull("'{0}' names no tile", bad);
        Prop.ForAll<string>(text => Tile.Parse(text ?? "") is not var (tile, entries) || (entries ? tile.EntriesPath : tile.Path) == $"tile/{text}").QuickCheckThrowOnFailure();
    }

    [Fact]
    public void A_tree_of_a_perfect_size_has_no_narrow_tile_below_its_top()
    {
        Tile.Partial(0, 256).Should().BeNull();
        Tile.Partial(1, 256).Should().Be(new Tile(1, 0, 1));
        Tile.Partial(2, 256).Should().BeNull();
    }

    [Fact]
    public void Bundles_are_read_as_written_and_torn_ones_refused()
    {
        Prop.ForAll<byte[][]>(entries => EntryBundle.Read(EntryBundle.Write(entries))!.Zip(entries).All(p => p.First.AsSpan().SequenceEqual(p.Second))).QuickCheckThrowOnFailure();
        EntryBundle.Write(["ab"u8.ToArray()]).Should().Equal(0, 2, (byte)'a', (byte)'b');
        EntryBundle.Read([0]).Should().BeNull();
        EntryBundle.Read([0, 3, 1, 2]).Should().BeNull();
    }

    private static MerkleRange Range(IEnumerable<byte[]> entries) => entries.Aggregate(MerkleRange.Empty, (tree, entry) => tree.Append(Rfc6962.Leaf(entry)));

    // By the definition of RFC 6962 2.1, of the leaves themselves.
    private static PerfectRoot Naive(byte[][] leaves) => (level, index) => Mth(leaves.Skip((int)(index << level)).Take(1 << level).ToArray());

    private static byte[] Mth(byte[][] d)
    {
        if (d.Length == 1) return Rfc6962.Leaf(d[0]);
        var k = 1;
        while (2 * k < d.Length) k *= 2;
        return Rfc6962.Node(Mth(d[..k]), Mth(d[k..]));
    }

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);
}
