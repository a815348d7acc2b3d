using System.Globalization;
using System.Text;

namespace SignalWatch.Rules.Expressions;

/// <summary>Timestamps of the years 1 to 9999 and durations of 64 bits of nanoseconds (CEL specification, "Timestamps and durations").</summary>
internal static class TimeFunctions
{
    private const long FirstSecond = -62_135_596_800; // 0001-01-01
    private const long LastSecond = 253_402_300_799;  // 9999-12-31T23:59:59
    private const long Billion = 1_000_000_000;

    public static Value Timestamp(long seconds, int nanoseconds) =>
        seconds is < FirstSecond or > LastSecond ? Value.Of(Fault.OutOfRange) : Value.OfTimestamp(seconds, nanoseconds);

    public static Value Duration(Int128 nanoseconds) =>
        nanoseconds < long.MinValue || nanoseconds > long.MaxValue ? Value.Of(Fault.OutOfRange) : Value.OfDuration((long)nanoseconds);

    public static Int128 Nanoseconds(Value timestamp) => (Int128)timestamp.AsSeconds * Billion + timestamp.AsNanos;

    public static Value Add(Value timestamp, Int128 nanoseconds)
    {
        var sum = Nanoseconds(timestamp) + nanoseconds - (Int128)FirstSecond * Billion; // counted from the first, so that division rounds down
        return sum < 0 ? Value.Of(Fault.OutOfRange) : Timestamp((long)(sum / Billion) + FirstSecond, (int)(sum % Billion));
    }

    /// <summary>Reads RFC 3339.</summary>
    public static Value ParseTimestamp(string text)
    {
        ReadOnlySpan<string> formats = ["yyyy-MM-dd'T'HH:mm:sszzz", "yyyy-MM-dd'T'HH:mm:ss'Z'"];
        var dot = text.IndexOf('.', StringComparison.Ordinal);
        var (whole, nanos) = (text, 0);
        if (dot >= 0)
        {
            var end = dot + 1;
            while (end < text.Length && char.IsAsciiDigit(text[end])) end++;
            if (end == dot + 1 || end > dot + 10) return Value.Of(Fault.BadConversion);
            nanos = int.Parse(text.AsSpan(dot + 1, end - dot - 1), CultureInfo.InvariantCulture);
            for (var digits = end - dot - 1; digits < 9; digits++) nanos *= 10;
            whole = text[..dot] + text[end..];
        }
        return DateTimeOffset.TryParseExact(whole, formats.ToArray(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
            ? Timestamp(at.ToUnixTimeSeconds(), nanos)
            : Value.Of(Fault.BadConversion);
    }

    /// <summary>Reads a sequence of decimal numbers with units, such as <c>1h30m</c>, <c>-1.5s</c>.</summary>
    public static Value ParseDuration(string text)
    {
        var (at, negative) = (0, text.StartsWith('-'));
        if (text.StartsWith('-') || text.StartsWith('+')) at++;
        if (text.AsSpan(at) is "0") return Value.OfDuration(0);
        if (at == text.Length) return Value.Of(Fault.BadConversion);
        var total = (Int128)0;
        while (at < text.Length)
        {
            var start = at;
            while (at < text.Length && (char.IsAsciiDigit(text[at]) || text[at] == '.')) at++;
            var number = text.AsSpan(start, at - start);
            var unit = at;
            while (at < text.Length && !char.IsAsciiDigit(text[at]) && text[at] != '.') at++;
            if (number.Length > 24 || !decimal.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount)) return Value.Of(Fault.BadConversion);
            if (NanosecondsOf(text.AsSpan(unit, at - unit)) is not { } factor) return Value.Of(Fault.BadConversion);
            if (amount > 10_000_000_000_000_000_000m / factor) return Value.Of(Fault.OutOfRange);
            total += (Int128)(amount * factor);
            if (total > (Int128)ulong.MaxValue) return Value.Of(Fault.OutOfRange);
        }
        return Duration(negative ? -total : total);
    }

    private static long? NanosecondsOf(ReadOnlySpan<char> unit) => unit switch
    {
        "h" => 3600 * Billion,
        "m" => 60 * Billion,
        "s" => Billion,
        "ms" => 1_000_000,
        "us" or "µs" => 1000,
        "ns" => 1,
        _ => null,
    };

    public static string TimestampText(Value timestamp)
    {
        var text = DateTimeOffset.FromUnixTimeSeconds(timestamp.AsSeconds).ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture);
        return text + Fraction(timestamp.AsNanos) + "Z";
    }

    public static string DurationText(long nanoseconds)
    {
        var size = Int128.Abs(nanoseconds);
        return new StringBuilder(nanoseconds < 0 ? "-" : "").Append(CultureInfo.InvariantCulture, $"{size / Billion}").Append(Fraction((int)(size % Billion))).Append('s').ToString();
    }

    private static string Fraction(int nanoseconds) => nanoseconds == 0 ? "" : "." + nanoseconds.ToString("D9", CultureInfo.InvariantCulture).TrimEnd('0');

    /// <summary>A part of a timestamp in a zone (UTC where null), or of a duration, by the name of its function.</summary>
    public static Value Part(string name, Value value, string? zone)
    {
        if (value.Kind == ValueKind.Duration && zone is null) return PartOfDuration(name, value.AsDuration);
        if (value.Kind != ValueKind.Timestamp) return Value.Of(Fault.NoOverload);
        var utc = DateTimeOffset.FromUnixTimeSeconds(value.AsSeconds).UtcDateTime;
        if (OffsetOf(zone, utc) is not { } offset) return Value.Of(Fault.BadConversion);
        var ticks = utc.Ticks + offset.Ticks;
        if (ticks < 0 || ticks > DateTime.MaxValue.Ticks) return Value.Of(Fault.OutOfRange);
        var local = new DateTime(ticks, DateTimeKind.Unspecified);
        return name switch
        {
            "getDate" => Value.Of((long)local.Day),
            "getDayOfMonth" => Value.Of(local.Day - 1L),
            "getDayOfWeek" => Value.Of((long)local.DayOfWeek),
            "getDayOfYear" => Value.Of(local.DayOfYear - 1L),
            "getFullYear" => Value.Of((long)local.Year),
            "getMonth" => Value.Of(local.Month - 1L),
            "getHours" => Value.Of((long)local.Hour),
            "getMinutes" => Value.Of((long)local.Minute),
            "getSeconds" => Value.Of((long)local.Second),
            _ => Value.Of(value.AsNanos / 1_000_000L),
        };
    }

    private static Value PartOfDuration(string name, long nanoseconds) => name switch
    {
        "getHours" => Value.Of(nanoseconds / (3600 * Billion)),
        "getMinutes" => Value.Of(nanoseconds / (60 * Billion)),
        "getSeconds" => Value.Of(nanoseconds / Billion),
        "getMilliseconds" => Value.Of(nanoseconds / 1_000_000 % 1000),
        _ => Value.Of(Fault.NoOverload),
    };

    private static TimeSpan? OffsetOf(string? zone, DateTime utc)
    {
        if (zone is null or "UTC" or "Z") return TimeSpan.Zero;
        var negative = zone.StartsWith('-');
        var digits = zone.AsSpan(negative || zone.StartsWith('+') ? 1 : 0);
        if (digits.Length == 5 && digits[2] == ':' && int.TryParse(digits[..2], NumberStyles.None, CultureInfo.InvariantCulture, out var hours)
            && int.TryParse(digits[3..], NumberStyles.None, CultureInfo.InvariantCulture, out var minutes) && hours < 24 && minutes < 60)
        {
            var offset = new TimeSpan(hours, minutes, 0);
            return negative ? -offset : offset;
        }
        return TimeZoneInfo.TryFindSystemTimeZoneById(zone, out var found) ? found.GetUtcOffset(utc) : null;
    }
}
