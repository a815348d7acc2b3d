using System.Globalization;

namespace SignalWatch.Collector.Evidence.Merkle;

/// <summary>Up to 256 hashes in a row at one level of the tree (C2SP tlog-tiles). What is whole never changes; one that is not is named by its width.</summary>
/// <param name="Level">0 for hashes of leaves; each hash of level L is of 256^L leaves.</param>
/// <param name="Index">0, 1, 2 … within the level.</param>
/// <param name="Width">1 to 256.</param>
internal readonly record struct Tile(int Level, long Index, int Width)
{
    public const int Full = 256;
    public const int Bits = 8;

    private const string Entries = "entries";
    private const int MostLevel = 63;

    /// <summary><c>tile/0/x001/x234/067.p/8</c>.</summary>
    public string Path => $"tile/{Level.ToString(CultureInfo.InvariantCulture)}/{Name()}";

    /// <summary>Where the entries of a tile of level 0 are: <c>tile/entries/…</c>.</summary>
    public string EntriesPath => $"tile/{Entries}/{Name()}";

    /// <summary>The tile at the right edge of a level in a tree of that size; null where the level has none, or ends with a whole one.</summary>
    public static Tile? Partial(int level, long size)
    {
        var hashes = size >> (Bits * level);
        return (hashes & (Full - 1)) is var width && width == 0 ? null : new(level, hashes / Full, (int)width);
    }

    /// <summary>The tile that has a hash, as it is in a tree of that size.</summary>
    public static Tile Holding(int level, long hash, long size)
    {
        var (index, hashes) = (hash / Full, size >> (Bits * level));
        return new(level, index, (int)Math.Min(Full, hashes - index * Full));
    }

    /// <summary>Reads what comes behind <c>tile/</c>, strictly: one name for each tile, and no way out of the folder.</summary>
    /// <returns>The tile, and true where its entries are meant; null for everything else.</returns>
    public static (Tile Tile, bool Entries)? Parse(string path)
    {
        var parts = path.Split('/');
        if (parts.Length < 2) return null;
        var width = Full;
        if (parts.Length >= 3 && parts[^2].EndsWith(".p", StringComparison.Ordinal))
        {
            if (!Number(parts[^1], Full - 1, out var given) || given == 0) return null;
            width = (int)given;
            parts = [.. parts[..^2], parts[^2][..^2]];
        }
        var entries = parts[0] == Entries;
        long level = 0;
        if (!entries && !Number(parts[0], MostLevel, out level)) return null;
        long index = 0;
        if (parts.Length is < 2 or > 6) return null;
        for (var i = 1; i < parts.Length; i++)
        {
            var digits = i == parts.Length - 1 ? parts[i] : parts[i].StartsWith('x') ? parts[i][1..] : "";
            if (digits.Length != 3 || !digits.All(char.IsAsciiDigit)) return null;
            index = index * 1000 + int.Parse(digits, CultureInfo.InvariantCulture);
        }
        var tile = new Tile((int)level, index, width);
        return string.Equals($"tile/{path}", entries ? tile.EntriesPath : tile.Path, StringComparison.Ordinal) ? (tile, entries) : null;
    }

    private static bool Number(string digits, int most, out long value) =>
        long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value <= most && (digits.Length == 1 || digits[0] != '0');

    private string Name()
    {
        var name = (Index % 1000).ToString("000", CultureInfo.InvariantCulture);
        for (var rest = Index / 1000; rest > 0; rest /= 1000) name = $"x{(rest % 1000).ToString("000", CultureInfo.InvariantCulture)}/{name}";
        return Width == Full ? name : $"{name}.p/{Width.ToString(CultureInfo.InvariantCulture)}";
    }
}
