namespace SignalWatch.TransportStream;

/// <summary>Profiles and levels of MPEG-2 video, by profile_and_level_indication (ISO/IEC 13818-2 8.1 to 8.5).</summary>
internal static class MpegVideoLevels
{
    private const int Main422 = 0x85; // with the escape bit, table 8-4
    private const int High422 = 0x82;

    /// <summary>Name of the profile (tables 8-2 and 8-4).</summary>
    public static string? Profile(int indication) => indication switch
    {
        Main422 or High422 => "4:2:2",
        0x8A or 0x8B or 0x8D or 0x8E => "Multi-view",
        >= 0x80 => null,
        _ => (indication >> 4) switch
        {
            1 => "High",
            2 => "Spatially Scalable",
            3 => "SNR Scalable",
            4 => "Main",
            5 => "Simple",
            _ => null,
        },
    };

    /// <summary>Name of the level (tables 8-3 and 8-4).</summary>
    public static string? Level(int indication) => indication switch
    {
        Main422 => "Main",
        High422 => "High",
        >= 0x80 => null,
        _ => (indication & 15) switch
        {
            4 => "High",
            6 => "High 1440",
            8 => "Main",
            10 => "Low",
            _ => null,
        },
    };

    /// <summary>Highest rate (b/s) and size of the VBV buffer (bits): tables 8-13 and 8-14, for the profiles without layers.</summary>
    public static (long BitRate, long VbvBits)? Limits(int indication) => indication switch
    {
        0x44 => (80_000_000, 9_781_248),
        0x46 => (60_000_000, 7_340_032),
        0x48 or 0x58 => (15_000_000, 1_835_008),
        0x4A => (4_000_000, 475_136),
        Main422 => (50_000_000, 9_437_184),
        High422 => (300_000_000, 47_185_920),
        _ => null,
    };
}
