using System.Globalization;

namespace SignalWatch.Collector.Evidence.Merkle;

/// <summary>What a log commits to: its name, how many entries, and their root (C2SP tlog-checkpoint).</summary>
internal sealed record Checkpoint(string Origin, long Size, byte[] Root)
{
    public string Text => string.Create(CultureInfo.InvariantCulture, $"{Origin}\n{Size}\n{Convert.ToBase64String(Root)}\n");

    /// <summary>Reads the text of a note; extension lines are allowed and ignored.</summary>
    /// <returns>Null where it is no checkpoint.</returns>
    public static Checkpoint? Parse(string text)
    {
        var lines = text.Split('\n');
        if (lines.Length < 4 || lines[^1].Length > 0 || lines[..^1].Any(l => l.Length == 0)) return null;
        if (!long.TryParse(lines[1], NumberStyles.None, CultureInfo.InvariantCulture, out var size) || size.ToString(CultureInfo.InvariantCulture) != lines[1]) return null;
        var root = new byte[Rfc6962.HashBytes];
        return Convert.TryFromBase64String(lines[2], root, out var length) && length == root.Length && Convert.ToBase64String(root) == lines[2] ? new(lines[0], size, root) : null;
    }
}
