using System.Globalization;

namespace SignalWatch.Collector.Storage;

/// <summary>A calendar month of UTC, by which the journal is cut.</summary>
internal readonly record struct Month(int Year, int Number) : IComparable<Month>
{
    /// <summary>The first moment of it.</summary>
    public DateTimeOffset Begins => new(Year, Number, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The month of a moment.</summary>
    public static Month Of(DateTimeOffset at) => new(at.UtcDateTime.Year, at.UtcDateTime.Month);

    /// <summary>Reads <c>2026-11</c>.</summary>
    public static bool TryParse(string text, out Month month)
    {
        var good = DateTime.TryParseExact(text, "yyyy-MM", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day);
        month = good ? new(day.Year, day.Month) : default;
        return good;
    }

    /// <inheritdoc/>
    public int CompareTo(Month other) => (Year, Number).CompareTo((other.Year, other.Number));

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Year:0000}-{Number:00}");
}
