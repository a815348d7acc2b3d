using System.Globalization;

namespace SignalWatch.Fm;

/// <summary>A log of RDS groups: RDS Spy's <c>.spy</c> (a header <c>&lt;recorder="RDS Spy" date=… time=…&gt;</c>) and <c>.rds</c> (lines <c>% Freq 102300, date=…</c>), or bare lines of groups.</summary>
public sealed class RdsLogFile
{
    // Longer lines are none of a group; what is not text must not fill the memory.
    private const int MaxLine = 4096;

    private RdsLogFile()
    {
    }

    /// <summary>The groups and when each was received, in the log's own clock; null where the log doesn't say.</summary>
    public required IReadOnlyList<(RdsGroup Group, DateTime? At)> Groups { get; init; }

    /// <summary>The frequency that the header names, Hz; null where none is named. Where several are, the last one: the first is that of the station left.</summary>
    public long? FrequencyHz { get; private init; }

    /// <summary>When the log begins, by its header.</summary>
    public DateTime? Date { get; private init; }

    /// <summary>Lines that are neither a group nor a header nor empty.</summary>
    public int OtherLines { get; private init; }

    /// <summary>Reads a log to its end. Never throws on what it reads; exceptions are those of <paramref name="reader"/>.</summary>
    /// <param name="reader">The log.</param>
    public static RdsLogFile Read(TextReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        var groups = new List<(RdsGroup, DateTime?)>();
        long? frequency = null;
        DateTime? date = null;
        var others = 0;
        while (reader.ReadLine() is { } line)
        {
            var text = line.AsSpan().Trim();
            if (text.IsEmpty) continue;
            if (text.Length > MaxLine) others++;
            else if (RdsGroupText.TryParse(text, out var group, out var at)) groups.Add((group, at));
            else if (text[0] == '<') date ??= SpyDate(text);
            else if (text[0] == '%') ReadRemark(text, ref frequency, ref date);
            else others++;
        }
        return new RdsLogFile { Groups = groups, FrequencyHz = frequency, Date = date, OtherLines = others };
    }

    // <recorder="RDS Spy" date="2019-05-04" time="22-36-23" …>
    private static DateTime? SpyDate(ReadOnlySpan<char> header) =>
        DateTime.TryParseExact($"{Quoted(header, "date=\"")} {Quoted(header, "time=\"")}", "yyyy-MM-dd HH-mm-ss", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) ? date : null;

    // % Freq 87500, date=2018/09/05 15:15:59.140
    private static void ReadRemark(ReadOnlySpan<char> remark, ref long? frequency, ref DateTime? date)
    {
        const string Freq = "Freq ", DateIs = "date=";
        var at = remark.IndexOf(Freq);
        if (at >= 0)
        {
            var number = remark[(at + Freq.Length)..];
            var comma = number.IndexOf(',');
            if (comma >= 0) number = number[..comma];
            // In kHz.
            if (int.TryParse(number.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var khz)) frequency = khz * 1000L;
        }
        var from = remark.IndexOf(DateIs);
        if (from >= 0 &&
            DateTime.TryParseExact(remark[(from + DateIs.Length)..].Trim(), "yyyy/MM/dd HH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)) date ??= time;
    }

    private static ReadOnlySpan<char> Quoted(ReadOnlySpan<char> header, string name)
    {
        var at = header.IndexOf(name);
        if (at < 0) return default;
        var value = header[(at + name.Length)..];
        var end = value.IndexOf('"');
        return end < 0 ? default : value[..end];
    }
}
