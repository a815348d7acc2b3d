using System.Text.Json;
using System.Text.Json.Serialization;
using SignalWatch.Contracts;
using SignalWatch.TransportStream;

namespace SignalWatch.Probe.Analysis;

/// <summary>Occurrences as NDJSON, one a line, in the order in which they were found.</summary>
/// <param name="output">Where to.</param>
/// <param name="language">Of the sentences.</param>
/// <param name="isLive">Each line goes out at once.</param>
/// <param name="hasTimes">The stream's times are known; else <c>t</c> is null.</param>
internal sealed class EventLog(TextWriter output, Language language, bool isLive, bool hasTimes)
{
    private static readonly JsonSerializerOptions Line = new(AnalysisDocument.Options) { WriteIndented = false };

    /// <summary>An occurrence.</summary>
    /// <param name="occurrence">What.</param>
    /// <param name="seconds">When, since the first packet of its stream.</param>
    /// <param name="stream">Number of its stream in a capture, or null.</param>
    public void Write(in TransportStreamOccurrence occurrence, double seconds, int? stream)
    {
        var word = occurrence.Change switch { OccurrenceChange.Raise => "raise", OccurrenceChange.Repeat => "occurrence", _ => "clear" };
        Write(seconds, occurrence.Check.Id, occurrence.Pid, occurrence.ServiceId, word, stream, new EventDetail
        {
            Text = occurrence.Describe().In(language),
            Packet = occurrence.PacketIndex,
            TableId = occurrence.TableId,
            Measured = occurrence.Measured is { } measured && double.IsFinite(measured) ? measured : null,
            Limit = occurrence.Limit,
            Unit = occurrence.Unit,
            ExpectedCc = occurrence.ExpectedCc,
            Cc = occurrence.Cc,
            MissingPackets = occurrence.MissingPackets,
        });
    }

    /// <summary>A difference from the template, or a problem with the source.</summary>
    public void Write(double seconds, string rule, string word, Text text) => Write(seconds, rule, null, null, word, null, new EventDetail { Text = text.In(language) });

    private void Write(double seconds, string rule, int? pid, int? service, string word, int? stream, EventDetail detail)
    {
        output.WriteLine(JsonSerializer.Serialize(new EventLine(hasTimes ? Math.Round(seconds, 6) : null, rule, pid, service, word, detail) { Stream = stream }, Line));
        if (isLive) output.Flush();
    }

    private sealed record EventLine(double? T, string Rule, int? Pid, int? Service, string Event, EventDetail Detail)
    {
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public int? Stream { get; init; }
    }

    private sealed record EventDetail
    {
        public required string Text { get; init; }

        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public long? Packet { get; init; }

        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public int? TableId { get; init; }

        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public double? Measured { get; init; }

        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public double? Limit { get; init; }

        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public string? Unit { get; init; }

        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public int? ExpectedCc { get; init; }

        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public int? Cc { get; init; }

        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public int? MissingPackets { get; init; }
    }
}
