using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using SignalWatch.Contracts;

namespace SignalWatch.Rules;

/// <summary>The one way to write a verdict as bytes: members in ordinal order, no blanks, times in UTC with seven digits, numbers in their shortest form, nothing left out.
/// The wire writer may change with its framework; what digests and audits rest on may not.</summary>
public static class CanonicalVerdict
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The verdict in UTF-8: same inputs, same bytes.</summary>
    public static byte[] Write(Verdict verdict)
    {
        var bytes = new ArrayBufferWriter<byte>(2048);
        using (var json = new Utf8JsonWriter(bytes, Options))
        {
            json.WriteStartObject();
            json.WriteString("at", Time(verdict.At));
            json.WriteString("build", verdict.Build);
            json.WriteString("evidence", verdict.Evidence);
            json.WriteString("id", verdict.Id);
            Inputs(json, verdict.Inputs);
            json.WriteBoolean("isLead", verdict.IsLead);
            json.WriteBoolean("isTrial", verdict.IsTrial);
            json.WritePropertyName("measured");
            if (verdict.Measured is { } measured) Input(json, measured); else json.WriteNullValue();
            Names(json, "missing", verdict.Missing);
            json.WriteNumber("occurrences", verdict.Occurrences);
            json.WriteString("origin", Word(verdict.Origin));
            json.WriteString("pack", verdict.Pack);
            json.WriteString("packDigest", verdict.PackDigest);
            if (verdict.Reason is { } reason) Bilingual(json, "reason", reason);
            json.WriteString("registerDigest", verdict.RegisterDigest);
            json.WriteString("result", Word(verdict.Result));
            json.WriteString("rule", verdict.Rule.Value);
            json.WriteNumber("ruleVersion", verdict.RuleVersion);
            Bilingual(json, "sentence", verdict.Sentence);
            json.WriteNumber("severity", verdict.Severity);
            json.WriteString("since", Time(verdict.Since));
            json.WriteString("subject", verdict.Subject.ToString());
            json.WriteString("suppressedBy", verdict.SuppressedBy);
            Bilingual(json, "title", verdict.Title);
            Names(json, "witnesses", verdict.Witnesses.Select(w => w.Value));
            json.WriteEndObject();
        }
        return bytes.WrittenSpan.ToArray();
    }

    /// <summary>What makes a verdict itself: rule, subject, result, time, count, witnesses and inputs.</summary>
    internal static ReadOnlySpan<byte> Identity(Verdict verdict)
    {
        var bytes = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(bytes, Options))
        {
            json.WriteStartObject();
            json.WriteString("at", Time(verdict.At));
            Inputs(json, verdict.Inputs);
            json.WriteNumber("occurrences", verdict.Occurrences);
            json.WriteString("packDigest", verdict.PackDigest);
            if (verdict.Reason is { } reason) Bilingual(json, "reason", reason);
            json.WriteString("registerDigest", verdict.RegisterDigest);
            json.WriteString("result", Word(verdict.Result));
            json.WriteString("rule", verdict.Rule.Value);
            json.WriteNumber("ruleVersion", verdict.RuleVersion);
            json.WriteString("subject", verdict.Subject.ToString());
            if (verdict.SuppressedBy is { } cause) json.WriteString("suppressedBy", cause);
            Names(json, "witnesses", verdict.Witnesses.Select(w => w.Value));
            json.WriteEndObject();
        }
        return bytes.WrittenSpan;
    }

    private static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture);

    private static string Word(Enum value) => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());

    private static void Names(Utf8JsonWriter json, string name, IEnumerable<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values) json.WriteStringValue(value);
        json.WriteEndArray();
    }

    private static void Bilingual(Utf8JsonWriter json, string name, Text text)
    {
        json.WriteStartObject(name);
        json.WriteString("en", text.En);
        json.WriteString("zh", text.Zh);
        json.WriteEndObject();
    }

    private static void Inputs(Utf8JsonWriter json, IReadOnlyList<VerdictInput> inputs)
    {
        json.WriteStartArray("inputs");
        foreach (var input in inputs) Input(json, input);
        json.WriteEndArray();
    }

    private static void Input(Utf8JsonWriter json, VerdictInput input)
    {
        json.WriteStartObject();
        if (input.At is { } at) json.WriteString("at", Time(at)); else json.WriteNull("at");
        json.WriteString("from", input.From);
        json.WriteString("name", input.Name);
        if (input.Value?.Uncertainty is { } uncertainty) json.WriteNumber("uncertainty", uncertainty); else json.WriteNull("uncertainty");
        json.WriteString("unit", input.Unit);
        json.WritePropertyName("value");
        Value(json, input.Value);
        json.WriteEndObject();
    }

    private static void Value(Utf8JsonWriter json, Fact? value)
    {
        switch (value?.Type)
        {
            case FactType.Number: json.WriteNumberValue(value.Value.AsNumber); break;
            case FactType.Boolean: json.WriteBooleanValue(value.Value.AsBoolean); break;
            case FactType.Text: json.WriteStringValue(value.Value.AsText); break;
            default: json.WriteNullValue(); break;
        }
    }
}
