using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace SignalWatch.Contracts;

/// <summary>What kind of thing is observed.</summary>
public enum SubjectKind
{
    /// <summary>A frequency in an area, on which somebody may transmit.</summary>
    Frequency,

    /// <summary>A transport stream.</summary>
    Multiplex,

    /// <summary>A programme in a transport stream.</summary>
    Service,

    /// <summary>A place that shows programmes: a hotel.</summary>
    Venue,

    /// <summary>A streaming channel.</summary>
    Ott,

    /// <summary>One of our own probes.</summary>
    Probe,

    /// <summary>An administrative area, by its code of GB/T 2260: what is counted over all that is in it.</summary>
    Area,

    /// <summary>An emergency message, by its EBMID (GY/T 385), alone or with the carrier that it is to be on: <c>EBMID/FM</c>.</summary>
    Message,

    /// <summary>An information system of a supervised unit.</summary>
    System,
}

/// <summary>What an observation is about. Two probes that see the same thing give the same subject: alarms are keyed by it. On the wire <c>kind:key</c>.</summary>
/// <param name="Kind">What kind of thing.</param>
/// <param name="Key">Unique within the kind, stable over time, the same for all probes.</param>
[JsonConverter(typeof(SubjectConverter))]
public readonly record struct Subject(SubjectKind Kind, string Key)
{
    /// <summary>A frequency in an area.</summary>
    /// <param name="area">Area code of GB/T 2260: the same frequency is another subject in another city.</param>
    /// <param name="frequencyHz">Nominal frequency in Hz.</param>
    public static Subject Frequency(string area, long frequencyHz) =>
        new(SubjectKind.Frequency, string.Create(CultureInfo.InvariantCulture, $"{area}/{frequencyHz}"));

    /// <summary>A transport stream, by its DVB ids (EN 300 468 clause 5.2.3).</summary>
    public static Subject Multiplex(int originalNetworkId, int transportStreamId) =>
        new(SubjectKind.Multiplex, string.Create(CultureInfo.InvariantCulture, $"{originalNetworkId}.{transportStreamId}"));

    /// <summary>A transport stream whose ids are not known yet: the input of a watch.</summary>
    public static Subject MultiplexInput(ProbeId probe, WatchId watch) => new(SubjectKind.Multiplex, $"{probe}/{watch}");

    /// <summary>A service by its DVB triplet.</summary>
    public static Subject Service(int originalNetworkId, int transportStreamId, int serviceId) =>
        new(SubjectKind.Service, string.Create(CultureInfo.InvariantCulture, $"{originalNetworkId}.{transportStreamId}.{serviceId}"));

    /// <summary>One of our probes.</summary>
    public static Subject Probe(ProbeId probe) => new(SubjectKind.Probe, probe.Value);

    /// <summary>One watch of one of our probes.</summary>
    public static Subject Watch(ProbeId probe, WatchId watch) => new(SubjectKind.Probe, $"{probe}/{watch}");

    /// <summary>Reads <c>kind:key</c>.</summary>
    /// <returns>False where the text is not a subject.</returns>
    public static bool TryParse(string? text, out Subject subject)
    {
        subject = default;
        var colon = text?.IndexOf(':', StringComparison.Ordinal) ?? -1;
        if (colon <= 0 || colon == text!.Length - 1) return false;
        // A number would be read as well, and its meaning changes with the list of kinds.
        if (!char.IsAsciiLetter(text[0]) || !Enum.TryParse<SubjectKind>(text[..colon], ignoreCase: true, out var kind) || !Enum.IsDefined(kind)) return false;
        subject = new Subject(kind, text[(colon + 1)..]);
        return true;
    }

    /// <summary><c>kind:key</c>.</summary>
    public override string ToString() => $"{Kind switch
    {
        SubjectKind.Frequency => "frequency",
        SubjectKind.Multiplex => "multiplex",
        SubjectKind.Service => "service",
        SubjectKind.Venue => "venue",
        SubjectKind.Ott => "ott",
        SubjectKind.Area => "area",
        SubjectKind.Message => "message",
        SubjectKind.System => "system",
        _ => "probe",
    }}:{Key}";
}

/// <summary>Writes a subject as <c>kind:key</c>.</summary>
public sealed class SubjectConverter : JsonConverter<Subject>
{
    /// <inheritdoc/>
    public override Subject Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && Subject.TryParse(reader.GetString(), out var subject)
            ? subject
            : throw new JsonException("a subject is a string 'kind:key'");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Subject value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}
