using System.Globalization;
using System.Text;
using System.Text.Json;

namespace SignalWatch.Simulation;

/// <summary>Where in a JSON text a value stands, so that a person finds what is wrong with it.</summary>
internal static class JsonPosition
{
    /// <param name="json">A whole, valid text.</param>
    /// <param name="path">As <c>fm.emitters[2].level_dbfs</c>. Where its end is missing in the text, the position of what is there.</param>
    /// <returns>Line and column from 1; the column counts characters, as an editor does.</returns>
    public static (long Line, long Column) Of(ReadOnlySpan<byte> json, string path)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip });
        reader.Read();
        var position = reader.TokenStartIndex;
        foreach (var step in path.Replace("[", ".[", StringComparison.Ordinal).Split('.', StringSplitOptions.RemoveEmptyEntries))
        {
            var found = step[0] == '[' ? EnterItem(ref reader, int.Parse(step[1..^1], CultureInfo.InvariantCulture)) : EnterMember(ref reader, step);
            if (!found) break;
            position = reader.TokenStartIndex;
        }
        var before = json[..(int)position];
        var lineStart = before.LastIndexOf((byte)'\n') + 1;
        return (before.Count((byte)'\n') + 1, Encoding.UTF8.GetCharCount(before[lineStart..]) + 1);
    }

    private static bool EnterMember(ref Utf8JsonReader reader, string name)
    {
        if (reader.TokenType != JsonTokenType.StartObject) return false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isIt = reader.ValueTextEquals(name);
            reader.Read();
            if (isIt) return true;
            reader.Skip();
        }
        return false;
    }

    private static bool EnterItem(ref Utf8JsonReader reader, int index)
    {
        if (reader.TokenType != JsonTokenType.StartArray) return false;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (index-- == 0) return true;
            reader.Skip();
        }
        return false;
    }
}
