namespace SignalWatch.TransportStream;

/// <summary>AAC in ADTS (ISO/IEC 13818-7 6.2) and in LOAS (ISO/IEC 14496-3 1.7).</summary>
internal static class AacAudio
{
    private const int AdtsHeader = 7;
    private const int ProgramConfigElement = 5; // id_syn_ele, ISO/IEC 13818-7 table 20
    private const int Sbr = 5;                  // audio object types, ISO/IEC 14496-3 table 1.17
    private const int Ps = 29;

    // sampling_frequency_index, ISO/IEC 14496-3 table 1.18.
    private static readonly int[] Frequencies = [96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350];

    // channelConfiguration, ISO/IEC 14496-3 table 1.19: channels with the low-frequency one.
    private static ReadOnlySpan<byte> ChannelCounts => [0, 1, 2, 3, 4, 5, 6, 8];

    /// <summary>A frame of ADTS.</summary>
    public static bool ReadAdts(ReadOnlySpan<byte> bytes, out AudioFrame frame)
    {
        frame = default;
        if (bytes.Length < AdtsHeader || bytes[0] != 0xFF || (bytes[1] & 0xF6) != 0xF0) return false; // sync word, layer 00
        var (profile, frequency, configuration) = (bytes[2] >> 6, bytes[2] >> 2 & 15, (bytes[2] & 1) << 2 | bytes[3] >> 6);
        var length = (bytes[3] & 3) << 11 | bytes[4] << 3 | bytes[5] >> 5;
        var hasCrc = (bytes[1] & 1) == 0;
        if (frequency >= Frequencies.Length || length < AdtsHeader) return false;
        int channels = ChannelCounts[configuration];
        var lowFrequency = configuration is 6 or 7 ? 1 : 0;
        if (configuration == 0)
        {
            var reader = new BitReader(bytes[(AdtsHeader + (hasCrc && bytes.Length >= 9 ? 2 : 0))..]);
            if (reader.Int(3) != ProgramConfigElement || !ReadProgramConfig(ref reader, out channels, out lowFrequency)) return false;
        }
        frame = new AudioFrame(length, Codecs.Aac, ProfileName(profile + 1), Frequencies[frequency], channels, AudioLayout.OfCounts(channels - lowFrequency, lowFrequency), null);
        return true;
    }

    /// <summary>A frame of LOAS, AudioSyncStream, where it carries its configuration.</summary>
    public static bool ReadLoas(ReadOnlySpan<byte> bytes, out AudioFrame frame)
    {
        frame = default;
        if (bytes.Length < 8 || bytes[0] != 0x56 || (bytes[1] & 0xE0) != 0xE0) return false;
        var length = 3 + ((bytes[1] & 0x1F) << 8 | bytes[2]);
        var reader = new BitReader(bytes[3..Math.Min(length, bytes.Length)]);
        if (reader.Flag()) return false; // useSameStreamMux: another frame has the configuration
        var version = reader.Int(1);
        if (version == 1 && reader.Flag()) return false; // audioMuxVersionA 1 is reserved
        if (version == 1) LatmValue(ref reader); // taraBufferFullness
        reader.Skip(1 + 6);
        if (reader.Int(4) != 0 || reader.Int(3) != 0) return false; // several programmes or layers: no broadcast has them
        if (version == 1) LatmValue(ref reader); // ascLen
        return ReadConfig(ref reader, length, out frame);
    }

    // AudioSpecificConfig of 14496-3 1.6.2.1; SBR and PS as far as they are signalled in it (hierarchical, 1.6.5.2).
    private static bool ReadConfig(ref BitReader reader, int length, out AudioFrame frame)
    {
        frame = default;
        var (type, frequency, configuration) = (ObjectType(ref reader), Frequency(ref reader), reader.Int(4));
        var codec = type switch { Ps => Codecs.HeAacV2, Sbr => Codecs.HeAac, _ => Codecs.Aac };
        if (type is Sbr or Ps)
        {
            frequency = Frequency(ref reader);
            type = ObjectType(ref reader);
        }
        if (reader.Failed || frequency == 0 || ProfileName(type) is not { } profile) return false;
        int channels = configuration < ChannelCounts.Length ? ChannelCounts[configuration] : 0, lowFrequency = configuration is 6 or 7 ? 1 : 0;
        if (configuration == 0)
        {
            // GASpecificConfig, 14496-3 4.4.1
            reader.Skip(1);
            if (reader.Flag()) reader.Skip(14);
            reader.Skip(1);
            if (!ReadProgramConfig(ref reader, out channels, out lowFrequency)) return false;
        }
        if (channels == 0 || reader.Failed) return false;
        if (codec == Codecs.HeAacV2 && channels == 1) channels = 2; // parametric stereo makes two of one
        frame = new AudioFrame(length, codec, profile, frequency, channels, AudioLayout.OfCounts(channels - lowFrequency, lowFrequency), null);
        return true;
    }

    // program_config_element of 13818-7 8.5, up to the element lists.
    private static bool ReadProgramConfig(ref BitReader reader, out int channels, out int lowFrequency)
    {
        reader.Skip(4 + 2 + 4);
        var elements = reader.Int(4) + reader.Int(4) + reader.Int(4);
        lowFrequency = reader.Int(2);
        reader.Skip(3 + 4);
        if (reader.Flag()) reader.Skip(4);
        if (reader.Flag()) reader.Skip(4);
        if (reader.Flag()) reader.Skip(3);
        channels = lowFrequency;
        for (var i = 0; i < elements && !reader.Failed; i++)
        {
            channels += reader.Flag() ? 2 : 1;
            reader.Skip(4);
        }
        return !reader.Failed && channels > 0;
    }

    private static int ObjectType(ref BitReader reader)
    {
        var type = reader.Int(5);
        return type == 31 ? 32 + reader.Int(6) : type;
    }

    private static int Frequency(ref BitReader reader)
    {
        var index = reader.Int(4);
        return index == 15 ? reader.Int(24) : index < Frequencies.Length ? Frequencies[index] : 0;
    }

    private static void LatmValue(ref BitReader reader)
    {
        var bytes = reader.Int(2) + 1;
        reader.Skip(8 * bytes);
    }

    private static string? ProfileName(int objectType) => objectType switch
    {
        1 => "Main",
        2 => "LC",
        3 => "SSR",
        4 => "LTP",
        _ => null,
    };
}
