using System.Security.Cryptography;
using System.Text;
using CsvHelper;
using SignalWatch.Contracts;

namespace SignalWatch.Collector.Registers;

/// <summary>One thing that is wrong with a file.</summary>
/// <param name="Line">Line of the file, from 1; 0 where the file as a whole is meant.</param>
/// <param name="Column">Column of the table, from 1; 0 where the row as a whole is meant.</param>
/// <param name="Name">Name of the column, or an empty text.</param>
/// <param name="Read">What stands there.</param>
/// <param name="What">What is wrong, and what would be right.</param>
/// <param name="Suggestion">What may have been meant, or null.</param>
internal sealed record CellProblem(int Line, int Column, string Name, string Read, Text What, string? Suggestion)
{
    /// <summary>One line for a person.</summary>
    public string In(Language language) => RegisterTexts.ProblemLine(this).In(language);
}

/// <summary>A row that is good by itself.</summary>
/// <param name="Line">Line of the file on which it begins.</param>
/// <param name="Key">What it is about.</param>
/// <param name="Segment">What it says, and from when to when.</param>
internal readonly record struct FileRow(int Line, string Key, Segment Segment);

/// <summary>A file of a register, read: as Excel writes it, or as a program does. Reading never throws, whatever the bytes; every bad cell is reported.</summary>
internal sealed class RegisterFile
{
    /// <summary>The longest file, bytes.</summary>
    public const int MaxBytes = 64 * 1024 * 1024;

    /// <summary>The most rows.</summary>
    public const int MaxRows = 200_000;

    /// <summary>Problems beyond so many are counted, not kept.</summary>
    public const int MaxProblems = 10_000;

    private const int MaxRecordBytes = 1024 * 1024, MostOfACell = 100;

    private readonly RegisterSchema schema;
    private readonly Areas areas;
    private readonly List<CellProblem> problems = [];
    private readonly List<FileRow> rows = [];
    private readonly HashSet<string> refusedKeys = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<FileRow>> byKey = new(StringComparer.Ordinal);
    private readonly (int Index, ScaledHeader? Scaled)[] places;
    private (int From, int To) validity = (-1, -1);
    private string[] row = [];
    private int line, width;
    private bool isRefused;

    private RegisterFile(RegisterSchema schema, Areas areas)
    {
        (this.schema, this.areas) = (schema, areas);
        places = new (int, ScaledHeader?)[schema.Columns.Count];
        Array.Fill(places, (-1, null));
    }

    /// <summary>Lower-case hex, of the bytes as they came.</summary>
    public string Sha256 { get; private init; } = "";

    /// <summary>What it was read as: <c>UTF-8</c>, <c>UTF-8 BOM</c> or <c>GB18030</c>.</summary>
    public string Encoding { get; private set; } = "UTF-8";

    /// <summary>False where the file as a whole can't be taken: no text, no header, another register's columns.</summary>
    public bool IsTable { get; private set; }

    /// <summary>Rows in the file, without its header.</summary>
    public int RowCount { get; private set; }

    /// <summary>Rows that are refused.</summary>
    public int Refused { get; private set; }

    /// <summary>Rows that are refused and of which not even the key can be read: what they are about is not known.</summary>
    public int RefusedUnknown { get; private set; }

    /// <summary>How many problems there are, with those that are not kept.</summary>
    public int ProblemCount { get; private set; }

    /// <summary>What is wrong, by line and column.</summary>
    public IReadOnlyList<CellProblem> Problems => problems;

    /// <summary>The good rows, in the file's order.</summary>
    public IReadOnlyList<FileRow> Rows => rows;

    /// <summary>What refused rows are about, where it can be read.</summary>
    public IReadOnlySet<string> RefusedKeys => refusedKeys;

    /// <summary>Reads a file.</summary>
    /// <param name="schema">Of which register.</param>
    /// <param name="content">Its bytes.</param>
    /// <param name="areas">The areas that there are.</param>
    public static RegisterFile Read(RegisterSchema schema, ReadOnlySpan<byte> content, Areas areas)
    {
        var file = new RegisterFile(schema, areas) { Sha256 = Convert.ToHexStringLower(SHA256.HashData(content)) };
        if (content.Length > MaxBytes) file.Report(0, -1, "", "", RegisterTexts.FileTooLong(content.Length));
        else if (file.Decode(content) is { } text) file.ReadRows(text);
        file.problems.Sort((a, b) => (a.Line, a.Column).CompareTo((b.Line, b.Column)));
        return file;
    }

    // Strict UTF-8 first: Chinese in GB18030 is practically never valid UTF-8, while the reverse often decodes to nonsense.
    private string? Decode(ReadOnlySpan<byte> content)
    {
        var hasMark = content.StartsWith(System.Text.Encoding.UTF8.Preamble);
        if (hasMark) content = content[3..];
        Encoding = hasMark ? "UTF-8 BOM" : "UTF-8";
        if (System.Text.Unicode.Utf8.IsValid(content)) return System.Text.Encoding.UTF8.GetString(content);
        if (!hasMark) Encoding = "GB18030";
        var encoding = hasMark ? new UTF8Encoding(false, true) : CodePagesEncodingProvider.Instance.GetEncoding("GB18030", EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback)!;
        try
        {
            return encoding.GetString(content);
        }
        catch (DecoderFallbackException broken)
        {
            Report(1 + content[..Math.Clamp(broken.Index, 0, content.Length)].Count((byte)'\n'), -1, "", "", RegisterTexts.NotText());
            return null;
        }
    }

    private void ReadRows(string text)
    {
        var malformed = false;
        var options = new CsvReaderOptions { HasHeader = false, TrackLineNumbers = true, TrimWhitespace = true, MaxRecordSize = MaxRecordBytes, Separator = SeparatorOf(text), OnMalformedRecord = _ => malformed = true };
        try
        {
            using var reader = CsvReader.FromText(text, options);
            if (!Next(reader) || row.All(string.IsNullOrEmpty)) Report(0, -1, "", "", RegisterTexts.EmptyFile());
            else if (malformed) Report(line, -1, "", "", RegisterTexts.BadQuotes());
            else if (ReadHeader())
            {
                IsTable = true;
                while (Next(reader)) Take();
                if (RowCount == 0)
                {
                    IsTable = false; // to replace a register by nothing is never what an empty file means
                    Report(0, -1, "", "", RegisterTexts.EmptyFile());
                }
            }
        }
        catch (CsvFormatException endless)
        {
            // A quote that is never closed swallows the rest of the file: what follows it can't be told apart any more.
            IsTable = false;
            Report(line + 1, -1, "", "", RegisterTexts.RecordTooLong(endless.Message));
        }

        bool Next(CsvReader reader)
        {
            malformed = false;
            if (!reader.Read()) return false;
            line = (int)Math.Min(reader.LineNumber, int.MaxValue);
            row = new string[reader.FieldCount];
            for (var i = 0; i < row.Length; i++) row[i] = CellSafety.Restore(reader.GetString(i).Trim());
            return true;
        }

        void Take()
        {
            if (!IsTable || row.All(string.IsNullOrEmpty)) return; // Excel leaves rows of empty cells at the end
            if (++RowCount > MaxRows)
            {
                IsTable = false;
                Report(line, -1, "", "", RegisterTexts.TooManyRows());
                return;
            }
            isRefused = false;
            if (malformed) Report(line, -1, "", "", RegisterTexts.BadQuotes());
            else if (row.Length != width) Report(line, -1, "", "", RegisterTexts.CellCount(row.Length, width));
            var key = ReadRow();
            if (!isRefused) return;
            Refused++;
            if (key is null) RefusedUnknown++;
            else refusedKeys.Add(key);
        }
    }

    // Excel writes the separator of its region; the header alone decides, since remarks may hold any of them.
    private static char SeparatorOf(string text)
    {
        var header = text.AsSpan(0, text.AsSpan().IndexOfAny('\r', '\n') is var end && end >= 0 ? end : text.Length);
        return header.Contains('\t') ? '\t' : header.Contains(';') && !header.Contains(',') ? ';' : ',';
    }

    private bool ReadHeader()
    {
        width = row.Length;
        while (width > 0 && row[width - 1].Length == 0) width--; // a table that once was wider
        var good = true;
        for (var i = 0; i < width; i++) good &= Place(row[i], i);
        var missing = schema.Columns.Where((c, at) => c.IsRequired && places[at].Index < 0).Select(c => $"{c.Name} ({c.Title.Zh})").ToList();
        if (missing.Count > 0) Report(1, -1, "", string.Join(", ", row), RegisterTexts.MissingColumns(string.Join(", ", missing)));
        width = row.Length;
        return good && missing.Count == 0;
    }

    private bool Place(string header, int index)
    {
        if (IsNamed(RegisterSchema.ValidFrom, header)) return PlaceOnce(ref validity.From, header, index);
        if (IsNamed(RegisterSchema.ValidTo, header)) return PlaceOnce(ref validity.To, header, index);
        for (var at = 0; at < places.Length; at++)
        {
            var column = schema.Columns[at];
            var scaled = column.Scaled.FirstOrDefault(s => IsName(s.Name, header) || IsName(s.Chinese, header));
            if (scaled is null && !IsNamed(column, header)) continue;
            places[at].Scaled = scaled;
            return PlaceOnce(ref places[at].Index, header, index);
        }
        var known = string.Join(", ", schema.Columns.Append(RegisterSchema.ValidFrom).Append(RegisterSchema.ValidTo).Select(c => c.Name));
        Report(1, index, header, header, RegisterTexts.UnknownColumn(known));
        return false;
    }

    private bool PlaceOnce(ref int place, string header, int index)
    {
        if (place < 0) place = index;
        else Report(1, index, header, header, RegisterTexts.DuplicateColumn());
        return place == index;
    }

    private static bool IsNamed(RegisterColumn column, string header) => IsName(column.Name, header) || IsName(column.Title.Zh, header) || IsName(column.Title.En, header);

    /// <summary>Without regard to case, spaces, and what kind of brackets and underscores there are; with or without the unit in brackets.</summary>
    private static bool IsName(string name, string header) => Plain(name) is var full && Plain(header) is var given && given.Length > 0 && (full == given || Unbracketed(full) == given);

    private static string Plain(string name) => string.Concat(name.Normalize(NormalizationForm.FormKC).Where(c => !char.IsWhiteSpace(c) && c != '_')).ToLowerInvariant();

    private static string Unbracketed(string name) => name.IndexOf('(', StringComparison.Ordinal) is > 0 and var at ? name[..at] : name;

    /// <returns>The key; null where it can't be read.</returns>
    private string? ReadRow()
    {
        if (row.Length < width) Array.Resize(ref row, width);
        var cells = new string[places.Length];
        var hasKey = !isRefused; // cells that were shifted by a bad quote say nothing, not even the key
        for (var at = 0; at < cells.Length; at++)
        {
            var (column, (index, scaled)) = (schema.Columns[at], places[at]);
            var raw = index < 0 ? "" : row[index] ?? "";
            var reading = CellReader.Read(column, scaled is null ? raw : Scale(raw, scaled), areas);
            cells[at] = reading.Value ?? "";
            if (reading.Value is not null) continue;
            hasKey &= !column.IsKey;
            if (!isRefused || row.Length == width) Report(line, index, column.Name, raw, reading.What, reading.Suggestion);
        }
        var (from, to) = (Day(validity.From, RegisterSchema.ValidFrom, DateOnly.MinValue), Day(validity.To, RegisterSchema.ValidTo, DateOnly.MaxValue));
        if (to < from) Report(line, validity.To, RegisterSchema.ValidTo.Name, row[validity.To], RegisterTexts.EndsBeforeItBegins());
        var key = hasKey ? schema.KeyOf(cells) : null;
        if (!isRefused) Add(new(line, key!, new(from, to, cells)));
        return key;
    }

    private static string Scale(string raw, ScaledHeader scaled) =>
        decimal.TryParse(raw, System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out var value) && Math.Abs(value) < 1e15m
            ? (value * scaled.Factor).ToString("0.############################", System.Globalization.CultureInfo.InvariantCulture) : raw;

    private DateOnly Day(int index, RegisterColumn column, DateOnly absent)
    {
        if (index < 0 || string.IsNullOrEmpty(row[index])) return absent;
        var reading = CellReader.Read(column, row[index], areas);
        if (reading.Value is not null && CellReader.TryDay(reading.Value, out var day)) return day;
        Report(line, index, column.Name, row[index], reading.What, reading.Suggestion);
        return absent;
    }

    private void Add(in FileRow good)
    {
        if (!byKey.TryGetValue(good.Key, out var others)) byKey[good.Key] = others = [];
        foreach (var other in others)
        {
            if (other.Segment.To < good.Segment.From || good.Segment.To < other.Segment.From) continue; // a renewed licence follows the old one
            Report(line, -1, "", good.Key, RegisterTexts.DuplicateRow(other.Line));
            return;
        }
        others.Add(good);
        rows.Add(good);
    }

    private void Report(int at, int index, string name, string read, Text what, string? suggestion = null)
    {
        isRefused = true;
        ProblemCount++;
        if (problems.Count < MaxProblems) problems.Add(new(at, index + 1, name, read.Length > MostOfACell ? read[..MostOfACell] : read, what, suggestion));
    }
}
