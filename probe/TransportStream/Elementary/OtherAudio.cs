namespace SignalWatch.TransportStream;

/// <summary>DTS core frames (ETSI TS 102 114 clause 5.3.1).</summary>
internal static class DtsAudio
{
    private static readonly int[] Frequencies = [0, 8000, 16000, 32000, 0, 0, 11025, 22050, 44100, 0, 0, 12000, 24000, 48000, 0, 0]; // SFREQ, table 5-5

    // RATE, table 5-7, b/s; the codes behind are open, variable and lossless.
    private static readonly int[] Rates = [32_000, 56_000, 64_000, 96_000, 112_000, 128_000, 192_000, 224_000, 256_000, 320_000, 384_000, 448_000, 512_000, 576_000, 640_000, 768_000, 960_000, 1_024_000, 1_152_000, 1_280_000, 1_344_000, 1_408_000, 1_411_200, 1_472_000, 1_536_000];
    private static ReadOnlySpan<byte> ChannelCounts => [1, 2, 2, 2, 2, 3, 3, 4, 4, 5]; // AMODE, table 5-4

    public static bool Read(ReadOnlySpan<byte> bytes, out AudioFrame frame)
    {
        frame = default;
        if (bytes.Length < 12 || bytes[0] != 0x7F || bytes[1] != 0xFE || bytes[2] != 0x80 || bytes[3] != 0x01) return false;
        var reader = new BitReader(bytes[4..]);
        reader.Skip(1 + 5 + 1 + 7); // FTYPE, SHORT, CPF, NBLKS
        var (length, mode, frequency, rate) = (reader.Int(14) + 1, reader.Int(6), Frequencies[reader.Int(4)], reader.Int(5));
        reader.Skip(1 + 1 + 1 + 1 + 1 + 3 + 1 + 1); // up to ASPF
        var lfe = reader.Int(2) is 1 or 2 ? 1 : 0;
        if (length < 96 || frequency == 0 || mode >= ChannelCounts.Length) return false;
        var channels = ChannelCounts[mode];
        frame = new AudioFrame(length, Codecs.Dts, null, frequency, channels + lfe, mode == 1 ? AudioLayout.DualMono : AudioLayout.OfCounts(channels, lfe), rate < Rates.Length ? Rates[rate] : null);
        return true;
    }
}

/// <summary>DRA frames (GB/T 22726 frame header: sync word 0x7FFF, header type, length in words of 32 bits).</summary>
internal static class DraAudio
{
    private static readonly int[] Frequencies = [8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000, 88200, 96000, 176400, 192000]; // nSampleRateIndex

    public static bool Read(ReadOnlySpan<byte> bytes, out AudioFrame frame)
    {
        frame = default;
        if (bytes.Length < 8 || bytes[0] != 0x7F || bytes[1] != 0xFF) return false;
        var reader = new BitReader(bytes[2..]);
        var extended = reader.Flag(); // nFrmHeaderType
        var length = 4 * reader.Int(extended ? 13 : 10);
        reader.Skip(2); // nNumBlocksPerFrm
        var frequency = reader.Int(4);
        var (normal, low) = extended ? (reader.Int(6) + 1, reader.Int(2)) : (reader.Int(3) + 1, reader.Int(1));
        if (length < 8 || frequency >= Frequencies.Length) return false;
        frame = new AudioFrame(length, Codecs.Dra, null, Frequencies[frequency], normal + low, AudioLayout.OfCounts(normal, low), null);
        return true;
    }
}

/// <summary>Audio Vivid in AATF (T/UWA 009.1, T/AI 109.3: aatf_frame_header of the general codec, audio_codec_id 2).</summary>
internal static class AudioVivid
{
    private const int GeneralCodec = 2;

    private static readonly int[] Frequencies = [192000, 96000, 48000, 44100, 32000, 24000, 22050, 16000, 8000]; // sampling_frequency_index

    public static bool Read(ReadOnlySpan<byte> bytes, out AudioFrame frame)
    {
        frame = default;
        if (bytes.Length < 8 || bytes[0] != 0xFF || bytes[1] != (0xF0 | GeneralCodec)) return false;
        var reader = new BitReader(bytes[2..]);
        reader.Skip(1 + 3); // anc_data_index, nn_type
        var (profile, frequency) = (reader.Int(3), reader.Int(4));
        reader.Skip(8); // aatf_error_check
        if (frequency >= Frequencies.Length) return false;
        var (channels, layout) = profile switch
        {
            0 => Bed(reader.Int(7)),
            1 => Objects(ref reader),
            _ => (0, null), // FOA and HOA: the meaning of order is not public
        };
        if (channels == 0) return false;
        frame = new AudioFrame(AudioFrame.UnknownLength, Codecs.AudioVivid, profile == 0 ? "Basic" : "Objects", Frequencies[frequency], channels, layout, null);
        return true;
    }

    // channel_number_index
    private static (int, string?) Bed(int index) => index switch
    {
        0 => (1, AudioLayout.Mono),
        1 => (2, AudioLayout.Stereo),
        2 => (6, "5.1"),
        3 => (8, "7.1"),
        7 => (8, "5.1.2"),
        8 => (10, "5.1.4"),
        9 => (10, "7.1.2"),
        10 => (12, "7.1.4"),
        _ => (0, null),
    };

    // soundBedType: objects alone, or after a bed.
    private static (int, string?) Objects(ref BitReader reader)
    {
        switch (reader.Int(2))
        {
            case 0:
                return (reader.Int(7) + 1, null);
            case 1:
                var (bed, layout) = Bed(reader.Int(7));
                reader.Skip(4);
                return bed == 0 ? (0, null) : (bed + reader.Int(7) + 1, layout);
            default:
                return (0, null);
        }
    }
}
