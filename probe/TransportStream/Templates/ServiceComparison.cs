using System.Globalization;

namespace SignalWatch.TransportStream;

/// <summary>One service against its template.</summary>
internal static class ServiceComparison
{
    public static void Compare(ServiceTemplate expected, ServiceReport found, MultiplexReport report, MultiplexSignalling? signalling, List<TemplateDrift> drifts)
    {
        var subject = TemplateComparer.Subject(expected.ServiceId);
        void Differs(DriftKind kind, string? was, string? now, double weight) => drifts.Add(TemplateComparer.Drift(kind, subject, was, now, weight));

        if (expected.Name is { } name && found.Name is { } foundName && name != foundName) Differs(DriftKind.ServiceName, name, foundName, 0.8);
        if (expected.Provider is { } provider && found.Provider is { } foundProvider && provider != foundProvider) Differs(DriftKind.Provider, provider, foundProvider, 0.7);
        if (expected.ServiceType is { } type && found.ServiceType is { } foundType && type != foundType) Differs(DriftKind.ServiceType, Hex(type, 2), Hex(foundType, 2), 0.4);
        if (expected.PmtPid is { } pmt && found.PmtPid is { } foundPmt && pmt != foundPmt) Differs(DriftKind.PidMoved, $"PMT {Hex(pmt, 4)}", $"PMT {Hex(foundPmt, 4)}", 0.5);
        if (!MapIsKnown(found)) return;
        if (expected.PcrPid is { } pcr && found.PcrPid != pcr)
            drifts.Add(TemplateComparer.Drift(DriftKind.PidMoved, $"{subject}/pcr", $"PCR {Hex(pcr, 4)}", found.PcrPid is { } now ? $"PCR {Hex(now, 4)}" : null, 0.4));
        if (expected.Scrambled is { } scrambled && Carried(found, report) && scrambled != found.Scrambled)
            Differs(scrambled ? DriftKind.ScramblingGone : DriftKind.ScramblingAdded, null, null, scrambled ? 1 : 0.8);
        if (expected.ConditionalAccess is { } systems && signalling?.ConditionalAccess is { } all)
        {
            var foundSystems = all.GetValueOrDefault(expected.ServiceId) ?? [];
            if (!systems.ToHashSet().SetEquals(foundSystems)) Differs(DriftKind.ConditionalAccess, Words(systems), Words(foundSystems), 0.9);
        }
        if (expected.LogicalChannel is { } channel && signalling?.LogicalChannels is { } channels && channels.TryGetValue(expected.ServiceId, out var foundChannel) && channel != foundChannel)
            Differs(DriftKind.LogicalChannel, Decimal(channel), Decimal(foundChannel), 0.3);
        if (expected.Components is { } components) Components(components, found.Components, subject, drifts);
    }

    // Paired by PID, then what is left over by what it carries: that has moved.
    private static void Components(IReadOnlyList<ComponentTemplate> expected, IReadOnlyList<ComponentReport> found, string service, List<TemplateDrift> drifts)
    {
        var missing = new List<ComponentTemplate>();
        var left = found.ToList();
        foreach (var component in expected)
        {
            var same = left.FindIndex(f => f.Pid == component.Pid);
            if (same < 0)
            {
                missing.Add(component);
                continue;
            }
            Component(component, left[same], service, drifts);
            left.RemoveAt(same);
        }
        foreach (var component in missing)
        {
            var moved = left.FindIndex(f => f.StreamType == component.StreamType && (component.Language ?? f.Language) == f.Language);
            var subject = Subject(service, component.Pid);
            if (moved < 0)
            {
                drifts.Add(TemplateComparer.Drift(DriftKind.ComponentMissing, subject, Words(component.Pid, component.StreamType, component.Codec), null, 0.7));
                continue;
            }
            drifts.Add(TemplateComparer.Drift(DriftKind.PidMoved, subject, Hex(component.Pid, 4), Hex(left[moved].Pid, 4), 0.5));
            Component(component, left[moved], service, drifts);
            left.RemoveAt(moved);
        }
        foreach (var stranger in left)
            drifts.Add(TemplateComparer.Drift(DriftKind.ComponentAdded, Subject(service, stranger.Pid), null, Words(stranger.Pid, stranger.StreamType, stranger.Format.Codec), 0.5));
    }

    private static void Component(ComponentTemplate expected, ComponentReport found, string service, List<TemplateDrift> drifts)
    {
        var subject = Subject(service, expected.Pid);
        var otherCodec = expected.Codec is { } codec && found.Format.Codec is { } foundCodec && codec != foundCodec;
        if (otherCodec || expected.StreamType != found.StreamType)
            drifts.Add(TemplateComparer.Drift(DriftKind.Codec, subject, $"{expected.Codec} {Hex(expected.StreamType, 2)}".Trim(), $"{found.Format.Codec} {Hex(found.StreamType, 2)}".Trim(), 0.7));
        if (expected is { Width: { } width, Height: { } height } && found.Format.Video is { } video && (video.Width != width || video.Height != height))
            drifts.Add(TemplateComparer.Drift(DriftKind.Resolution, subject, Size(width, height), Size(video.Width, video.Height), 0.6));
        if (expected.Language is { } language && found.Language != language)
            drifts.Add(TemplateComparer.Drift(DriftKind.Language, subject, language, found.Language, 0.3));
    }

    // Without its PMT nothing is known of what a service carries.
    private static bool MapIsKnown(ServiceReport service) => service.PcrPid is not null || service.Components.Count > 0;

    // A service without one packet of its components is neither scrambled nor in clear.
    private static bool Carried(ServiceReport service, MultiplexReport report) =>
        report.Pids.Count == 0 || service.Components.Any(c => report.Pids.Any(p => p.Pid == c.Pid && p.Packets > 0));

    private static string Subject(string service, int pid) => string.Create(CultureInfo.InvariantCulture, $"{service}/pid/{pid}");

    private static string Words(int pid, int streamType, string? codec) => $"{Hex(pid, 4)} {codec ?? Hex(streamType, 2)}";

    private static string Words(IReadOnlyList<ConditionalAccess> systems) => string.Join(", ", systems.Order(BySystem).Select(s => $"{Hex(s.SystemId, 4)} ECM {Hex(s.EcmPid, 4)}"));

    private static Comparer<ConditionalAccess> BySystem => Comparer<ConditionalAccess>.Create((a, b) => (a.SystemId, a.EcmPid).CompareTo((b.SystemId, b.EcmPid)));

    private static string Size(int width, int height) => string.Create(CultureInfo.InvariantCulture, $"{width}×{height}");

    private static string Decimal(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Hex(int value, int digits) => "0x" + value.ToString("X" + digits.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
}
