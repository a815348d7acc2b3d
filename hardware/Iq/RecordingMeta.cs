using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using SignalWatch.Contracts;

namespace SignalWatch.Hardware.Iq;

/// <summary>The <c>.sigmf-meta</c> of a recording as JSON (SigMF 1.2; its schema, sigmf-schema.json).</summary>
internal static class RecordingMeta
{
    // Our own fields, that any reader may leave aside.
    private const string Own = "signalwatch:";

    private static readonly JsonSerializerOptions Written = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static JsonObject Make(RecordingDescription of)
    {
        var global = new JsonObject
        {
            ["core:datatype"] = of.Format.Datatype(),
            ["core:version"] = "1.2.0",
            ["core:sample_rate"] = of.SampleRateHz,
            ["core:num_channels"] = 1,
            ["core:extensions"] = new JsonArray(new JsonObject { ["name"] = "signalwatch", ["version"] = "1.0.0", ["optional"] = true }),
            [Own + "origin"] = of.Origin switch { Origin.Live => "live", Origin.Replay => "replay", _ => "simulated" },
            [Own + "gain"] = of.Gain,
        };
        if (of.Hardware is not null) global["core:hw"] = of.Hardware;
        if (of.Recorder is not null) global["core:recorder"] = of.Recorder;
        if (of.Description is not null) global["core:description"] = of.Description;
        if (of.DbmAtFullScale is { } dbm) global[Own + "dbm_at_full_scale"] = dbm;
        var capture = Capture(0, 0, of.At);
        capture["core:frequency"] = of.CenterFrequencyHz;
        // GeoJSON has the longitude first (RFC 7946 §3.1.1). The schema prefers it here to the global object: a car moves.
        if (of.Position is var (latitude, longitude)) capture["core:geolocation"] = new JsonObject { ["type"] = "Point", ["coordinates"] = new JsonArray(longitude, latitude) };
        return new JsonObject { ["global"] = global, ["captures"] = new JsonArray(capture), ["annotations"] = new JsonArray([.. of.Annotations.Select(Annotation)]) };
    }

    /// <summary>Samples are missing before one: a new capture begins there.</summary>
    public static void AddGap(JsonObject meta, long sample, long global, DateTimeOffset at)
    {
        var captures = meta["captures"]!.AsArray();
        var capture = Capture(sample, global, at);
        foreach (var name in (string[])["core:frequency", "core:geolocation"])
            if (captures[0]![name] is { } same) capture[name] = same.DeepClone();
        captures.Add(capture);
    }

    public static void Finish(JsonObject meta, long samples, long clipped, string sha512, bool interrupted)
    {
        var global = meta["global"]!;
        global["core:sha512"] = sha512;
        global[Own + "clipped"] = clipped;
        if (interrupted) global[Own + "interrupted"] = true;
        foreach (var annotation in meta["annotations"]!.AsArray()) annotation!["core:sample_count"] = samples;
    }

    public static byte[] Bytes(JsonObject meta) => JsonSerializer.SerializeToUtf8Bytes(meta, Written);

    private static JsonObject Capture(long sample, long global, DateTimeOffset at) => new()
    {
        ["core:sample_start"] = sample,
        ["core:global_index"] = global,
        ["core:datetime"] = at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture), // Z is the only zone that SigMF permits
    };

    private static JsonObject Annotation(RecordingAnnotation of)
    {
        var annotation = new JsonObject { ["core:sample_start"] = 0, ["core:freq_lower_edge"] = of.LowerHz, ["core:freq_upper_edge"] = of.UpperHz, ["core:label"] = of.Label };
        if (of.Comment is not null) annotation["core:comment"] = of.Comment;
        return annotation;
    }
}
