namespace SignalWatch.TransportStream;

/// <summary>What a PMT entry declares of a component.</summary>
/// <param name="Format">Kind and codec, before a byte of it was seen.</param>
/// <param name="Language">Language by ISO 639, of the first descriptor that has one.</param>
/// <param name="AudioType">audio_type of ISO_639_language_descriptor: 1 clean effects, 2 hearing impaired, 3 visual impaired commentary.</param>
/// <param name="IsScrambled">The entry or the programme has a CA_descriptor.</param>
internal readonly record struct ComponentClass(ComponentFormat Format, string? Language, int? AudioType, bool IsScrambled)
{
    /// <summary>Format and language.</summary>
    public void Deconstruct(out ComponentFormat format, out string? language) => (format, language) = (Format, Language);
}

/// <summary>What a PMT entry declares: by stream_type (ISO/IEC 13818-1 table 2-34, and those of ATSC, SCTE, HDMV and AVS), and where that is private by the descriptors.</summary>
internal static class ComponentClassifier
{
    /// <summary>stream_type of AAC in LOAS and LATM.</summary>
    public const int AacLatm = 0x11;

    private const int PrivateSections = 0x05;
    private const int PrivatePes = 0x06;
    private const int FirstUserPrivate = 0x80;

    // format_identifier of registration_descriptor, as registered with the SMPTE Registration Authority.
    private const uint HdmvId = 0x48444D56;    // HDMV: Blu-ray stream types 0x80 and up
    private const uint SpliceId = 0x43554549;  // CUEI

    /// <summary>Reads a PMT entry.</summary>
    /// <param name="streamType">stream_type.</param>
    /// <param name="descriptors">Its descriptor loop.</param>
    /// <param name="programDescriptors">The loop of the programme: SCTE 35 and HDMV register themselves there.</param>
    public static ComponentClass Classify(int streamType, ReadOnlySpan<byte> descriptors, ReadOnlySpan<byte> programDescriptors)
    {
        var own = ComponentDescriptors.Read(descriptors);
        var program = ComponentDescriptors.Read(programDescriptors);
        var (kind, codec) = Standard(streamType, own) ?? UserPrivate(streamType, own, program) ?? Private(streamType, own);
        if (codec == Codecs.Aac) codec = own.AacCodec ?? codec;
        return new ComponentClass(new ComponentFormat { Kind = kind, Codec = codec }, own.Language, own.AudioType, own.IsScrambled || program.IsScrambled);
    }

    /// <summary>The component is a sequence of PES packets.</summary>
    public static bool CarriesPes(int streamType, ReadOnlySpan<byte> descriptors, ReadOnlySpan<byte> programDescriptors) =>
        !CarriesSections(streamType, descriptors, programDescriptors) && Classify(streamType, descriptors, programDescriptors).Format.Kind is var kind
        && kind != ComponentKind.T2Mi && (streamType is not (0x00 or 0x0E or 0x17 or 0x1A or 0x7F) && (streamType < FirstUserPrivate || kind is ComponentKind.Video or ComponentKind.Audio or ComponentKind.Subtitle));

    /// <summary>The component is a sequence of sections.</summary>
    public static bool CarriesSections(int streamType, ReadOnlySpan<byte> descriptors, ReadOnlySpan<byte> programDescriptors) =>
        streamType is PrivateSections or >= 0x0A and <= 0x0D or 0x13 or 0x14 or 0x16
        || streamType >= FirstUserPrivate && Classify(streamType, descriptors, programDescriptors).Format.Kind == ComponentKind.SpliceCue;

    private static (ComponentKind, string?)? Standard(int streamType, in ComponentDescriptors own) => streamType switch
    {
        0x01 => (ComponentKind.Video, Codecs.Mpeg1Video),
        0x02 => (ComponentKind.Video, Codecs.Mpeg2Video),
        0x03 => (ComponentKind.Audio, Codecs.Mpeg1Audio),
        0x04 => (ComponentKind.Audio, Codecs.Mpeg2Audio),
        PrivateSections => (own.HasApplications ? ComponentKind.Application : ComponentKind.Data, null),
        0x07 or 0x08 or >= 0x0A and <= 0x0E or >= 0x12 and <= 0x19 => (ComponentKind.Data, null),
        0x0F or AacLatm or 0x1C => (ComponentKind.Audio, Codecs.Aac),
        0x10 => (ComponentKind.Video, Codecs.Mpeg4Visual),
        0x1B or 0x1F or 0x20 or 0x23 => (ComponentKind.Video, Codecs.Avc),
        0x1D => (ComponentKind.Subtitle, "Timed Text"),
        0x21 => (ComponentKind.Video, Codecs.Jpeg2000),
        0x22 => (ComponentKind.Video, Codecs.Mpeg2Video), // additional view
        0x24 or 0x25 or >= 0x28 and <= 0x2B => (ComponentKind.Video, Codecs.Hevc),
        0x2D or 0x2E => (ComponentKind.Audio, Codecs.MpegH),
        0x32 => (ComponentKind.Video, Codecs.JpegXs),
        0x33 or 0x34 => (ComponentKind.Video, Codecs.Vvc),
        0x42 => (ComponentKind.Video, Codecs.Avs),
        0x43 => (ComponentKind.Audio, Codecs.AvsAudio),
        0xD2 => (ComponentKind.Video, Codecs.Avs2),
        0xD4 => (ComponentKind.Video, Codecs.Avs3),
        0xD5 => (ComponentKind.Audio, Codecs.AudioVivid), // T/AI 109.6
        _ => null,
    };

    // 0x80 and up belong to whoever registers them; unregistered they are what ATSC and SCTE made of them, which is what receivers take them for.
    private static (ComponentKind, string?)? UserPrivate(int streamType, in ComponentDescriptors own, in ComponentDescriptors program)
    {
        if (streamType < FirstUserPrivate) return null;
        if (Registered(own.Format) is { } registered) return registered;
        if (own.Format == HdmvId || program.Format == HdmvId)
            return streamType switch // System Description Blu-ray Disc
            {
                0x80 => (ComponentKind.Audio, "LPCM"),
                0x81 => (ComponentKind.Audio, Codecs.Ac3),
                0x82 => (ComponentKind.Audio, Codecs.Dts),
                0x83 => (ComponentKind.Audio, "TrueHD"),
                0x84 or 0xA1 => (ComponentKind.Audio, Codecs.EAc3),
                0x85 or 0x86 or 0xA2 => (ComponentKind.Audio, Codecs.DtsHd),
                0x90 or 0x92 => (ComponentKind.Subtitle, null),
                0xEA => (ComponentKind.Video, Codecs.Vc1),
                _ => null,
            };
        return streamType switch // ATSC A/53-3 table 6.1; SCTE 35 8.1
        {
            0x81 => (ComponentKind.Audio, Codecs.Ac3),
            0x82 => (ComponentKind.Subtitle, null), // SCTE 27
            0x86 => (ComponentKind.SpliceCue, null),
            0x87 => (ComponentKind.Audio, Codecs.EAc3),
            _ => null,
        };
    }

    private static (ComponentKind, string?) Private(int streamType, in ComponentDescriptors own)
    {
        if (own.Kind is { } kind && (streamType == PrivatePes || streamType >= FirstUserPrivate)) return (kind, own.Codec);
        if (Registered(own.Format) is { } registered) return registered;
        return (streamType == PrivatePes && own.HasDataBroadcast ? ComponentKind.Data : ComponentKind.Unknown, null);
    }

    private static (ComponentKind, string?)? Registered(uint format) => format switch
    {
        0x48455643 => (ComponentKind.Video, Codecs.Hevc),      // HEVC
        0x56564320 => (ComponentKind.Video, Codecs.Vvc),       // VVC
        0x56432D31 => (ComponentKind.Video, Codecs.Vc1),       // VC-1
        0x41565356 => (ComponentKind.Video, Codecs.Avs),       // AVSV
        0x41565341 => (ComponentKind.Audio, Codecs.AvsAudio),  // AVSA
        0x44524131 => (ComponentKind.Audio, Codecs.Dra),       // DRA1
        0x41432D33 => (ComponentKind.Audio, Codecs.Ac3),       // AC-3
        0x45414333 => (ComponentKind.Audio, Codecs.EAc3),      // EAC3
        0x41432D34 => (ComponentKind.Audio, Codecs.Ac4),       // AC-4
        0x44545331 or 0x44545332 or 0x44545333 => (ComponentKind.Audio, Codecs.Dts), // DTS1 to DTS3
        0x4F707573 => (ComponentKind.Audio, Codecs.Opus),      // Opus
        0x42535344 => (ComponentKind.Audio, Codecs.Smpte302),  // BSSD
        SpliceId => (ComponentKind.SpliceCue, null),
        0x56414E43 or 0x4B4C5641 or 0x49443320 => (ComponentKind.Data, null), // VANC, KLVA, ID3
        _ => null,
    };
}
