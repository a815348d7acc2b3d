using System.Buffers.Binary;
using System.Text;

namespace SignalWatch.Simulation.TransportStream;

/// <summary>Builds the PSI and SI sections of a small multiplex (ISO/IEC 13818-1 2.4.4, EN 300 468 clause 5).</summary>
internal static class Section
{
    private static readonly uint[] CrcTable = CreateCrcTable();
    private static readonly Encoding Gb18030 = CreateGb18030();

    /// <summary>Program association section: network PID for programme 0, then the PMT PIDs.</summary>
    public static byte[] Pat(int transportStreamId, int version, IEnumerable<(int Program, int Pid)> programmes)
    {
        var body = new List<byte>();
        foreach (var (program, pid) in programmes.Prepend((0, 0x10)))
        {
            Put16(body, program);
            Put16(body, 0xE000 | pid);
        }
        return Long(0x00, transportStreamId, version, body, dvb: false);
    }

    /// <summary>Program map section with one video (H.264, type 0x1B) and one sound stream (MPEG-1 layer II, type 0x03).</summary>
    public static byte[] Pmt(int program, int version, int videoPid, int soundPid)
    {
        var body = new List<byte>();
        Put16(body, 0xE000 | videoPid); // PCR_PID
        Put16(body, 0xF000);
        foreach (var (type, pid) in new[] { (0x1B, videoPid), (0x03, soundPid) })
        {
            body.Add((byte)type);
            Put16(body, 0xE000 | pid);
            Put16(body, 0xF000);
        }
        return Long(0x02, program, version, body, dvb: false);
    }

    /// <summary>Service description section, actual transport stream.</summary>
    public static byte[] Sdt(int transportStreamId, int originalNetworkId, int version, IEnumerable<ServiceScene> services)
    {
        var body = new List<byte>();
        Put16(body, originalNetworkId);
        body.Add(0xFF);
        foreach (var service in services)
        {
            var provider = Coded(service.Provider, service.Coding);
            var name = Coded(service.Name, service.Coding);
            const int DigitalTelevision = 0x01;
            byte[] descriptor = [0x48, (byte)(3 + provider.Length + name.Length), DigitalTelevision, (byte)provider.Length, .. provider, (byte)name.Length, .. name];
            Put16(body, service.ServiceId);
            body.Add(0xFC); // no EIT
            Put16(body, 4 << 13 | descriptor.Length); // running, not scrambled
            body.AddRange(descriptor);
        }
        return Long(0x42, transportStreamId, version, body, dvb: true);
    }

    /// <summary>Network information section, actual network, with this one transport stream.</summary>
    public static byte[] Nit(int networkId, string networkName, int transportStreamId, int originalNetworkId, int version)
    {
        var name = Coded(networkName, NameCoding.Utf8);
        var body = new List<byte>();
        Put16(body, 0xF000 | 2 + name.Length);
        body.AddRange([0x40, (byte)name.Length, .. name]);
        Put16(body, 0xF000 | 6);
        Put16(body, transportStreamId);
        Put16(body, originalNetworkId);
        Put16(body, 0xF000);
        return Long(0x40, networkId, version, body, dvb: true);
    }

    /// <summary>Time and date section (UTC, EN 300 468 5.2.5); it has no CRC.</summary>
    public static byte[] Tdt(DateTimeOffset at)
    {
        var utc = at.UtcDateTime;
        var day = (int)(utc.Date - new DateTime(1858, 11, 17, 0, 0, 0, DateTimeKind.Utc)).TotalDays; // modified Julian date
        return [0x70, 0x70, 5, (byte)(day >> 8), (byte)day, Bcd(utc.Hour), Bcd(utc.Minute), Bcd(utc.Second)];
    }

    /// <summary>CRC-32/MPEG-2: polynomial 04C11DB7, all ones at the start, not reflected (ISO/IEC 13818-1 annex A).</summary>
    public static uint Crc(ReadOnlySpan<byte> bytes)
    {
        var crc = 0xFFFFFFFFu;
        foreach (var b in bytes) crc = crc << 8 ^ CrcTable[(crc >> 24 ^ b) & 0xFF];
        return crc;
    }

    // EN 300 468 annex A: 0x15 announces UTF-8, 0x13 the Chinese set of GB-2312-80, in practice its superset GB18030.
    private static byte[] Coded(string text, NameCoding coding) =>
        coding == NameCoding.Utf8 ? [0x15, .. Encoding.UTF8.GetBytes(text)] : [0x13, .. Gb18030.GetBytes(text)];

    private static byte[] Long(int tableId, int extension, int version, List<byte> body, bool dvb)
    {
        var section = new byte[8 + body.Count + 4];
        section[0] = (byte)tableId;
        BinaryPrimitives.WriteUInt16BigEndian(section.AsSpan(1), (ushort)((dvb ? 0xF000 : 0xB000) | section.Length - 3));
        BinaryPrimitives.WriteUInt16BigEndian(section.AsSpan(3), (ushort)extension);
        section[5] = (byte)(0xC1 | (version & 31) << 1); // current
        body.CopyTo(section, 8);
        BinaryPrimitives.WriteUInt32BigEndian(section.AsSpan(section.Length - 4), Crc(section.AsSpan(0, section.Length - 4)));
        return section;
    }

    private static void Put16(List<byte> to, int value) => to.AddRange([(byte)(value >> 8), (byte)value]);

    private static byte Bcd(int value) => (byte)(value / 10 << 4 | value % 10);

    private static uint[] CreateCrcTable()
    {
        var table = new uint[256];
        for (var i = 0u; i < 256; i++)
        {
            var crc = i << 24;
            for (var bit = 0; bit < 8; bit++) crc = (crc & 0x80000000) != 0 ? crc << 1 ^ 0x04C11DB7 : crc << 1;
            table[i] = crc;
        }
        return table;
    }

    private static Encoding CreateGb18030() => CodePagesEncodingProvider.Instance.GetEncoding("GB18030")!;
}
