namespace SignalWatch.TransportStream;

/// <summary>Sequence parameter set of ISO/IEC 23008-2 7.3.2.2, as far as it is needed.</summary>
internal sealed class HevcSps
{
    private const int MaxShortTermSets = 64; // 7.4.3.2.1
    private const int MaxPicturesInSet = 16;

    public required int Id { get; init; }
    public required string? Profile { get; init; }
    public required int LevelIdc { get; init; }
    public required bool HighTier { get; init; }
    public required bool? Interlaced { get; init; } // general_progressive_source_flag and general_interlaced_source_flag, where they say (7.4.4)
    public required int Width { get; init; }
    public required int Height { get; init; }
    public required int BitDepth { get; init; }
    public required int ChromaFormat { get; init; }
    public required H26xVui Vui { get; init; }

    /// <summary>Reads it; null where it ends too early or describes no picture.</summary>
    /// <param name="rbsp">From behind the NAL unit header, without emulation prevention.</param>
    public static HevcSps? Read(ReadOnlySpan<byte> rbsp)
    {
        var reader = new BitReader(rbsp);
        reader.Skip(4); // sps_video_parameter_set_id
        var subLayers = reader.Int(3);
        reader.Skip(1);
        var tier = HevcTier.Read(ref reader, subLayers);
        var id = reader.Ue();
        var chroma = reader.Ue();
        var separate = chroma == 3 && reader.Flag();
        long width = reader.Ue(), height = reader.Ue();
        if (reader.Flag()) Crop(ref reader, ref width, ref height, separate ? 0 : chroma);
        var depth = reader.Ue() + 8;
        reader.SkipUe(1);
        var pocBits = reader.Ue() + 4;
        var layersListed = reader.Flag() ? subLayers + 1 : 1;
        reader.SkipUe(3 * layersListed);
        reader.SkipUe(6); // sizes of coding and transform blocks
        if (reader.Flag() && reader.Flag()) SkipScalingLists(ref reader);
        reader.Skip(2); // amp, sample_adaptive_offset
        if (reader.Flag())
        {
            reader.Skip(8);
            reader.SkipUe(2);
            reader.Skip(1);
        }
        SkipShortTermSets(ref reader);
        if (reader.Flag()) SkipLongTerm(ref reader, pocBits);
        reader.Skip(2); // temporal_mvp, strong_intra_smoothing
        if (reader.Failed) return null;
        var vui = reader.Flag() ? H26xVui.ReadHevc(ref reader, subLayers) : default;
        if (reader.Failed) vui = default; // encoders err in the VUI more than elsewhere: the picture's size stands
        if (chroma > 3 || depth > 16 || width is <= 0 or > 16384 || height is <= 0 or > 16384) return null;
        return new HevcSps
        {
            Id = id,
            Profile = tier.Profile,
            LevelIdc = tier.LevelIdc,
            HighTier = tier.High,
            Interlaced = tier.Progressive == tier.Interlaced ? null : tier.Interlaced,
            Width = (int)width,
            Height = (int)height,
            BitDepth = depth,
            ChromaFormat = chroma,
            Vui = vui,
        };
    }

    private static void Crop(ref BitReader reader, ref long width, ref long height, int chroma)
    {
        width -= (chroma is 1 or 2 ? 2 : 1) * ((long)reader.Ue() + reader.Ue()); // SubWidthC, SubHeightC of table 6-1
        height -= (chroma == 1 ? 2 : 1) * ((long)reader.Ue() + reader.Ue());
    }

    // 7.3.4
    private static void SkipScalingLists(ref BitReader reader)
    {
        for (var size = 0; size < 4; size++)
            for (var matrix = 0; matrix < 6 && !reader.Failed; matrix += size == 3 ? 3 : 1)
            {
                if (!reader.Flag())
                {
                    reader.SkipUe(1);
                    continue;
                }
                if (size > 1) reader.SkipUe(1);
                reader.SkipUe(Math.Min(64, 1 << (4 + (size << 1))));
            }
    }

    // 7.3.7: a set may be told by its difference from the one before, so their sizes are needed.
    private static void SkipShortTermSets(ref BitReader reader)
    {
        var count = reader.Ue();
        var previous = 0;
        for (var set = 0; set < count && set < MaxShortTermSets && !reader.Failed; set++)
        {
            if (set > 0 && reader.Flag())
            {
                reader.Skip(1);
                reader.SkipUe(1);
                var kept = 0;
                for (var i = 0; i <= previous && !reader.Failed; i++)
                    if (reader.Flag() || reader.Flag()) kept++;
                previous = kept;
                continue;
            }
            previous = reader.Ue() + reader.Ue();
            if (previous is < 0 or > 2 * MaxPicturesInSet) reader.Skip(int.MaxValue); // no such set: what follows would be read at the wrong place
            for (var i = 0; i < previous && !reader.Failed; i++)
            {
                reader.SkipUe(1);
                reader.Skip(1);
            }
        }
        if (count > MaxShortTermSets) reader.Skip(int.MaxValue);
    }

    private static void SkipLongTerm(ref BitReader reader, int pocBits)
    {
        var count = reader.Ue();
        for (var i = 0; i < count && !reader.Failed; i++) reader.Skip(pocBits + 1);
    }
}

/// <summary>profile_tier_level() of ISO/IEC 23008-2 7.3.3.</summary>
internal readonly record struct HevcTier(string? Profile, bool High, int LevelIdc, bool Progressive, bool Interlaced)
{
    public static HevcTier Read(ref BitReader reader, int maxSubLayersMinus1)
    {
        reader.Skip(2); // general_profile_space
        var high = reader.Flag();
        var profile = reader.Int(5);
        var compatible = reader.Bits(32);
        var (progressive, interlaced) = (reader.Flag(), reader.Flag());
        reader.Skip(2);
        var constraints = reader.Int(9); // of the format range extensions
        reader.Skip(35);
        var level = reader.Int(8);
        int profiles = 0, levels = 0;
        for (var i = 0; i < maxSubLayersMinus1; i++)
        {
            if (reader.Flag()) profiles++;
            if (reader.Flag()) levels++;
        }
        if (maxSubLayersMinus1 > 0) reader.Skip(2 * (8 - maxSubLayersMinus1));
        reader.Skip(88 * profiles + 8 * levels);
        return new HevcTier(HevcLevels.Profile(profile, compatible, constraints), high, level, progressive, interlaced);
    }
}

/// <summary>Video parameter set of ISO/IEC 23008-2 7.3.2.1, for its timing.</summary>
internal static class HevcVps
{
    /// <summary>Pictures a second; null where it does not say.</summary>
    public static double? TickRate(ReadOnlySpan<byte> rbsp)
    {
        var reader = new BitReader(rbsp);
        reader.Skip(12);
        var subLayers = reader.Int(3);
        reader.Skip(17);
        HevcTier.Read(ref reader, subLayers);
        reader.SkipUe(3 * (reader.Flag() ? subLayers + 1 : 1));
        var maxLayerId = reader.Int(6);
        var sets = reader.Ue();
        if (sets > 1023) return null; // 7.4.3.1
        for (var i = 0; i < sets && !reader.Failed; i++) reader.Skip(maxLayerId + 1);
        if (!reader.Flag()) return null;
        var (units, scale) = (reader.Bits(32), reader.Bits(32));
        return reader.Failed || units == 0 || scale == 0 ? null : (double)scale / units;
    }
}
