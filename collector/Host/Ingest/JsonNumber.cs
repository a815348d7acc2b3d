using System.Text.Json;

namespace SignalWatch.Collector.Ingest;

/// <summary>Numbers as probes write them, with few digits: such a number is a whole number over a power of ten, both exact as a double, so that one division rounds correctly
/// (Clinger, How to read floating point numbers accurately, 1990: the fast path). The others go the long way.</summary>
internal static class JsonNumber
{
    private const int MostDigits = 15; // 10^15 is below 2^53

    private static ReadOnlySpan<double> PowersOfTen => [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];

    /// <summary>The number at which the reader is.</summary>
    public static double Read(ref Utf8JsonReader reader)
    {
        var text = reader.ValueSpan;
        var negative = text[0] == (byte)'-';
        if (negative) text = text[1..];
        if (text.Length > MostDigits + 1) return reader.GetDouble();
        var (whole, decimals, point) = (0L, 0, false);
        foreach (var letter in text)
        {
            var digit = letter - '0';
            if ((uint)digit <= 9)
            {
                whole = (whole * 10) + digit;
                if (point) decimals++;
            }
            else if (letter == (byte)'.') point = true;
            else return reader.GetDouble(); // an exponent
        }
        if (!point && text.Length > MostDigits) return reader.GetDouble();
        var value = whole / PowersOfTen[decimals];
        return negative ? -value : value;
    }
}
