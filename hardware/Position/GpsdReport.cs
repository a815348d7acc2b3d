using System.Globalization;
using System.Text.Json;

namespace SignalWatch.Hardware.Position;

/// <summary>One line of gpsd's JSON (gpsd_json(5)): a fix, the sky, its version, or something else that is of no use here.</summary>
/// <param name="Class">VERSION, TPV, SKY, DEVICES, WATCH, ERROR …</param>
/// <param name="Fix">Of a TPV.</param>
/// <param name="Sky">Of a SKY that says anything of satellites.</param>
internal sealed record GpsdReport(string Class, GpsFix? Fix, GpsSky? Sky)
{
    private static readonly JsonDocumentOptions Depth = new() { MaxDepth = 8 };

    /// <summary>Reads a line.</summary>
    /// <returns>Null for what is no report: NMEA, half a line, noise.</returns>
    public static GpsdReport? Parse(ReadOnlyMemory<byte> line)
    {
        try
        {
            using var document = JsonDocument.Parse(line, Depth);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || Text(root, "class") is not { } name) return null;
            return name switch
            {
                "TPV" => OfPosition(root) is { } fix ? new GpsdReport(name, fix, null) : null,
                "SKY" => new GpsdReport(name, null, OfSky(root)),
                _ => new GpsdReport(name, null, null),
            };
        }
        catch (JsonException)
        {
            return null;
        }
        catch (InvalidOperationException)
        {
            return null; // a string with half a surrogate pair
        }
    }

    private static GpsFix? OfPosition(JsonElement tpv)
    {
        if (Number(tpv, "mode") is not (>= 0 and <= 3) and not null) return null;
        var mode = (GpsMode)(int)(Number(tpv, "mode") ?? 0);
        double? Known(string name, double least = double.MinValue, double most = double.MaxValue) => Number(tpv, name) is { } value && value >= least && value <= most ? value : null;
        return new GpsFix(
            mode, Time(tpv), Known("lat", -90, 90), Known("lon", -180, 180), Known("altHAE"), Known("altMSL") ?? Known("alt"), Known("speed", 0), Known("track", 0, 360), Known("climb"), Known("eph", 0), Known("epx", 0),
            Known("epy", 0), Known("epv", 0), Known("ept", 0), Text(tpv, "device"));
    }

    // gpsd 3.2x sends SKY without satellites between those with them.
    private static GpsSky? OfSky(JsonElement sky)
    {
        var hdop = Number(sky, "hdop");
        if (Number(sky, "nSat") is { } visible and >= 0 and < 1000 && Number(sky, "uSat") is { } used and >= 0 and < 1000) return new GpsSky((int)visible, (int)used, hdop);
        if (!sky.TryGetProperty("satellites", out var list) || list.ValueKind != JsonValueKind.Array) return null;
        return new GpsSky(list.GetArrayLength(), list.EnumerateArray().Count(s => s.ValueKind == JsonValueKind.Object && s.TryGetProperty("used", out var isUsed) && isUsed.ValueKind == JsonValueKind.True), hdop);
    }

    private static DateTimeOffset? Time(JsonElement tpv) =>
        Text(tpv, "time") is { } text && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at) ? at : null;

    private static double? Number(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && double.IsFinite(number) ? number : null;

    private static string? Text(JsonElement element, string name) => element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
