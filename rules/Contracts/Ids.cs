using System.Text.Json;
using System.Text.Json.Serialization;

namespace SignalWatch.Contracts;

/// <summary>An identifier that travels as a JSON string.</summary>
/// <typeparam name="TSelf">The identifier's own type.</typeparam>
public interface IIdentifier<TSelf> where TSelf : struct, IIdentifier<TSelf>
{
    /// <summary>The identifier as text.</summary>
    string Value { get; }

    /// <summary>Wraps <paramref name="value"/>.</summary>
    static abstract TSelf From(string value);
}

/// <summary>A probe: <c>GZ-03</c>. Given at enrolment, unique in the province.</summary>
/// <param name="Value">The identifier as text.</param>
[JsonConverter(typeof(IdentifierConverter<ProbeId>))]
public readonly record struct ProbeId(string Value) : IIdentifier<ProbeId>
{
    /// <inheritdoc/>
    public static ProbeId From(string value) => new(value);

    /// <inheritdoc/>
    public override string ToString() => Value;
}

/// <summary>A watch of a probe: <c>fm</c>, <c>mux-1</c>. Unique within its probe.</summary>
/// <param name="Value">The identifier as text.</param>
[JsonConverter(typeof(IdentifierConverter<WatchId>))]
public readonly record struct WatchId(string Value) : IIdentifier<WatchId>
{
    /// <inheritdoc/>
    public static WatchId From(string value) => new(value);

    /// <inheritdoc/>
    public override string ToString() => Value;
}

/// <summary>A rule of a pack: <c>FM-01</c>.</summary>
/// <param name="Value">The identifier as text.</param>
[JsonConverter(typeof(IdentifierConverter<RuleId>))]
public readonly record struct RuleId(string Value) : IIdentifier<RuleId>
{
    /// <inheritdoc/>
    public static RuleId From(string value) => new(value);

    /// <inheritdoc/>
    public override string ToString() => Value;
}

/// <summary>An alarm. Derived from rule and subject, so that the same trouble always has the same alarm.</summary>
/// <param name="Value">The identifier as text.</param>
[JsonConverter(typeof(IdentifierConverter<AlarmId>))]
public readonly record struct AlarmId(string Value) : IIdentifier<AlarmId>
{
    /// <inheritdoc/>
    public static AlarmId From(string value) => new(value);

    /// <inheritdoc/>
    public override string ToString() => Value;
}

/// <summary>Writes an identifier as a JSON string, and reads it back, as a dictionary's key too.</summary>
/// <typeparam name="T">The identifier.</typeparam>
public sealed class IdentifierConverter<T> : JsonConverter<T> where T : struct, IIdentifier<T>
{
    /// <inheritdoc/>
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && reader.GetString() is { Length: > 0 } value
            ? T.From(value)
            : throw new JsonException($"{typeof(T).Name} is a non-empty string");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(value.Value);

    /// <inheritdoc/>
    public override T ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => T.From(reader.GetString()!);

    /// <inheritdoc/>
    public override void WriteAsPropertyName(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WritePropertyName(value.Value);
}
