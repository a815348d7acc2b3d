using System.Text.Json;
using System.Text.Json.Serialization;
using SignalWatch.Contracts;

namespace SignalWatch.Collector.Wall;

/// <summary>A message that was written once and goes to many viewers as it is: fifty walls at the same revision cost one serialisation, not fifty.</summary>
[JsonConverter(typeof(Converter))]
internal sealed class WrittenJson
{
    private readonly Lazy<byte[]> utf8;

    private WrittenJson(Func<byte[]> write) => utf8 = new(write);

    /// <summary>Written by the first that sends it, not by the one who holds the state's lock.</summary>
    public static WrittenJson Of<T>(T value) => new(() => JsonSerializer.SerializeToUtf8Bytes(value, WireJson.Options));

    private sealed class Converter : JsonConverter<WrittenJson>
    {
        public override WrittenJson Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException();

        public override void Write(Utf8JsonWriter writer, WrittenJson value, JsonSerializerOptions options) => writer.WriteRawValue(value.utf8.Value, skipInputValidation: true);
    }
}
