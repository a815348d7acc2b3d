namespace SignalWatch.TransportStream;

/// <summary>Grows a <see cref="TableElement"/> while its bytes are read.</summary>
internal sealed class TableElementBuilder(string name)
{
    private readonly List<TableAttribute> attributes = [];
    private readonly List<TableElementBuilder> children = [];
    private string? text;
    private bool textIsBytes;

    public TableElementBuilder Number(string attribute, long value) => Add(attribute, TableValue.Counted(value));

    public TableElementBuilder Hex(string attribute, ulong value, int bits) => Add(attribute, TableValue.Hexadecimal(value, bits));

    public TableElementBuilder Flag(string attribute, bool value) => Add(attribute, TableValue.Flag(value));

    public TableElementBuilder Text(string attribute, string value) => Add(attribute, TableValue.Of(value));

    public TableElementBuilder Child(string child)
    {
        var builder = new TableElementBuilder(child);
        children.Add(builder);
        return builder;
    }

    public void Add(TableElementBuilder child) => children.Add(child);

    /// <summary>A child that holds a text.</summary>
    public void TextChild(string child, string value) => Child(child).text = value;

    /// <summary>A child that holds bytes; none where there are none.</summary>
    public void BytesChild(string child, ReadOnlySpan<byte> bytes)
    {
        if (!bytes.IsEmpty) Child(child).Bytes(bytes);
    }

    /// <summary>The element's own bytes; none where there are none.</summary>
    public void Bytes(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty) return;
        text = Pairs(bytes);
        textIsBytes = true;
    }

    public TableElement Build() =>
        new(name, attributes.ToArray(), children.Select(child => child.Build()).ToArray(), text, textIsBytes);

    private TableElementBuilder Add(string attribute, TableValue value)
    {
        attributes.Add(new TableAttribute(attribute, value));
        return this;
    }

    private static string Pairs(ReadOnlySpan<byte> bytes)
    {
        var pairs = new char[bytes.Length * 3 - 1];
        for (var i = 0; i < bytes.Length; i++)
        {
            pairs[i * 3] = Digit(bytes[i] >> 4);
            pairs[i * 3 + 1] = Digit(bytes[i] & 0xF);
            if (i + 1 < bytes.Length) pairs[i * 3 + 2] = ' ';
        }
        return new string(pairs);

        static char Digit(int value) => "0123456789ABCDEF"[value];
    }
}
