using System.Buffers.Binary;

namespace SignalWatch.TransportStream;

/// <summary>The CRC of sections: polynomial 0x04C11DB7, all ones at the start, not reflected (ISO/IEC 13818-1 annex A). Over a section with its CRC it is 0.</summary>
internal static class Crc32Mpeg
{
    private const uint Polynomial = 0x04C11DB7;
    private const int Slices = 8; // eight bytes a step: EIT is much of a stream's sections, and each is checked

    private static readonly uint[] Table = Build();

    public static uint Compute(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        var table = Table;
        while (bytes.Length >= Slices)
        {
            var high = crc ^ BinaryPrimitives.ReadUInt32BigEndian(bytes);
            var low = BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]);
            crc = table[7 * 256 + (int)(high >> 24)] ^ table[6 * 256 + (int)(high >> 16 & 0xFF)]
                ^ table[5 * 256 + (int)(high >> 8 & 0xFF)] ^ table[4 * 256 + (int)(high & 0xFF)]
                ^ table[3 * 256 + (int)(low >> 24)] ^ table[2 * 256 + (int)(low >> 16 & 0xFF)]
                ^ table[256 + (int)(low >> 8 & 0xFF)] ^ table[(int)(low & 0xFF)];
            bytes = bytes[Slices..];
        }
        foreach (var value in bytes) crc = crc << 8 ^ table[(int)(crc >> 24 ^ value)];
        return crc;
    }

    private static uint[] Build()
    {
        var table = new uint[Slices * 256];
        for (var value = 0; value < 256; value++)
        {
            var crc = (uint)value << 24;
            for (var bit = 0; bit < 8; bit++) crc = (crc & 0x8000_0000) != 0 ? crc << 1 ^ Polynomial : crc << 1;
            table[value] = crc;
        }
        for (var slice = 1; slice < Slices; slice++)
            for (var value = 0; value < 256; value++)
            {
                var before = table[(slice - 1) * 256 + value];
                table[slice * 256 + value] = before << 8 ^ table[(int)(before >> 24)];
            }
        return table;
    }
}
