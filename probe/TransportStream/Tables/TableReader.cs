namespace SignalWatch.TransportStream;

/// <summary>Takes a whole section with a right CRC, or a short one without; the bytes are valid during the call.</summary>
/// <param name="pid">Its PID.</param>
/// <param name="section">All of it.</param>
/// <param name="firstPacket">The packet in which it began.</param>
internal delegate void ValidSectionHandler(int pid, ReadOnlySpan<byte> section, long firstPacket);

/// <summary>Sections of the stream → tables → what they change: which PIDs carry sections, which services there are.</summary>
internal sealed class TableReader
{
    // All that TR 101 290 2.2 wants the CRC of; PMTs join when the PAT names them.
    private static readonly int[] FixedPids = [Pids.ProgramAssociation, Pids.ConditionalAccess, Pids.Network, Pids.Service, Pids.Event, Pids.RunningStatus, Pids.Time];

    private readonly PidTable pids;
    private readonly ServiceDirectory directory;
    private readonly DvbText text;
    private readonly Action<Check, int, int?> happened;
    private readonly ValidSectionHandler valid;
    private readonly Action changed;
    private readonly SectionAssembler?[] assemblers = new SectionAssembler?[Pids.Count];
    private readonly TableCollector pat = new();
    private readonly TableCollector cat = new();
    private readonly TableCollector sdt = new();
    private readonly TableCollector nit = new();
    private readonly HashSet<int> pmtPids = [];
    private readonly List<int> componentPids = [];
    private int networkPid = Pids.Network;
    private DateTimeOffset now;

    /// <summary>Begins to read.</summary>
    /// <param name="pids">Where it says which PIDs carry sections.</param>
    /// <param name="directory">What it tells of services.</param>
    /// <param name="text">How texts are written.</param>
    /// <param name="happened">Is told of sections that are wrong.</param>
    /// <param name="valid">Is given each section that is right, whether it is known or new.</param>
    /// <param name="changed">Is told when PIDs or components changed.</param>
    public TableReader(PidTable pids, ServiceDirectory directory, DvbText text, Action<Check, int, int?> happened, ValidSectionHandler valid, Action changed)
    {
        (this.pids, this.directory, this.text, this.happened, this.valid, this.changed) = (pids, directory, text, happened, valid, changed);
        foreach (var pid in FixedPids) Open(pid, SectionAssembler.MaxSection);
    }

    public int? TransportStreamId { get; private set; }

    public string? NetworkName { get; private set; }

    /// <summary>The PID of the network's tables.</summary>
    public int NetworkPid => networkPid;

    /// <summary>PIDs of entitlement management messages, by the CAT.</summary>
    public IReadOnlyList<int> EmmPids { get; private set; } = [];

    /// <summary>Of the interval.</summary>
    public int CrcErrors { get; private set; }

    /// <summary>Of the interval.</summary>
    public int BadSections { get; private set; }

    public void ClearCounters() => (CrcErrors, BadSections) = (0, 0);

    /// <summary>Takes the payload of a packet of a PID that has sections.</summary>
    public void Push(int pid, ReadOnlySpan<byte> payload, bool unitStart, DateTimeOffset at, long packetIndex)
    {
        now = at;
        assemblers[pid]?.Push(payload, unitStart, packetIndex);
    }

    /// <summary>Packets of the PID are missing.</summary>
    public void ForgetUnfinished(int pid) => assemblers[pid]?.Drop();

    /// <summary>Packets of all PIDs are missing.</summary>
    public void ForgetUnfinished()
    {
        foreach (var assembler in assemblers) assembler?.Drop();
    }

    /// <summary>Components that carry sections are read, too: splice cues, application tables.</summary>
    public void ListenToComponents(ReadOnlySpan<Component> components)
    {
        foreach (var pid in componentPids.Where(pid => !pmtPids.Contains(pid) && pid != networkPid)) Close(pid);
        componentPids.Clear();
        foreach (var component in components)
        {
            if (!component.CarriesSections || assemblers[component.Pid] is not null) continue;
            componentPids.Add(component.Pid);
            Open(component.Pid, SectionAssembler.MaxSection);
        }
    }

    private void Open(int pid, int maxSectionBytes)
    {
        assemblers[pid] ??= new SectionAssembler(pid, maxSectionBytes, Whole, broken => Bad(broken, null));
        pids[pid].Duty |= PidDuty.Sections;
    }

    private void Close(int pid)
    {
        assemblers[pid] = null;
        pids[pid].Duty &= ~PidDuty.Sections;
    }

    private void Bad(int pid, int? table)
    {
        BadSections++;
        happened(Checks.BadSection, pid, table);
    }

    private void Whole(int pid, ReadOnlySpan<byte> bytes)
    {
        if (!Section.HasCrc(bytes)) // short: TDT, RST and stuffing change nothing here
        {
            valid(pid, bytes, assemblers[pid]!.FirstPacket);
            return;
        }
        if (Crc32Mpeg.Compute(bytes) != 0)
        {
            if (!IsChecked(bytes[0])) Bad(pid, bytes[0]);
            else
            {
                CrcErrors++;
                happened(Checks.CrcError, pid, bytes[0]);
            }
            return;
        }
        valid(pid, bytes, assemblers[pid]!.FirstPacket);
        if (bytes[0] == TableIds.TimeOffset) return;
        if (!Section.TryRead(bytes, out var section)) Bad(pid, bytes[0]);
        else if (section.Current) Dispatch(pid, section);
    }

    // TR 101 290 2.2 is about these: CAT, PAT, PMT, NIT, SDT, BAT, EIT, TOT.
    private static bool IsChecked(byte table) => table is TableIds.ProgramAssociation or TableIds.ConditionalAccess or TableIds.ProgramMap or TableIds.NetworkActual or TableIds.NetworkOther
        or TableIds.ServiceActual or TableIds.ServiceOther or TableIds.Bouquet or >= TableIds.EventActual and <= TableIds.LastEvent or TableIds.TimeOffset;

    private void Dispatch(int pid, in Section section)
    {
        switch (section.TableId)
        {
            case TableIds.ProgramAssociation when pid == Pids.ProgramAssociation: TakePat(section); break;
            case TableIds.ConditionalAccess when pid == Pids.ConditionalAccess: TakeCat(section); break;
            case TableIds.ProgramMap when pmtPids.Contains(pid): TakePmt(pid, section); break;
            case TableIds.ServiceActual when pid == Pids.Service: TakeSdt(section); break;
            case TableIds.NetworkActual when pid == networkPid: TakeNit(section); break;
            default: break;
        }
    }

    private void TakePat(in Section section)
    {
        if (!pat.Add(section)) return;
        var programs = new List<PatEntry>();
        foreach (var body in pat.Bodies)
        {
            if (Tables.ProgramAssociation(body) is not { } part)
            {
                Bad(Pids.ProgramAssociation, section.TableId);
                return;
            }
            programs.AddRange(part);
        }
        TransportStreamId = section.Extension;
        directory.Take(section.Extension, programs, now);
        Listen(programs.Where(p => p.ProgramNumber == 0).Select(p => (int?)p.Pid).FirstOrDefault() ?? Pids.Network);
    }

    // A PID that the new PAT does not name loses its reader, and with it what was unfinished.
    private void Listen(int newNetworkPid)
    {
        var wanted = directory.PmtPids.Where(pid => !FixedPids.Contains(pid) && pid != Pids.Null).ToHashSet();
        foreach (var pid in pmtPids.Append(networkPid).Where(pid => !wanted.Contains(pid) && !FixedPids.Contains(pid))) Close(pid);
        pmtPids.Clear();
        pmtPids.UnionWith(wanted);
        networkPid = newNetworkPid;
        if (networkPid != Pids.Null) Open(networkPid, SectionAssembler.MaxSection);
        foreach (var pid in wanted) Open(pid, SectionAssembler.MaxProgramSection);
        changed();
    }

    private void TakeCat(in Section section)
    {
        if (!cat.Add(section)) return;
        EmmPids = [.. cat.Bodies.SelectMany(body => Tables.ConditionalAccessPids(body)).Distinct()];
        changed();
    }

    private void TakePmt(int pid, in Section section)
    {
        if (directory.Expect(section.Extension, pid, section.Crc, now) is not { } service) return;
        if (Tables.ProgramMap(section.Body) is { } map)
        {
            service.Map = map;
            changed();
        }
        else Bad(pid, section.TableId);
    }

    private void TakeSdt(in Section section)
    {
        if (!sdt.Add(section)) return;
        var services = new List<SdtService>();
        var network = 0;
        foreach (var body in sdt.Bodies)
        {
            if (Tables.ServiceDescription(body, text) is not { } part)
            {
                Bad(Pids.Service, section.TableId);
                return;
            }
            network = part.OriginalNetworkId;
            services.AddRange(part.Services);
        }
        directory.Take(network, services, now);
    }

    private void TakeNit(in Section section)
    {
        if (nit.Add(section)) NetworkName = nit.Bodies.Select(body => Tables.NetworkName(body, text)).FirstOrDefault(name => name is not null);
    }
}
