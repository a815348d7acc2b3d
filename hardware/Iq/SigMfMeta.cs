using System.Globalization;
using System.Text.Json;
using SignalWatch.Contracts;

namespace SignalWatch.Hardware.Iq;

/// <summary>What a <c>.sigmf-meta</c> file says of its data (SigMF 1.2, "SigMF Metadata Format").</summary>
/// <param name="Encoding">How the values of samples stand in the file.</param>
/// <param name="SampleRateHz">Samples a second.</param>
/// <param name="CenterFrequencyHz">Centre frequency of the first capture.</param>
/// <param name="HeaderBytes">Bytes before the first sample.</param>
/// <param name="TrailingBytes">Bytes after the last sample.</param>
/// <param name="SampleLimit">Samples until a capture changes the frequency; null where none does.</param>
/// <param name="Sha512">Digest of the data file, lower-case hex; null where there is none.</param>
/// <param name="DataName">Name of a data file that does not follow the convention (<c>core:dataset</c>); null where it does.</param>
/// <param name="RecordedAt">Time of the first sample, or null.</param>
/// <param name="Position">Where it was recorded, or null.</param>
/// <param name="Warnings">What is wrong and yet lets it be used.</param>
internal sealed record SigMfMeta(
    SampleEncoding Encoding, double SampleRateHz, double CenterFrequencyHz, long HeaderBytes, long TrailingBytes, long? SampleLimit, string? Sha512, string? DataName, DateTimeOffset? RecordedAt,
    GeoPoint? Position, IReadOnlyList<Problem> Warnings)
{
    /// <summary>Reads a meta file.</summary>
    /// <param name="path">What people are told.</param>
    /// <param name="json">Its bytes.</param>
    /// <exception cref="ProblemException">It is no JSON, or lacks what a receiver has to know.</exception>
    public static SigMfMeta Read(string path, ReadOnlyMemory<byte> json)
    {
        using var document = Parse(path, json);
        var root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object || Member(root, "global") is not { ValueKind: JsonValueKind.Object } global) throw new ProblemException(Texts.Field(path, "global"));
        if (Member(global, "core:num_channels") is { } channels && !(TryWhole(channels, out var count) && count == 1)) throw new ProblemException(Texts.Channels(path, TryWhole(channels, out count) ? count : 0));
        var encoding = Datatype(path, global);
        var rate = Member(global, "core:sample_rate");
        if (rate is not { ValueKind: JsonValueKind.Number } || !rate.Value.TryGetDouble(out var hz) || !double.IsFinite(hz) || hz <= 0) throw new ProblemException(Texts.SampleRate(path, rate?.GetRawText()));
        var (frequency, header, limit, first) = Captures(path, root);
        var trailing = Bytes(path, global, "core:trailing_bytes");
        var warnings = new List<Problem>();
        return new SigMfMeta(encoding, hz, frequency, header, trailing, limit, Digest(path, global), DataFile(path, global), Time(path, first, warnings), Place(path, first, global, warnings), warnings);
    }

    private static JsonDocument Parse(string path, ReadOnlyMemory<byte> json)
    {
        // A byte order mark is not JSON (RFC 8259, 8.1), but editors write it.
        if (json.Span.StartsWith("\uFEFF"u8)) json = json[3..];
        try
        {
            return JsonDocument.Parse(json);
        }
        catch (JsonException e)
        {
            // JSON counts from 0, editors from 1.
            throw new ProblemException(Texts.InvalidJson(path, (e.LineNumber ?? 0) + 1, (e.BytePositionInLine ?? 0) + 1), e);
        }
    }

    private static SampleEncoding Datatype(string path, JsonElement global)
    {
        return Encode(path, Member(global, "core:datatype") is { ValueKind: JsonValueKind.String } text ? text.GetString() : null);
    }

    /// <summary>How samples of a datatype stand in a file.</summary>
    /// <exception cref="ProblemException">It is not complex, or not known.</exception>
    public static SampleEncoding Encode(string path, string? type)
    {
        // SigMF 1.2, "Dataset Format": c or r, then the type, then the order of its bytes.
        if (type is ['r', .. var values] && ComplexEncoding("c" + values) is not null) throw new ProblemException(Texts.RealDatatype(path, type));
        return ComplexEncoding(type) ?? throw new ProblemException(Texts.Datatype(path, type));
    }

    private static SampleEncoding? ComplexEncoding(string? type) => type switch
    {
        "cu8" => SampleEncoding.U8,
        "ci8" => SampleEncoding.I8,
        "ci16_le" => SampleEncoding.I16Le,
        "ci16_be" => SampleEncoding.I16Be,
        "cu16_le" => SampleEncoding.U16Le,
        "cu16_be" => SampleEncoding.U16Be,
        "ci32_le" => SampleEncoding.I32Le,
        "ci32_be" => SampleEncoding.I32Be,
        "cf32_le" => SampleEncoding.F32Le,
        "cf32_be" => SampleEncoding.F32Be,
        "cf64_le" => SampleEncoding.F64Le,
        _ => null,
    };

    private static (double Frequency, long Header, long? Limit, JsonElement First) Captures(string path, JsonElement root)
    {
        if (Member(root, "captures") is not { ValueKind: JsonValueKind.Array } captures || captures.GetArrayLength() == 0) throw new ProblemException(Texts.Frequency(path));
        var first = captures[0];
        if (Frequency(first) is not { } frequency) throw new ProblemException(Texts.Frequency(path));
        var header = Bytes(path, first, "core:header_bytes");
        foreach (var capture in captures.EnumerateArray().Skip(1))
        {
            var moves = Frequency(capture) is { } other && other != frequency;
            // Bytes between captures would be read as samples.
            var interrupts = Member(capture, "core:header_bytes") is { } between && !(TryWhole(between, out var gap) && gap == 0);
            if (!moves && !interrupts) continue;
            if (Member(capture, "core:sample_start") is not { } start || !TryWhole(start, out var at) || at < 0) throw new ProblemException(Texts.Field(path, "core:sample_start"));
            return (frequency, header, at, first);
        }
        return (frequency, header, null, first);
    }

    private static double? Frequency(JsonElement capture) =>
        Member(capture, "core:frequency") is { ValueKind: JsonValueKind.Number } value && value.TryGetDouble(out var hz) && double.IsFinite(hz) && hz >= 0 ? hz : null;

    private static long Bytes(string path, JsonElement element, string name)
    {
        if (Member(element, name) is not { } value) return 0;
        return TryWhole(value, out var bytes) && bytes >= 0 ? bytes : throw new ProblemException(Texts.Field(path, name));
    }

    private static string? Digest(string path, JsonElement global)
    {
        if (Member(global, "core:sha512") is not { } value) return null;
        var text = value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
        if (text.Length != 128 || !text.All(char.IsAsciiHexDigit)) throw new ProblemException(Texts.Field(path, "core:sha512"));
        return text.ToLowerInvariant();
    }

    private static string? DataFile(string path, JsonElement global)
    {
        if (Member(global, "core:dataset") is not { } value) return null;
        // A name, never a path: a meta file must not point out of its folder.
        if (value.ValueKind != JsonValueKind.String || value.GetString() is not { Length: > 0 } name || name.AsSpan().IndexOfAny('/', '\\', '\0') >= 0 || name is "." or "..") throw new ProblemException(Texts.Field(path, "core:dataset"));
        return name;
    }

    private static DateTimeOffset? Time(string path, JsonElement first, List<Problem> warnings)
    {
        if (Member(first, "core:datetime") is not { } value) return null;
        // ISO 8601 with Z; a time without a zone would be somebody's local one.
        if (value.ValueKind == JsonValueKind.String && value.GetString() is { } text && text.EndsWith('Z')
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at)) return at;
        warnings.Add(Texts.FieldIgnored(path, "core:datetime"));
        return null;
    }

    // SigMF 1.2: a GeoJSON Point (RFC 7946: longitude first), of the capture where it moves, else of the whole.
    private static GeoPoint? Place(string path, JsonElement first, JsonElement global, List<Problem> warnings)
    {
        if ((Member(first, "core:geolocation") ?? Member(global, "core:geolocation")) is not { } value) return null;
        if (Member(value, "type") is { ValueKind: JsonValueKind.String } type && type.GetString() == "Point" && Member(value, "coordinates") is { ValueKind: JsonValueKind.Array } list && list.GetArrayLength() is 2 or 3
            && list.EnumerateArray().All(c => c.ValueKind == JsonValueKind.Number && c.TryGetDouble(out var n) && double.IsFinite(n))
            && Math.Abs(list[0].GetDouble()) <= 180 && Math.Abs(list[1].GetDouble()) <= 90)
            return new GeoPoint(list[1].GetDouble(), list[0].GetDouble(), list.GetArrayLength() == 3 ? list[2].GetDouble() : null);
        warnings.Add(Texts.FieldIgnored(path, "core:geolocation"));
        return null;
    }

    private static JsonElement? Member(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private static bool TryWhole(JsonElement element, out long value)
    {
        value = 0;
        return element.ValueKind == JsonValueKind.Number && element.TryGetInt64(out value);
    }
}
