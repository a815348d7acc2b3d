using System.Globalization;
using System.Text;

namespace SignalWatch.Collector.Evidence.Merkle;

/// <summary>A proof that stands alone: an entry's index, its path, and the checkpoint that it leads to (C2SP tlog-proof).</summary>
internal sealed record LogProof(long Index, IReadOnlyList<byte[]> Path, string Checkpoint)
{
    private const string Header = "c2sp.org/tlog-proof@v1";
    private const int MostPath = 63;

    public string Write()
    {
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"{Header}\nindex {Index}\n");
        foreach (var hash in Path) text.Append(Convert.ToBase64String(hash)).Append('\n');
        return text.Append('\n').Append(Checkpoint).ToString();
    }

    /// <returns>Null where the text is no proof.</returns>
    public static LogProof? Parse(string text)
    {
        var end = text.IndexOf("\n\n", StringComparison.Ordinal);
        if (end < 0) return null;
        var lines = text[..end].Split('\n');
        if (lines.Length < 2 || lines.Length > MostPath + 2 || lines[0] != Header || !lines[1].StartsWith("index ", StringComparison.Ordinal)) return null;
        if (!long.TryParse(lines[1].AsSpan(6), NumberStyles.None, CultureInfo.InvariantCulture, out var index)) return null;
        var path = new List<byte[]>();
        foreach (var line in lines.Skip(2))
        {
            var hash = new byte[Rfc6962.HashBytes];
            if (!Convert.TryFromBase64String(line, hash, out var length) || length != hash.Length || Convert.ToBase64String(hash) != line) return null;
            path.Add(hash);
        }
        return new(index, path, text[(end + 2)..]);
    }
}
