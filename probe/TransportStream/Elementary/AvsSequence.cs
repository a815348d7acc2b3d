namespace SignalWatch.TransportStream;

/// <summary>The standards of the AVS family that differ in their sequence header.</summary>
internal enum AvsGeneration
{
    /// <summary>GB/T 20090.2, and AVS+ by GY/T 257.1.</summary>
    Avs,

    /// <summary>GB/T 33475.2.</summary>
    Avs2,

    /// <summary>T/AI 109.2.</summary>
    Avs3,
}

/// <summary>sequence_header() of the AVS family, as far as it is needed.</summary>
internal sealed class AvsSequence
{
    private const int BufferUnit = 16 * 1024; // bits, bbv_buffer_size
    private const int RateUnit = 400;         // b/s, bit_rate
    private const int Broadcast = 0x48;       // profile_id Guangbo: AVS+

    // frame_rate_code, the same table in the three standards; AVS goes to 8, AVS2 to 13.
    private static readonly double[] FrameRates = [0, 24000 / 1001.0, 24, 25, 30000 / 1001.0, 30, 50, 60000 / 1001.0, 60, 100, 120, 200, 240, 300, 120000 / 1001.0];

    public required string Codec { get; init; }
    public required string? Profile { get; init; }
    public required string? Level { get; init; }
    public required int Width { get; init; }
    public required int Height { get; init; }
    public required bool Interlaced { get; init; }
    public required int BitDepth { get; init; }
    public required string Chroma { get; init; }
    public required string? AspectRatio { get; init; }
    public required double? FrameRate { get; init; }
    public required long? BitRate { get; init; }
    public required long? BufferBits { get; init; }
    public required bool IsMultiview { get; init; }

    /// <summary>Reads it; null where it ends too early or describes no picture.</summary>
    /// <param name="bytes">From behind the start code.</param>
    /// <param name="generation">Whose header it is.</param>
    public static AvsSequence? Read(ReadOnlySpan<byte> bytes, AvsGeneration generation)
    {
        var reader = new BitReader(bytes);
        var avs3 = generation == AvsGeneration.Avs3;
        var (profile, level) = (reader.Int(8), reader.Int(8));
        var progressive = reader.Flag();
        var fields = generation != AvsGeneration.Avs && reader.Flag(); // field_coded_sequence
        if (avs3) SkipLibraryFlags(ref reader);
        var width = reader.Int(14);
        if (avs3) reader.Skip(1);
        var height = reader.Int(14);
        var (chroma, precision) = (reader.Int(2), reader.Int(3));
        var hasEncodingPrecision = generation switch
        {
            AvsGeneration.Avs2 => profile is 0x12 or 0x22 or 0x32,
            AvsGeneration.Avs3 => profile is 0x22 or 0x32,
            _ => false,
        };
        if (hasEncodingPrecision) precision = reader.Int(3); // what is coded, where the source had another
        if (avs3) reader.Skip(1);
        var (aspect, rateCode) = (reader.Int(4), reader.Int(4));
        if (avs3) reader.Skip(1);
        var rate = (long)reader.Int(18);
        reader.Skip(1);
        rate |= (long)reader.Int(12) << 18;
        reader.Skip(2); // low_delay and a marker, or temporal_id_enable_flag
        if (generation != AvsGeneration.Avs) reader.Skip(1);
        var buffer = reader.Int(18);
        if (reader.Failed || width == 0 || height == 0 || AvsProfiles.BitDepth(generation, precision) is not { } depth) return null;
        return new AvsSequence
        {
            Codec = generation switch { AvsGeneration.Avs2 => Codecs.Avs2, AvsGeneration.Avs3 => Codecs.Avs3, _ => profile == Broadcast ? Codecs.AvsPlus : Codecs.Avs },
            Profile = AvsProfiles.Profile(generation, profile),
            Level = AvsProfiles.Level(generation, level),
            Width = width,
            Height = height,
            Interlaced = fields || !progressive,
            BitDepth = depth,
            Chroma = ChromaFormats.Name(chroma),
            AspectRatio = aspect switch
            {
                1 => TransportStream.AspectRatio.Of(width, height, 1, 1),
                2 => TransportStream.AspectRatio.Standard,
                3 => TransportStream.AspectRatio.Wide,
                4 => TransportStream.AspectRatio.Cinema,
                _ => null,
            },
            FrameRate = rateCode >= 1 && rateCode < FrameRates.Length ? FrameRates[rateCode] : null,
            BitRate = rate is 0 or 0x3FFF_FFFF ? null : rate * RateUnit, // all ones: not said
            BufferBits = buffer == 0 ? null : (long)buffer * BufferUnit,
            IsMultiview = generation == AvsGeneration.Avs2 && profile is (0x28 or 0x2A or 0x68 or 0x6A),
        };
    }

    private static void SkipLibraryFlags(ref BitReader reader)
    {
        if (!reader.Flag() && reader.Flag()) reader.Skip(1); // library_stream_flag, library_picture_enable_flag, duplicate_sequence_header_flag
        reader.Skip(1);
    }
}
