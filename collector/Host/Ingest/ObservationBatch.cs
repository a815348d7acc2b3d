using System.Text.Json;
using SignalWatch.Contracts;

namespace SignalWatch.Collector.Ingest;

/// <summary>One line of a batch: an observation, or a poison line with what is wrong with it.</summary>
/// <param name="Line">Its number, from 1.</param>
/// <param name="Sequence">Its number in the boot; for a poison line perhaps inferred from its neighbours, null where that can't be done.</param>
/// <param name="Observation">What was measured; null for a poison line.</param>
/// <param name="Body">The bytes as they came.</param>
/// <param name="Reason">What is wrong with it; null for a good line.</param>
internal sealed record BatchLine(int Line, long? Sequence, Observation? Observation, ReadOnlyMemory<byte> Body, string? Reason);

/// <summary>A probe's batch as it was read: of one probe and one boot. Bad lines are in it, with their reason, and hold up nothing.</summary>
internal sealed record ObservationBatch(ProbeId Probe, Guid Boot, IReadOnlyList<BatchLine> Lines, int Bytes)
{
    public const int MaxLines = 5_000;
    public const int MaxBytes = 8 * 1024 * 1024;

    /// <summary>The collector's own id, for the gaps that it finds.</summary>
    public const string OwnProbe = "collector";

    /// <summary>Letters of an id, and of a fact's name.</summary>
    public const int MaxIdLength = 64;

    private const int MaxLineBytes = 64 * 1024;
    private const int MaxTextLength = 2_000;
    private const int MaxFacts = 200;
    private const long MaxSequence = (1L << 53) - 1; // what every JSON reader keeps exactly

    /// <summary>Reads a batch.</summary>
    /// <param name="body">Its lines.</param>
    /// <param name="reader">What remembers names and texts of earlier batches; without it, only of this one.</param>
    /// <exception cref="ProblemException">Nothing of it can be taken: too many lines, of several probes or boots, or nobody's.</exception>
    public static ObservationBatch Parse(ReadOnlyMemory<byte> body, ObservationReader? reader = null)
    {
        reader ??= new();
        var lines = new List<BatchLine>();
        (ProbeId Probe, Guid Boot)? owner = null;
        var number = 0;
        for (var rest = body; rest.Length > 0;)
        {
            var end = rest.Span.IndexOf((byte)'\n');
            var line = Trim(end < 0 ? rest : rest[..end]);
            rest = end < 0 ? default : rest[(end + 1)..];
            number++;
            if (line.IsEmpty) continue;
            if (lines.Count == MaxLines) throw new ProblemException(Texts.BatchTooLarge($"{MaxLines} lines"));
            lines.Add(ParseLine(number, line, reader, ref owner));
        }
        if (owner is not { } known)
            throw new ProblemException(Texts.BatchUnreadable(lines.Count == 0 ? "it is empty" : $"no line says which probe and boot it is of; line {lines[0].Line}: {lines[0].Reason}"));
        if (known.Probe.Value == OwnProbe) throw new ProblemException(Texts.ReservedProbe(OwnProbe));
        InferSequences(lines);
        return new(known.Probe, known.Boot, lines, body.Length);
    }

    private static ReadOnlyMemory<byte> Trim(ReadOnlyMemory<byte> line)
    {
        while (!line.IsEmpty && line.Span[^1] is (byte)'\r' or (byte)' ' or (byte)'\t') line = line[..^1];
        return line;
    }

    private static BatchLine ParseLine(int number, ReadOnlyMemory<byte> line, ObservationReader reader, ref (ProbeId Probe, Guid Boot)? owner)
    {
        if (line.Length > MaxLineBytes) return new(number, null, null, line[..MaxLineBytes], $"longer than {MaxLineBytes} bytes");
        try
        {
            if (!reader.TryRead(line.Span, out var entry)) entry = JsonSerializer.Deserialize<SpooledObservation>(line.Span, WireJson.Options);
            if (WhatIsWrong(entry) is { } wrong) return new(number, entry is { Sequence: > 0 and <= MaxSequence } ? entry.Sequence : SequenceOf(line), null, line, wrong);
            owner ??= (entry!.Observation.Probe, entry.Boot);
            if (owner != (entry!.Observation.Probe, entry.Boot)) throw new ProblemException(Texts.MixedBatch(number));
            return new(number, entry.Sequence, entry.Observation, line, null);
        }
        // A fact refuses numbers beyond a double (1e999) with ArgumentException, a converter a wrong token with InvalidOperation- or FormatException.
        catch (Exception bad) when (bad is JsonException or ArgumentException or InvalidOperationException or FormatException or NotSupportedException)
        {
            return new(number, SequenceOf(line), null, line, bad.Message);
        }
    }

    private static string? WhatIsWrong(SpooledObservation? entry) => entry switch
    {
        null => "null",
        { Boot: var boot } when boot == Guid.Empty => "boot is missing",
        { Sequence: <= 0 or > MaxSequence } => "sequence is not from 1 to 2^53-1",
        { Observation: null } => "observation is missing",
        { Observation: var o } when !IsId(o.Probe.Value) => "probe is not 1 to 64 letters, digits, '.', '-', '_'",
        { Observation: var o } when !IsId(o.Watch.Value) => "watch is not 1 to 64 letters, digits, '.', '-', '_'",
        // A clock that is not set, at the ends of the calendar: what is reckoned from it (a legal day, the end of a hold) would not be a date.
        { Observation: var o } when o.At.UtcDateTime.Year is < 1900 or > 9000 => "at is not from the year 1900 to 9000",
        { Observation: var o } when string.IsNullOrEmpty(o.Kind) || o.Kind.Length > MaxIdLength => "kind is not 1 to 64 characters",
        { Observation: var o } when string.IsNullOrEmpty(o.Subject.Key) || o.Subject.Key.Length > 256 => "subject is not 1 to 256 characters",
        { Observation: var o } when o.Facts is null || o.Facts.Count > MaxFacts => $"facts are missing, or more than {MaxFacts}",
        { Observation: var o } => WhatIsWrong(o.Facts, Vocabulary.Kind(o.Kind)),
    };

    private static string? WhatIsWrong(IReadOnlyDictionary<string, Fact> facts, ObservationKind? kind)
    {
        if (facts is FactTable) return null; // looked at as it was read
        foreach (var (name, fact) in facts)
        {
            if (name.Length > MaxIdLength || (fact.Type == FactType.Text && fact.AsText.Length > MaxTextLength))
                return $"a fact's name is longer than {MaxIdLength}, or its text longer than {MaxTextLength} characters";
            if (kind?.Fact(name) is { } known && known.Type != fact.Type) return $"a fact of {kind.Name} has another type than the vocabulary says";
        }
        return null;
    }

    private static bool IsId(string? id) => id is { Length: > 0 and <= MaxIdLength } && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_');

    /// <summary>The number of a line whose observation is bad but whose JSON is not.</summary>
    private static long? SequenceOf(ReadOnlyMemory<byte> line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("sequence", out var value)
                && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var sequence) && sequence is > 0 and <= MaxSequence ? sequence : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>A spool's lines follow each other, so a broken line between 7 and 9 was 8. Without this the number would be a gap, and the dead letter nobody's.</summary>
    private static void InferSequences(List<BatchLine> lines)
    {
        for (var i = 1; i < lines.Count; i++)
            if (lines[i].Sequence is null && lines[i - 1].Sequence is { } before && !lines.Skip(i + 1).Take(1).Any(next => next.Sequence <= before + 1))
                lines[i] = lines[i] with { Sequence = before + 1 };
        for (var i = lines.Count - 2; i >= 0; i--)
            if (lines[i].Sequence is null && lines[i + 1].Sequence is { } after and > 1)
                lines[i] = lines[i] with { Sequence = after - 1 };
    }
}
