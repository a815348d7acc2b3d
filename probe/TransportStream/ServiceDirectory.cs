namespace SignalWatch.TransportStream;

/// <summary>The services of a multiplex as PAT, PMT and SDT tell of them over time: who belongs, who came, who left.</summary>
internal sealed class ServiceDirectory(TransportStreamSettings settings, Action<Check, int, bool> happened)
{
    // A stranger that left is reported absent for so long, so that its alarm returns, then forgotten: a stream of ever new ids does not fill the memory.
    private static readonly TimeSpan RememberStrangersFor = TimeSpan.FromSeconds(60);

    private readonly SortedDictionary<int, Service> services = Remembered(settings.Lineup);
    private Service[]? ordered; // the same by id, kept because time asks for them ten times a second
    private readonly HashSet<int> members = [.. settings.Lineup?.Services.Select(s => s.ServiceId) ?? []];
    private readonly Dictionary<int, SdtService> descriptions = [];
    private int? transportStreamId;
    private DateTimeOffset? firstPat;
    private DateTimeOffset? learningSince;
    private bool hasNames;

    /// <summary>The line-up, once it is known.</summary>
    public Lineup? Lineup { get; private set; } = settings.Lineup;

    /// <summary><c>original_network_id</c> of the SDT.</summary>
    public int? OriginalNetworkId { get; private set; }

    /// <summary>The services, by id.</summary>
    public IReadOnlyList<Service> Services => ordered ??= [.. services.Values];

    /// <summary>PIDs on which PMTs are due.</summary>
    public IEnumerable<int> PmtPids => services.Values.Where(s => s.PmtPid is not null).Select(s => s.PmtPid!.Value).Distinct();

    /// <summary>Belongs to the line-up, or it is still being learnt.</summary>
    public bool IsMember(Service service) => Lineup is null || members.Contains(service.Id);

    /// <summary>A new PAT.</summary>
    public void Take(int streamId, IReadOnlyList<PatEntry> programs, DateTimeOffset now)
    {
        transportStreamId = streamId;
        firstPat ??= now;
        var listed = new Dictionary<int, int>();
        foreach (var program in programs.Where(p => p.ProgramNumber != 0)) listed[program.ProgramNumber] = program.Pid;
        foreach (var service in services.Values.Where(s => s.PmtPid is not null && !listed.ContainsKey(s.Id)))
            service.PmtPid = null;
        foreach (var (id, pid) in listed)
        {
            if (!services.TryGetValue(id, out var service))
            {
                services.Add(id, service = new Service(id));
                ordered = null;
            }
            if (service.PmtPid == pid) continue;
            (service.PmtPid, service.PmtCheck, service.LastPmt) = (pid, null, now);
        }
        Update(now);
    }

    /// <summary>A PMT section with a right CRC arrived for a programme on a PID.</summary>
    /// <returns>The service whose map this is to become, or null where it is known already or not in the PAT.</returns>
    public Service? Expect(int programNumber, int pid, uint check, DateTimeOffset now)
    {
        if (!services.TryGetValue(programNumber, out var service) || service.PmtPid != pid) return null;
        service.LastPmt = now;
        if (service.PmtCheck == check) return null;
        service.PmtCheck = check;
        return service;
    }

    /// <summary>A new SDT of this stream.</summary>
    public void Take(int originalNetworkId, IReadOnlyList<SdtService> described, DateTimeOffset now)
    {
        OriginalNetworkId = originalNetworkId;
        hasNames = true;
        descriptions.Clear();
        foreach (var description in described) descriptions[description.ServiceId] = description;
        Update(now);
    }

    /// <summary>What the SDT says of a service, or null.</summary>
    public SdtService? Description(int serviceId) => descriptions.GetValueOrDefault(serviceId);

    /// <summary>Sync is back: each service gets its time to show its PMT again.</summary>
    public void Resume(DateTimeOffset now)
    {
        foreach (var service in services.Values) service.LastPmt = now;
    }

    /// <summary>Time passed, in sync: finds services that stopped, and the end of learning.</summary>
    public void Update(DateTimeOffset now)
    {
        ordered ??= [.. services.Values];
        var gone = false;
        foreach (var service in ordered)
        {
            Judge(service, now);
            gone |= IsGone(service, now);
        }
        if (gone) Forget(now);
        Learn(now);
    }

    private void Forget(DateTimeOffset now)
    {
        foreach (var id in Services.Where(s => IsGone(s, now)).Select(s => s.Id)) services.Remove(id);
        ordered = null;
    }

    private bool IsGone(Service service, DateTimeOffset now) => !service.Present && !IsMember(service) && now - service.Changed > RememberStrangersFor;

    private void Judge(Service service, DateTimeOffset now)
    {
        var present = service.PmtPid is not null && now - service.LastPmt <= settings.PmtLossAfter;
        // A member that never came is absent, too, once it had its time.
        var first = !service.Judged && (present || now - firstPat > settings.PmtLossAfter);
        if (present == service.Present && !first) return;
        (service.Present, service.Judged) = (present, true);
        service.Changed = now;
        if (Lineup is null) return;
        if (members.Contains(service.Id)) happened(Checks.ServiceDisappeared, service.Id, !present);
        else happened(Checks.ServiceAppeared, service.Id, present);
    }

    private void Learn(DateTimeOffset now)
    {
        if (Lineup is not null || firstPat is not { } pat) return;
        if (hasNames || now - pat >= settings.WaitForNames) learningSince ??= now;
        if (learningSince is not { } since || now - since < settings.LearnFor) return;
        foreach (var service in services.Values) members.Add(service.Id);
        Lineup = new Lineup(transportStreamId!.Value, OriginalNetworkId, now, [.. services.Keys.Select(id => new LineupService(id, Description(id)?.Name))]);
    }

    private static SortedDictionary<int, Service> Remembered(Lineup? lineup)
    {
        var services = new SortedDictionary<int, Service>();
        foreach (var member in lineup?.Services ?? []) services[member.ServiceId] = new Service(member.ServiceId) { RememberedName = member.Name };
        return services;
    }

    /// <summary>What is known of a service.</summary>
    internal sealed class Service(int id)
    {
        public int Id { get; } = id;

        /// <summary>Its name in the line-up of an earlier run.</summary>
        public string? RememberedName { get; init; }

        /// <summary>Where its PMT is due; null where the PAT does not list it.</summary>
        public int? PmtPid
        {
            get;
            set
            {
                field = value;
                Map = null;
            }
        }

        /// <summary>CRC of the PMT that was read last.</summary>
        public uint? PmtCheck { get; set; }

        /// <summary>When its PMT last arrived, or its time to arrive began.</summary>
        public DateTimeOffset LastPmt { get; set; }

        /// <summary>Its PMT, or null.</summary>
        public ProgramMap? Map
        {
            get;
            set
            {
                field = value;
                IEnumerable<int?> pids = [PmtPid, value?.PcrPid, .. value?.Components.Select(c => (int?)c.Pid) ?? []];
                AllPids = [.. pids.OfType<int>().Distinct().Order()];
            }
        }

        /// <summary>All its PIDs in order.</summary>
        public IReadOnlyList<int> AllPids { get; private set; } = [];

        public bool Present { get; set; }

        /// <summary>Whether it is present was decided once.</summary>
        public bool Judged { get; set; }

        /// <summary>When <see cref="Present"/> changed.</summary>
        public DateTimeOffset Changed { get; set; }

        /// <summary>Scrambled, as it was when packets last came.</summary>
        public bool Scrambled { get; set; }
    }
}
