namespace SignalWatch.TransportStream.Tests;

/// <summary>A recording of 188-byte packets → its sections → a table archive. PMTs are opened when the PAT names them, as the tool that made the references does it.</summary>
internal sealed class TablesWalker
{
    private const int PacketBytes = 188;

    private readonly Dictionary<int, PidState> pids = [];
    private long index;

    private TablesWalker(IEnumerable<int> opened)
    {
        Archive.Completed = table =>
        {
            if (table is not { TableId: 0, Pid: 0, IsCurrent: true }) return;
            foreach (var service in table.Read(DvbCharset.Iso6937).Named("service")) Open(Convert.ToInt32(service["program_map_PID"], 16));
        };
        foreach (var pid in opened) Open(pid);
    }

    public TableArchive Archive { get; } = new(maxBytes: 1 << 26);

    /// <summary>Every section that came, with a right CRC where it has one.</summary>
    public List<(int Pid, byte[] Bytes)> Sections { get; } = [];

    public static TablesWalker Of(string path, params int[] pids)
    {
        var walker = new TablesWalker(pids);
        var bytes = File.ReadAllBytes(path);
        for (var at = 0; at + PacketBytes <= bytes.Length; at += PacketBytes, walker.index++) walker.Push(bytes.AsSpan(at, PacketBytes));
        return walker;
    }

    private void Open(int pid) => pids.TryAdd(pid, new PidState(new SectionAssembler(pid, SectionAssembler.MaxSection, Whole, _ => { })));

    private void Push(ReadOnlySpan<byte> packet)
    {
        var header = 4 + ((packet[3] & 0x20) != 0 ? 1 + packet[4] : 0);
        if (!pids.TryGetValue((packet[1] & 0x1F) << 8 | packet[2], out var pid) || (packet[3] & 0x10) == 0 || (packet[1] & 0x80) != 0 || header >= PacketBytes) return;
        var continuity = packet[3] & 0xF;
        if (pid.Continuity == continuity) return; // sent twice
        if (pid.Continuity >= 0 && pid.Continuity != (continuity + 15 & 15)) pid.Assembler.Drop();
        pid.Continuity = continuity;
        var payload = packet[header..];
        if ((packet[1] & 0x40) == 0)
        {
            pid.Assembler.Push(payload, unitStart: false);
            return;
        }
        if (payload[0] >= payload.Length) return;
        // In two steps, so that what ends before the pointer is told from what begins behind it.
        pid.Assembler.Push(payload.Slice(1, payload[0]), unitStart: false);
        pid.Began = index;
        pid.Assembler.Push([0, .. payload[(1 + payload[0])..]], unitStart: true);
    }

    private void Whole(int pid, ReadOnlySpan<byte> section)
    {
        if (Section.HasCrc(section) && Crc32Mpeg.Compute(section) != 0) return;
        Sections.Add((pid, section.ToArray()));
        Archive.Add(pid, section, index, pids[pid].Began);
    }

    private sealed class PidState(SectionAssembler assembler)
    {
        public SectionAssembler Assembler => assembler;

        public int Continuity { get; set; } = -1;

        public long Began { get; set; }
    }
}
