using System.Text.Encodings.Web;
using System.Text.Json;

namespace SignalWatch.TransportStream;

/// <summary>Tables as JSON: the tree of the XML, each element an object with its name in <c>#name</c>, its attributes as members, and its children and text in <c>#nodes</c>.</summary>
public static class TableJson
{
    private static readonly JsonWriterOptions Options = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes a document of tables. Numbers are numbers, flags are booleans, all else is text.</summary>
    /// <param name="tables">The tables, in the order in which they are to stand.</param>
    /// <param name="output">Where to, in UTF-8; left open.</param>
    /// <param name="defaultCharset">What texts without a selector are written in.</param>
    public static void Write(IEnumerable<TableVersion> tables, Stream output, DvbCharset defaultCharset)
    {
        ArgumentNullException.ThrowIfNull(tables);
        ArgumentNullException.ThrowIfNull(output);
        using var json = new Utf8JsonWriter(output, Options);
        json.WriteStartObject();
        json.WriteString("#name", "tsduck");
        json.WriteStartArray("#nodes");
        foreach (var table in tables) Write(json, table.Read(defaultCharset));
        json.WriteEndArray();
        json.WriteEndObject();
    }

    internal static void Write(Utf8JsonWriter json, TableElement element)
    {
        json.WriteStartObject();
        json.WriteString("#name", element.Name);
        foreach (var (name, value) in element.Attributes)
            switch (value.Kind)
            {
                case TableValueKind.Number: json.WriteNumber(name, value.Number); break;
                case TableValueKind.Hexadecimal: json.WriteNumber(name, (ulong)value.Number); break;
                case TableValueKind.Flag: json.WriteBoolean(name, value.Number != 0); break;
                default: json.WriteString(name, TableXml.Allowed(value.ToString())); break;
            }
        if (element.Children.Count > 0 || element.Text is not null)
        {
            json.WriteStartArray("#nodes");
            foreach (var child in element.Children) Write(json, child);
            if (element.Text is { } text) json.WriteStringValue(TableXml.Allowed(text));
            json.WriteEndArray();
        }
        json.WriteEndObject();
    }
}
