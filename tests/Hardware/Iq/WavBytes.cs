using System.Text;

namespace SignalWatch.Tests;

/// <summary>Writes WAV files as programs do, right and wrong.</summary>
internal static class WavBytes
{
    public static byte[] Chunk(string id, byte[] body, uint? length = null) =>
        [.. Encoding.ASCII.GetBytes(id), .. BitConverter.GetBytes(length ?? (uint)body.Length), .. body, .. new byte[body.Length & 1]];

    public static byte[] Format(int tag, int channels, int rate, int bits, bool extensible = false)
    {
        var each = channels * bits / 8;
        byte[] body = [.. Short(extensible ? 0xFFFE : tag), .. Short(channels), .. BitConverter.GetBytes(rate), .. BitConverter.GetBytes(rate * each), .. Short(each), .. Short(bits)];
        // WAVE_FORMAT_EXTENSIBLE: 22 more bytes, valid bits, speakers, then a GUID that begins with the tag.
        if (extensible) body = [.. body, .. Short(22), .. Short(bits), 3, 0, 0, 0, .. Short(tag), 0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71];
        return Chunk("fmt ", body);
    }

    public static byte[] File(params byte[][] chunks) => Riff("RIFF", chunks);

    public static byte[] Riff(string kind, params byte[][] chunks)
    {
        byte[] body = [.. "WAVE"u8, .. chunks.SelectMany(c => c)];
        return [.. Encoding.ASCII.GetBytes(kind), .. BitConverter.GetBytes(kind == "RIFF" ? (uint)body.Length : uint.MaxValue), .. body];
    }

    /// <summary>The first 36 bytes of the chunk that SpectraVue, Winrad and HDSDR write.</summary>
    public static byte[] Auxi(DateTime start, uint centerHz)
    {
        byte[] time = [.. Short(start.Year), .. Short(start.Month), .. Short((int)start.DayOfWeek), .. Short(start.Day), .. Short(start.Hour), .. Short(start.Minute), .. Short(start.Second), .. Short(start.Millisecond)];
        return Chunk("auxi", [.. time, .. time, .. BitConverter.GetBytes(centerHz), .. new byte[128]]);
    }

    public static byte[] Short(int value) => BitConverter.GetBytes((ushort)value);
}
