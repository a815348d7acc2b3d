using System.Buffers.Binary;
using System.Text;

namespace SignalWatch.TransportStream.Tests;

/// <summary>Writes small transport streams, packet by packet, with everything right unless a test asks for a fault.</summary>
internal sealed class StreamBuilder
{
    private readonly List<byte> bytes = [];
    private readonly Dictionary<int, int> counters = [];

    public byte[] ToArray() => [.. bytes];

    public int Packets => bytes.Count / 188;

    public StreamBuilder Raw(params byte[] raw)
    {
        bytes.AddRange(raw);
        return this;
    }

    public StreamBuilder Packet(int pid, bool unitStart = false, ReadOnlySpan<byte> payload = default, int? cc = null, int afc = 1, bool discontinuity = false, long? pcr = null, int tsc = 0, bool damaged = false)
    {
        var packet = new byte[188];
        packet.AsSpan().Fill(0xFF);
        var next = counters.TryGetValue(pid, out var last) ? ((afc & 1) != 0 ? last + 1 : last) & 15 : 0;
        var counter = cc ?? next;
        counters[pid] = counter;
        packet[0] = 0x47;
        packet[1] = (byte)((damaged ? 0x80 : 0) | (unitStart ? 0x40 : 0) | pid >> 8);
        packet[2] = (byte)pid;
        if (discontinuity || pcr is not null) afc |= 2;
        packet[3] = (byte)(tsc << 6 | afc << 4 | counter);
        var at = 4;
        if ((afc & 2) != 0)
        {
            packet[4] = (byte)((afc & 1) != 0 ? 7 : 183);
            packet[5] = (byte)((discontinuity ? 0x80 : 0) | (pcr is not null ? 0x10 : 0));
            if (pcr is { } clock) BinaryPrimitives.WriteUInt64BigEndian(packet.AsSpan(4), BinaryPrimitives.ReadUInt64BigEndian(packet.AsSpan(4)) & 0xFFFF_0000_0000_0000 | (ulong)(clock / 300 % (1L << 33)) << 15 | 0x7E00 | (ulong)(clock % 300));
            at = 12;
        }
        if ((afc & 1) != 0)
        {
            if (payload.IsEmpty) BinaryPrimitives.WriteInt64LittleEndian(packet.AsSpan(180), Packets); // no two packets alike
            else payload.CopyTo(packet.AsSpan(at));
        }
        bytes.AddRange(packet);
        return this;
    }

    public StreamBuilder Repeat() => Raw([.. bytes[^188..]]);

    public StreamBuilder Section(int pid, byte[] section)
    {
        byte[] rest = [0, .. section];
        for (var first = true; rest.Length > 0; first = false)
        {
            var take = Math.Min(184, rest.Length);
            Packet(pid, first, rest.AsSpan(0, take));
            rest = rest[take..];
        }
        return this;
    }

    public StreamBuilder Pat(int streamId, int version, params (int Service, int Pid)[] programs) =>
        Section(0, Long(0x00, streamId, version, [.. programs.SelectMany(p => Words(p.Service, 0xE000 | p.Pid))]));

    public StreamBuilder Pmt(int pid, int service, int version, int pcrPid, params int[] components) =>
        Section(pid, Long(0x02, service, version, [.. Words(0xE000 | pcrPid, 0xF000), .. components.SelectMany(c => (byte[])[0x1B, .. Words(0xE000 | c, 0xF000)])]));

    public StreamBuilder Sdt(int streamId, int network, int version, params (int Service, string Name)[] services) =>
        Section(0x11, Long(0x42, streamId, version, [.. Words(network), 0xFF, .. services.SelectMany(s => SdtEntry(s.Service, s.Name))]));

    public StreamBuilder Video(int pid, int count, int tsc = 0)
    {
        for (var i = 0; i < count; i++) Packet(pid, tsc: tsc);
        return this;
    }

    public static byte[] Long(int tableId, int extension, int version, byte[] body, int number = 0, int last = 0)
    {
        byte[] section = [(byte)tableId, .. Words(0xB000 | body.Length + 9), .. Words(extension), (byte)(0xC1 | version << 1), (byte)number, (byte)last, .. body, 0, 0, 0, 0];
        BinaryPrimitives.WriteUInt32BigEndian(section.AsSpan(section.Length - 4), Crc(section.AsSpan(0, section.Length - 4)));
        return section;
    }

    // Written from the polynomial, apart from the product's table.
    public static uint Crc(ReadOnlySpan<byte> data)
    {
        var crc = uint.MaxValue;
        foreach (var value in data)
            for (var bit = 7; bit >= 0; bit--)
            {
                var top = crc >> 31 ^ (uint)(value >> bit & 1);
                crc = crc << 1 ^ (top == 1 ? 0x04C11DB7u : 0);
            }
        return crc;
    }

    private static byte[] SdtEntry(int service, string name)
    {
        byte[] text = [0x15, .. Encoding.UTF8.GetBytes(name)];
        byte[] descriptor = [0x48, (byte)(text.Length + 3), 0x01, 0, (byte)text.Length, .. text];
        return [.. Words(service), 0xFC, .. Words(0x8000 | descriptor.Length), .. descriptor];
    }

    private static byte[] Words(params int[] values) => [.. values.SelectMany(v => new[] { (byte)(v >> 8), (byte)v })];
}
