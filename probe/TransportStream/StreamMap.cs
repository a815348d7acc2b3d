namespace SignalWatch.TransportStream;

/// <summary>What the tables make of the PIDs: roles, components at work, clocks, and what is due on each.</summary>
/// <param name="pids">Where roles and duties stand.</param>
/// <param name="directory">The services.</param>
/// <param name="deadlines">Where it says what is due.</param>
/// <param name="settings">How the stream is watched.</param>
/// <param name="broke">Is told of a component's buffer that overflows, runs dry or holds too long.</param>
/// <param name="systemBroke">The same of the buffers of PSI: PID, service, fault.</param>
internal sealed class StreamMap(PidTable pids, ServiceDirectory directory, Deadlines deadlines, TransportStreamSettings settings, Action<Component, BufferFaultAt> broke, Action<int, int, BufferFaultAt> systemBroke)
{
    private const int AtscTables = 0x1FFB; // ATSC A/65: tables at a fixed PID
    private const int MostEarlyClocks = 64;
    private const long MsNs = 1_000_000;

    private readonly Component?[] components = new Component?[Pids.Count];
    private readonly Clock?[] clocks = new Clock?[Pids.Count];
    private readonly SortedDictionary<int, Deadline> mapsDue = [];
    private readonly SortedDictionary<int, Deadline> packetsDue = [];
    private readonly Dictionary<int, int[]> owners = [];
    private int[] all = [];
    private ServiceSystem[] systems = [];

    /// <summary>The components at work, by PID.</summary>
    public Component[] Components { get; private set; } = [];

    /// <summary>The clocks at work, by PID.</summary>
    public Clock[] Clocks { get; private set; } = [];

    /// <summary>Whether each PMT of the PAT was read: before that a PID without reference is no fault.</summary>
    public bool Complete { get; private set; }

    /// <summary>The component of a PID, or null.</summary>
    public Component? Component(int pid) => components[pid];

    /// <summary>The clock of a PID that has PCRs; before the tables are known a new one, so that it is measured from its first PCR on. Null where the tables don't know it.</summary>
    public Clock? Clock(int pid)
    {
        if (clocks[pid] is { } known) return known;
        if (Complete || Clocks.Length >= MostEarlyClocks) return null;
        clocks[pid] = new Clock(pid);
        Clocks = [.. Clocks.Append(clocks[pid]!).OrderBy(c => c.Pid)];
        return clocks[pid];
    }

    /// <summary>The service of a PID with the lowest id, or null.</summary>
    public int? Owner(int pid) => owners.TryGetValue(pid, out var services) ? services[0] : null;

    /// <summary>The services that an occurrence hurts: one, those of a PID, or all where it is about the stream.</summary>
    public int[] Affected(int? pid, int? serviceId)
    {
        if (pid is { } known && owners.TryGetValue(known, out var services)) return services;
        if (serviceId is { } one) return [one];
        return pid is null or Pids.ProgramAssociation ? all : [];
    }

    /// <summary>PMT PID, on which a PMT arrived: it is due again.</summary>
    public void MeetMap(int pid, long now)
    {
        if (mapsDue.TryGetValue(pid, out var due)) deadlines.Meet(due, now);
    }

    /// <summary>The tables changed.</summary>
    /// <param name="networkPid">PID of the network's tables.</param>
    /// <param name="emmPids">PIDs of the CAT.</param>
    /// <param name="now">ns.</param>
    public void Rebuild(int networkPid, IReadOnlyList<int> emmPids, long now)
    {
        var listed = directory.Services.Where(s => s.PmtPid is not null).ToList();
        Complete = listed.TrueForAll(s => s.Map is not null);
        SetRoles(listed, networkPid, emmPids, now);
        SetOwners(listed);
        SetClocks(listed, now);
        SetComponents(listed, now);
        Follow(mapsDue, listed.Select(s => s.PmtPid!.Value), pid => new Deadline(Checks.PmtAbsent, Limit(Checks.PmtAbsent), now, pid, Owner(pid), TableIds.ProgramMap));
        Follow(packetsDue, Components.Where(c => c.IsContinuous).Select(c => c.Pid).Concat(Clocks.Select(c => c.Pid)), pid => new Deadline(Checks.PidAbsent, Limit(Checks.PidAbsent), now, pid, Owner(pid), kind: DeadlineKind.Packets));
    }

    /// <summary>A clock starts anew: what depends on it does, too.</summary>
    public void RestartClock(Clock clock)
    {
        foreach (var component in Components)
            if (component.Clock == clock) component.Restart();
    }

    /// <summary>A packet with PSI goes through the system buffers of the services that it belongs to: all of them for PAT and CAT, one for a PMT.</summary>
    public void PassSystemData(int pid, ReadOnlySpan<byte> payload, long streamNs, double packetNs)
    {
        if (pid > Pids.ConditionalAccess && pids[pid].Role != PidRole.ProgramMap) return;
        var bytes = payload.LastIndexOfAnyExcept((byte)0xFF) + 1; // without stuffing
        for (var i = 0; i < systems.Length; i++)
        {
            ref var system = ref systems[i];
            if (pid > Pids.ConditionalAccess && system.PmtPid != pid) continue;
            if (!system.Ready)
            {
                system.Buffer.Configure(PacketFramer.PacketBytes * 8e9 / packetNs);
                system.Ready = true;
            }
            if (system.Buffer.Packet(streamNs, bytes, out var fault, out var fill, packetNs)) systemBroke(pid, system.ServiceId, new BufferFaultAt(fault, fill, SystemBuffer.LimitOf(fault)));
        }
    }

    /// <summary>Duration of a packet by the first clock that knows its rate, ns; null where none does.</summary>
    public double? PacketNs
    {
        get
        {
            foreach (var clock in Clocks)
                if (clock.SteadyRate is { } rate) return rate * PacketFramer.PacketBytes * ProgramClock.NsPerTick;
            return null;
        }
    }

    private long Limit(Check check) => (long)(check.Limit!.In(settings.Profile) * MsNs);

    private void SetRoles(List<ServiceDirectory.Service> listed, int networkPid, IReadOnlyList<int> emmPids, long now)
    {
        var roles = new PidRole[Pids.Count];
        roles.AsSpan(0, Pids.LastReserved + 1).Fill(PidRole.Tables);
        (roles[AtscTables], roles[networkPid]) = (PidRole.Tables, PidRole.Tables);
        foreach (var pid in emmPids) roles[pid] = PidRole.Emm;
        foreach (var map in listed.Select(s => s.Map).OfType<ProgramMap>())
        {
            foreach (var pid in map.EcmPids) roles[pid] = PidRole.Ecm;
            if (map.PcrPid is { } pcr) roles[pcr] = PidRole.Pcr;
        }
        foreach (var service in listed)
            foreach (var entry in service.Map?.Components ?? []) roles[entry.Pid] = Role(ComponentClassifier.Classify(entry.StreamType, entry.Descriptors, service.Map!.Descriptors).Format.Kind);
        foreach (var service in listed) roles[service.PmtPid!.Value] = PidRole.ProgramMap;
        roles[Pids.Null] = PidRole.Null;
        for (var pid = 0; pid < Pids.Count; pid++)
        {
            ref var state = ref pids[pid];
            if (roles[pid] == PidRole.Unreferenced && state.Role != PidRole.Unreferenced) state.UnreferencedSince = now;
            state.Role = roles[pid];
        }
    }

    private static PidRole Role(ComponentKind kind) => kind switch
    {
        ComponentKind.Video => PidRole.Video,
        ComponentKind.Audio => PidRole.Audio,
        ComponentKind.Subtitle or ComponentKind.Teletext => PidRole.Text,
        _ => PidRole.Data,
    };

    private void SetOwners(List<ServiceDirectory.Service> listed)
    {
        owners.Clear();
        all = [.. listed.Select(s => s.Id)];
        systems = [.. listed.Select(s => Array.Find(systems, known => known.ServiceId == s.Id && known.PmtPid == s.PmtPid) is { Ready: true } kept ? kept : new ServiceSystem { ServiceId = s.Id, PmtPid = s.PmtPid!.Value })];
        foreach (var service in listed)
            foreach (var pid in service.AllPids.Concat(service.Map?.EcmPids ?? []).Distinct()) owners[pid] = [.. owners.GetValueOrDefault(pid, []), service.Id];
    }

    private void SetClocks(List<ServiceDirectory.Service> listed, long now)
    {
        var wanted = listed.Select(s => s.Map?.PcrPid).OfType<int>().Where(pid => pid != Pids.Null).ToHashSet();
        foreach (var clock in Clocks.Where(c => !wanted.Contains(c.Pid)))
        {
            deadlines.Remove(clock.Due);
            clock.Due = null;
            if (Complete) clocks[clock.Pid] = null;
        }
        foreach (var pid in wanted)
        {
            var clock = clocks[pid] ??= new Clock(pid);
            clock.Due ??= deadlines.Add(new Deadline(Checks.PcrRepetition, Limit(Checks.PcrRepetition), now, pid, Owner(pid)));
        }
        Clocks = [.. clocks.OfType<Clock>()];
    }

    private void SetComponents(List<ServiceDirectory.Service> listed, long now)
    {
        Dictionary<int, (ServiceDirectory.Service Service, PmtComponent Entry)> wanted = [];
        foreach (var service in listed)
            foreach (var entry in service.Map?.Components ?? []) wanted.TryAdd(entry.Pid, (service, entry));
        foreach (var old in Components.Where(c => !wanted.TryGetValue(c.Pid, out var same) || !c.IsOf(same.Entry)))
        {
            deadlines.Remove(old.StampsDue);
            components[old.Pid] = null;
            pids[old.Pid].Duty &= ~PidDuty.Component;
        }
        foreach (var (pid, (service, entry)) in wanted)
        {
            if (pids[pid].Role is PidRole.Tables or PidRole.ProgramMap or PidRole.Null) continue;
            var component = components[pid] ??= new Component(service.Id, entry, service.Map!.Descriptors, broke);
            component.Clock = service.Map!.PcrPid is { } pcr ? clocks[pcr] : null;
            pids[pid].Duty |= PidDuty.Component;
            if (component.IsContinuous) component.StampsDue ??= deadlines.Add(new Deadline(Checks.PtsRepetition, Limit(Checks.PtsRepetition), now, pid, service.Id, kind: DeadlineKind.ToldInClear));
        }
        Components = [.. wanted.Keys.Order().Select(pid => components[pid]).OfType<Component>()];
    }

    private void Follow(SortedDictionary<int, Deadline> due, IEnumerable<int> pidsNow, Func<int, Deadline> begin)
    {
        var wanted = pidsNow.Where(pid => pid != Pids.Null).ToHashSet();
        foreach (var pid in due.Keys.Where(pid => !wanted.Contains(pid)).ToList())
        {
            deadlines.Remove(due[pid]);
            due.Remove(pid);
        }
        foreach (var pid in wanted.Where(pid => !due.ContainsKey(pid))) due.Add(pid, deadlines.Add(begin(pid)));
    }

    private struct ServiceSystem
    {
        public int ServiceId;
        public int PmtPid;
        public bool Ready;
        public SystemBuffer Buffer;
    }
}
