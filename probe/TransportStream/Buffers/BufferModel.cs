namespace SignalWatch.TransportStream;

/// <summary>The buffers of a component.</summary>
/// <param name="TransportBps">Rate at which TB empties, b/s; 0 where no standard known here sets it: then TB isn't watched.</param>
/// <param name="TransportBytes">Size of TB.</param>
/// <param name="Decoder">The main buffers; null where no standard known here sets them, or none holds data by time stamps.</param>
internal sealed record ComponentBuffers(double TransportBps, int TransportBytes, DecoderBufferSettings? Decoder);

/// <summary>Sizes and rates of the system target decoder, by what a component is. Where a header is not known yet the largest of its kind holds: it can hide a fault, never invent one.</summary>
internal static class BufferModel
{
    /// <summary>Rate at which sections leave TB, b/s (ISO/IEC 13818-1 2.4.2.4, system data).</summary>
    public const double SectionBps = 1_000_000;

    private const double Delay = 1;            // ISO/IEC 13818-1 2.4.2.7
    private const double NewerVideoDelay = 10; // ISO/IEC 13818-1 2.14.3.1 (AVC), 2.17.2 (HEVC); the AVS family follows
    private const double StillDelay = 60;
    private const double AudioBps = 2_000_000; // ISO/IEC 13818-1 2.4.2.4
    private const double AudioBytes = 3584;
    private const double Ac3Bytes = 5696;      // TS 101 154, AC-3 and Enhanced AC-3; A/53 has 2592
    private const double TransportMargin = 1.2;
    private const double MuxSeconds = 0.004;   // BSmux
    private const double OverheadSeconds = 1.0 / 750; // BSoh
    private const double LeastMuxRate = 2_000_000;
    private const int TextBytes = 1024;        // EN 300 743 with a display definition (512 without)
    private const double TextBps = 400_000;    // (192 kb/s without)
    private const double TeletextBps = 6_750_000; // EN 300 472
    private const double FrameTolerance = 1.01;

    /// <summary>The buffers of a component.</summary>
    /// <param name="format">What it is.</param>
    /// <param name="stillPictures">Its descriptor says that it carries still pictures.</param>
    public static ComponentBuffers Of(ComponentFormat format, bool stillPictures = false) => format.Kind switch
    {
        ComponentKind.Video => Video(format, stillPictures),
        ComponentKind.Audio => Audio(format),
        ComponentKind.Subtitle => new ComponentBuffers(TextBps, TextBytes, null),
        ComponentKind.Teletext => new ComponentBuffers(TeletextBps, TransportBuffer.StandardBytes, null),
        ComponentKind.SpliceCue or ComponentKind.Application => new ComponentBuffers(SectionBps, TransportBuffer.StandardBytes, null),
        _ => new ComponentBuffers(0, TransportBuffer.StandardBytes, null),
    };

    // ISO/IEC 13818-1 2.4.2.4; 2.14.3.1 for AVC and 2.17.2 for HEVC have the same shape.
    private static ComponentBuffers Video(ComponentFormat format, bool stillPictures)
    {
        var largest = Largest(format.Codec);
        if ((format.MaxBitrateBps ?? largest?.Bps) is not { } rate || (format.DecoderBufferBits ?? largest?.Bits) is not { } bits)
            return new ComponentBuffers(0, TransportBuffer.StandardBytes, null);
        var isMpeg2 = format.Codec is Codecs.Mpeg2Video or Codecs.Mpeg1Video;
        // MaxBR and MaxCPB of the newer codecs are counted with the NAL units around them: 1.2 times.
        var scale = isMpeg2 ? 1 : TransportMargin;
        var room = Math.Max(0, LevelBufferBits(format) - bits) * scale; // what the level allows beyond what the stream says it needs
        var multiplex = (MuxSeconds + OverheadSeconds) * Math.Max(rate * scale, LeastMuxRate) + room;
        var delay = stillPictures ? StillDelay : isMpeg2 ? Delay : NewerVideoDelay;
        var unit = format.Video is { Interlaced: false, FrameRate: { } fps } && fps > 0 ? (long?)(90_000 / fps * FrameTolerance) : null;
        return new ComponentBuffers(TransportMargin * rate * scale, TransportBuffer.StandardBytes, new DecoderBufferSettings(bits * scale / 8, multiplex / 8, rate * scale, delay, unit));
    }

    private static double LevelBufferBits(ComponentFormat format) => format.Codec switch
    {
        // ISO/IEC 13818-2 table 8-13: Low and Main level; at High 1440 and High MB has no room beyond BSmux and BSoh.
        Codecs.Mpeg2Video => format.MaxBitrateBps switch { <= 4_000_000 => 475_136, <= 15_000_000 => 1_835_008, _ => 0 },
        _ => format.MaxBitrateBps ?? 0, // a second at the level's rate: MaxCPB is that, or up to a quarter more (ISO/IEC 14496-10 table A-1, 23008-2 table A.8)
    };

    // The highest levels that are broadcast or could be. MPEG-2 High (ISO/IEC 13818-2 tables 8-12, 8-13); AVC 5.2 (ISO/IEC 14496-10 table A-1); HEVC 6.2 Main tier (ISO/IEC 23008-2 table A.8).
    // AVS+, AVS2 and AVS3: no level of theirs is above that of HEVC.
    private static (long Bps, long Bits)? Largest(string? codec) => codec switch
    {
        Codecs.Mpeg1Video => (1_856_000, 327_680), // constrained parameters, ISO/IEC 11172-2 2.4.3.2
        Codecs.Mpeg2Video => (80_000_000, 9_781_248),
        Codecs.Avc => (240_000_000, 240_000_000),
        Codecs.Hevc or Codecs.Avs or Codecs.AvsPlus or Codecs.Avs2 or Codecs.Avs3 => (240_000_000, 240_000_000),
        _ => null,
    };

    private static ComponentBuffers Audio(ComponentFormat format) => format.Codec switch
    {
        Codecs.Mpeg1Audio or Codecs.Mpeg2Audio or "MPEG-1 Layer I" or "MPEG-1 Layer II" or "MPEG-1 Layer III" or "MPEG-2 Layer I" or "MPEG-2 Layer II" or "MPEG-2 Layer III" => Sound(AudioBps, AudioBytes),
        Codecs.Ac3 or Codecs.EAc3 => Sound(AudioBps, Ac3Bytes),
        Codecs.Aac or Codecs.HeAac or Codecs.HeAacV2 => Aac(format.Audio?.Channels),
        _ => new ComponentBuffers(0, TransportBuffer.StandardBytes, null), // DRA, DTS and others have rules of their own
    };

    // ISO/IEC 13818-1 2.4.2.4, tables for ISO/IEC 13818-7 and 14496-3 audio.
    private static ComponentBuffers Aac(int? channels) => channels switch
    {
        >= 1 and <= 2 => Sound(AudioBps, AudioBytes),
        > 8 and <= 12 => Sound(8_294_400, 12_804),
        > 12 => Sound(33_177_600, 51_216),
        _ => Sound(5_529_600, 8_976),
    };

    private static ComponentBuffers Sound(double leakBps, double bytes) => new(leakBps, TransportBuffer.StandardBytes, new DecoderBufferSettings(bytes, 0, 0, Delay));
}
