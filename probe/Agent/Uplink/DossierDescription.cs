using System.Text.Json;
using System.Text.Json.Nodes;
using SignalWatch.Contracts;
using SignalWatch.Probe.Evidence;

namespace SignalWatch.Probe.Uplink;

/// <summary>What a dossier's manifest says, read without demanding more than its list of files: one that a fall of the machine cut short may lack the rest.</summary>
internal sealed class DossierDescription
{
    private readonly JsonObject manifest;

    private DossierDescription(JsonObject manifest, IReadOnlyList<(string, string, long)> files) => (this.manifest, Files) = (manifest, files);

    /// <summary>Names, digests and lengths.</summary>
    public IReadOnlyList<(string Name, string Sha256, long Bytes)> Files { get; }

    public long? FrequencyHz => Number(manifest, "frequencyHz") is { } hz ? (long)hz : null;

    /// <summary>A manifest that does not say it is of a recording that fell: then nothing of it may pass as live.</summary>
    public Origin Origin => Enum.TryParse<Origin>(Words(manifest, "origin"), ignoreCase: true, out var origin) && Enum.IsDefined(origin) ? origin : Origin.Replay;

    /// <returns>Null where it can't be read, or names a file that would not be in the dossier's folder.</returns>
    public static DossierDescription? Of(byte[] bytes)
    {
        try
        {
            if (JsonNode.Parse(bytes) is not JsonObject manifest || manifest["files"] is not JsonArray list) return null;
            List<(string, string, long)> files = [];
            foreach (var item in list)
            {
                if (item is not JsonObject file || Words(file, "name") is not { Length: > 0 } name || Words(file, "sha256") is not { Length: 64 } sha256 || Number(file, "bytes") is not { } length) return null;
                if (name is "." or ".." || name != Path.GetFileName(name)) return null;
                files.Add((name, sha256, (long)length));
            }
            return new DossierDescription(manifest, files);
        }
        catch (Exception bad) when (bad is JsonException or ArgumentException or InvalidOperationException)
        {
            return null; // an ArgumentException: a name occurs twice
        }
    }

    /// <summary>Makes declarations of this dossier's files, from name, digest and length.</summary>
    public Func<string, string, long, EvidenceDeclaration> Declare(EvidenceStation station, DossierReference of, string manifestSha256, (double OffsetMs, double UncertaintyMs)? clock)
    {
        var common = new EvidenceDeclaration
        {
            Name = "", Kind = "", Sha256 = "", Size = 0,
            Probe = station.Probe,
            Watch = of.Source.Watch,
            Subject = FrequencyHz is { } hz ? Subject.Frequency(Words(manifest, "area") ?? station.Area, hz) : null,
            Dossier = of.Name,
            ManifestSha256 = manifestSha256,
            Whole = Words(manifest, "state") == "complete",
            Calibration = manifest["calibration"] is JsonObject c && Words(c, "id") is { } id && Time(c, "expires") is { } expires ? new(id, expires) : null,
            Review = station.Review,
            Position = manifest["position"] is JsonObject p && Number(p, "latitude") is { } latitude && Number(p, "longitude") is { } longitude ? new(latitude, longitude, Words(p, "source") ?? "") : null,
            Antenna = station.Antenna,
            Receiver = Words(manifest, "receiver"),
            Clock = manifest["clock"] is JsonObject t && Words(t, "zh") is { } zh && Words(t, "en") is { } en ? new Text(zh, en) : null,
            ClockOffsetMs = clock?.OffsetMs,
            ClockUncertaintyMs = clock?.UncertaintyMs,
            Origin = Origin,
            Build = Words(manifest, "software"),
        };
        return (name, sha256, bytes) =>
        {
            var (kind, (from, to)) = (Kind(name), Captured(name));
            return common with { Name = name, Kind = kind, Sha256 = sha256, Size = bytes, CapturedFrom = from, CapturedTo = to };
        };
    }

    // By the names that a dossier's files have.
    private static string Kind(string name) => name switch
    {
        EvidenceManifest.Name => EvidenceKinds.Manifest,
        EvidenceReadme.Name => EvidenceKinds.Document,
        "rds.spy" => EvidenceKinds.Rds,
        "SHA256SUMS" or "SHA512SUMS" => EvidenceKinds.Digests,
        _ when name.StartsWith("sound-", StringComparison.Ordinal) => EvidenceKinds.Sound,
        _ when name.StartsWith(Dossier.Iq + ".", StringComparison.Ordinal) => EvidenceKinds.Iq,
        _ when name.StartsWith("spectra.", StringComparison.Ordinal) => EvidenceKinds.Spectrum,
        _ => EvidenceKinds.Other,
    };

    private (DateTimeOffset? From, DateTimeOffset? To) Captured(string name)
    {
        if (Kind(name) is EvidenceKinds.Document or EvidenceKinds.Digests) return (null, null);
        var parts = (manifest["sound"] as JsonArray ?? []).Append(manifest["iq"]).OfType<JsonObject>();
        if (parts.FirstOrDefault(p => Words(p, "file") == name) is not { } part || Time(part, "from") is not { } from) return (Time(manifest, "begin"), Time(manifest, "last"));
        return (from, Number(part, "samples") is { } samples && Number(part, "sampleRateHz") is > 0 and { } rate && samples / rate < TimeSpan.FromDays(366).TotalSeconds ? from + TimeSpan.FromSeconds(samples / rate) : null);
    }

    private static string? Words(JsonObject of, string name) => of[name] is JsonValue value && value.TryGetValue(out string? words) ? words : null;

    private static double? Number(JsonObject of, string name) => of[name] is JsonValue value && value.TryGetValue(out double number) ? number : null;

    private static DateTimeOffset? Time(JsonObject of, string name) => of[name] is JsonValue value && value.TryGetValue(out DateTimeOffset time) ? time : null;
}
