using System.Globalization;

namespace SignalWatch.TransportStream;

/// <summary>Numbers in binary coded decimal.</summary>
internal static class Bcds
{
    /// <summary>The number, or null where a digit is none.</summary>
    public static long? Value(ulong sent, int digits)
    {
        long value = 0;
        for (var digit = digits - 1; digit >= 0; digit--)
        {
            var next = (int)(sent >> (digit * 4) & 0xF);
            if (next > 9) return null;
            value = value * 10 + next;
        }
        return value;
    }
}

/// <summary>Times of the tables: a modified Julian date and six digits of time (EN 300 468 annex C).</summary>
internal static class DvbTime
{
    private const int TimeDigits = 6;
    private const ulong AllOnes = 0xFF_FFFF_FFFF;
    private const ulong NoDuration = 0xFF_FFFF;
    private const string Undefined = "undefined";

    private static readonly DateTime Epoch = new(1858, 11, 17, 0, 0, 0, DateTimeKind.Utc); // day 0 of the modified Julian date

    /// <summary>A time as <c>2026-03-01 11:00:00</c>; all ones are <c>undefined</c> (5.2.4: an NVOD reference event). What is no time is said in hexadecimal, as it was sent.</summary>
    public static void Say(TableElementBuilder element, string name, ref BitReader reader)
    {
        var sent = reader.Wide(40);
        if (sent == AllOnes) element.Text(name, Undefined);
        else if (At(sent) is { } at) element.Text(name, at.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture));
        else element.Hex(name, sent, 40);
    }

    /// <summary>A duration as <c>01:30:00</c>, by the same rule.</summary>
    public static void SayDuration(TableElementBuilder element, string name, ref BitReader reader)
    {
        var sent = reader.Wide(24);
        if (sent == NoDuration) element.Text(name, Undefined);
        else if (Seconds(sent) is { } seconds) element.Text(name, Clock(seconds));
        else element.Hex(name, sent, 24);
    }

    /// <summary>The time that 40 bits say, or null where they say none.</summary>
    public static DateTime? At(ulong sent) =>
        Seconds(sent & 0xFF_FFFF) is < 24 * 3600 and { } seconds ? Epoch.AddDays(sent >> 24).AddSeconds(seconds) : null;

    private static int? Seconds(ulong sent)
    {
        if (Bcds.Value(sent, TimeDigits) is not { } value || value / 100 % 100 > 59 || value % 100 > 59) return null;
        return (int)(value / 10000 * 3600 + value / 100 % 100 * 60 + value % 100);
    }

    private static string Clock(int seconds) =>
        string.Create(CultureInfo.InvariantCulture, $"{seconds / 3600:00}:{seconds / 60 % 60:00}:{seconds % 60:00}");
}
