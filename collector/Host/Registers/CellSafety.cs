namespace SignalWatch.Collector.Registers;

/// <summary>Cells that a spreadsheet would take for a formula get an apostrophe in front on export, and lose it on import.</summary>
internal static class CellSafety
{
    // OWASP, "CSV Injection": the characters that begin a formula, and their full-width forms, which Excel in Chinese and Japanese takes too.
    private const string Begins = "=+-@\t\r\n＝＋－＠";

    /// <summary>As it goes into a file.</summary>
    public static string Guard(string cell) => NeedsGuard(cell) ? "'" + cell : cell;

    /// <summary>As it was before <see cref="Guard"/>.</summary>
    public static string Restore(string cell) => cell.StartsWith('\'') && NeedsGuard(cell) ? cell[1..] : cell;

    /// <summary>Also a cell that already looks as if it were guarded: or it would come back without its apostrophe.</summary>
    private static bool NeedsGuard(string cell)
    {
        var at = 0;
        while (at < cell.Length && cell[at] == '\'') at++;
        return at < cell.Length && Begins.Contains(cell[at], StringComparison.Ordinal);
    }
}
