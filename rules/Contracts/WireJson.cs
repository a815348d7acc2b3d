using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace SignalWatch.Contracts;

/// <summary>How everything is written in JSON: camelCase, enums as camelCase words, times with their offset, nothing where a value is missing.</summary>
public static class WireJson
{
    /// <summary>The options of the wire. Unknown members are ignored: an old collector reads a new probe.</summary>
    public static JsonSerializerOptions Options { get; } = Create();

    /// <summary>Applies the rules of the wire to <paramref name="options"/>, for a framework that owns its options.</summary>
    public static void Configure(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.CamelCase;
        options.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        options.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping; // Chinese stays readable; nothing of it goes into HTML unescaped
        options.AllowOutOfOrderMetadataProperties = true; // a person's client need not know that a command's type comes first
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false));
    }

    private static JsonSerializerOptions Create()
    {
        var options = new JsonSerializerOptions();
        Configure(options);
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }
}
