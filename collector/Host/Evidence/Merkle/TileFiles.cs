using System.Text.Json;
using SignalWatch.Contracts;

namespace SignalWatch.Collector.Evidence.Merkle;

/// <summary>The log as static files (C2SP tlog-tiles): whoever has the folder can serve it, and prove with it. The journal has all of it too, so that what is missing or damaged is written again.
/// One thread writes; any may read.</summary>
internal sealed class TileFiles(string folder)
{
    /// <summary>So many of the newest tiles are read and checked at the start: what a power cut may have torn is among them.</summary>
    private const int CheckedTiles = 4_096;

    private const string TreeName = "tree.json";

    private readonly List<List<byte[]>> edge = []; // by level, the hashes of the tile that is not whole yet
    private readonly List<byte[]> bundle = []; // the entries of the one of level 0
    private volatile MerkleRange tree = MerkleRange.Empty;
    private long position; // of the journal, of the last entry

    /// <summary>The tree that the files are of.</summary>
    public MerkleRange Tree => tree;

    private string TreeFile => Path.Combine(folder, TreeName);

    /// <summary>Begins: checks what is there, and writes what is missing.</summary>
    /// <param name="expected">The tree as the journal comes to.</param>
    /// <param name="entries">The journal's leaves behind a position of it.</param>
    /// <param name="asideName">What damaged files are put aside under.</param>
    /// <returns>True where the files had to be made anew; the old ones are put aside.</returns>
    /// <exception cref="InvalidDataException">The journal's entries do not come to the expected tree.</exception>
    public bool Load(MerkleRange expected, Func<long, IEnumerable<LogEntry>> entries, string asideName)
    {
        var rebuilt = !Resume(expected) || !TryExtend(expected, entries);
        if (rebuilt)
        {
            if (Directory.Exists(folder)) Directory.Move(folder, Path.Combine(Path.GetDirectoryName(folder)!, asideName));
            Forget();
            if (!TryExtend(expected, entries)) throw new InvalidDataException($"the journal's evidence entries do not come to the tree of {expected.Size} that is stored beside them");
        }
        return rebuilt;
    }

    /// <summary>Writes more entries. Afterwards files and <see cref="Tree"/> are of the larger tree.</summary>
    public void Append(IEnumerable<LogEntry> entries)
    {
        var (grown, last) = (tree, position);
        var changed = new HashSet<int>();
        foreach (var (at, entry) in entries)
        {
            last = at;
            var hash = Rfc6962.Leaf(entry);
            bundle.Add(entry);
            grown = grown.Append(hash);
            Push(0, hash, grown.Size, changed);
        }
        if (grown.Size == tree.Size) return;
        foreach (var level in changed)
        {
            if (Tile.Partial(level, grown.Size) is not { } tile) continue;
            Write(tile.Path, Concatenate(edge[level]));
            if (level == 0) Write(tile.EntriesPath, EntryBundle.Write(bundle));
        }
        Write(TreeName, JsonSerializer.SerializeToUtf8Bytes(new State(grown, last), WireJson.Options));
        (tree, position) = (grown, last);
    }

    /// <summary>The bytes of a tile or of its entries; null where they are not here: a tile that is not whole may have been replaced by the one that is.</summary>
    public byte[]? Read(Tile tile, bool entries = false)
    {
        try
        {
            return File.ReadAllBytes(Path.Combine(folder, entries ? tile.EntriesPath : tile.Path));
        }
        catch (Exception absent) when (absent is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Where proofs get their hashes, of the present tree as of any smaller one.</summary>
    /// <exception cref="InvalidDataException">A tile is missing or has not its length.</exception>
    public byte[] Root(int level, long index)
    {
        var (tileLevel, inside) = (level / Tile.Bits, level % Tile.Bits);
        var first = index << inside;
        var tile = Tile.Holding(tileLevel, first, tree.Size);
        // The narrow one goes when the whole one comes, which has the same hashes and more.
        var hashes = Read(tile) ?? Read(tile with { Width = Tile.Full }) ?? throw new InvalidDataException($"{tile.Path} is missing");
        return Halved(hashes, inside, (first % Tile.Full) >> inside, tile);
    }

    private static byte[] Halved(byte[] hashes, int level, long index, Tile tile) => level == 0
        ? HashAt(hashes, index, tile)
        : Rfc6962.Node(Halved(hashes, level - 1, 2 * index, tile), Halved(hashes, level - 1, 2 * index + 1, tile));

    private static byte[] HashAt(byte[] hashes, long index, Tile tile)
    {
        var at = index * Rfc6962.HashBytes;
        return at + Rfc6962.HashBytes <= hashes.Length ? hashes.AsSpan((int)at, Rfc6962.HashBytes).ToArray() : throw new InvalidDataException($"{tile.Path} is too short");
    }

    private void Push(int level, byte[] hash, long size, HashSet<int> changed)
    {
        if (edge.Count == level) edge.Add([]);
        edge[level].Add(hash);
        changed.Add(level);
        if (edge[level].Count < Tile.Full) return;
        var whole = new Tile(level, ((size >> (Tile.Bits * level)) - 1) / Tile.Full, Tile.Full);
        var bytes = Concatenate(edge[level]);
        if (level == 0)
        {
            Write(whole.EntriesPath, EntryBundle.Write(bundle));
            bundle.Clear();
            RemoveNarrow(whole.EntriesPath);
        }
        Write(whole.Path, bytes);
        RemoveNarrow(whole.Path);
        edge[level].Clear();
        Push(level + 1, RootOfTile(bytes, whole), size, changed);
    }

    private static byte[] RootOfTile(byte[] bytes, Tile tile) => Halved(bytes, Tile.Bits, 0, tile);

    private void RemoveNarrow(string wholePath)
    {
        var narrow = Path.Combine(folder, wholePath + ".p");
        if (Directory.Exists(narrow)) Directory.Delete(narrow, recursive: true);
    }

    /// <summary>Takes up the files where the last run left them.</summary>
    /// <returns>False where they are not whole.</returns>
    private bool Resume(MerkleRange expected)
    {
        Forget();
        try
        {
            if (!File.Exists(TreeFile)) return !Directory.Exists(Path.Combine(folder, "tile"));
            var stored = JsonSerializer.Deserialize<State>(File.ReadAllBytes(TreeFile), WireJson.Options);
            if (stored is not { Tree.IsWhole: true } || stored.Tree.Size > expected.Size || !ReadEdge(stored.Tree)) return false;
            (tree, position) = (stored.Tree, stored.Position);
            return AreSound(stored.Tree);
        }
        catch (Exception bad) when (bad is JsonException or InvalidDataException or IOException)
        {
            return false;
        }
    }

    private bool ReadEdge(MerkleRange stored)
    {
        for (var level = 0; stored.Size >> (Tile.Bits * level) > 0; level++)
        {
            edge.Add([]);
            if (Tile.Partial(level, stored.Size) is not { } tile) continue;
            if (Read(tile) is not { } hashes || hashes.Length != tile.Width * Rfc6962.HashBytes) return false;
            for (var i = 0; i < tile.Width; i++) edge[level].Add(HashAt(hashes, i, tile));
        }
        if (Tile.Partial(0, stored.Size) is not { } last) return true;
        if (Read(last, entries: true) is not { } bytes || EntryBundle.Read(bytes) is not { } read || read.Count != last.Width) return false;
        bundle.AddRange(read);
        return !bundle.Where((entry, i) => !Rfc6962.Leaf(entry).AsSpan().SequenceEqual(edge[0][i])).Any();
    }

    /// <summary>True where the right edge comes to the root, and each of the newest tiles to its hash in the level above.</summary>
    private bool AreSound(MerkleRange stored)
    {
        if (stored.Size > 0 && !MerkleProof.RootOf(0, stored.Size, Root).AsSpan().SequenceEqual(stored.Root())) return false;
        for (var level = 0; stored.Size >> (Tile.Bits * (level + 1)) is var tiles and > 0; level++)
            for (var index = Math.Max(0, tiles - CheckedTiles); index < tiles; index++)
            {
                var tile = new Tile(level, index, Tile.Full);
                if (Read(tile) is not { } hashes || !RootOfTile(hashes, tile).AsSpan().SequenceEqual(Root(Tile.Bits * (level + 1), index))) return false;
                if (level == 0 && !File.Exists(Path.Combine(folder, tile.EntriesPath))) return false;
            }
        return true;
    }

    private bool TryExtend(MerkleRange expected, Func<long, IEnumerable<LogEntry>> entries)
    {
        foreach (var some in entries(position).Take((int)Math.Min(int.MaxValue, expected.Size - tree.Size)).Chunk(Tile.Full)) Append(some);
        return tree.Equals(expected);
    }

    private void Forget()
    {
        edge.Clear();
        bundle.Clear();
        (tree, position) = (MerkleRange.Empty, 0);
    }

    private static byte[] Concatenate(List<byte[]> hashes)
    {
        var bytes = new byte[hashes.Count * Rfc6962.HashBytes];
        for (var i = 0; i < hashes.Count; i++) hashes[i].CopyTo(bytes, i * Rfc6962.HashBytes);
        return bytes;
    }

    // Under another name first: whoever reads sees all of a file or nothing.
    private void Write(string path, byte[] bytes)
    {
        var file = Path.Combine(folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllBytes(file + ".new", bytes);
        File.Move(file + ".new", file, overwrite: true);
    }

    /// <summary>What the files are of, kept beside them.</summary>
    private sealed record State(MerkleRange? Tree, long Position);
}
