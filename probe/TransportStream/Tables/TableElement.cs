using System.Globalization;

namespace SignalWatch.TransportStream;

/// <summary>A table, a descriptor, or a part of one, as a document: the same tree is written as XML and as JSON, and shown to people.</summary>
/// <param name="Name">The structure's name in its standard, as TSDuck's public XML dialect spells it (<c>PMT</c>, <c>service_descriptor</c>, <c>transport_stream</c>).</param>
/// <param name="Attributes">Its fields, in the order of the standard; no name twice.</param>
/// <param name="Children">What it contains, in the order in which it was sent; programmes, services and transport streams by their ids.</param>
/// <param name="Text">A text that stands by itself (the description of an event), or bytes as hexadecimal pairs in upper case separated by spaces; null where there is none.</param>
/// <param name="TextIsBytes"><paramref name="Text"/> is bytes: private data, or what no reader understands.</param>
public sealed record TableElement(
    string Name,
    IReadOnlyList<TableAttribute> Attributes,
    IReadOnlyList<TableElement> Children,
    string? Text = null,
    bool TextIsBytes = false)
{
    /// <summary>The attribute's value as text, or null where the element has no such attribute.</summary>
    public string? this[string attribute]
    {
        get
        {
            foreach (var candidate in Attributes)
                if (candidate.Name == attribute) return candidate.Value.ToString();
            return null;
        }
    }

    /// <summary>The children of that name.</summary>
    public IEnumerable<TableElement> Named(string name) => Children.Where(child => child.Name == name);
}

/// <summary>A field of a table or descriptor.</summary>
/// <param name="Name">The field's name in the standard.</param>
/// <param name="Value">Its value.</param>
public readonly record struct TableAttribute(string Name, TableValue Value);

/// <summary>What a field may hold.</summary>
public enum TableValueKind
{
    /// <summary>A number that people read in decimal: a count, a frequency, a version.</summary>
    Number,

    /// <summary>A number that people read in hexadecimal: an id, a PID, a tag.</summary>
    Hexadecimal,

    /// <summary>A flag.</summary>
    Flag,

    /// <summary>A name, a text, a time.</summary>
    Text,
}

/// <summary>The value of a field, with the form in which it is preferably read.</summary>
public readonly record struct TableValue
{
    private readonly string? text;
    private readonly int digits;

    private TableValue(TableValueKind kind, long number, int digits, string? text) =>
        (Kind, Number, this.digits, this.text) = (kind, number, digits, text);

    /// <summary>What it holds.</summary>
    public TableValueKind Kind { get; }

    /// <summary>The number; 1 or 0 for a flag, 0 for a text. A hexadecimal of 64 bits is its two's complement.</summary>
    public long Number { get; }

    /// <summary>A number, written with commas between thousands.</summary>
    public static TableValue Counted(long value) => new(TableValueKind.Number, value, 0, null);

    /// <summary>A number of <paramref name="bits"/> bits, written with 2, 4, 8 or 16 hexadecimal digits.</summary>
    public static TableValue Hexadecimal(ulong value, int bits) =>
        new(TableValueKind.Hexadecimal, (long)value, bits <= 8 ? 2 : bits <= 16 ? 4 : bits <= 32 ? 8 : 16, null);

    /// <summary>A flag.</summary>
    public static TableValue Flag(bool value) => new(TableValueKind.Flag, value ? 1 : 0, 0, null);

    /// <summary>A text.</summary>
    public static TableValue Of(string value) => new(TableValueKind.Text, 0, 0, value);

    /// <summary>As the XML dialect writes it: <c>1,234</c>, <c>0x04D2</c>, <c>true</c>, the text itself.</summary>
    public override string ToString() => Kind switch
    {
        TableValueKind.Number => Number.ToString("#,0", CultureInfo.InvariantCulture),
        TableValueKind.Hexadecimal => "0x" + Number.ToString("X", CultureInfo.InvariantCulture).PadLeft(digits, '0'),
        TableValueKind.Flag => Number != 0 ? "true" : "false",
        _ => text ?? "",
    };
}
