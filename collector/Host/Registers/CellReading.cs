using System.Globalization;
using System.Text;
using SignalWatch.Contracts;

namespace SignalWatch.Collector.Registers;

/// <summary>What came of one cell.</summary>
/// <param name="Value">The cell as it is kept; null where it is refused.</param>
/// <param name="What">What is wrong with it.</param>
/// <param name="Suggestion">What it may have been meant to be, or null.</param>
internal readonly record struct CellReading(string? Value, Text What = default, string? Suggestion = null);

/// <summary>Reads cells as people write them, and keeps each in one form, so that the same is the same.</summary>
internal static class CellReader
{
    private static readonly string[] DayForms = ["yyyy-MM-dd", "yyyy/M/d", "yyyy-M-d", "yyyy.M.d", "yyyy年M月d日", "yyyyMMdd"];
    private static readonly char[] ListSeparators = [';', '；', '、', '\n', '\r'];

    /// <summary>Reads one cell.</summary>
    /// <param name="column">Of this column.</param>
    /// <param name="raw">As it is in the file, trimmed, with what export made safe restored.</param>
    /// <param name="areas">The areas that there are.</param>
    public static CellReading Read(RegisterColumn column, string raw, Areas areas)
    {
        if (raw.Length > column.Longest) return new(null, RegisterTexts.TooLong(raw.Length, column.Longest));
        if (raw.AsSpan().IndexOfAnyInRange('\0', '\u0008') >= 0 || raw.Contains('\u001e', StringComparison.Ordinal) || raw.Contains('\u001f', StringComparison.Ordinal)) return new(null, RegisterTexts.ControlCharacter());
        if (raw.Length == 0)
            return column.Type == ColumnType.Choice && !column.IsRequired && column.Choices.Count > 0 ? new(column.Choices[0].Value) : column.IsRequired ? new(null, RegisterTexts.CellEmpty()) : new("");
        return column.Type switch
        {
            ColumnType.Text => new(raw),
            ColumnType.Whole or ColumnType.Number => Number(column, raw),
            ColumnType.Choice => Choice(column, raw),
            ColumnType.Area => Area(raw, areas),
            ColumnType.Day => Day(raw),
            ColumnType.Pi => Pi(raw),
            _ => List(raw),
        };
    }

    /// <summary>A day as it is kept, or as people write it.</summary>
    public static bool TryDay(string raw, out DateOnly day) => DateOnly.TryParseExact(raw, DayForms, CultureInfo.InvariantCulture, DateTimeStyles.None, out day);

    private static CellReading Number(RegisterColumn column, string raw)
    {
        if (!double.TryParse(raw, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) || !double.IsFinite(value))
            return new(null, RegisterTexts.NotNumber(column.Unit), Halfwidth(raw));
        if (value < column.Least || value > column.Most)
            return new(null, RegisterTexts.OutOfRange(column.Least, column.Most, column.Unit), Rescaled(column, value));
        if (column.Type == ColumnType.Whole && value != Math.Floor(value)) return new(null, RegisterTexts.NotWhole(), Written(Math.Round(value)));
        return new(Written(value));
    }

    private static string Written(double value) => (value == 0 ? 0 : value).ToString("R", CultureInfo.InvariantCulture);

    /// <summary>97.4 in a column of Hz is meant in MHz.</summary>
    private static string? Rescaled(RegisterColumn column, double value)
    {
        foreach (var scaled in column.Scaled)
            if (value * (double)scaled.Factor is var other && other >= (column.Least ?? double.MinValue) && other <= (column.Most ?? double.MaxValue)) return Written(Math.Round(other));
        return null;
    }

    /// <summary>９７４０００００, 97,400,000 and 97400000 Hz are read by people, and are not taken silently.</summary>
    private static string? Halfwidth(string raw)
    {
        var plain = new StringBuilder(raw.Length);
        foreach (var letter in raw.Normalize(NormalizationForm.FormKC))
            if (char.IsAsciiDigit(letter) || letter is '.' or '-') plain.Append(letter);
        return double.TryParse(plain.ToString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) ? Written(value) : null;
    }

    private static CellReading Choice(RegisterColumn column, string raw)
    {
        foreach (var choice in column.Choices)
            if (string.Equals(choice.Value, raw, StringComparison.OrdinalIgnoreCase) || choice.Chinese == raw) return new(choice.Value);
        var near = column.Choices.FirstOrDefault(c => c.Value.StartsWith(raw, StringComparison.OrdinalIgnoreCase) || raw.Contains(c.Chinese, StringComparison.Ordinal) || c.Chinese.Contains(raw, StringComparison.Ordinal)
            || Distance(c.Value, raw.ToLowerInvariant()) <= 2);
        return new(null, RegisterTexts.NotChoice(string.Join("、", column.Choices.Select(c => $"{c.Value} ({c.Chinese})"))), near?.Value);
    }

    private static CellReading Area(string raw, Areas areas)
    {
        if (Areas.Canonical(raw) is { } code) return areas.IsPossible(code) ? new(code) : new(null, RegisterTexts.NoSuchArea(code), areas.Path(code) is [.., var nearest] ? nearest.Code : null);
        var named = areas.Named(raw).Take(2).ToList();
        return new(null, RegisterTexts.NotArea(), named is [var only] ? only : null);
    }

    private static CellReading Day(string raw) => TryDay(raw, out var day) ? new(day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)) : new(null, RegisterTexts.NotDay(), SerialDay(raw));

    /// <summary>Excel shows a day whose cell lost its format as the number of days since 1899-12-30 (ECMA-376 part 1, 18.17.4.1).</summary>
    private static string? SerialDay(string raw) =>
        int.TryParse(raw, NumberStyles.None, CultureInfo.InvariantCulture, out var days) && days is > 20_000 and < 80_000 ? new DateOnly(1899, 12, 30).AddDays(days).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : null;

    private static CellReading Pi(string raw) =>
        raw.Length == 4 && raw.All(char.IsAsciiHexDigit) ? new(raw.ToUpperInvariant()) : new(null, RegisterTexts.NotPi(), raw.Length < 4 && raw.All(char.IsAsciiHexDigit) ? raw.ToUpperInvariant().PadLeft(4, '0') : null);

    private static CellReading List(string raw) => new(string.Join(';', raw.Split(ListSeparators, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)));

    /// <summary>Levenshtein's distance; for words of a choice.</summary>
    private static int Distance(string a, string b)
    {
        if (Math.Abs(a.Length - b.Length) > 2) return 3;
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var (diagonal, left) = (row[0], row[0] = i);
            for (var j = 1; j <= b.Length; j++)
            {
                var cost = Math.Min(Math.Min(row[j] + 1, left + 1), diagonal + (a[i - 1] == b[j - 1] ? 0 : 1));
                (diagonal, left, row[j]) = (row[j], cost, cost);
            }
        }
        return row[b.Length];
    }
}
