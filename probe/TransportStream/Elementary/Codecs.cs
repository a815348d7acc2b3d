namespace SignalWatch.TransportStream;

/// <summary>Codecs as people write them: what stands in <see cref="ComponentFormat.Codec"/>.</summary>
internal static class Codecs
{
    public const string Mpeg1Video = "MPEG-1 Video";
    public const string Mpeg2Video = "MPEG-2 Video";
    public const string Mpeg4Visual = "MPEG-4 Visual";
    public const string Avc = "H.264";
    public const string Hevc = "HEVC";
    public const string Vvc = "VVC";
    public const string Avs = "AVS";
    public const string AvsPlus = "AVS+";
    public const string Avs2 = "AVS2";
    public const string Avs3 = "AVS3";
    public const string Vc1 = "VC-1";
    public const string Jpeg2000 = "JPEG 2000";
    public const string JpegXs = "JPEG XS";

    public const string Mpeg1Audio = "MPEG-1 Audio";
    public const string Mpeg2Audio = "MPEG-2 Audio";
    public const string Aac = "AAC";
    public const string HeAac = "HE-AAC";
    public const string HeAacV2 = "HE-AAC v2";
    public const string Ac3 = "AC-3";
    public const string EAc3 = "E-AC-3";
    public const string Ac4 = "AC-4";
    public const string Dts = "DTS";
    public const string DtsHd = "DTS-HD";
    public const string MpegH = "MPEG-H 3D Audio";
    public const string Dra = "DRA";
    public const string AvsAudio = "AVS Audio";
    public const string AudioVivid = "Audio Vivid";
    public const string Opus = "Opus";
    public const string Smpte302 = "SMPTE 302M";
}
