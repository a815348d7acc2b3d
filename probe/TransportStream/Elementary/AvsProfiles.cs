namespace SignalWatch.TransportStream;

/// <summary>Profiles, levels and sample precisions of the AVS family.</summary>
internal static class AvsProfiles
{
    /// <summary>Name of profile_id: GB/T 20090.2 and GY/T 257.1 table B.1, GB/T 33475.2 annex B, T/AI 109.2 table B.1.</summary>
    public static string? Profile(AvsGeneration generation, int id) => (generation, id) switch
    {
        (AvsGeneration.Avs, 0x20) => "Jizhun",
        (AvsGeneration.Avs, 0x24) => "Shenzhan",
        (AvsGeneration.Avs, 0x32) => "Yidong",
        (AvsGeneration.Avs, 0x40) => "Jiaqiang",
        (AvsGeneration.Avs, 0x48) => "Guangbo",
        (AvsGeneration.Avs2, 0x12) => "Main Picture",
        (AvsGeneration.Avs2, 0x20) => "Main",
        (AvsGeneration.Avs2, 0x22) => "Main-10bit",
        (AvsGeneration.Avs2, 0x30) => "Advanced Scene",
        (AvsGeneration.Avs2, 0x32) => "Advanced Scene-10bit",
        (AvsGeneration.Avs3, 0x20) => "Main 8",
        (AvsGeneration.Avs3, 0x22) => "Main 10",
        (AvsGeneration.Avs3, 0x30) => "High 8",
        (AvsGeneration.Avs3, 0x32) => "High 10",
        _ => null,
    };

    /// <summary>Name of level_id: GB/T 20090.2 table B.2; GB/T 33475.2 annex B and T/AI 109.2 table B.2, where AVS3 adds the odd ones.</summary>
    public static string? Level(AvsGeneration generation, int id) => generation switch
    {
        AvsGeneration.Avs => AvsLevel(id),
        AvsGeneration.Avs2 when (id & 1) != 0 => null,
        _ => NewerLevel(id),
    };

    /// <summary>Bits of a sample by sample_precision or encoding_precision; null where the standard reserves it.</summary>
    public static int? BitDepth(AvsGeneration generation, int precision) => (generation, precision) switch
    {
        (_, 1) => 8,
        (AvsGeneration.Avs, 3) => 10, // GB/T 20090.16
        (AvsGeneration.Avs, 5) => 12,
        (AvsGeneration.Avs, _) => null,
        (_, 2) => 10,
        (AvsGeneration.Avs2, 3) => 12,
        (AvsGeneration.Avs2, 5) => 16,
        _ => null,
    };

    private static string? AvsLevel(int id) => id switch
    {
        0x04 => "1.0.0.08.07",
        0x06 => "1.0.0.08.15",
        0x08 => "1.0.0.08.30",
        0x10 => "2.0.0.08.30",
        0x12 => "2.1.0.08.15",
        0x14 => "2.1.0.08.30",
        0x20 => "4.0.0.08.30",
        0x22 => "4.2.0.08.30",
        0x24 => "4.0.0.10.30",
        0x26 => "4.0.0.12.30",
        0x2A => "4.0.2.08.60",
        0x40 => "6.0.0.08.60",
        0x41 => "6.0.1.08.60",
        0x42 => "6.2.0.08.60",
        0x44 => "6.0.3.08.60",
        0x46 => "6.0.5.08.60",
        _ => null,
    };

    private static string? NewerLevel(int id) => id switch
    {
        0x10 => "2.0.15",
        0x12 => "2.0.30",
        0x14 => "2.0.60",
        0x20 => "4.0.30",
        0x22 => "4.0.60",
        0x40 => "6.0.30",
        0x41 => "6.4.30",
        0x42 => "6.2.30",
        0x43 => "6.6.30",
        0x44 => "6.0.60",
        0x45 => "6.4.60",
        0x46 => "6.2.60",
        0x47 => "6.6.60",
        0x48 => "6.0.120",
        0x49 => "6.4.120",
        0x4A => "6.2.120",
        0x4B => "6.6.120",
        0x50 => "8.0.30",
        0x51 => "8.4.30",
        0x52 => "8.2.30",
        0x53 => "8.6.30",
        0x54 => "8.0.60",
        0x55 => "8.4.60",
        0x56 => "8.2.60",
        0x57 => "8.6.60",
        0x58 => "8.0.120",
        0x59 => "8.4.120",
        0x5A => "8.2.120",
        0x5B => "8.6.120",
        0x60 => "10.0.30",
        0x61 => "10.4.30",
        0x62 => "10.2.30",
        0x63 => "10.6.30",
        0x64 => "10.0.60",
        0x65 => "10.4.60",
        0x66 => "10.2.60",
        0x67 => "10.6.60",
        0x68 => "10.0.120",
        0x69 => "10.4.120",
        0x6A => "10.2.120",
        0x6B => "10.6.120",
        _ => null,
    };
}
