using System.Globalization;
using SignalWatch.Contracts;

namespace SignalWatch.TransportStream;

/// <summary>One thing in a multiplex that equipment leaves which takes services from one network and sends them in another.</summary>
/// <param name="Id">For machines: <c>muxer-default-ids</c>.</param>
/// <param name="Reason">What was seen, and why it is a mark.</param>
/// <param name="Weight">How much it says by itself, 0 to 1: for the order on a screen. No sum of them is a conclusion; a licensed head-end may have the same.</param>
public sealed record RetransmissionMark(string Id, Text Reason, double Weight);

/// <summary>Looks for marks of retransmission: default names and ids of multiplexers, left-over tables, lost scrambling, a clock that is nobody's.</summary>
public static class RetransmissionMarks
{
    // Defaults of mpegtsenc of FFmpeg (libavformat): transport_stream_id 1, original_network_id 0xFF01, service 1, PMT from 0x1000, streams from 0x0100, "FFmpeg", "Service01".
    private const int FfmpegPmtPid = 0x1000;
    private const int FfmpegFirstPid = 0x0100;

    // Defaults of mpegtsmux of GStreamer (tsmux.h): PMT from 0x0020, streams from 0x0040.
    private const int GStreamerPmtPid = 0x0020;
    private const int GStreamerFirstPid = 0x0040;

    private const int FirstPrivateNetwork = 0xFF00; // ETSI TS 101 162: original_network_id for private temporary use
    private const double LargestClockOffsetSeconds = 10; // far beyond what a receiver's delay and a GNSS-locked head-end explain

    private static readonly string[] DefaultProviders = ["FFmpeg", "some-provider", "Default provider", "My Provider", "VLC", "Libav"];
    private static readonly string[] DefaultNames = ["some-service", "Default service", "My Service", "Test", "Untitled"];

    /// <summary>The marks that are there, the heaviest first. An empty list says nothing in a broadcaster's favour.</summary>
    /// <param name="report">What was seen.</param>
    /// <param name="signalling">What the tables say beside it, or null.</param>
    /// <param name="template">What is expected, or null.</param>
    /// <param name="observed">How long the report covers: in less than 10 s the absence of a NIT is no mark. Null: long enough.</param>
    public static IReadOnlyList<RetransmissionMark> Evaluate(MultiplexReport report, MultiplexSignalling? signalling = null, MultiplexTemplate? template = null, TimeSpan? observed = null)
    {
        ArgumentNullException.ThrowIfNull(report);
        if (!TemplateComparer.CanJudge(report)) return [];
        var marks = new List<RetransmissionMark>();
        Names(report, marks);
        Ids(report, template, marks);
        Tables(report, signalling, observed, marks);
        Scrambling(report, marks);
        if (template is { Services.Count: > 1 } && report.Services.Count(s => s.Present) == 1)
            marks.Add(new("single-service", MarkTexts.SingleService(template.Services.Count), 0.6));
        if (signalling?.ClockOffsetSeconds is { } offset && Math.Abs(offset) > LargestClockOffsetSeconds)
            marks.Add(new("clock-offset", MarkTexts.ClockOffset(offset), 0.4));
        return [.. marks.OrderByDescending(m => m.Weight)];
    }

    private static void Names(MultiplexReport report, List<RetransmissionMark> marks)
    {
        foreach (var service in report.Services.Where(s => s.Present))
        {
            if (IsDefaultName(service.Name)) marks.Add(new("default-service-name", MarkTexts.DefaultName(service.ServiceId, service.Name!), 0.7));
            if (DefaultProviders.Contains(service.Provider, StringComparer.OrdinalIgnoreCase)) marks.Add(new("default-provider", MarkTexts.DefaultProvider(service.ServiceId, service.Provider!), 0.8));
        }
    }

    // "Service01", "Service-2", "Service 3", "Channel 1", "Program 4": a number and no name.
    private static bool IsDefaultName(string? name)
    {
        if (name is null) return false;
        if (DefaultNames.Contains(name, StringComparer.OrdinalIgnoreCase)) return true;
        foreach (var word in (string[])["Service", "Channel", "Program", "Programme"])
            if (name.StartsWith(word, StringComparison.OrdinalIgnoreCase) && int.TryParse(name.AsSpan(word.Length).Trim(" -_#"), NumberStyles.None, CultureInfo.InvariantCulture, out _)) return true;
        return false;
    }

    private static void Ids(MultiplexReport report, MultiplexTemplate? template, List<RetransmissionMark> marks)
    {
        if (report.OriginalNetworkId is { } network and >= FirstPrivateNetwork) marks.Add(new("private-network-id", MarkTexts.PrivateNetwork(network), 0.5));
        if (report is { TransportStreamId: 1, OriginalNetworkId: 1 }) marks.Add(new("muxer-default-ids", MarkTexts.DefaultIds, 0.4));
        foreach (var service in report.Services.Where(s => s.Present && s.Components.Count > 0))
        {
            var first = service.Components.Min(c => c.Pid);
            var muxer = (service.PmtPid, first) switch
            {
                (>= FfmpegPmtPid and < FfmpegPmtPid + 16, >= FfmpegFirstPid and < FfmpegFirstPid + 64) => "FFmpeg",
                (>= GStreamerPmtPid and < GStreamerFirstPid, >= GStreamerFirstPid and < GStreamerFirstPid + 64) => "GStreamer",
                _ => null,
            };
            if (muxer is null || !AreInARow(service.Components)) continue;
            var gone = template?.Services.FirstOrDefault(e => e.ServiceId == service.ServiceId) is { Components: { } expected } && !expected.Any(e => service.Components.Any(c => c.Pid == e.Pid));
            marks.Add(new("muxer-default-pids", MarkTexts.DefaultPids(service.ServiceId, muxer, gone), gone ? 0.8 : 0.4));
        }
    }

    // A multiplexer that chooses PIDs itself counts them up; a single one that lies there is chance.
    private static bool AreInARow(IReadOnlyList<ComponentReport> components)
    {
        var pids = components.Select(c => c.Pid).Order().ToList();
        return pids.Count > 1 && pids[^1] - pids[0] == pids.Count - 1;
    }

    private static void Tables(MultiplexReport report, MultiplexSignalling? signalling, TimeSpan? observed, List<RetransmissionMark> marks)
    {
        var hasSdt = report.OriginalNetworkId is not null;
        var hasNit = MultiplexTemplate.CarriesNetworkInformation(report) || observed < TemplateComparer.NetworkInformationDue;
        if (hasSdt && !hasNit) marks.Add(new("no-nit", MarkTexts.SdtWithoutNit, 0.4));
        if (!hasSdt && !hasNit && report.Pids.Count > 0) marks.Add(new("no-si", MarkTexts.NoServiceInformation, 0.3));
        if (report is not { TransportStreamId: { } stream, OriginalNetworkId: { } network }) return;
        if (signalling?.NetworkStreams is { Count: > 0 } listed && !listed.Contains(new StreamIds(network, stream)))
            marks.Add(new("nit-left-over", MarkTexts.NitLeftOver(network, stream, listed.Count), 0.7));
        if (signalling?.SdtTransportStreamId is { } described && described != stream) marks.Add(new("sdt-left-over", MarkTexts.SdtLeftOver(described, stream), 0.7));
    }

    private static void Scrambling(MultiplexReport report, List<RetransmissionMark> marks)
    {
        foreach (var service in report.Services.Where(s => s is { Present: true, Scrambled: false } && s.Components.Count > 0))
        {
            var signalled = service.FreeCaMode == true || service.Components.Any(c => c.Scrambling.Signalled);
            var allClear = service.Components.Any(c => c.Scrambling.TransportBits is not null) && service.Components.All(c => c.Scrambling is { TransportBits: null or 0, Payload: not true });
            if (signalled && allClear) marks.Add(new("descrambled", MarkTexts.Descrambled(service.ServiceId), 0.7));
        }
    }
}
