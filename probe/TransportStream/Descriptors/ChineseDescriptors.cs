using System.Text;
using static SignalWatch.TransportStream.DescriptorDefinition;
using static SignalWatch.TransportStream.Fields;

namespace SignalWatch.TransportStream;

/// <summary>
/// Descriptors of Chinese standards: AVS (GB/T 20090.1), AVS2 (GB/T 33475.1), AVS3 (T/AI 109.6, 109.7), HDR Vivid (T/UWA 005.2-1) and DTMB (GB/T 28161-2011 6.2.10.3).
/// AVS and AVS2 reuse tags of MPEG and DVB and go by the stream type. The fields of AVS, AVS2 and DTMB follow what receivers read; the texts of these standards were not at hand.
/// </summary>
internal static class ChineseDescriptors
{
    private const uint AvsStream = 0x42; // stream types
    private const uint Avs2Stream = 0xD2;
    private const uint Avs2AudioStream = 0xD3;
    private const uint Avs3Stream = 0xD4;
    private const uint Avs3AudioStream = 0xD5;

    private const int Avs2Audio = 0xD3; // tags
    private const int Avs3Audio = 0xD2;
    private const int Avs3Video = 0xD1;
    private const int HdrVivid = 0xF3;

    public static IReadOnlyList<DescriptorDefinition> All { get; } =
    [
        In(TagSpace.StreamType, AvsStream, 0x3F, "AVS_video_descriptor", AvsVideoFields),
        In(TagSpace.StreamType, Avs2Stream, 0x40, "AVS2_video_descriptor", AvsVideoFields),
        In(TagSpace.PrivateData, PrivateDataSpecifier.AvsVideo, Avs3Video, "AVS3_video_descriptor", Avs3VideoFields),
        In(TagSpace.Registration, PrivateDataSpecifier.AvsVideo, Avs3Video, "AVS3_video_descriptor", Avs3VideoFields),
        In(TagSpace.StreamType, Avs3Stream, Avs3Video, "AVS3_video_descriptor", Avs3VideoFields),
        In(TagSpace.PrivateData, PrivateDataSpecifier.AvsAudio, Avs3Audio, "AVS3_audio_descriptor", Avs3AudioFields),
        In(TagSpace.Registration, PrivateDataSpecifier.AvsAudio, Avs3Audio, "AVS3_audio_descriptor", Avs3AudioFields),
        In(TagSpace.StreamType, Avs3AudioStream, Avs3Audio, "AVS3_audio_descriptor", Avs3AudioFields),
        In(TagSpace.PrivateData, PrivateDataSpecifier.AvsAudio, Avs2Audio, "AVS2_audio_descriptor", Avs2AudioFields),
        In(TagSpace.Registration, PrivateDataSpecifier.AvsAudio, Avs2Audio, "AVS2_audio_descriptor", Avs2AudioFields),
        In(TagSpace.StreamType, Avs2AudioStream, Avs2Audio, "AVS2_audio_descriptor", Avs2AudioFields),
        Standard(HdrVivid, "CUVV_video_stream_descriptor", HdrVividFields),
    ];

    /// <summary>DTMB under the tag of DVB-T, told by its length: 8 bytes, where DVB-T has 11.</summary>
    public static DescriptorDefinition Dtmb { get; } = Standard(0x5A, "DTMB_terrestrial_delivery_system_descriptor",
        Scaled("centre_frequency", 32, 10),
        Named("FEC", 4, "", "0.4", "0.6", "0.8"),
        Named("modulation", 4, "", "4-QAM", "4-QAM-NR", "16-QAM", "32-QAM", "64-QAM"),
        Named("number_of_subcarrier", 4, "", "1, dual pilot", "1", "3780"),
        Named("frame_header_mode", 4, "PN420, variable phase", "PN420, constant phase", "PN595", "PN945, variable phase", "PN945, constant phase"),
        Named("interleaving_mode", 4, "240", "720"),
        Flag("other_frequency"), Named("sfn_mfn_flag", 1, "SFN", "MFN"), Reserved(2), IfLeft(Reserved(8)));

    private static void AvsVideoFields(ref BitReader reader, TableElementBuilder element, DescriptorScope scope) =>
        Run([Hex("profile_id", 8), Hex("level_id", 8), Flag("multiple_frame_rate_flag"), Number("frame_rate_code", 4), Flag("AVS_still_present"), Number("chroma_format", 2),
            Number("sample_precision", 3), Reserved(5)], ref reader, element, scope);

    private static void Avs3VideoFields(ref BitReader reader, TableElementBuilder element, DescriptorScope scope) =>
        Run([Hex("profile_id", 8), Hex("level_id", 8), Flag("multiple_frame_rate_flag"), Number("frame_rate_code", 4), Number("sample_precision", 3), Number("chroma_format", 2),
            Flag("temporal_id_flag"), Flag("td_mode_flag"), Flag("library_stream_flag"), Flag("library_picture_enable_flag"), Reserved(2),
            Number("colour_primaries", 8), Number("transfer_characteristics", 8), Number("matrix_coefficients", 8), Reserved(8)], ref reader, element, scope);

    // T/AI 109.7: general, lossless or full-rate coding
    private static void Avs3AudioFields(ref BitReader reader, TableElementBuilder element, DescriptorScope scope)
    {
        var codec = reader.Int(4);
        var frequency = reader.Bits(4);
        element.Hex("sampling_frequency_index", frequency, 4);
        // The resolution follows the coding, and is said before it.
        var coding = new TableElementBuilder(codec switch { 0 => "general_coding", 1 => "lossless_coding", _ => "fullrate_coding" });
        switch (codec)
        {
            case 0:
                Run([Reserved(1), CodingProfile, Hex("bitrate_index", 4), BitstreamType, Hex("channel_number_index", 7), Number("raw_frame_length", 16)], ref reader, coding, scope);
                break;
            case 1:
                if (frequency == 0xF) coding.Hex("sampling_frequency", reader.Bits(24), 24);
                Run([Reserved(1), CodingProfile, Reserved(4), Number("channel_number", 8)], ref reader, coding, scope);
                break;
            case 2:
                FullRate(ref reader, coding);
                break;
            default:
                reader.Fail(); // its fields are unknown: the bytes are given instead
                break;
        }
        SayNamed(element, "resolution", reader.Bits(2), 2, ["8 bits", "16 bits", "24 bits"]);
        reader.Skip(6);
        element.Add(coding);
        element.BytesChild("additional_info", reader.Rest());
    }

    private static void FullRate(ref BitReader reader, TableElementBuilder coding)
    {
        coding.Number("nn_type", reader.Bits(3));
        reader.Skip(1);
        var content = reader.Int(4); // channels, objects, both, or higher-order ambisonics
        if (content is 0 or 2)
        {
            coding.Hex("channel_num_index", reader.Bits(7), 7);
            reader.Skip(1);
        }
        if (content is 1 or 2)
        {
            coding.Number("num_objects", reader.Bits(7));
            reader.Skip(1);
        }
        if (content == 3)
        {
            coding.Number("hoa_order", reader.Bits(4));
            reader.Skip(4);
        }
        coding.Number("total_bitrate", reader.Bits(16));
    }

    // T/AI 109.7
    private static void Avs2AudioFields(ref BitReader reader, TableElementBuilder element, DescriptorScope scope)
    {
        element.Number("num_channels", reader.Bits(8));
        element.Number("sample_rate_index", reader.Bits(4));
        var (hasVersion, hasText, hasLanguage) = (reader.Flag(), reader.Flag(), reader.Flag());
        reader.Skip(1);
        if (hasText) element.Text("description", Encoding.BigEndianUnicode.GetString(reader.Bytes(reader.Int(8))));
        if (hasLanguage) element.Text("language", ReadCode(ref reader));
        if (hasVersion)
        {
            var version = element.Child("version_info");
            var codec = reader.Int(4);
            version.Number("audio_codec_id", codec);
            reader.Skip(1);
            CodingProfile(ref reader, version, scope);
            if (codec == 0) Run([Hex("bitrate_index", 4), BitstreamType, Reserved(3), Number("raw_frame_length", 16)], ref reader, version, scope);
            SayNamed(version, "resolution", reader.Bits(2), 2, ["8 bits", "16 bits", "24 bits"]);
            reader.Skip(6);
        }
        element.BytesChild("additional_info", reader.Rest());
    }

    private static void CodingProfile(ref BitReader reader, TableElementBuilder element, DescriptorScope scope) =>
        SayNamed(element, "coding_profile", reader.Bits(3), 3, ["basic", "object", "HOA"]);

    private static void BitstreamType(ref BitReader reader, TableElementBuilder element, DescriptorScope scope) =>
        SayNamed(element, "bitstream_type", reader.Bits(1), 1, ["uniform", "variable"]);

    // T/UWA 005.2-1: the tag is a private one, so the four letters decide.
    private static void HdrVividFields(ref BitReader reader, TableElementBuilder element, DescriptorScope scope)
    {
        var letters = reader.Bits(32);
        if (letters != PrivateDataSpecifier.UhdWorldAssociation) reader.Fail();
        element.Hex("cuvv_tag", letters, 32);
        element.Hex("cuva_version_map", reader.Bits(16), 16);
        element.Hex("terminal_provide_code", reader.Bits(16), 16);
        SayNamed(element, "terminal_provide_oriented_code", reader.Bits(16), 16, ["", "", "", "", "", "1.0", "2.0", "3.0", "4.0"]);
    }
}
