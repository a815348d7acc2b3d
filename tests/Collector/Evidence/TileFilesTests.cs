using System.Globalization;
using System.Text;
using SignalWatch.Collector.Evidence;
using SignalWatch.Collector.Evidence.Merkle;

namespace SignalWatch.Collector.Tests.Evidence;

public sealed class TileFilesTests : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("signalwatch-tiles-").FullName;

    private string Folder => Path.Combine(root, "log");

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Fact]
    public void A_log_of_seventy_thousand_has_the_tiles_of_the_specifications_example_and_proves_what_is_in_it()
    {
        var files = new TileFiles(Folder);
        foreach (var some in Entries(0, 70_000).Chunk(1_000)) files.Append(some);
        Directory.GetFiles(Path.Combine(Folder, "tile", "0"), "*", SearchOption.AllDirectories).Should().HaveCount(274);
        new FileInfo(Path.Combine(Folder, "tile/0/273.p/112")).Length.Should().Be(112 * 32);
        new FileInfo(Path.Combine(Folder, "tile/0/000")).Length.Should().Be(8_192);
        Directory.GetFiles(Path.Combine(Folder, "tile", "1")).Select(Path.GetFileName).Should().Equal("000");
        new FileInfo(Path.Combine(Folder, "tile/1/001.p/17")).Length.Should().Be(17 * 32);
        new FileInfo(Path.Combine(Folder, "tile/2/000.p/1")).Length.Should().Be(32);
        EntryBundle.Read(files.Read(new(0, 3, 256), entries: true)!)![7].Should().Equal(Entry(3 * 256 + 7));

        var tree = files.Tree;
        foreach (var index in new[] { 0, 255, 256, 65_535, 65_536, 69_999 })
            MerkleProof.VerifyInclusion(Rfc6962.Leaf(Entry(index)), index, tree.Size, MerkleProof.Inclusion(index, tree.Size, files.Root), tree.Root()).Should().BeTrue();
        foreach (var from in new[] { 1, 256, 300, 65_536, 69_999 })
            MerkleProof.VerifyConsistency(from, Tree(from).Root(), tree.Size, tree.Root(), MerkleProof.Consistency(from, tree.Size, files.Root)).Should().BeTrue();
    }

    [Fact]
    public void An_old_tree_is_proved_from_the_tiles_of_the_larger_one()
    {
        var files = new TileFiles(Folder);
        foreach (var some in Entries(0, 700).Chunk(33)) files.Append(some);
        for (var size = 1; size <= 700; size += 13)
            MerkleProof.VerifyInclusion(Rfc6962.Leaf(Entry(size / 2)), size / 2, size, MerkleProof.Inclusion(size / 2, size, files.Root), Tree(size).Root()).Should().BeTrue("size {0}", size);
    }

    [Fact]
    public void A_folder_that_is_named_from_where_the_program_runs_is_resumed_too()
    {
        var relative = Path.GetRelativePath(Environment.CurrentDirectory, Folder);
        new TileFiles(relative).Append(Entries(0, 5));
        new TileFiles(relative).Load(Tree(5), from => Entries(from, 5), "aside").Should().BeFalse("nothing is damaged");
        Directory.GetFileSystemEntries(Folder).Select(Path.GetFileName).Should().BeEquivalentTo("tile", "tree.json");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(255)]
    [InlineData(256)]
    [InlineData(600)]
    public void What_the_journal_has_more_is_written_at_the_next_start(int written)
    {
        new TileFiles(Folder).Append(Entries(0, written));
        var files = new TileFiles(Folder);
        files.Load(Tree(700), from => Entries(from, 700), "aside").Should().BeFalse();
        files.Tree.Should().Be(Tree(700));
        Directory.Exists(Path.Combine(root, "aside")).Should().BeFalse();
        MerkleProof.RootOf(0, 700, files.Root).Should().Equal(Tree(700).Root());
    }

    [Theory]
    [InlineData("tile/0/000")]
    [InlineData("tile/0/002.p/188")]
    [InlineData("tile/1/000.p/2")]
    [InlineData("tile/entries/002.p/188")]
    [InlineData("tree.json")]
    public void Damaged_files_are_put_aside_and_made_anew(string damaged)
    {
        new TileFiles(Folder).Append(Entries(0, 700));
        var path = Path.Combine(Folder, damaged);
        var bytes = File.ReadAllBytes(path);
        foreach (var at in new[] { 0, bytes.Length / 2, bytes.Length - 1 })
        {
            var flipped = (byte[])bytes.Clone();
            flipped[at] ^= 0x10;
            File.WriteAllBytes(path, flipped);
            var files = new TileFiles(Folder);
            files.Load(Tree(700), from => Entries(from, 700), FormattableString.Invariant($"aside-{at}")).Should().BeTrue("byte {0} was flipped", at);
            files.Tree.Should().Be(Tree(700));
            File.ReadAllBytes(path).Should().Equal(bytes);
            File.ReadAllBytes(Path.Combine(root, FormattableString.Invariant($"aside-{at}"), damaged)).Should().Equal(flipped);
        }
    }

    [Fact]
    public void A_journal_that_does_not_come_to_its_own_tree_is_no_base_for_a_log()
    {
        var load = () => new TileFiles(Folder).Load(Tree(10), from => Entries(from, 9), "aside");
        load.Should().Throw<InvalidDataException>();
    }

    private static MerkleRange Tree(int size) => Entries(0, size).Aggregate(MerkleRange.Empty, (tree, entry) => tree.Append(Rfc6962.Leaf(entry.Bytes)));

    // An entry's position in the journal is one more than its index.
    private static IEnumerable<LogEntry> Entries(long from, int to) => Enumerable.Range((int)from, to - (int)from).Select(i => new LogEntry(i + 1, Entry(i)));

    private static byte[] Entry(int index) => Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"entry {index}"));
}
