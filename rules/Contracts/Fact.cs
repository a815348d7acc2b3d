using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace SignalWatch.Contracts;

/// <summary>The type of a fact.</summary>
public enum FactType
{
    /// <summary>A number in the unit that its vocabulary entry names.</summary>
    Number,

    /// <summary>Yes or no.</summary>
    Boolean,

    /// <summary>Text.</summary>
    Text,
}

/// <summary>One measured value: a number with its uncertainty where that is known, a truth value or a text. A value that is not known is not there at all.
/// On the wire <c>-30.1</c>, <c>true</c>, <c>"OE1"</c>, or <c>{"value":-30.1,"uncertainty":1.5}</c>.</summary>
[JsonConverter(typeof(FactConverter))]
public readonly record struct Fact
{
    private static readonly object Truth = new();

    private readonly object? text; // the text, Truth for a truth value, null for a number: the type takes no room of its own
    private readonly double number;
    private readonly double uncertainty; // NaN where it is not known: facts fill the collector's memory, and a nullable is twice as large

    private Fact(double number, object? text, double? uncertainty) => (this.number, this.text, this.uncertainty) = (number, text, uncertainty ?? double.NaN);

    /// <summary>Which of the three it is.</summary>
    public FactType Type => text is null ? FactType.Number : ReferenceEquals(text, Truth) ? FactType.Boolean : FactType.Text;

    /// <summary>Half width of the 95 % interval, in the unit of the value; null where it is not known.</summary>
    public double? Uncertainty => double.IsNaN(uncertainty) ? null : uncertainty;

    /// <summary>The number; for other types an error of the caller.</summary>
    public double AsNumber => Type == FactType.Number ? number : throw new InvalidOperationException($"a {Type} fact is not a number");

    /// <summary>The truth value; for other types an error of the caller.</summary>
    public bool AsBoolean => Type == FactType.Boolean ? number != 0 : throw new InvalidOperationException($"a {Type} fact is not a truth value");

    /// <summary>The text; for other types an error of the caller.</summary>
    public string AsText => text as string ?? throw new InvalidOperationException($"a {Type} fact is not a text");

    /// <summary>A number.</summary>
    /// <param name="value">Finite: what could not be measured is left out, it is not NaN.</param>
    /// <param name="uncertainty">Half width of the 95 % interval, or null.</param>
    public static Fact Of(double value, double? uncertainty = null) =>
        double.IsFinite(value) ? new(value, null, uncertainty) : throw new ArgumentOutOfRangeException(nameof(value), value, "a fact is finite");

    /// <summary>A truth value.</summary>
    public static Fact Of(bool value) => new(value ? 1 : 0, Truth, null);

    /// <summary>A text.</summary>
    public static Fact Of(string value) => new(0, value ?? throw new ArgumentNullException(nameof(value)), null);

    /// <summary>The value as invariant text, without unit.</summary>
    public override string ToString() => Type switch
    {
        FactType.Number => number.ToString("R", CultureInfo.InvariantCulture),
        FactType.Boolean => number != 0 ? "true" : "false",
        _ => AsText,
    };
}

/// <summary>Reads and writes a fact.</summary>
public sealed class FactConverter : JsonConverter<Fact>
{
    /// <inheritdoc/>
    public override Fact Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
    {
        JsonTokenType.Number => Fact.Of(reader.GetDouble()),
        JsonTokenType.True => Fact.Of(true),
        JsonTokenType.False => Fact.Of(false),
        JsonTokenType.String => Fact.Of(reader.GetString()!),
        JsonTokenType.StartObject => ReadNumber(ref reader),
        _ => throw new JsonException("a fact is a number, a truth value, a text, or {value, uncertainty}"),
    };

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Fact value, JsonSerializerOptions options)
    {
        switch (value.Type)
        {
            case FactType.Boolean: writer.WriteBooleanValue(value.AsBoolean); break;
            case FactType.Text: writer.WriteStringValue(value.AsText); break;
            case FactType.Number when value.Uncertainty is { } uncertainty:
                writer.WriteStartObject();
                writer.WriteNumber("value", value.AsNumber);
                writer.WriteNumber("uncertainty", uncertainty);
                writer.WriteEndObject();
                break;
            default: writer.WriteNumberValue(value.AsNumber); break;
        }
    }

    private static Fact ReadNumber(ref Utf8JsonReader reader)
    {
        double? value = null, uncertainty = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isValue = reader.ValueTextEquals("value"u8);
            if (!isValue && !reader.ValueTextEquals("uncertainty"u8)) throw new JsonException("a fact's members are value and uncertainty");
            if (!reader.Read() || reader.TokenType != JsonTokenType.Number) throw new JsonException("a fact's value and uncertainty are numbers");
            if (isValue) value = reader.GetDouble(); else uncertainty = reader.GetDouble();
        }
        return value is { } number ? Fact.Of(number, uncertainty) : throw new JsonException("a fact has a value");
    }
}
