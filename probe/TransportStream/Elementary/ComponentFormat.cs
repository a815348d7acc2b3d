namespace SignalWatch.TransportStream;

/// <summary>What a component of a service carries.</summary>
public enum ComponentKind
{
    /// <summary>Not known.</summary>
    Unknown,

    /// <summary>Pictures.</summary>
    Video,

    /// <summary>Sound.</summary>
    Audio,

    /// <summary>Subtitles (EN 300 743).</summary>
    Subtitle,

    /// <summary>Teletext (EN 300 472).</summary>
    Teletext,

    /// <summary>Splice cues (SCTE 35).</summary>
    SpliceCue,

    /// <summary>Application information table (TS 102 809).</summary>
    Application,

    /// <summary>Carousels and other data.</summary>
    Data,

    /// <summary>Inner streams of T2-MI (TS 102 773).</summary>
    T2Mi,
}

/// <summary>How a component is kept from those who have not paid, by three independent views.</summary>
/// <param name="Signalled">Its PMT or the SDT's free_CA_mode says so.</param>
/// <param name="TransportBits">Share of its packets with transport_scrambling_control other than 00, 0 to 1; null where no packet came.</param>
/// <param name="Payload">What its bytes look like: true where PES start codes are missing at unit starts although they are not marked scrambled, false where they are there; null where it can't be told.</param>
public sealed record ScramblingView(bool Signalled, double? TransportBits, bool? Payload);

/// <summary>Pictures, from the stream's own sequence headers.</summary>
public sealed record VideoFormat
{
    /// <summary>Luma samples a line that are to be shown (cropping applied).</summary>
    public required int Width { get; init; }

    /// <summary>Lines of a frame that are to be shown.</summary>
    public required int Height { get; init; }

    /// <summary>Frames a second (two fields are one frame); null where the header does not say.</summary>
    public double? FrameRate { get; init; }

    /// <summary>Fields, not whole frames; null where the header does not say.</summary>
    public bool? Interlaced { get; init; }

    /// <summary>Bits of a luma sample.</summary>
    public int BitDepth { get; init; } = 8;

    /// <summary>Chroma format: <c>4:2:0</c>, <c>4:2:2</c>, <c>4:4:4</c>, <c>4:0:0</c>.</summary>
    public string Chroma { get; init; } = "4:2:0";

    /// <summary>Display aspect ratio, as <c>16:9</c>; null where unknown.</summary>
    public string? AspectRatio { get; init; }

    /// <summary>Colour primaries by name: <c>BT.709</c>, <c>BT.2020</c>; null where the header does not say.</summary>
    public string? ColourPrimaries { get; init; }

    /// <summary>Transfer characteristics by name: <c>BT.709</c>, <c>PQ</c>, <c>HLG</c>; null where the header does not say.</summary>
    public string? Transfer { get; init; }

    /// <summary>Matrix coefficients by name; null where the header does not say.</summary>
    public string? Matrix { get; init; }

    /// <summary><c>SDR</c>, <c>HLG</c>, <c>PQ</c> (HDR10), <c>HDR Vivid</c>; null where nothing says.</summary>
    public string? DynamicRange { get; init; }
}

/// <summary>Sound, from the stream's own frame headers.</summary>
public sealed record AudioFormat
{
    /// <summary>Samples a second.</summary>
    public required int SampleRate { get; init; }

    /// <summary>Channels, low-frequency one included.</summary>
    public required int Channels { get; init; }

    /// <summary>Layout as people write it: <c>mono</c>, <c>2.0</c>, <c>1+1</c>, <c>5.1</c>.</summary>
    public string? Layout { get; init; }

    /// <summary>Rate that the header declares, b/s.</summary>
    public int? BitrateBps { get; init; }
}

/// <summary>What a component turned out to be.</summary>
public sealed record ComponentFormat
{
    /// <summary>Kind, by stream type, descriptors and content.</summary>
    public required ComponentKind Kind { get; init; }

    /// <summary>Codec as people write it: <c>MPEG-2 Video</c>, <c>H.264</c>, <c>HEVC</c>, <c>AVS+</c>, <c>AVS2</c>, <c>AVS3</c>, <c>MPEG-1 Layer II</c>, <c>AAC</c>, <c>HE-AAC</c>, <c>AC-3</c>, <c>E-AC-3</c>, <c>DRA</c> …; null where unknown.</summary>
    public string? Codec { get; init; }

    /// <summary>Profile as people write it: <c>Main 10</c>; null where unknown.</summary>
    public string? Profile { get; init; }

    /// <summary>Level as people write it: <c>4.1</c>, <c>Main</c>; null where unknown.</summary>
    public string? Level { get; init; }

    /// <summary>Pictures, once a sequence header was read.</summary>
    public VideoFormat? Video { get; init; }

    /// <summary>Sound, once a frame header was read.</summary>
    public AudioFormat? Audio { get; init; }

    /// <summary>Highest rate of the elementary stream by its profile and level, or by its own header, b/s; null where unknown. The buffer model needs it.</summary>
    public long? MaxBitrateBps { get; init; }

    /// <summary>Size of the decoder's buffer by profile and level, or by its own header, bits: VBV, CPB, BBV; null where unknown. The buffer model needs it.</summary>
    public long? DecoderBufferBits { get; init; }
}
