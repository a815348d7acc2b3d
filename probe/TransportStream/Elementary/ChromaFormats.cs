namespace SignalWatch.TransportStream;

/// <summary>Names of chroma_format_idc, ISO/IEC 14496-10 table 6-1; the same in 23008-2, 13818-2 and the AVS standards.</summary>
internal static class ChromaFormats
{
    public static string Name(int idc) => idc switch
    {
        0 => "4:0:0",
        2 => "4:2:2",
        3 => "4:4:4",
        _ => "4:2:0",
    };
}
