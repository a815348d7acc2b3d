using System.Globalization;

namespace SignalWatch.TransportStream;

/// <summary>Profiles and levels of H.264.</summary>
internal static class AvcLevels
{
    private const int Set1 = 0x40; // constraint_set1_flag and so on
    private const int Set3 = 0x10;
    private const int Set4 = 0x08;
    private const int Set5 = 0x04;

    /// <summary>Name of a profile (ISO/IEC 14496-10 A.2).</summary>
    public static string? Profile(int idc, int constraints) => idc switch
    {
        66 => (constraints & Set1) != 0 ? "Constrained Baseline" : "Baseline",
        77 => "Main",
        88 => "Extended",
        100 => (constraints & (Set4 | Set5)) == (Set4 | Set5) ? "Constrained High" : (constraints & Set4) != 0 ? "Progressive High" : "High",
        110 => (constraints & Set3) != 0 ? "High 10 Intra" : "High 10",
        122 => (constraints & Set3) != 0 ? "High 4:2:2 Intra" : "High 4:2:2",
        244 => (constraints & Set3) != 0 ? "High 4:4:4 Intra" : "High 4:4:4 Predictive",
        44 => "CAVLC 4:4:4 Intra",
        118 => "Multiview High",
        128 => "Stereo High",
        _ => null,
    };

    /// <summary>Name of a level (A.3): ten times its number, with 1b as 11 and constraint_set3_flag, or as 9.</summary>
    public static string Level(int profile, int idc, int constraints) =>
        Is1b(profile, idc, constraints) ? "1b" : string.Create(CultureInfo.InvariantCulture, $"{idc / 10}.{idc % 10}");

    /// <summary>Highest rate (b/s) and size of the coded picture buffer (bits) of a byte stream: MaxBR and MaxCPB of table A-1 by cpbBrNalFactor of A.3.1 (j) and table A-2.</summary>
    public static (long BitRate, long CpbBits)? Limits(int profile, int idc, int constraints)
    {
        var factor = profile switch
        {
            66 or 77 or 88 => 1200L,
            100 or 118 or 128 => 1500L,
            110 => 3600L,
            122 or 244 or 44 => 4800L,
            _ => 0,
        };
        var (rate, size) = Is1b(profile, idc, constraints) ? (128, 350) : idc switch
        {
            10 => (64, 175),
            11 => (192, 500),
            12 => (384, 1_000),
            13 => (768, 2_000),
            20 => (2_000, 2_000),
            21 or 22 => (4_000, 4_000),
            30 => (10_000, 10_000),
            31 => (14_000, 14_000),
            32 => (20_000, 20_000),
            40 => (20_000, 25_000),
            41 or 42 => (50_000, 62_500),
            50 => (135_000, 135_000),
            51 or 52 or 60 => (240_000, 240_000),
            61 => (480_000, 480_000),
            62 => (800_000, 800_000),
            _ => (0, 0),
        };
        return factor == 0 || rate == 0 ? null : (rate * factor, size * factor);
    }

    private static bool Is1b(int profile, int idc, int constraints) => idc == 9 || idc == 11 && profile is 66 or 77 or 88 && (constraints & Set3) != 0;
}
