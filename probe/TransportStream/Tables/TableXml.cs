using System.Globalization;
using System.Text;
using System.Xml;

namespace SignalWatch.TransportStream;

/// <summary>Tables as XML in TSDuck's public dialect: the same elements, attributes and forms of values, so that the tools of the field read it.</summary>
public static class TableXml
{
    private const int BytesPerLine = 16;
    private const string Indent = "  ";

    /// <summary>Writes a document of tables. It is well-formed whatever the tables hold: characters that XML cannot carry become U+FFFD.</summary>
    /// <param name="tables">The tables, in the order in which they are to stand.</param>
    /// <param name="output">Where to, as UTF-8 if it becomes bytes; left open.</param>
    /// <param name="defaultCharset">What texts without a selector are written in.</param>
    public static void Write(IEnumerable<TableVersion> tables, TextWriter output, DvbCharset defaultCharset)
    {
        ArgumentNullException.ThrowIfNull(tables);
        ArgumentNullException.ThrowIfNull(output);
        output.Write("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"); // a text writer in memory would have itself called UTF-16
        using var xml = XmlWriter.Create(output, new XmlWriterSettings { Indent = true, IndentChars = Indent, NewLineChars = "\n", OmitXmlDeclaration = true, CloseOutput = false });
        xml.WriteStartElement("tsduck");
        foreach (var table in tables) Write(xml, table.Read(defaultCharset), 1);
        xml.WriteEndElement();
    }

    internal static void Write(XmlWriter xml, TableElement element, int depth)
    {
        xml.WriteStartElement(element.Name);
        foreach (var attribute in element.Attributes) xml.WriteAttributeString(attribute.Name, Allowed(attribute.Value.ToString()));
        foreach (var child in element.Children) Write(xml, child, depth + 1);
        if (element.Text is { } text) xml.WriteString(element.TextIsBytes ? Lines(text, depth) : Allowed(text));
        xml.WriteEndElement();
    }

    /// <summary>The text without what XML 1.0 cannot carry (2.2).</summary>
    internal static string Allowed(string text)
    {
        var isClean = true;
        for (var i = 0; i < text.Length && isClean; i++) isClean = XmlConvert.IsXmlChar(text[i]);
        if (isClean) return text;
        var result = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (XmlConvert.IsXmlChar(text[i])) result.Append(text[i]);
            else if (i + 1 < text.Length && XmlConvert.IsXmlSurrogatePair(text[i + 1], text[i])) result.Append(text[i]).Append(text[++i]);
            else result.Append('\uFFFD');
        }
        return result.ToString();
    }

    // Sixteen bytes a line, one step further in than the element.
    private static string Lines(string pairs, int depth)
    {
        const int Pair = 3;
        var margin = string.Concat(Enumerable.Repeat(Indent, depth));
        var lines = new StringBuilder();
        for (var at = 0; at < pairs.Length; at += BytesPerLine * Pair)
        {
            var line = pairs.AsSpan(at, Math.Min(BytesPerLine * Pair, pairs.Length - at)).TrimEnd();
            lines.Append(CultureInfo.InvariantCulture, $"\n{margin}{Indent}{line}");
        }
        return lines.Append('\n').Append(margin).ToString();
    }
}
