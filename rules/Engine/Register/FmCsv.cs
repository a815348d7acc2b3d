using System.Globalization;
using System.Text;
using CsvHelper;
using SignalWatch.Contracts;

namespace SignalWatch.Rules;

/// <summary>Reads the FM register from CSV, row by row. Every bad cell of every row is reported, not just the first.</summary>
internal sealed class FmCsv(ImportMode mode)
{
    private const long LowestHz = 87_000_000, HighestHz = 108_000_000; // GB/T 4311-2000: the FM band of China

    private static readonly string[] Required = ["frequency_hz", "pi", "ps", "licensee"];
    private static readonly string[] Optional = ["erp_kw", "lat", "lon", "max_deviation_hz", "note", "class", "area", "valid_from", "valid_to", "max_level"];

    private readonly List<RowProblem> problems = [];
    private readonly List<FmLicence> licences = [];
    private readonly Dictionary<(long FrequencyHz, string Area), List<(FmLicence Licence, int Line)>> atPlace = [];
    private readonly Dictionary<string, int> columns = new(StringComparer.Ordinal);
    private string[] row = [];
    private int line;

    public FmImport Read(ReadOnlyMemory<byte> csv)
    {
        var (text, encoding) = Decode(csv.Span);
        var rows = text is null ? 0 : ReadRows(text);
        var whole = columns.Count > 0 && Required.All(columns.ContainsKey) && (mode == ImportMode.KeepGood || problems.Count == 0) && licences.Count > 0;
        return new(whole ? new FmRegister(licences) : null, [.. problems.OrderBy(p => p.Line).ThenBy(p => p.Column)], rows, whole ? licences.Count : 0, encoding);
    }

    // Strict UTF-8 first: Chinese in GB18030 is practically never valid UTF-8, while the reverse often decodes to nonsense.
    private (string? Text, string Encoding) Decode(ReadOnlySpan<byte> csv)
    {
        if (csv.StartsWith(Encoding.UTF8.Preamble)) return (TryDecode(new UTF8Encoding(false, true), csv[3..]), "UTF-8 BOM");
        if (TryDecode(new UTF8Encoding(false, true), csv, report: false) is { } text) return (text, "UTF-8");
        var chinese = CodePagesEncodingProvider.Instance.GetEncoding("GB18030", EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback)!;
        return (TryDecode(chinese, csv), "GB18030");
    }

    private string? TryDecode(Encoding encoding, ReadOnlySpan<byte> csv, bool report = true)
    {
        try
        {
            return encoding.GetString(csv);
        }
        catch (DecoderFallbackException broken)
        {
            if (report) Report(1 + csv[..Math.Clamp(broken.Index, 0, csv.Length)].Count((byte)'\n'), "", Texts.NotText);
            return null;
        }
    }

    private int ReadRows(string text)
    {
        var malformed = false;
        var options = new CsvReaderOptions { HasHeader = false, TrackLineNumbers = true, TrimWhitespace = true, Separator = SeparatorOf(text), OnMalformedRecord = _ => malformed = true };
        using var reader = CsvReader.FromText(text, options);
        if (!Next() || row.All(string.IsNullOrEmpty))
        {
            Report(0, "", Texts.EmptyRegister);
            return 0;
        }
        if (malformed) Report(line, "", Texts.BadQuotes);
        if (!ReadHeader(row)) return 0;
        var rows = 0;
        while (Next())
        {
            if (row.All(string.IsNullOrEmpty)) continue; // Excel leaves such rows at the end
            rows++;
            var before = problems.Count;
            if (malformed) Report(line, "", Texts.BadQuotes);
            else if (row.Length != columns.Count) Report(line, "", Texts.CellCount(row.Length, columns.Count));
            else if (ReadLicence() is { } licence && problems.Count == before) Add(licence);
        }
        if (rows == 0) Report(0, "", Texts.EmptyRegister);
        return rows;

        bool Next()
        {
            malformed = false;
            if (!reader.Read()) return false;
            line = checked((int)reader.LineNumber);
            row = new string[reader.FieldCount];
            for (var i = 0; i < row.Length; i++) row[i] = reader.GetString(i);
            return true;
        }
    }

    // Excel writes the separator of its region; the header alone decides, since remarks may hold any of them.
    private static char SeparatorOf(string text)
    {
        var header = text.AsSpan(0, text.AsSpan().IndexOfAny('\r', '\n') is var end && end >= 0 ? end : text.Length);
        return header.Contains(',') ? ',' : header.Contains(';') ? ';' : header.Contains('\t') ? '\t' : ',';
    }

    private bool ReadHeader(string[] header)
    {
        for (var i = 0; i < header.Length; i++)
        {
            var name = header[i].ToLowerInvariant();
            if (!columns.TryAdd(name, i)) Report(1, name, Texts.DuplicateColumn(name));
            else if (!Required.Contains(name) && !Optional.Contains(name)) Report(1, name, Texts.UnknownColumn(name, string.Join(", ", Optional)));
        }
        var missing = Required.Where(r => !columns.ContainsKey(r)).ToList();
        if (missing.Count > 0) Report(1, "", Texts.MissingColumns(string.Join(", ", missing), string.Join(", ", header)));
        return missing.Count == 0 && columns.Count == header.Length;
    }

    private FmLicence? ReadLicence()
    {
        var frequency = Number("frequency_hz", LowestHz, HighestHz, required: true);
        var licence = new FmLicence(
            (long)(frequency ?? 0), Pi(), Cell("ps"), Text("licensee"), Class(), Area(), Number("erp_kw", 0, 10_000), Number("lat", -90, 90), Number("lon", -180, 180),
            Number("max_deviation_hz", 0, 1_000_000), Number("max_level", -50, 200), Day("valid_from"), Day("valid_to"), Cell("note"));
        if (licence is { ValidFrom: { } from, ValidTo: { } to } && to < from) Report(line, "valid_to", Texts.EndsBeforeItBegins);
        if (frequency is { } hz && hz != Math.Floor(hz)) Report(line, "frequency_hz", Texts.WholeHz);
        return frequency is null ? null : licence;
    }

    private void Add(FmLicence licence)
    {
        if (!atPlace.TryGetValue((licence.FrequencyHz, licence.Area), out var others)) atPlace[(licence.FrequencyHz, licence.Area)] = others = [];
        foreach (var (other, where) in others)
        {
            if (!Overlap(other, licence)) continue; // a renewed licence follows the old one
            Report(line, "frequency_hz", Texts.DuplicateLicence(where));
            return;
        }
        others.Add((licence, line));
        licences.Add(licence);
    }

    private string Cell(string name) => columns.TryGetValue(name, out var index) ? row[index] : "";

    private string Text(string name)
    {
        var cell = Cell(name);
        if (cell.Length == 0) Report(line, name, Texts.CellEmpty);
        return cell;
    }

    private string? Pi()
    {
        var cell = Cell("pi");
        if (cell.Length == 0) return null; // a station need not send RDS
        if (cell.Length == 4 && cell.All(char.IsAsciiHexDigit)) return cell.ToUpperInvariant();
        Report(line, "pi", Texts.BadPi(cell));
        return null;
    }

    private LicenceClass Class()
    {
        var cell = Cell("class");
        if (cell.Length == 0) return LicenceClass.Licensed;
        foreach (var value in Enum.GetValues<LicenceClass>())
            if (string.Equals(value.ToString(), cell, StringComparison.OrdinalIgnoreCase)) return value;
        Report(line, "class", Texts.ChoiceExpected("class", "licensed, overspill, relay, test"));
        return LicenceClass.Licensed;
    }

    private string Area()
    {
        var cell = Cell("area");
        if (cell.Length <= 12 && cell.All(char.IsAsciiDigit)) return cell;
        Report(line, "area", Texts.BadArea(cell));
        return "";
    }

    private double? Number(string name, double least, double most, bool required = false)
    {
        var cell = Cell(name);
        if (cell.Length == 0)
        {
            if (required) Report(line, name, Texts.CellEmpty);
            return null;
        }
        if (!double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) || !double.IsFinite(value)) Report(line, name, Texts.BadCellNumber(cell));
        else if (value < least || value > most) Report(line, name, Texts.OutOfRange(cell, least, most));
        else return value;
        return null;
    }

    private DateOnly? Day(string name)
    {
        var cell = Cell(name);
        if (cell.Length == 0) return null;
        if (DateOnly.TryParseExact(cell, ["yyyy-MM-dd", "yyyy/M/d"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)) return day;
        Report(line, name, Texts.BadDay(cell));
        return null;
    }

    private void Report(int at, string column, Text what) => problems.Add(new(at, columns.TryGetValue(column, out var index) ? index + 1 : 0, column, what));

    private static bool Overlap(FmLicence a, FmLicence b) =>
        (a.ValidTo ?? DateOnly.MaxValue) >= (b.ValidFrom ?? DateOnly.MinValue) && (b.ValidTo ?? DateOnly.MaxValue) >= (a.ValidFrom ?? DateOnly.MinValue);
}
