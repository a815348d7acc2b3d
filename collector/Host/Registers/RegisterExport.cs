using System.Buffers;
using System.Globalization;
using System.Text;
using SignalWatch.Contracts;

namespace SignalWatch.Collector.Registers;

/// <summary>A register as a CSV that Excel opens with a double click, and that an import takes back cell for cell.</summary>
internal static class RegisterExport
{
    private static readonly SearchValues<char> NeedsQuotes = SearchValues.Create(",\"\r\n;\t");

    /// <summary>Writes rows with a header, in UTF-8 with its mark: without it Excel in Chinese takes the file for GBK.</summary>
    /// <param name="schema">Of which register.</param>
    /// <param name="rows">In this order.</param>
    /// <param name="headers">In which language; null for the columns' names.</param>
    public static byte[] Csv(RegisterSchema schema, IEnumerable<Segment> rows, Language? headers)
    {
        var text = new StringBuilder();
        text.AppendJoin(',', schema.Columns.Append(RegisterSchema.ValidFrom).Append(RegisterSchema.ValidTo).Select(c => Quoted(headers is { } language ? c.Title.In(language) : c.Name))).Append("\r\n");
        foreach (var row in rows)
        {
            for (var i = 0; i < row.Cells.Length; i++) text.Append(Cell(schema.Columns[i], row.Cells[i])).Append(',');
            text.Append(Day(row.From)).Append(',').Append(Day(row.To)).Append("\r\n");
        }
        return [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(text.ToString())];
    }

    /// <summary>A day of validity; empty for always and for ever.</summary>
    public static string Day(DateOnly day) => day == DateOnly.MinValue || day == DateOnly.MaxValue ? "" : day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>A number is no formula, even below zero, and must stay one for who counts with it.</summary>
    private static string Cell(RegisterColumn column, string cell) => Quoted(column.Type is ColumnType.Whole or ColumnType.Number ? cell : CellSafety.Guard(cell));

    private static string Quoted(string cell) => cell.AsSpan().IndexOfAny(NeedsQuotes) < 0 ? cell : $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
