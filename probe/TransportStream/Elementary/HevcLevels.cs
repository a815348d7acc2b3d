using System.Globalization;

namespace SignalWatch.TransportStream;

/// <summary>Profiles, tiers and levels of HEVC.</summary>
internal static class HevcLevels
{
    private const string Main = "Main";
    private const string Main10 = "Main 10";
    private const string MainStill = "Main Still Picture";
    private const string Main12 = "Main 12";
    private const string Main42210 = "Main 4:2:2 10";
    private const string Main42212 = "Main 4:2:2 12";

    /// <summary>Name of a profile (ISO/IEC 23008-2 A.3).</summary>
    /// <param name="idc">general_profile_idc.</param>
    /// <param name="compatible">general_profile_compatibility_flags, flag 0 in bit 31.</param>
    /// <param name="constraints">general_max_12bit_constraint_flag to general_lower_bit_rate_constraint_flag, in 9 bits (table A.2).</param>
    public static string? Profile(int idc, uint compatible, int constraints) => idc switch
    {
        1 => Main,
        2 => Main10,
        3 => MainStill,
        4 => (constraints >> 3) switch // max_12bit, max_10bit, max_8bit, max_422chroma, max_420chroma, max_monochrome
        {
            0b100_110 => Main12,
            0b110_100 => Main42210,
            0b100_100 => Main42212,
            0b111_000 => "Main 4:4:4",
            0b110_000 => "Main 4:4:4 10",
            0b100_000 => "Main 4:4:4 12",
            _ => "Format Range Extensions",
        },
        5 => "High Throughput",
        6 => "Multiview Main",
        7 => "Scalable Main",
        9 => "Screen Content",
        0 when (compatible & 1u << 30) != 0 => Main,
        0 when (compatible & 1u << 29) != 0 => Main10,
        _ => null,
    };

    /// <summary>Name of a level: general_level_idc is thirty times its number (A.4.1).</summary>
    public static string Level(int idc, bool high) =>
        string.Create(CultureInfo.InvariantCulture, $"{idc / 30}.{idc % 30 / 3}{(high ? " High" : "")}");

    /// <summary>Highest rate (b/s) and size of the coded picture buffer (bits) of a byte stream: MaxBR and MaxCPB of tables A.8 and A.9 by BrNalFactor and CpbNalFactor of tables A.9 and A.10.</summary>
    public static (long BitRate, long CpbBits)? Limits(string? profile, int idc, bool high)
    {
        var factor = profile switch
        {
            Main or Main10 or MainStill => 1100L,
            Main12 => 1650L,
            Main42210 => 1833L,
            Main42212 => 2200L,
            _ => 0,
        };
        var (rate, size) = (idc, high) switch
        {
            (30, false) => (128, 350),
            (60, false) => (1_500, 1_500),
            (63, false) => (3_000, 3_000),
            (90, false) => (6_000, 6_000),
            (93, false) => (10_000, 10_000),
            (120, false) => (12_000, 12_000),
            (120, true) => (30_000, 30_000),
            (123, false) => (20_000, 20_000),
            (123, true) => (50_000, 50_000),
            (150, false) => (25_000, 25_000),
            (150, true) => (100_000, 100_000),
            (153, false) => (40_000, 40_000),
            (153, true) => (160_000, 160_000),
            (156 or 180, false) => (60_000, 60_000),
            (156 or 180, true) => (240_000, 240_000),
            (183, false) => (120_000, 120_000),
            (183, true) => (480_000, 480_000),
            (186, false) => (240_000, 240_000),
            (186, true) => (800_000, 800_000),
            _ => (0, 0),
        };
        return factor == 0 || rate == 0 ? null : (rate * factor, size * factor);
    }
}
