using System.Reflection;
using SignalWatch.Contracts;
using SignalWatch.TransportStream;

namespace SignalWatch.Probe.Analysis;

/// <summary>How a stream was watched, as far as the document has to say it.</summary>
/// <param name="Profile">Edition of TR 101 290.</param>
/// <param name="TimeBase">What the times are.</param>
/// <param name="Language">Of the sentences.</param>
/// <param name="Template">To be compared with, and where it was read from; or null.</param>
internal sealed record DescriptionContext(MeasurementProfile Profile, TimeBase TimeBase, Language Language, (string File, MultiplexTemplate Expected)? Template);

/// <summary>What the times of a stream are.</summary>
/// <param name="Kind">See <see cref="TimeBaseDocument"/>.</param>
/// <param name="BitrateBps">The rate that times were made of; null where packets came with times of their own.</param>
/// <param name="Method">In words.</param>
/// <param name="IsKnown">Times are measured or given; else intervals mean nothing.</param>
internal sealed record TimeBase(string Kind, double? BitrateBps, Text Method, bool IsKnown = true);

/// <summary>A stream's result → its document.</summary>
internal static class StreamDescription
{
    public static string Version { get; } = typeof(StreamDescription).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";

    public static StreamDocument Describe(StreamResult result, DescriptionContext context, IReadOnlyList<ClipDocument> clips, IReadOnlyList<Problem> warnings)
    {
        var report = result.Report;
        var signalling = result.Signalling;
        return new StreamDocument
        {
            Packets = report.Packets,
            PacketSize = report.Packets > 0 ? report.PacketBytes : null,
            Bitrate = Bitrate(report, context),
            BitrateSource = report.BitrateSource.ToString().ToLowerInvariant(),
            DurationSeconds = context.TimeBase.IsKnown ? Math.Round(result.Duration.TotalSeconds, 6) : null,
            TimeBase = new TimeBaseDocument(context.TimeBase.Kind, context.TimeBase.BitrateBps, context.TimeBase.Method.In(context.Language)),
            InSync = report.InSync,
            SyncLosses = report.SyncLosses,
            SyncByteErrors = report.SyncByteErrors,
            SkippedBytes = report.SkippedBytes,
            NullPackets = report.NullPackets,
            TransportStreamId = report.TransportStreamId,
            OriginalNetworkId = report.OriginalNetworkId,
            NetworkName = report.NetworkName,
            Pids = [.. report.Pids.Select(p => Pid(p, report, context))],
            Services = [.. report.Services.Select(s => Service(s, result.Duration, context))],
            Measurements = CheckCounters.Document(result, context),
            Pcr = [.. report.Clocks.Select(c => Clock(c, context.Language))],
            InnerStreams = [.. report.InnerStreams.Select(inner => Inner(inner, result, context))],
            Template = context.Template is { } template ? new TemplateDocument(template.File, [.. TemplateComparer.Compare(template.Expected, report, signalling, result.Duration).Select(d => Drift(d, context.Language))]) : null,
            RetransmissionMarks = [.. RetransmissionMarks.Evaluate(report, signalling, context.Template?.Expected, result.Duration).Select(m => new MarkDocument(m.Id, m.Reason.In(context.Language), m.Weight))],
            Clips = clips,
            Warnings = Warnings(warnings, context.Language),
        };
    }

    public static IReadOnlyList<WarningDocument> Warnings(IReadOnlyList<Problem> warnings, Language language) => [.. warnings.Select(w => new WarningDocument(w.Code, w.OneLine().In(language)))];

    // A rate that a person gave, or that all PCRs of a file gave together, is better than the sum over the intervals.
    private static double? Bitrate(MultiplexReport report, DescriptionContext context) =>
        context.TimeBase is { IsKnown: true, BitrateBps: { } rate } ? Math.Round(rate, 3) : report.BitrateSource == BitrateSource.Pcr || context.TimeBase.IsKnown ? Rounded(report.BitrateBps) : null;

    private static double? Rounded(double? rate) => rate is { } value ? Math.Round(value, 1) : null;

    private static double? Rate(double? rate, DescriptionContext context) => context.TimeBase.IsKnown ? Rounded(rate) : null;

    private static PidDocument Pid(PidReport pid, MultiplexReport report, DescriptionContext context) => new(
        pid.Pid, pid.Role, pid.Packets, pid.Discontinuities, pid.Duplicates, pid.TransportErrors, pid.Scrambled, Rate(pid.BitrateBps, context),
        [.. report.Services.Where(s => s.Pids.Contains(pid.Pid)).Select(s => s.ServiceId)]);

    private static ServiceDocument Service(ServiceReport service, TimeSpan duration, DescriptionContext context)
    {
        var seconds = (int)Math.Ceiling(duration.TotalSeconds);
        return new ServiceDocument
        {
            Id = service.ServiceId,
            Name = service.Name,
            Provider = service.Provider,
            Type = service.ServiceType,
            PmtPid = service.PmtPid,
            PcrPid = service.PcrPid,
            Present = service.Present,
            Scrambling = new ServiceScramblingDocument(service.Scrambled, service.FreeCaMode, AnyPayload(service)),
            Bitrate = Rate(service.BitrateBps, context),
            CcErrors = service.CcErrors,
            ErrorSeconds = service.ErrorSeconds,
            Availability = context.TimeBase.IsKnown && seconds > 0 ? Math.Round(Math.Clamp(1 - service.ErrorSeconds / (double)seconds, 0, 1), 6) : null,
            AudioLeadMs = service.AudioLeadMs is { } lead ? Math.Round(lead, 1) : null,
            Components = [.. service.Components.Select(c => Component(c, context))],
        };
    }

    private static InnerStreamDocument Inner(InnerStreamReport inner, StreamResult outer, DescriptionContext context)
    {
        var result = new StreamResult(inner.Report, MultiplexSignalling.From([], DvbCharset.Iso6937), [], new Dictionary<string, CheckTally>(), outer.Duration);
        return new InnerStreamDocument(inner.Pid, inner.Plp, inner.PacketsLost, inner.CrcErrors, Describe(result, context with { Template = null, TimeBase = context.TimeBase with { BitrateBps = null } }, [], [])); // its rate is its own
    }

    private static bool? AnyPayload(ServiceReport service) =>
        service.Components.Any(c => c.Scrambling.Payload == true) ? true : service.Components.Any(c => c.Scrambling.Payload == false) ? false : null;

    private static ComponentDocument Component(ComponentReport component, DescriptionContext context) => new()
    {
        Pid = component.Pid,
        StreamType = component.StreamType,
        Kind = component.Format.Kind,
        Codec = component.Format.Codec,
        Profile = component.Format.Profile,
        Level = component.Format.Level,
        Language = component.Language,
        Width = component.Format.Video?.Width,
        Height = component.Format.Video?.Height,
        FrameRate = component.Format.Video?.FrameRate is { } rate ? Math.Round(rate, 3) : null,
        Interlaced = component.Format.Video?.Interlaced,
        BitDepth = component.Format.Video?.BitDepth,
        Chroma = component.Format.Video?.Chroma,
        AspectRatio = component.Format.Video?.AspectRatio,
        ColourPrimaries = component.Format.Video?.ColourPrimaries,
        Transfer = component.Format.Video?.Transfer,
        DynamicRange = component.Format.Video?.DynamicRange,
        SampleRate = component.Format.Audio?.SampleRate,
        Channels = component.Format.Audio?.Channels,
        Layout = component.Format.Audio?.Layout,
        Scrambling = component.Scrambling,
        Bitrate = Rate(component.BitrateBps, context),
    };

    private static PcrDocument Clock(ClockReport clock, Language language) => new()
    {
        Pid = clock.Pid,
        Count = clock.Count,
        LongestIntervalMs = clock.LongestIntervalMs,
        AccuracyNs = new PcrAccuracyDocument(Figure(clock.AccuracyMaxNs, 1), Figure(clock.AccuracyP99Ns, 1)),
        OffsetPpm = Figure(clock.OffsetPpm, 4),
        OverallJitterNs = Figure(clock.OverallJitterNs, 1),
        DriftMilliHertzPerSecond = Figure(clock.DriftMilliHertzPerSecond, 3),
        WanderNs = Figure(clock.WanderNs, 1),
        Method = clock.AccuracyMaxNs.Method.In(language),
        Methods = new Dictionary<string, string>
        {
            ["offsetPpm"] = clock.OffsetPpm.Method.In(language),
            ["overallJitterNs"] = clock.OverallJitterNs.Method.In(language),
            ["driftMilliHertzPerSecond"] = clock.DriftMilliHertzPerSecond.Method.In(language),
            ["wanderNs"] = clock.WanderNs.Method.In(language),
        },
    };

    private static double? Figure(ClockFigure figure, int digits) => figure.Value is { } value && double.IsFinite(value) ? Math.Round(value, digits) : null;

    private static DriftDocument Drift(TemplateDrift drift, Language language) => new(drift.Kind, drift.Subject, drift.Expected, drift.Found, drift.Sentence.In(language), drift.Weight);
}
