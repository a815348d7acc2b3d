using System.Text.Json.Serialization;
using SignalWatch.Contracts;

namespace SignalWatch.Collector.Registers;

/// <summary>What a column holds.</summary>
internal enum ColumnType
{
    /// <summary>Any text, trimmed.</summary>
    Text,

    /// <summary>A whole number.</summary>
    Whole,

    /// <summary>A number.</summary>
    Number,

    /// <summary>One of <see cref="RegisterColumn.Choices"/>.</summary>
    Choice,

    /// <summary>An area code of GB/T 2260, by its significant digits: 44, 4401, 440106, and below counties 9 or 12 digits.</summary>
    Area,

    /// <summary>A day of China's legal time, written yyyy-MM-dd.</summary>
    Day,

    /// <summary>Programme identification of RDS (IEC 62106): four upper-case hex digits.</summary>
    Pi,

    /// <summary>Several texts with semicolons between them.</summary>
    List,
}

/// <summary>A value that a column may have, and how people write it in Chinese.</summary>
internal sealed record ColumnChoice(string Value, string Chinese);

/// <summary>The same quantity in another unit: a file may have it under this header.</summary>
internal sealed record ScaledHeader(string Name, string Chinese, decimal Factor);

/// <summary>One column of a register.</summary>
/// <param name="Name">Its name in files and in the API.</param>
/// <param name="Title">Its name for people; as a header it is as good as <paramref name="Name"/>.</param>
/// <param name="Type">What it holds.</param>
internal sealed record RegisterColumn(string Name, Text Title, ColumnType Type)
{
    /// <summary>Part of the key: two rows with one key are about the same thing.</summary>
    public bool IsKey { get; init; }

    /// <summary>A row without it is refused.</summary>
    public bool IsRequired { get; init; }

    /// <summary>Unit of a number, or null.</summary>
    public string? Unit { get; init; }

    /// <summary>Smallest number, or null.</summary>
    public double? Least { get; init; }

    /// <summary>Largest number, or null.</summary>
    public double? Most { get; init; }

    /// <summary>Most characters of a text.</summary>
    public int Longest { get; init; } = 1_000;

    /// <summary>What a choice may be; the first is meant where the cell is empty and the column is not required.</summary>
    public IReadOnlyList<ColumnChoice> Choices { get; init; } = [];

    /// <summary>What it means, where its name does not say.</summary>
    public Text? Help { get; init; }

    /// <summary>Headers that give it in another unit.</summary>
    [JsonIgnore]
    public IReadOnlyList<ScaledHeader> Scaled { get; init; } = [];
}

/// <summary>A type of register: what its rows are. Columns are only ever added, at the end: what is stored has their names.</summary>
/// <param name="Type">Its name in paths.</param>
/// <param name="Title">Its name for people.</param>
/// <param name="About">What it is for, and by which law or standard.</param>
/// <param name="Columns">Its columns, without the two of validity, which every register has.</param>
internal sealed record RegisterSchema(string Type, Text Title, Text About, IReadOnlyList<RegisterColumn> Columns)
{
    /// <summary>First day on which a row is valid; empty: always was.</summary>
    public static RegisterColumn ValidFrom { get; } = new("valid_from", new("生效日期", "valid from"), ColumnType.Day);

    /// <summary>Last day on which a row is valid, inclusive; empty: for ever.</summary>
    public static RegisterColumn ValidTo { get; } = new("valid_to", new("失效日期", "valid to"), ColumnType.Day);

    /// <summary>Where the column is among the cells of a row; -1 where there is none.</summary>
    public int IndexOf(string column)
    {
        for (var i = 0; i < Columns.Count; i++)
            if (Columns[i].Name == column) return i;
        return -1;
    }

    /// <summary>What the row is about: its key cells, joined such that no two keys give one text.</summary>
    public string KeyOf(IReadOnlyList<string> cells) =>
        string.Join('|', Columns.Select((column, i) => (column, i)).Where(c => c.column.IsKey).Select(c => cells[c.i].Replace("\\", "\\\\", StringComparison.Ordinal).Replace("|", "\\|", StringComparison.Ordinal)));
}
