using System.Globalization;

namespace SignalWatch.Fm;

/// <summary>A group of RDS as a line of text: <c>3ABC E751 6573 3401</c>, <c>----</c> for a lost block, and where it is known <c> @2019/05/04 22:36:19.09</c>.</summary>
public static class RdsGroupText
{
    private const string Lost = "----";

    // RDS Spy writes hundredths of a second; its .rds form milliseconds of an unsaid clock (@0540), which say nothing and are passed over.
    private static readonly string[] TimeForms = ["yyyy/MM/dd HH:mm:ss.FFFFFFF", "yyyy-MM-dd HH:mm:ss.FFFFFFF", "yyyy-MM-ddTHH:mm:ss.FFFFFFF"];

    /// <summary>The line of a group.</summary>
    /// <param name="group">The group.</param>
    /// <param name="at">When it was received, in whatever clock the reader expects; null: not said.</param>
    public static string Write(in RdsGroup group, DateTime? at = null)
    {
        var line = $"{Write(group.A)} {Write(group.B)} {Write(group.C)} {Write(group.D)}";
        return at is { } time ? line + time.ToString(" @yyyy/MM/dd HH:mm:ss.ff", CultureInfo.InvariantCulture) : line;
    }

    /// <summary>Reads a line. Never throws.</summary>
    /// <param name="line">The line, without its end.</param>
    /// <param name="group">The group.</param>
    /// <param name="at">When it was received, as the line says it; null where it doesn't.</param>
    /// <returns>False where the line is none of a group: four blocks of four hexadecimal digits or four hyphens, then nothing or <c>@</c> and a time.</returns>
    public static bool TryParse(ReadOnlySpan<char> line, out RdsGroup group, out DateTime? at)
    {
        (group, at) = (default, null);
        Span<ushort> blocks = stackalloc ushort[4];
        Span<bool> lost = stackalloc bool[4];
        var rest = line.Trim();
        for (var block = 0; block < 4; block++)
        {
            if (!TakeBlock(ref rest, out blocks[block], out lost[block])) return false;
        }
        if (rest.Length > 0 && rest[0] != '@') return false;
        if (rest.Length > 1 && DateTime.TryParseExact(rest[1..].Trim(), TimeForms, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)) at = time;
        group = new RdsGroup(lost[0] ? null : blocks[0], lost[1] ? null : blocks[1], lost[2] ? null : blocks[2], lost[3] ? null : blocks[3]);
        return true;
    }

    // Blocks stand apart by blanks, or not at all.
    private static bool TakeBlock(ref ReadOnlySpan<char> rest, out ushort value, out bool lost)
    {
        (value, lost) = (0, false);
        if (rest.Length < 4) return false;
        var word = rest[..4];
        lost = word.SequenceEqual(Lost);
        if (!lost && !ushort.TryParse(word, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value)) return false;
        rest = rest[4..].TrimStart();
        return true;
    }

    private static string Write(ushort? block) => block is { } value ? value.ToString("X4", CultureInfo.InvariantCulture) : Lost;
}
