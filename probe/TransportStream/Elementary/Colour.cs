namespace SignalWatch.TransportStream;

/// <summary>Names of colour code points, and what they say of the dynamic range.</summary>
internal static class Colour
{
    public const string Pq = "PQ";
    public const string Hlg = "HLG";
    public const string HdrVivid = "HDR Vivid";
    public const string Sdr = "SDR";

    /// <summary>ColourPrimaries, ISO/IEC 23091-2 table 2; the same in ISO/IEC 13818-2 table 6-7.</summary>
    public static string? Primaries(int code) => code switch
    {
        1 => "BT.709",
        4 => "BT.470 M",
        5 => "BT.601 625",
        6 => "BT.601 525",
        7 => "SMPTE 240M",
        8 => "Film",
        9 => "BT.2020",
        10 => "SMPTE ST 428",
        11 => "DCI-P3",
        12 => "Display P3",
        22 => "EBU 3213",
        _ => null,
    };

    /// <summary>TransferCharacteristics, ISO/IEC 23091-2 table 3.</summary>
    public static string? Transfer(int code) => code switch
    {
        1 => "BT.709",
        4 => "BT.470 M",
        5 => "BT.470 BG",
        6 => "BT.601",
        7 => "SMPTE 240M",
        8 => "Linear",
        9 => "Log 100:1",
        10 => "Log 316:1",
        11 => "xvYCC",
        12 => "BT.1361",
        13 => "sRGB",
        14 => "BT.2020 10 bit",
        15 => "BT.2020 12 bit",
        16 => Pq,
        17 => "SMPTE ST 428",
        18 => Hlg,
        _ => null,
    };

    /// <summary>MatrixCoefficients, ISO/IEC 23091-2 table 4.</summary>
    public static string? Matrix(int code) => code switch
    {
        0 => "RGB",
        1 => "BT.709",
        4 => "FCC",
        5 => "BT.601 625",
        6 => "BT.601 525",
        7 => "SMPTE 240M",
        8 => "YCgCo",
        9 => "BT.2020 NCL",
        10 => "BT.2020 CL",
        11 => "SMPTE ST 2085",
        12 => "Chromaticity-derived NCL",
        13 => "Chromaticity-derived CL",
        14 => "ICtCp",
        _ => null,
    };

    /// <summary>transfer_characteristics of GB/T 33475.2 and T/AI 109.2: up to 10 as in ISO/IEC 23091-2, then their own.</summary>
    public static string? AvsTransfer(int code) => code switch
    {
        <= 10 => Transfer(code),
        11 => "BT.2020 12 bit",
        12 => Pq,
        14 => Hlg,
        _ => null,
    };

    /// <summary>matrix_coefficients of GB/T 33475.2 and T/AI 109.2.</summary>
    public static string? AvsMatrix(int code) => code switch
    {
        >= 1 and <= 7 => Matrix(code),
        8 => "BT.2020 NCL",
        9 => "BT.2020 CL",
        _ => null,
    };

    /// <summary>colour_primaries of GB/T 33475.2 and T/AI 109.2.</summary>
    public static string? AvsPrimaries(int code) => code is >= 1 and <= 9 ? Primaries(code) : null;

    /// <summary>Dynamic range by the transfer characteristics that a display shall use.</summary>
    /// <param name="transfer">Name of the transfer characteristics, null where nothing says.</param>
    /// <param name="vivid">Dynamic metadata of HDR Vivid (T/UWA 005.1) were seen.</param>
    public static string? DynamicRange(string? transfer, bool vivid) =>
        vivid ? HdrVivid : transfer is null ? null : transfer is Pq or Hlg ? transfer : Sdr;
}
