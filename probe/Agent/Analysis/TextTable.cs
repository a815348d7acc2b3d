using System.Text;

namespace SignalWatch.Probe.Analysis;

/// <summary>Rows in columns for a terminal, where a Chinese character is two cells wide.</summary>
internal sealed class TextTable(params string[] titles)
{
    private const int Gap = 2;
    private readonly List<string[]> rows = [];

    /// <summary>Columns that are set to the right: numbers.</summary>
    public ISet<int> Right { get; } = new HashSet<int>();

    public bool IsEmpty => rows.Count == 0;

    public void Add(params string?[] cells) => rows.Add([.. cells.Select(c => Printable(c ?? ""))]);

    /// <summary>The lines, the titles first.</summary>
    public IEnumerable<string> Lines(string indent = "  ")
    {
        // A column without a value in any row says nothing.
        var columns = Enumerable.Range(0, titles.Length).Where(c => rows.Exists(r => r[c].Length > 0)).ToArray();
        var widths = columns.Select(c => Math.Max(Width(titles[c]), rows.Max(r => Width(r[c])))).ToArray();
        return rows.Prepend(titles).Select(row => (indent + string.Concat(columns.Select((c, i) => Cell(row[c], widths[i], Right.Contains(c)) + new string(' ', Gap)))).TrimEnd());
    }

    /// <summary>Cells that a text takes on a terminal.</summary>
    public static int Width(string text)
    {
        var width = 0;
        foreach (var rune in text.EnumerateRunes())
            width += Rune.GetUnicodeCategory(rune) is System.Globalization.UnicodeCategory.NonSpacingMark or System.Globalization.UnicodeCategory.Format ? 0 : IsWide(rune.Value) ? 2 : 1;
        return width;
    }

    // Names come from the air: control characters would move the cursor of the person's terminal.
    private static string Printable(string text) => string.Concat(text.Select(c => char.IsControl(c) ? '�' : c));

    private static string Cell(string text, int width, bool right)
    {
        var space = new string(' ', Math.Max(0, width - Width(text)));
        return right ? space + text : text + space;
    }

    // Unicode Standard Annex 11: East Asian Wide and Fullwidth, by blocks.
    private static bool IsWide(int c) => c is >= 0x1100 and <= 0x115F or >= 0x2E80 and <= 0x303E or >= 0x3041 and <= 0xA4CF or >= 0xA960 and <= 0xA97F or >= 0xAC00 and <= 0xD7A3
        or >= 0xF900 and <= 0xFAFF or >= 0xFE30 and <= 0xFE6F or >= 0xFF00 and <= 0xFF60 or >= 0xFFE0 and <= 0xFFE6 or >= 0x1F300 and <= 0x1F64F or >= 0x20000 and <= 0x3FFFD;
}
