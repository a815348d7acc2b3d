using System.Buffers.Binary;

namespace SignalWatch.Collector.Evidence;

/// <summary>CRC-32 of ISO 3309 as zip has it (APPNOTE 4.4.7), eight bytes at a time. It guards nothing: a zip needs it before the bytes.</summary>
internal sealed class Crc32
{
    private static readonly uint[][] Tables = MakeTables();

    private uint value = uint.MaxValue;

    public uint Value => ~value;

    public static uint Of(ReadOnlySpan<byte> data)
    {
        var crc = new Crc32();
        crc.Append(data);
        return crc.Value;
    }

    public void Append(ReadOnlySpan<byte> data)
    {
        var crc = value;
        for (; data.Length >= sizeof(ulong); data = data[sizeof(ulong)..])
        {
            var (low, high) = (BinaryPrimitives.ReadUInt32LittleEndian(data) ^ crc, BinaryPrimitives.ReadUInt32LittleEndian(data[sizeof(uint)..]));
            crc = Tables[7][low & 0xff] ^ Tables[6][(low >> 8) & 0xff] ^ Tables[5][(low >> 16) & 0xff] ^ Tables[4][low >> 24]
                ^ Tables[3][high & 0xff] ^ Tables[2][(high >> 8) & 0xff] ^ Tables[1][(high >> 16) & 0xff] ^ Tables[0][high >> 24];
        }
        foreach (var b in data) crc = Tables[0][(crc ^ b) & 0xff] ^ (crc >> 8);
        value = crc;
    }

    private static uint[][] MakeTables()
    {
        const uint Polynomial = 0xedb88320;
        var tables = Enumerable.Range(0, sizeof(ulong)).Select(_ => new uint[256]).ToArray();
        for (uint i = 0; i < 256; i++)
        {
            var crc = i;
            for (var bit = 0; bit < 8; bit++) crc = (crc & 1) == 1 ? (crc >> 1) ^ Polynomial : crc >> 1;
            tables[0][i] = crc;
        }
        for (var t = 1; t < tables.Length; t++)
            for (var i = 0; i < 256; i++) tables[t][i] = tables[0][tables[t - 1][i] & 0xff] ^ (tables[t - 1][i] >> 8);
        return tables;
    }
}
