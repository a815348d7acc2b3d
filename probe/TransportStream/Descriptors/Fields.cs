using System.Text;

namespace SignalWatch.TransportStream;

/// <summary>Reads one field, or a run of them, and says it in the element.</summary>
internal delegate void Field(ref BitReader reader, TableElementBuilder element, DescriptorScope scope);

/// <summary>The kinds of fields that descriptors are made of: a simple descriptor is a list of these, an irregular one a method of the same shape.</summary>
internal static class Fields
{
    /// <summary>A number that is read in hexadecimal.</summary>
    public static Field Hex(string name, int bits) => (ref r, e, _) => e.Hex(name, r.Wide(bits), bits);

    /// <summary>A number that is read in decimal.</summary>
    public static Field Number(string name, int bits) => (ref r, e, _) => e.Number(name, (long)r.Wide(bits));

    /// <summary>A two's complement number.</summary>
    public static Field Signed(string name, int bits) => (ref r, e, _) => e.Number(name, r.Signed(bits));

    /// <summary>A number in units of <paramref name="unit"/>, said in single ones.</summary>
    public static Field Scaled(string name, int bits, long unit) => (ref r, e, _) => e.Number(name, r.Bits(bits) * unit);

    public static Field Flag(string name) => (ref r, e, _) => e.Flag(name, r.Flag());

    public static Field Reserved(int bits) => (ref r, _, _) => r.Skip(bits);

    /// <summary>A number with names; one without a name is said in hexadecimal. An empty name is none.</summary>
    public static Field Named(string name, int bits, params string[] names) => (ref r, e, _) => SayNamed(e, name, r.Bits(bits), bits, names);

    /// <summary>A language or country: three characters of ISO/IEC 8859-1.</summary>
    public static Field Code(string name) => (ref r, e, _) => e.Text(name, ReadCode(ref r));

    /// <summary>A text behind its length in a byte.</summary>
    public static Field Text8(string name) => (ref r, e, s) => e.Text(name, s.Text.Decode(r.Bytes(r.Int(8))));

    /// <summary>A text that fills the rest.</summary>
    public static Field TextToEnd(string name) => (ref r, e, s) => e.Text(name, s.Text.Decode(r.Rest()));

    /// <summary>A text behind its length in a byte, as a child.</summary>
    public static Field TextChild8(string name) => (ref r, e, s) => e.TextChild(name, s.Text.Decode(r.Bytes(r.Int(8))));

    /// <summary>A text that fills the rest, as a child.</summary>
    public static Field TextChildToEnd(string name) => (ref r, e, s) => e.TextChild(name, s.Text.Decode(r.Rest()));

    /// <summary>A text in UTF-8 behind its length in a byte: names of files, addresses.</summary>
    public static Field Utf8(string name) => (ref r, e, _) => e.Text(name, Utf8Of(r.Bytes(r.Int(8))));

    /// <summary>A text in UTF-8 that fills the rest.</summary>
    public static Field Utf8ToEnd(string name) => (ref r, e, _) => e.Text(name, Utf8Of(r.Rest()));

    /// <summary>Bytes behind their length in a byte, as a child.</summary>
    public static Field Bytes8(string child) => (ref r, e, _) => e.BytesChild(child, r.Bytes(r.Int(8)));

    /// <summary>Bytes that fill the rest, as a child.</summary>
    public static Field BytesToEnd(string child) => (ref r, e, _) => e.BytesChild(child, r.Rest());

    /// <summary>Bytes that fill the rest, as the element's own.</summary>
    public static Field Content { get; } = (ref r, e, _) => e.Bytes(r.Rest());

    /// <summary>One child after another, to the end.</summary>
    public static Field Each(string child, params Field[] fields) => (ref r, e, s) =>
    {
        while (r.BytesLeft > 0) Run(fields, ref r, e.Child(child), s);
    };

    /// <summary>A number of children, and before them how many.</summary>
    public static Field Counted(int countBits, string child, params Field[] fields) => (ref r, e, s) =>
    {
        for (var left = r.Int(countBits); left > 0 && !r.Failed; left--) Run(fields, ref r, e.Child(child), s);
    };

    /// <summary>Fields within so many bytes as the byte before them says.</summary>
    public static Field Within8(params Field[] fields) => (ref r, e, s) =>
    {
        var part = r.Part(r.Int(8));
        Run(fields, ref part, e, s);
        if (part.Failed || part.BytesLeft > 0) r.Fail();
    };

    /// <summary>Fields that are there where a flag, which is not said, is set.</summary>
    public static Field IfSet(params Field[] fields) => (ref r, e, s) =>
    {
        if (r.Flag()) Run(fields, ref r, e, s);
    };

    /// <summary>Fields that older senders leave out at the end.</summary>
    public static Field IfLeft(params Field[] fields) => (ref r, e, s) =>
    {
        if (r.BytesLeft > 0) Run(fields, ref r, e, s);
    };

    public static Field All(params Field[] fields) => (ref r, e, s) => Run(fields, ref r, e, s);

    /// <summary>A frequency, rate or position in binary coded decimal, in units of <paramref name="unit"/>. What is no decimal is said in hexadecimal, as it was sent.</summary>
    public static Field Bcd(string name, int digits, long unit) => (ref r, e, _) =>
    {
        var sent = r.Wide(digits * 4);
        if (Bcds.Value(sent, digits) is { } value) e.Number(name, value * unit);
        else e.Hex(name, sent, digits * 4);
    };

    public static void Run(scoped ReadOnlySpan<Field> fields, ref BitReader reader, TableElementBuilder element, DescriptorScope scope)
    {
        foreach (var field in fields) field(ref reader, element, scope);
    }

    public static void SayNamed(TableElementBuilder element, string name, uint value, int bits, scoped ReadOnlySpan<string> names)
    {
        if (value < names.Length && names[(int)value].Length > 0) element.Text(name, names[(int)value]);
        else element.Hex(name, value, bits);
    }

    public static string ReadCode(ref BitReader reader) => Encoding.Latin1.GetString(reader.Bytes(3));

    public static string Utf8Of(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes);
}
