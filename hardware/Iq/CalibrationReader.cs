using System.Globalization;
using System.Text.Json;
using SignalWatch.Contracts;

namespace SignalWatch.Hardware.Iq;

/// <summary>Reads a calibration's JSON and tells all that is wrong with it at once.</summary>
internal static class CalibrationReader
{
    private const int MaxPoints = 100_000;
    private const int MostErrorsTold = 20;

    public static ReceiverCalibration Read(string path, ReadOnlyMemory<byte> json)
    {
        using var document = Parse(path, json);
        var root = document.RootElement;
        var errors = new List<Text>();
        if (root.ValueKind != JsonValueKind.Object) throw new ProblemException(CalibrationTexts.Invalid(path, [CalibrationTexts.Expected("$", "object")]));
        var id = String(root, "id", errors);
        var from = Date(root, "calibratedAt", errors);
        var until = Date(root, "expiresAt", errors);
        if (from is { } made && until is { } ends && ends <= made) errors.Add(CalibrationTexts.Order("expiresAt", "calibratedAt"));
        var receiver = String(root, "receiver", errors);
        var antenna = root.TryGetProperty("antenna", out var named) && named.ValueKind != JsonValueKind.Null ? String(root, "antenna", errors) : null;
        var gain = Number(root, "$", "gainDb", -100, 200, required: false, errors);
        var points = Points(root, errors);
        if (errors.Count > 0) throw new ProblemException(CalibrationTexts.Invalid(path, [.. errors.Take(MostErrorsTold)]));
        return new ReceiverCalibration(id!, from!.Value, until!.Value, receiver!, antenna, gain, points);
    }

    private static JsonDocument Parse(string path, ReadOnlyMemory<byte> json)
    {
        if (json.Span.StartsWith("\uFEFF"u8)) json = json[3..];
        try
        {
            return JsonDocument.Parse(json, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, MaxDepth = 8 });
        }
        catch (JsonException e)
        {
            // JSON counts from 0, editors from 1.
            throw new ProblemException(CalibrationTexts.Invalid(path, [CalibrationTexts.NotJson((e.LineNumber ?? 0) + 1, (e.BytePositionInLine ?? 0) + 1)]), e);
        }
    }

    private static List<CalibrationPoint> Points(JsonElement root, List<Text> errors)
    {
        var points = new List<CalibrationPoint>();
        if (!root.TryGetProperty("points", out var list) || list.ValueKind != JsonValueKind.Array || list.GetArrayLength() is 0 or > MaxPoints)
        {
            errors.Add(CalibrationTexts.Expected("points", "[ … ]"));
            return points;
        }
        var n = 0;
        foreach (var point in list.EnumerateArray())
        {
            var place = string.Create(CultureInfo.InvariantCulture, $"points[{n++}]");
            if (point.ValueKind != JsonValueKind.Object)
            {
                errors.Add(CalibrationTexts.Expected(place, "{ … }"));
                continue;
            }
            var hz = Number(point, place, "frequencyHz", 0, 1e12, required: true, errors);
            var level = Number(point, place, "dbmAtFullScale", -200, 100, required: true, errors);
            var factor = Number(point, place, "antennaFactorDb", -50, 100, required: false, errors);
            var loss = Number(point, place, "cableLossDb", -60, 100, required: false, errors); // negative: an amplifier at the mast
            if (hz is null || level is null) continue;
            if (points.Count > 0 && hz <= points[^1].FrequencyHz) errors.Add(CalibrationTexts.Order(place + ".frequencyHz", string.Create(CultureInfo.InvariantCulture, $"points[{n - 2}].frequencyHz")));
            points.Add(new CalibrationPoint(hz.Value, level.Value, factor, loss));
        }
        return points;
    }

    private static string? String(JsonElement root, string name, List<Text> errors)
    {
        if (root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { } text && !string.IsNullOrWhiteSpace(text)) return text;
        errors.Add(CalibrationTexts.Expected(name, "\"…\""));
        return null;
    }

    private static DateTimeOffset? Date(JsonElement root, string name, List<Text> errors)
    {
        // A zone is wanted: a calibration must not expire at another hour on another machine.
        if (root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.TryGetDateTimeOffset(out var at) && value.GetString() is { } text && (text.EndsWith('Z') || text.LastIndexOfAny(['+', '-']) > 9)) return at;
        errors.Add(CalibrationTexts.Expected(name, "\"2026-01-15T00:00:00+08:00\""));
        return null;
    }

    private static double? Number(JsonElement element, string place, string name, double least, double most, bool required, List<Text> errors)
    {
        var path = place == "$" ? name : place + "." + name;
        if (!element.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null)
        {
            if (required) errors.Add(CalibrationTexts.Expected(path, "1.0"));
            return null;
        }
        if (value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && number >= least && number <= most) return number;
        errors.Add(CalibrationTexts.Range(path, least, most));
        return null;
    }
}
