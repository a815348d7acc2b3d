using SignalWatch.Contracts;

namespace SignalWatch.TransportStream;

/// <summary>Writes the report of an interval from what was counted in it.</summary>
internal sealed class ReportWriter(PidTable pids, ServiceDirectory directory, TableReader tables, StreamMap map, Alarms alarms, TransportStreamSettings settings)
{
    private static readonly Text NoArrivalClock = new("没有到达时间", "no times of arrival");

    /// <summary>Fills in what the tables, PIDs, clocks and services were like.</summary>
    /// <param name="stream">What is known of the stream as a whole.</param>
    public MultiplexReport Write(MultiplexReport stream)
    {
        var known = stream.Packets > 0 && tables.TransportStreamId is not null;
        var rate = stream.BitrateBps;
        IReadOnlyList<PidReport> pidReports = [.. Known().Select(pid => Describe(pid, rate, stream.Packets))];
        return stream with
        {
            TransportStreamId = tables.TransportStreamId,
            OriginalNetworkId = directory.OriginalNetworkId,
            NetworkName = tables.NetworkName,
            NullPackets = pids[Pids.Null].Packets,
            CcErrors = pidReports.Sum(p => p.CcErrors),
            TransportErrors = (int)pidReports.Sum(p => p.TransportErrors),
            CrcErrors = tables.CrcErrors,
            BadSections = tables.BadSections,
            LineupKnown = directory.Lineup is not null,
            Pids = pidReports,
            Clocks = Clocks(),
            Services = known ? [.. directory.Services.Select(service => Describe(service, rate, stream.Packets))] : [],
        };
    }

    // Those that the tables name and that did not come are worth a line, too.
    private List<int> Known()
    {
        List<int> known = [];
        for (var pid = 0; pid < Pids.Count; pid++)
            if (pids[pid] is { Packets: > 0 } or { TransportErrors: > 0 } or { Role: not (PidRole.Unreferenced or PidRole.Tables or PidRole.Null) }) known.Add(pid);
        return known;
    }

    private PidReport Describe(int pid, double? rate, long packets)
    {
        ref var state = ref pids[pid];
        return new PidReport
        {
            Pid = pid,
            Role = state.Role,
            Packets = state.Packets,
            Discontinuities = state.Breaks,
            CcErrors = state.CcErrors,
            Duplicates = state.Duplicates,
            TransportErrors = state.TransportErrors,
            Scrambled = state.Scrambled,
            BitrateBps = Share(rate, state.Packets, packets),
        };
    }

    private IReadOnlyList<ClockReport> Clocks()
    {
        var leader = ClockMeter.Lead([.. map.Clocks.Select(c => c.Meter)]);
        var reference = new ClockReference(settings.NominalBitrateBps, leader, settings.ArrivalClock is not null, settings.ArrivalClock ?? NoArrivalClock);
        return [.. map.Clocks.Select(c => c.Meter.Report(reference))];
    }

    private ServiceReport Describe(ServiceDirectory.Service service, double? rate, long packets)
    {
        var own = service.AllPids.Sum(pid => pids[pid].Packets);
        var description = directory.Description(service.Id);
        UpdateScrambled(service);
        return new ServiceReport
        {
            ServiceId = service.Id,
            Name = description?.Name ?? service.RememberedName,
            Provider = description?.Provider,
            ServiceType = description?.ServiceType,
            FreeCaMode = description?.FreeCaMode,
            Present = service.Present,
            InLineup = directory.IsMember(service),
            CcErrors = service.AllPids.Sum(pid => pids[pid].CcErrors),
            BitrateBps = Share(rate, own, packets),
            Scrambled = service.Scrambled,
            Components = [.. service.Map?.Components.Select(entry => Describe(service, entry, rate, packets)) ?? []],
            AudioLeadMs = AudioLead(service),
            ErrorSeconds = alarms.TakeErrorSeconds(service.Id),
            PmtPid = service.PmtPid,
            PcrPid = service.Map?.PcrPid,
            Pids = service.AllPids,
        };
    }

    private ComponentReport Describe(ServiceDirectory.Service service, PmtComponent entry, double? rate, long packets)
    {
        ref var state = ref pids[entry.Pid];
        var component = map.Component(entry.Pid);
        return new ComponentReport
        {
            Pid = entry.Pid,
            StreamType = entry.StreamType,
            Format = component?.Format ?? ComponentClassifier.Classify(entry.StreamType, entry.Descriptors, service.Map!.Descriptors).Format,
            Language = component?.Language,
            Scrambling = new ScramblingView(service.Map!.Scrambled(entry), state.Packets > 0 ? state.Scrambled / (double)state.Packets : null, component?.LooksScrambled),
            BitrateBps = Share(rate, state.Packets, packets),
        };
    }

    private double? AudioLead(ServiceDirectory.Service service)
    {
        var own = service.Map?.Components.Select(c => map.Component(c.Pid)).OfType<Component>().ToList() ?? [];
        return own.Find(c => c.Format.Kind == ComponentKind.Video) is { } video && own.Find(c => c.Format.Kind == ComponentKind.Audio) is { } audio ? audio.LeadOver(video) : null;
    }

    // One packet in ten of a component: a bit that flipped on the way does not make a service scrambled.
    private void UpdateScrambled(ServiceDirectory.Service service)
    {
        var any = false;
        var scrambled = false;
        foreach (var component in service.Map?.Components ?? [])
        {
            ref var state = ref pids[component.Pid];
            any |= state.Packets > 0;
            scrambled |= state.Scrambled > 0 && state.Scrambled * 10L >= state.Packets;
        }
        if (any) service.Scrambled = scrambled;
    }

    private static double? Share(double? rate, long part, long packets) => packets > 0 ? rate * part / packets : null;
}
