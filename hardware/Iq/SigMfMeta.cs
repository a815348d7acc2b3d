using System.Text.Json;
using SignalWatch.Contracts;

namespace SignalWatch.Hardware.Iq;

/// <summary>What a <c>.sigmf-meta</c> file says of its data (SigMF 1.0, "SigMF Metadata Format").</summary>
/// <param name="Format">How samples stand in the file.</param>
/// <param name="SampleRateHz">Samples a second.</param>
/// <param name="CenterFrequencyHz">Centre frequency of the first capture.</param>
/// <param name="HeaderBytes">Bytes before the first sample.</param>
/// <param name="SampleLimit">Samples until a capture changes the frequency; null where none does.</param>
/// <param name="Sha512">Digest of the data file, lower-case hex; null where there is none.</param>
internal sealed record SigMfMeta(SigMfSampleFormat Format, double SampleRateHz, double CenterFrequencyHz, long HeaderBytes, long? SampleLimit, string? Sha512)
{
    /// <summary>Reads a meta file.</summary>
    /// <exception cref="ProblemException">It is not there, no JSON, or lacks what a receiver has to know.</exception>
    public static SigMfMeta Read(string path)
    {
        using var document = Parse(path);
        var root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object || Member(root, "global") is not { ValueKind: JsonValueKind.Object } global) throw new ProblemException(Texts.Field(path, "global"));
        var type = Member(global, "core:datatype") is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;
        if (!SigMfSampleFormats.TryParse(type, out var format)) throw new ProblemException(Texts.Datatype(path, type));
        if (Member(global, "core:num_channels") is { } channels && !(TryWhole(channels, out var count) && count == 1)) throw new ProblemException(Texts.Channels(path, TryWhole(channels, out count) ? count : 0));
        var rate = Member(global, "core:sample_rate");
        if (rate is not { ValueKind: JsonValueKind.Number } || !rate.Value.TryGetDouble(out var hz) || !double.IsFinite(hz) || hz <= 0) throw new ProblemException(Texts.SampleRate(path, rate?.GetRawText()));
        var (frequency, header, limit) = Captures(path, root);
        return new SigMfMeta(format, hz, frequency, header, limit, Digest(path, global));
    }

    private static JsonDocument Parse(string path)
    {
        try
        {
            return JsonDocument.Parse(File.ReadAllBytes(path));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ProblemException(Texts.MissingMeta(path), e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ProblemException(Texts.Unreadable(path, e.Message), e);
        }
        catch (JsonException e)
        {
            // JSON counts from 0, editors from 1.
            throw new ProblemException(Texts.InvalidJson(path, (e.LineNumber ?? 0) + 1, (e.BytePositionInLine ?? 0) + 1), e);
        }
    }

    private static (double Frequency, long Header, long? Limit) Captures(string path, JsonElement root)
    {
        if (Member(root, "captures") is not { ValueKind: JsonValueKind.Array } captures || captures.GetArrayLength() == 0) throw new ProblemException(Texts.Frequency(path));
        var first = captures[0];
        if (Frequency(first) is not { } frequency) throw new ProblemException(Texts.Frequency(path));
        long header = 0;
        if (Member(first, "core:header_bytes") is { } bytes && !(TryWhole(bytes, out header) && header >= 0)) throw new ProblemException(Texts.Field(path, "core:header_bytes"));
        foreach (var capture in captures.EnumerateArray().Skip(1))
        {
            var moves = Frequency(capture) is { } other && other != frequency;
            // Bytes between captures would be read as samples.
            var interrupts = Member(capture, "core:header_bytes") is { } between && !(TryWhole(between, out var gap) && gap == 0);
            if (!moves && !interrupts) continue;
            if (Member(capture, "core:sample_start") is not { } start || !TryWhole(start, out var at) || at < 0) throw new ProblemException(Texts.Field(path, "core:sample_start"));
            return (frequency, header, at);
        }
        return (frequency, header, null);
    }

    private static double? Frequency(JsonElement capture) =>
        Member(capture, "core:frequency") is { ValueKind: JsonValueKind.Number } value && value.TryGetDouble(out var hz) && double.IsFinite(hz) && hz >= 0 ? hz : null;

    private static string? Digest(string path, JsonElement global)
    {
        if (Member(global, "core:sha512") is not { } value) return null;
        var text = value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
        if (text.Length != 128 || !text.All(char.IsAsciiHexDigit)) throw new ProblemException(Texts.Field(path, "core:sha512"));
        return text.ToLowerInvariant();
    }

    private static JsonElement? Member(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private static bool TryWhole(JsonElement element, out long value)
    {
        value = 0;
        return element.ValueKind == JsonValueKind.Number && element.TryGetInt64(out value);
    }
}
