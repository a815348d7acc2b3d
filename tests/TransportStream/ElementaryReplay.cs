using System.Buffers.Binary;

namespace SignalWatch.TransportStream.Tests;

/// <summary>A component as the readers of elementary streams see it in a file.</summary>
internal sealed class ReplayedComponent(int streamType, ComponentClass declared, bool pes)
{
    public int StreamType { get; } = streamType;
    public ComponentClass Declared { get; } = declared;
    public bool CarriesPes { get; } = pes;
    public FormatReader Reader { get; } = new(declared.Format, streamType);
    public ElementaryClock Clock { get; } = new();
    public int BadHeaders { get; set; }
    public int FormatChanges { get; set; }
    public int LastCounter { get; set; } = -1;
}

/// <summary>Plays a file through the readers, one component each, in the way of the analyser: tables first, then packets in order. A packet takes 0.1 ms.</summary>
internal sealed class ElementaryReplay
{
    public const long PacketNs = 100_000;

    public SortedDictionary<int, ReplayedComponent> Components { get; } = [];

    public static ElementaryReplay Of(byte[] file, bool clearTransportBits = false)
    {
        var replay = new ElementaryReplay();
        replay.ReadTables(file);
        replay.Play(file, clearTransportBits);
        return replay;
    }

    public static IEnumerable<byte[]> Packets(byte[] file)
    {
        for (var at = 0; at + 188 <= file.Length; at += 188) yield return file[at..(at + 188)];
    }

    public static int Pid(ReadOnlySpan<byte> packet) => BinaryPrimitives.ReadUInt16BigEndian(packet[1..]) & 0x1FFF;

    public static ReadOnlySpan<byte> Payload(ReadOnlySpan<byte> packet)
    {
        if ((packet[3] & 0x10) == 0 || (packet[1] & 0x80) != 0) return default;
        var start = (packet[3] & 0x20) != 0 ? 5 + packet[4] : 4;
        return start < packet.Length ? packet[start..] : default;
    }

    private void Play(byte[] file, bool clearTransportBits)
    {
        long time = 0;
        foreach (var packet in Packets(file))
        {
            time += PacketNs;
            if (!Components.TryGetValue(Pid(packet), out var component) || !component.CarriesPes) continue;
            if (!clearTransportBits && (packet[3] & 0xC0) != 0) continue;
            Take(component, packet, time);
        }
    }

    public static void Take(ReplayedComponent component, ReadOnlySpan<byte> packet, long time)
    {
        var payload = Payload(packet);
        if (payload.IsEmpty) return;
        var counter = packet[3] & 15;
        if (component.LastCounter >= 0 && counter != ((component.LastCounter + 1) & 15)) component.Reader.Loss();
        component.LastCounter = counter;
        var before = component.Reader.Format;
        if ((packet[1] & 0x40) == 0)
        {
            if (component.Reader.Wants) component.Reader.Continue(payload);
        }
        else if (PesHeader.TryRead(payload, out var header) is var parse && parse == PesParse.Ok)
        {
            component.Clock.Add(header.Pts90k, header.Dts90k, time, null);
            component.Reader.Start(header, payload[header.HeaderBytes..], time);
        }
        else
        {
            component.BadHeaders++;
            component.Reader.NoHeader(parse);
        }
        if (!ReferenceEquals(before, component.Reader.Format)) component.FormatChanges++;
    }

    private void ReadTables(byte[] file)
    {
        HashSet<int> maps = [];
        Sections(file, pid => pid == 0, (_, section) =>
        {
            for (var at = 8; at + 4 <= section.Length - 4; at += 4)
                if (BinaryPrimitives.ReadUInt16BigEndian(section.AsSpan(at)) != 0) maps.Add(BinaryPrimitives.ReadUInt16BigEndian(section.AsSpan(at + 2)) & 0x1FFF);
        });
        Sections(file, maps.Contains, (_, section) =>
        {
            if (section[0] != 2) return;
            var programLength = BinaryPrimitives.ReadUInt16BigEndian(section.AsSpan(10)) & 0xFFF;
            var program = section.AsSpan(12, programLength).ToArray();
            for (var at = 12 + programLength; at + 5 <= section.Length - 4;)
            {
                var length = BinaryPrimitives.ReadUInt16BigEndian(section.AsSpan(at + 3)) & 0xFFF;
                var (type, pid) = (section[at], BinaryPrimitives.ReadUInt16BigEndian(section.AsSpan(at + 1)) & 0x1FFF);
                var descriptors = section.AsSpan(at + 5, length);
                if (!Components.ContainsKey(pid))
                    Components[pid] = new ReplayedComponent(type, ComponentClassifier.Classify(type, descriptors, program), ComponentClassifier.CarriesPes(type, descriptors, program));
                at += 5 + length;
            }
        });
    }

    private static void Sections(byte[] file, Func<int, bool> wanted, Action<int, byte[]> take)
    {
        Dictionary<int, SectionAssembler> assemblers = [];
        foreach (var packet in Packets(file))
        {
            var pid = Pid(packet);
            if (!wanted(pid)) continue;
            if (!assemblers.TryGetValue(pid, out var assembler))
                assemblers[pid] = assembler = new SectionAssembler(pid, SectionAssembler.MaxProgramSection, (p, section) => { if (Crc32Mpeg.Compute(section) == 0) take(p, section.ToArray()); }, _ => { });
            var payload = Payload(packet);
            if (!payload.IsEmpty) assembler.Push(payload, (packet[1] & 0x40) != 0);
        }
    }
}
