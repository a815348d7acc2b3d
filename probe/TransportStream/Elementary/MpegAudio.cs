namespace SignalWatch.TransportStream;

/// <summary>Frame header of MPEG audio, layers I to III (ISO/IEC 11172-3 2.4.2.3; lower sampling frequencies ISO/IEC 13818-3 2.4.2.3).</summary>
internal static class MpegAudio
{
    // kb/s by bitrate_index: 11172-3 table in 2.4.2.3, 13818-3 in 2.4.2.3.
    private static readonly ushort[] Layer1 = [0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448];
    private static readonly ushort[] Layer2 = [0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384];
    private static readonly ushort[] Layer3 = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
    private static readonly ushort[] LowLayer1 = [0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256];
    private static readonly ushort[] LowLayers23 = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];
    private static readonly ushort[] Frequencies = [44100, 48000, 32000];

    public static bool Read(ReadOnlySpan<byte> bytes, out AudioFrame frame)
    {
        frame = default;
        if (bytes.Length < 4 || bytes[0] != 0xFF || (bytes[1] & 0xE0) != 0xE0) return false;
        var (id, layer) = (bytes[1] >> 3 & 3, 4 - (bytes[1] >> 1 & 3));
        var (rateIndex, frequencyIndex) = (bytes[2] >> 4, bytes[2] >> 2 & 3);
        // Version 2.5 is no standard's; index 0 is a free format, whose frames have no known length.
        if (id is 0 or 1 || layer == 4 || rateIndex is 0 or 15 || frequencyIndex == 3 || (bytes[3] & 3) == 2) return false;
        var low = id == 2;
        var rate = Rates(layer, low)[rateIndex] * 1000;
        var frequency = Frequencies[frequencyIndex] / (low ? 2 : 1);
        var padding = bytes[2] >> 1 & 1;
        var length = layer switch
        {
            1 => (12 * rate / frequency + padding) * 4,
            3 when low => 72 * rate / frequency + padding,
            _ => 144 * rate / frequency + padding,
        };
        var mode = bytes[3] >> 6;
        frame = new AudioFrame(length, Codec(layer, low), null, frequency, mode == 3 ? 1 : 2,
            mode switch { 3 => AudioLayout.Mono, 2 => AudioLayout.DualMono, _ => AudioLayout.Stereo }, rate);
        return true;
    }

    private static ushort[] Rates(int layer, bool low) => (layer, low) switch
    {
        (1, false) => Layer1,
        (2, false) => Layer2,
        (3, false) => Layer3,
        (1, true) => LowLayer1,
        _ => LowLayers23,
    };

    private static string Codec(int layer, bool low) => (layer, low) switch
    {
        (1, false) => "MPEG-1 Layer I",
        (2, false) => "MPEG-1 Layer II",
        (3, false) => "MPEG-1 Layer III",
        (1, true) => "MPEG-2 Layer I",
        (2, true) => "MPEG-2 Layer II",
        _ => "MPEG-2 Layer III",
    };
}
