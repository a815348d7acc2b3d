namespace SignalWatch.TransportStream.Tests;

/// <summary>Walks a recording of 188-byte packets through the buffers of all its components.</summary>
internal sealed class BuffersRecording
{
    private readonly byte[] bytes;
    private readonly Func<ComponentFormat, ComponentFormat> format;
    private readonly Dictionary<int, ClockMeter> clocks = [];
    private readonly Dictionary<int, (long Pcr, long Byte)> lastPcr = [];
    private readonly Dictionary<int, Component> components = [];
    private readonly Dictionary<int, SectionAssembler> sections = [];
    private readonly Dictionary<int, int> counters = [];
    private readonly Dictionary<int, SystemBuffer> systems = [];
    private readonly double bitrate;

    public BuffersRecording(string path, double bitrate, Func<ComponentFormat, ComponentFormat>? format = null)
    {
        bytes = File.ReadAllBytes(path);
        this.bitrate = bitrate;
        this.format = format ?? (f => f);
        sections[0] = new SectionAssembler(0, 1024, (_, s) => TakePat(s), _ => { });
    }

    public List<(long Packet, int Pid, BufferFaultAt Fault)> Faults { get; } = [];

    public int Units { get; private set; }

    public long Unusable => components.Values.Sum(c => c.Buffer?.Unusable ?? 0);

    public void Run()
    {
        for (var packet = 0; packet < bytes.Length / 188; packet++) Take(packet, bytes.AsSpan(packet * 188, 188));
    }

    private void Take(long packet, ReadOnlySpan<byte> p)
    {
        if (p[0] != 0x47 || (p[1] & 0x80) != 0)
        {
            LoseAll();
            return;
        }
        var pid = (p[1] & 0x1F) << 8 | p[2];
        var unitStart = (p[1] & 0x40) != 0;
        var hasAdaptation = (p[3] & 0x20) != 0;
        var hasPayload = (p[3] & 0x10) != 0;
        var discontinuity = hasAdaptation && p[4] > 0 && (p[5] & 0x80) != 0;
        if (hasPayload && pid != 0x1FFF)
        {
            var cc = p[3] & 15;
            if (counters.TryGetValue(pid, out var before))
            {
                if (cc == before) return;
                if (cc != (before + 1 & 15)) LoseAll();
            }
            counters[pid] = cc;
        }
        var byteIndex = packet * 188 + 10;
        if (hasAdaptation && p[4] >= 7 && (p[5] & 0x10) != 0)
        {
            if (!clocks.TryGetValue(pid, out var clock)) clocks[pid] = clock = new ClockMeter(pid);
            var pcr = ProgramClock.ReadPcr(p.Slice(6, 6));
            if (clock.Add(pcr, byteIndex, 0, discontinuity).Step is ClockStep.Jump or ClockStep.Signalled)
                foreach (var c in components.Values.Where(c => c.PcrPid == pid)) c.Buffer?.Restart();
            lastPcr[pid] = (pcr, byteIndex);
        }
        var payload = hasPayload ? p[Math.Min(188, hasAdaptation ? 5 + p[4] : 4)..] : default;
        if (sections.TryGetValue(pid, out var assembler) && hasPayload)
        {
            var system = systems.GetValueOrDefault(pid);
            if (!systems.ContainsKey(pid)) system.Configure(bitrate);
            if (system.Packet(packet * 188 * 8_000_000_000L / (long)bitrate, SectionBytes(payload), out var what, out var much, 1504e9 / bitrate)) Faults.Add((packet, pid, new BufferFaultAt(what, much, 0)));
            systems[pid] = system;
            assembler.Push(payload, unitStart);
        }
        if (components.TryGetValue(pid, out var component)) Feed(packet, pid, component, payload, unitStart, (p[3] & 0xC0) != 0, byteIndex);
    }

    private static int SectionBytes(ReadOnlySpan<byte> payload)
    {
        var end = payload.Length;
        while (end > 0 && payload[end - 1] == 0xFF) end--;
        return end;
    }

    private void Feed(long packet, int pid, Component component, ReadOnlySpan<byte> payload, bool unitStart, bool scrambled, long byteIndex)
    {
        if (component.Transport.Packet(packet * 188 * 8_000_000_000L / (long)bitrate, out var what, out var much, 1504e9 / bitrate)) Faults.Add((packet, pid, new BufferFaultAt(what, much, 512)));
        if (component.Buffer is not { } buffer || payload.IsEmpty) return;
        if (scrambled)
        {
            buffer.Restart();
            return;
        }
        if (!clocks.TryGetValue(component.PcrPid, out var clock) || clock.TicksPerByte is not { } rate || !lastPcr.TryGetValue(component.PcrPid, out var last)) return;
        var stc = (last.Pcr + (long)((byteIndex - last.Byte) * rate)) % ProgramClock.Cycle;
        Span<BufferFaultAt> faults = stackalloc BufferFaultAt[4];
        var count = 0;
        if (unitStart)
        {
            if (payload.Length < 9 || payload[0] != 0 || payload[1] != 0 || payload[2] != 1) return;
            var header = 9 + payload[8];
            var flags = payload[7] >> 6;
            if (flags != 0 && payload.Length >= 14)
            {
                var at = flags == 3 && payload.Length >= 19 ? 14 : 9;
                if (ProgramClock.TryReadTimestamp(payload[at..], out var dts))
                {
                    count = buffer.AccessUnit(dts, stc, faults);
                    Units++;
                }
            }
            for (var i = 0; i < count; i++) Faults.Add((packet, pid, faults[i]));
            payload = payload[Math.Min(header, payload.Length)..];
        }
        count = buffer.Payload(payload.Length, stc, faults);
        for (var i = 0; i < count; i++) Faults.Add((packet, pid, faults[i]));
    }

    private void LoseAll()
    {
        foreach (var clock in clocks.Values) clock.Loss();
        foreach (var c in components.Values)
        {
            c.Buffer?.Restart();
            c.Transport.Restart();
        }
    }

    private void TakePat(ReadOnlySpan<byte> section)
    {
        if (!Section.TryRead(section, out var read) || read.TableId != 0 || Tables.ProgramAssociation(read.Body) is not { } programs) return;
        foreach (var program in programs.Where(p => p.ProgramNumber != 0))
            if (!sections.ContainsKey(program.Pid)) sections[program.Pid] = new SectionAssembler(program.Pid, 1024, (_, s) => TakePmt(s), _ => { });
    }

    private void TakePmt(ReadOnlySpan<byte> section)
    {
        if (!Section.TryRead(section, out var read) || read.TableId != 2) return;
        var reader = new BitReader(read.Body);
        reader.Skip(3);
        var pcrPid = reader.Int(13);
        reader.Skip(4);
        reader.Bytes(reader.Int(12));
        while (reader.BytesLeft > 0)
        {
            var type = reader.Int(8);
            reader.Skip(3);
            var pid = reader.Int(13);
            reader.Skip(4);
            var descriptors = reader.Bytes(reader.Int(12));
            if (reader.Failed || components.ContainsKey(pid)) continue;
            var found = format(Format(type, descriptors));
            var buffers = BufferModel.Of(found);
            var component = new Component { PcrPid = pcrPid, Format = found, Buffer = buffers.Decoder is { } settings ? new DecoderBuffer(settings) : null };
            component.Transport.Configure(buffers.TransportBps, buffers.TransportBytes);
            components[pid] = component;
        }
    }

    private static ComponentFormat Format(int type, ReadOnlySpan<byte> descriptors)
    {
        (ComponentKind Kind, string? Codec) kind = type switch
        {
            1 => (ComponentKind.Video, "MPEG-1 Video"),
            2 => (ComponentKind.Video, "MPEG-2 Video"),
            3 or 4 => (ComponentKind.Audio, "MPEG-1 Layer II"),
            0x0F or 0x11 => (ComponentKind.Audio, "AAC"),
            0x1B => (ComponentKind.Video, "H.264"),
            0x24 => (ComponentKind.Video, "HEVC"),
            0x81 => (ComponentKind.Audio, "AC-3"),
            _ => (ComponentKind.Unknown, null),
        };
        for (var at = 0; at + 1 < descriptors.Length; at += 2 + descriptors[at + 1])
        {
            if (type != 6) continue;
            kind = descriptors[at] switch
            {
                0x6A => (ComponentKind.Audio, "AC-3"),
                0x7A => (ComponentKind.Audio, "E-AC-3"),
                0x56 => (ComponentKind.Teletext, null),
                0x59 => (ComponentKind.Subtitle, null),
                _ => kind,
            };
        }
        return new ComponentFormat { Kind = kind.Kind, Codec = kind.Codec };
    }

    private sealed class Component
    {
        public TransportBuffer Transport;
        public required DecoderBuffer? Buffer;
        public required int PcrPid;
        public required ComponentFormat Format;
    }
}
