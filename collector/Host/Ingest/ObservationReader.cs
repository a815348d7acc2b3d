using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using SignalWatch.Contracts;

namespace SignalWatch.Collector.Ingest;

/// <summary>Reads the lines that nearly all lines are: every member known, none twice, nothing escaped, facts as the vocabulary says. It makes of them what the serializer makes, several times as
/// fast and with a tenth of the memory. Of any other line it says nothing: the serializer reads it, and says what is wrong. It remembers names and texts from line to line; for one thread.</summary>
internal sealed class ObservationReader
{
    private const int MostFacts = 200;
    private const int LongestText = 1_000; // bytes; longer ones are checked letter by letter elsewhere

    private readonly Utf8Cache<string> texts = new();
    private readonly Utf8Cache<Subject> subjects = new();
    private readonly FactShapes shapes = new();
    private readonly Fact[] facts = new Fact[MostFacts];

    /// <summary>Reads a line.</summary>
    /// <returns>False where it is not such a line, which says nothing about whether it is good.</returns>
    public bool TryRead(ReadOnlySpan<byte> line, [NotNullWhen(true)] out SpooledObservation? entry)
    {
        entry = null;
        try
        {
            var reader = new Utf8JsonReader(line);
            return reader.Read() && reader.TokenType == JsonTokenType.StartObject && ReadEntry(ref reader, out entry) && !reader.Read();
        }
        catch (Exception unusual) when (unusual is JsonException or InvalidOperationException or FormatException)
        {
            entry = null;
            return false;
        }
    }

    private bool ReadEntry(ref Utf8JsonReader reader, [NotNullWhen(true)] out SpooledObservation? entry)
    {
        entry = null;
        Guid? boot = null;
        long? sequence = null;
        Observation? observation = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (boot is null && reader.ValueTextEquals("boot"u8) && (boot = Guid(ref reader)) is not null) continue;
            if (sequence is null && reader.ValueTextEquals("sequence"u8) && (sequence = Number(ref reader)) is not null) continue;
            if (observation is null && reader.ValueTextEquals("observation"u8) && (observation = ReadObservation(ref reader)) is not null) continue;
            return false;
        }
        if (boot is not { } b || sequence is not { } s || observation is null || reader.TokenType != JsonTokenType.EndObject) return false;
        entry = new(b, s, observation);
        return true;
    }

    private Observation? ReadObservation(ref Utf8JsonReader reader)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return null;
        Guid? id = null;
        string? probe = null, watch = null, kind = null;
        Subject? subject = null;
        DateTimeOffset? at = null;
        Origin? origin = null;
        FactTable? read = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (id is null && reader.ValueTextEquals("id"u8) && (id = Guid(ref reader)) is not null) continue;
            if (probe is null && reader.ValueTextEquals("probe"u8) && (probe = Text(ref reader)) is not null) continue;
            if (watch is null && reader.ValueTextEquals("watch"u8) && (watch = Text(ref reader)) is not null) continue;
            if (subject is null && reader.ValueTextEquals("subject"u8) && (subject = ReadSubject(ref reader)) is not null) continue;
            if (kind is null && reader.ValueTextEquals("kind"u8) && (kind = Text(ref reader)) is not null) continue;
            if (at is null && reader.ValueTextEquals("at"u8) && (at = Time(ref reader)) is not null) continue;
            if (origin is null && reader.ValueTextEquals("origin"u8) && (origin = ReadOrigin(ref reader)) is not null) continue;
            if (read is null && kind is not null && reader.ValueTextEquals("facts"u8) && (read = ReadFacts(ref reader, kind)) is not null) continue; // by their kind: it must have come before them
            return null;
        }
        if (id is not { } i || string.IsNullOrEmpty(probe) || string.IsNullOrEmpty(watch) || subject is not { } s || kind is null || at is not { } t || read is null) return null;
        return reader.TokenType != JsonTokenType.EndObject ? null
            : new Observation { Id = i, Probe = new(probe), Watch = new(watch), Subject = s, Kind = kind, At = t, Origin = origin ?? Origin.Live, Facts = read };
    }

    private FactTable? ReadFacts(ref Utf8JsonReader reader, string kindName)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return null;
        var kind = Vocabulary.Kind(kindName);
        var node = shapes.Begin(kindName);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (node.Length == MostFacts || reader.ValueIsEscaped || reader.ValueSpan.Length is 0 or > ObservationBatch.MaxIdLength) return null;
            node = node.Find(reader.ValueSpan) ?? Added(ref reader, node, kind);
            if (ReadFact(ref reader) is not { } fact || (node.Type is { } type && type != fact.Type)) return null;
            facts[node.Length - 1] = fact;
        }
        return reader.TokenType == JsonTokenType.EndObject && node.Names is { } names ? new(names, facts.AsSpan(0, node.Length).ToArray()) : null;
    }

    private FactShapes.Node Added(ref Utf8JsonReader reader, FactShapes.Node node, ObservationKind? kind)
    {
        _ = reader.GetString(); // throws where the bytes are no UTF-8
        return shapes.Next(node, reader.ValueSpan, kind);
    }

    private Fact? ReadFact(ref Utf8JsonReader reader)
    {
        if (!reader.Read()) return null;
        switch (reader.TokenType)
        {
            case JsonTokenType.Number: return JsonNumber.Read(ref reader) is var number && double.IsFinite(number) ? Fact.Of(number) : null;
            case JsonTokenType.True: return Fact.Of(true);
            case JsonTokenType.False: return Fact.Of(false);
            case JsonTokenType.String: return Known(ref reader) is { } text ? Fact.Of(text) : null;
            case JsonTokenType.StartObject: return ReadMeasured(ref reader);
            default: return null;
        }
    }

    /// <summary><c>{"value":-30.1,"uncertainty":1.5}</c>.</summary>
    private static Fact? ReadMeasured(ref Utf8JsonReader reader)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.PropertyName || !reader.ValueTextEquals("value"u8) || !reader.Read() || reader.TokenType != JsonTokenType.Number) return null;
        var value = JsonNumber.Read(ref reader);
        if (!reader.Read() || reader.TokenType != JsonTokenType.PropertyName || !reader.ValueTextEquals("uncertainty"u8) || !reader.Read() || reader.TokenType != JsonTokenType.Number) return null;
        var uncertainty = JsonNumber.Read(ref reader);
        return reader.Read() && reader.TokenType == JsonTokenType.EndObject && double.IsFinite(value) ? Fact.Of(value, uncertainty) : null;
    }

    private string? Text(ref Utf8JsonReader reader) => reader.Read() && reader.TokenType == JsonTokenType.String ? Known(ref reader) : null;

    private string? Known(ref Utf8JsonReader reader)
    {
        if (reader.ValueIsEscaped || reader.ValueSpan.Length > LongestText) return null;
        if (texts.TryGet(reader.ValueSpan, out var known)) return known;
        var text = reader.GetString()!; // throws where the bytes are no UTF-8
        texts.Add(reader.ValueSpan, text);
        return text;
    }

    private Subject? ReadSubject(ref Utf8JsonReader reader)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.String || reader.ValueIsEscaped) return null;
        if (subjects.TryGet(reader.ValueSpan, out var known)) return known;
        if (!Subject.TryParse(reader.GetString(), out var subject)) return null;
        subjects.Add(reader.ValueSpan, subject);
        return subject;
    }

    private static Guid? Guid(ref Utf8JsonReader reader) => reader.Read() && reader.TokenType == JsonTokenType.String && reader.TryGetGuid(out var value) ? value : null;

    private static long? Number(ref Utf8JsonReader reader) => reader.Read() && reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var value) ? value : null;

    private static DateTimeOffset? Time(ref Utf8JsonReader reader) => reader.Read() && reader.TokenType == JsonTokenType.String && reader.TryGetDateTimeOffset(out var value) ? value : null;

    private static Origin? ReadOrigin(ref Utf8JsonReader reader) => !reader.Read() || reader.TokenType != JsonTokenType.String ? null
        : reader.ValueTextEquals("live"u8) ? Origin.Live : reader.ValueTextEquals("replay"u8) ? Origin.Replay : reader.ValueTextEquals("simulated"u8) ? Origin.Simulated : null;
}
