using System.Globalization;

namespace SignalWatch.TransportStream;

/// <summary>Compares a multiplex with its template. What was not seen is not judged: a table that did not come yet is no drift.</summary>
public static class TemplateComparer
{
    // EN 300 468 5.1.4: the NIT is due every 10 s; what did not come in less says nothing.
    internal static readonly TimeSpan NetworkInformationDue = TimeSpan.FromSeconds(10);

    /// <summary>The differences, the heaviest first.</summary>
    /// <param name="template">What is expected.</param>
    /// <param name="report">What was seen.</param>
    /// <param name="signalling">What the tables say beside the report, or null: then CA systems and logical channels are not compared.</param>
    /// <param name="observed">How long the report covers: in less than 10 s the absence of a NIT is not judged. Null: long enough.</param>
    public static IReadOnlyList<TemplateDrift> Compare(MultiplexTemplate template, MultiplexReport report, MultiplexSignalling? signalling = null, TimeSpan? observed = null)
    {
        ArgumentNullException.ThrowIfNull(template);
        ArgumentNullException.ThrowIfNull(report);
        if (!CanJudge(report)) return [];
        var drifts = new List<TemplateDrift>();
        Multiplex(template, report, observed, drifts);
        foreach (var expected in template.Services)
        {
            var found = report.Services.FirstOrDefault(s => s.ServiceId == expected.ServiceId && s.Present);
            if (found is null) drifts.Add(Drift(DriftKind.ServiceMissing, Subject(expected.ServiceId), Named(expected.ServiceId, expected.Name), null, 0.9));
            else ServiceComparison.Compare(expected, found, report, signalling, drifts);
        }
        foreach (var stranger in report.Services.Where(s => s.Present && template.Services.All(e => e.ServiceId != s.ServiceId)))
            drifts.Add(Drift(DriftKind.ServiceAdded, Subject(stranger.ServiceId), null, Named(stranger.ServiceId, stranger.Name), 0.9));
        return [.. drifts.OrderByDescending(d => d.Weight)];
    }

    /// <summary>The report knows the services: packets came, in sync, with a PAT. Where not, nothing is said of the template.</summary>
    public static bool CanJudge(MultiplexReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        return report is { Packets: > 0, TransportStreamId: not null } && report.Services.Count > 0;
    }

    private static void Multiplex(MultiplexTemplate template, MultiplexReport report, TimeSpan? observed, List<TemplateDrift> drifts)
    {
        const string subject = "multiplex";
        var sameStream = template.TransportStreamId is null || template.TransportStreamId == report.TransportStreamId;
        if (!sameStream) drifts.Add(Drift(DriftKind.TransportStreamId, subject, Id(template.TransportStreamId), Id(report.TransportStreamId), 0.8));
        if (template.OriginalNetworkId is { } network && report.OriginalNetworkId is { } found && network != found)
        {
            var shared = report.Services.Count(s => template.Services.Any(e => e.ServiceId == s.ServiceId));
            var cloned = sameStream && template.TransportStreamId is not null && shared > 0;
            drifts.Add(Drift(cloned ? DriftKind.Cloned : DriftKind.OriginalNetworkId, subject, Id(network), Id(found), cloned ? 1 : 0.9));
        }
        if (template.NetworkName is { } name && report.NetworkName is { } foundName && name != foundName)
            drifts.Add(Drift(DriftKind.NetworkName, subject, name, foundName, 0.6));
        var hasNit = MultiplexTemplate.CarriesNetworkInformation(report);
        if (template.NetworkInformation == true && !hasNit && !(observed < NetworkInformationDue)) drifts.Add(Drift(DriftKind.NetworkInformation, subject, "NIT", null, 0.7));
        if (template.NetworkInformation == false && hasNit) drifts.Add(Drift(DriftKind.NetworkInformation, subject, null, "NIT", 0.3));
        if (report.BitrateBps is { } rate && (rate < template.MinBitrateBps || rate > template.MaxBitrateBps))
            drifts.Add(Drift(DriftKind.Bitrate, subject, Range(template), Megabits(rate), 0.5));
    }

    internal static TemplateDrift Drift(DriftKind kind, string subject, string? expected, string? found, double weight) =>
        new(kind, subject, expected, found, TemplateTexts.Sentence(kind, subject, expected, found), weight);

    internal static string Subject(int service) => string.Create(CultureInfo.InvariantCulture, $"service/{service}");

    internal static string Named(int id, string? name) => name is { Length: > 0 } ? string.Create(CultureInfo.InvariantCulture, $"{id} {name}") : id.ToString(CultureInfo.InvariantCulture);

    private static string? Id(int? id) => id is { } value ? string.Create(CultureInfo.InvariantCulture, $"{value} (0x{value:X4})") : null;

    private static string Range(MultiplexTemplate template) => $"{(template.MinBitrateBps is { } low ? Megabits(low) : "")} – {(template.MaxBitrateBps is { } high ? Megabits(high) : "")}";

    private static string Megabits(double rate) => string.Create(CultureInfo.InvariantCulture, $"{rate / 1e6:F3} Mb/s");
}
