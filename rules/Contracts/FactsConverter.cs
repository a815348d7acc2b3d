using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace SignalWatch.Contracts;

/// <summary>Reads and writes an observation's facts. The collector reads a quarter of a million a second: a name that the vocabulary knows is not made anew for each,
/// and the table has its size from the beginning.</summary>
public sealed class FactsConverter : JsonConverter<IReadOnlyDictionary<string, Fact>>
{
    private const int LongestKnown = 64;
    private const int Usual = 48;

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Known =
        Vocabulary.Kinds.SelectMany(kind => kind.Facts).Select(fact => fact.Name).ToFrozenSet(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();

    private static readonly FactConverter One = new();

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, Fact> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartObject) throw new JsonException("facts are an object");
        var facts = new Dictionary<string, Fact>(Usual, StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = Name(ref reader);
            if (!reader.Read()) break;
            facts[name] = One.Read(ref reader, typeof(Fact), options);
        }
        return facts;
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, IReadOnlyDictionary<string, Fact> value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        foreach (var (name, fact) in value)
        {
            writer.WritePropertyName(name);
            One.Write(writer, fact, options);
        }
        writer.WriteEndObject();
    }

    private static string Name(ref Utf8JsonReader reader)
    {
        if (reader.HasValueSequence || reader.ValueSpan.Length > LongestKnown) return reader.GetString()!;
        Span<char> letters = stackalloc char[LongestKnown];
        var length = reader.CopyString(letters);
        return Known.TryGetValue(letters[..length], out var name) ? name : new(letters[..length]);
    }
}
