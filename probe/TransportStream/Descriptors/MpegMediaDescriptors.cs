using static SignalWatch.TransportStream.DescriptorDefinition;
using static SignalWatch.TransportStream.Fields;

namespace SignalWatch.TransportStream;

/// <summary>Descriptors of pictures and sound in ISO/IEC 13818-1 2.6.</summary>
internal static class MpegMediaDescriptors
{
    public static IReadOnlyList<DescriptorDefinition> All { get; } =
    [
        Standard(0x02, "video_stream_descriptor", VideoStream),
        Standard(0x03, "audio_stream_descriptor", Flag("free_format"), Number("ID", 1), Number("layer", 2), Flag("variable_rate_audio"), Reserved(3)),
        Standard(0x1B, "MPEG4_video_descriptor", Hex("MPEG4_visual_profile_and_level", 8)),
        Standard(0x1C, "MPEG4_audio_descriptor", Hex("MPEG4_audio_profile_and_level", 8)),
        Standard(0x28, "AVC_video_descriptor",
            Hex("profile_idc", 8), ConstraintSets, Hex("AVC_compatible_flags", 2), Hex("level_idc", 8),
            Flag("AVC_still_present"), Flag("AVC_24_hour_picture"), Flag("frame_packing_SEI_not_present"), Reserved(5)),
        Standard(0x2A, "AVC_timing_and_HRD_descriptor",
            Flag("hrd_management_valid"), Reserved(6), IfSet(TimeBase("N", "K")), Flag("fixed_frame_rate"), Flag("temporal_poc"), Flag("picture_to_display_conversion"), Reserved(5)),
        Standard(0x2B, "MPEG2_AAC_audio_descriptor", Hex("MPEG2_AAC_profile", 8), Hex("MPEG2_AAC_channel_configuration", 8), Hex("MPEG2_AAC_additional_information", 8)),
        Standard(0x30, "SVC_extension_descriptor",
            Number("width", 16), Number("height", 16), Number("frame_rate", 16), Number("average_bitrate", 16), Number("maximum_bitrate", 16), Number("dependency_id", 3), Reserved(5),
            Number("quality_id_start", 4), Number("quality_id_end", 4), Number("temporal_id_start", 3), Number("temporal_id_end", 3), Flag("no_sei_nal_unit_present"), Reserved(1)),
        Standard(0x31, "MVC_extension_descriptor",
            Number("average_bitrate", 16), Number("maximum_bitrate", 16), Flag("view_association_not_present"), Flag("base_view_is_left_eyeview"), Reserved(2),
            Number("view_order_index_min", 10), Number("view_order_index_max", 10), Number("temporal_id_start", 3), Number("temporal_id_end", 3),
            Flag("no_sei_nal_unit_present"), Flag("no_prefix_nal_unit_present")),
        Standard(0x32, "J2K_video_descriptor", Jpeg2000),
        Standard(0x33, "MVC_operation_point_descriptor",
            Hex("profile_idc", 8), ConstraintSets, Number("AVC_compatible_flags", 2),
            Counted(8, "level", Hex("level_idc", 8),
                Counted(8, "operation_point", Reserved(5), Number("applicable_temporal_id", 3), Number("num_target_output_views", 8),
                    Counted(8, "ES", Reserved(2), Hex("reference", 6))))),
        Standard(0x34, "MPEG2_stereoscopic_video_format_descriptor", StereoscopicFormat),
        Standard(0x35, "stereoscopic_program_info_descriptor", Reserved(5), Number("stereoscopic_service_type", 3)),
        Standard(0x36, "stereoscopic_video_info_descriptor", StereoscopicVideo),
        Standard(0x38, "HEVC_video_descriptor", Hevc),
        Standard(0x39, "VVC_video_descriptor", Vvc),
    ];

    /// <summary>The time base of AVC, HEVC, VVC and EVC (2.6.66): 90 kHz, or N and K.</summary>
    public static Field TimeBase(string n, string k) => (ref reader, element, _) =>
    {
        var is90kHz = reader.Flag();
        reader.Skip(7);
        if (!is90kHz)
        {
            element.Number(n, reader.Bits(32));
            element.Number(k, reader.Bits(32));
        }
        element.Number("num_units_in_tick", reader.Bits(32));
    };

    private static Field ConstraintSets =>
        Fields.All(Flag("constraint_set0"), Flag("constraint_set1"), Flag("constraint_set2"), Flag("constraint_set3"), Flag("constraint_set4"), Flag("constraint_set5"));

    private static Field SourceFlags =>
        Fields.All(Flag("progressive_source_flag"), Flag("interlaced_source_flag"), Flag("non_packed_constraint_flag"), Flag("frame_only_constraint_flag"));

    // 2.6.2
    private static void VideoStream(ref BitReader reader, TableElementBuilder element, DescriptorScope scope)
    {
        element.Flag("multiple_frame_rate", reader.Flag());
        element.Number("frame_rate_code", reader.Bits(4));
        var isMpeg1 = reader.Flag();
        element.Flag("MPEG_1_only", isMpeg1);
        element.Flag("constrained_parameter", reader.Flag());
        element.Flag("still_picture", reader.Flag());
        if (isMpeg1) return;
        element.Hex("profile_and_level_indication", reader.Bits(8), 8);
        element.Number("chroma_format", reader.Bits(2));
        element.Flag("frame_rate_extension", reader.Flag());
        reader.Skip(5);
    }

    // 2.6.95
    private static void Hevc(ref BitReader reader, TableElementBuilder element, DescriptorScope scope)
    {
        element.Hex("profile_space", reader.Bits(2), 2);
        element.Flag("tier_flag", reader.Flag());
        element.Hex("profile_idc", reader.Bits(5), 5);
        element.Hex("profile_compatibility_indication", reader.Bits(32), 32);
        SourceFlags(ref reader, element, scope);
        element.Hex("copied_44bits", reader.Wide(44), 44);
        element.Hex("level_idc", reader.Bits(8), 8);
        var hasTemporalLayers = reader.Flag();
        element.Flag("HEVC_still_present_flag", reader.Flag());
        element.Flag("HEVC_24hr_picture_present_flag", reader.Flag());
        element.Flag("sub_pic_hrd_params_not_present", reader.Flag());
        reader.Skip(2);
        element.Number("HDR_WCG_idc", reader.Bits(2));
        if (!hasTemporalLayers) return;
        element.Number("temporal_id_min", reader.Bits(3));
        reader.Skip(5);
        element.Number("temporal_id_max", reader.Bits(3));
        reader.Skip(5);
    }

    // 2.6.129
    private static void Vvc(ref BitReader reader, TableElementBuilder element, DescriptorScope scope)
    {
        element.Hex("profile_idc", reader.Bits(7), 7);
        element.Flag("tier_flag", reader.Flag());
        for (var left = reader.Int(8); left > 0 && !reader.Failed; left--) element.Child("sub_profile_idc").Hex("value", reader.Bits(32), 32);
        SourceFlags(ref reader, element, scope);
        reader.Skip(4);
        element.Hex("level_idc", reader.Bits(8), 8);
        var hasTemporalLayers = reader.Flag();
        element.Flag("VVC_still_present_flag", reader.Flag());
        element.Flag("VVC_24hr_picture_present_flag", reader.Flag());
        reader.Skip(5);
        element.Number("HDR_WCG_idc", reader.Bits(2));
        reader.Skip(2);
        element.Number("video_properties_tag", reader.Bits(4));
        if (!hasTemporalLayers) return;
        reader.Skip(5);
        element.Number("temporal_id_min", reader.Bits(3));
        reader.Skip(5);
        element.Number("temporal_id_max", reader.Bits(3));
    }

    // 2.6.80
    private static void Jpeg2000(ref BitReader reader, TableElementBuilder element, DescriptorScope scope)
    {
        var isExtended = reader.Flag();
        element.Hex("profile_and_level", reader.Bits(15), 15);
        foreach (var name in (ReadOnlySpan<string>)["horizontal_size", "vertical_size", "max_bit_rate", "max_buffer_size"]) element.Number(name, reader.Bits(32));
        element.Number("DEN_frame_rate", reader.Bits(16));
        element.Number("NUM_frame_rate", reader.Bits(16));
        bool hasStripes = false, hasBlocks = false, hasMastering = false;
        if (isExtended)
        {
            (hasStripes, hasBlocks, hasMastering) = (reader.Flag(), reader.Flag(), reader.Flag());
            reader.Skip(5);
        }
        else
        {
            element.Hex("color_specification", reader.Bits(8), 8);
        }
        element.Flag("still_mode", reader.Flag());
        element.Flag("interlaced_video", reader.Flag());
        reader.Skip(6);
        if (isExtended) Run([Number("colour_primaries", 8), Number("transfer_characteristics", 8), Number("matrix_coefficients", 8), Flag("video_full_range_flag"), Reserved(7)], ref reader, element, scope);
        if (hasStripes) Run([Number("strp_max_idx", 8), Number("strp_height", 16)], ref reader, element.Child("stripe"), scope);
        if (hasBlocks)
            Run([Number("full_horizontal_size", 32), Number("full_vertical_size", 32), Number("blk_width", 16), Number("blk_height", 16),
                Number("max_blk_idx_h", 8), Number("max_blk_idx_v", 8), Number("blk_idx_h", 8), Number("blk_idx_v", 8)], ref reader, element.Child("block"), scope);
        if (hasMastering)
            Run([Number("X_c0", 16), Number("Y_c0", 16), Number("X_c1", 16), Number("Y_c1", 16), Number("X_c2", 16), Number("Y_c2", 16), Number("X_wp", 16), Number("Y_wp", 16),
                Number("L_max", 32), Number("L_min", 32), Number("MaxCLL", 16), Number("MaxFALL", 16)], ref reader, element.Child("mdm"), scope);
        element.BytesChild("private_data", reader.Rest());
    }

    // 2.6.84
    private static void StereoscopicFormat(ref BitReader reader, TableElementBuilder element, DescriptorScope scope)
    {
        var isPresent = reader.Flag();
        var arrangement = reader.Bits(7);
        if (isPresent) element.Hex("arrangement_type", arrangement, 7);
    }

    // 2.6.88
    private static void StereoscopicVideo(ref BitReader reader, TableElementBuilder element, DescriptorScope scope)
    {
        reader.Skip(7);
        var isBase = reader.Flag();
        element.Flag("base_video", isBase);
        reader.Skip(7);
        element.Flag(isBase ? "leftview" : "usable_as_2D", reader.Flag());
        if (isBase) return;
        element.Number("horizontal_upsampling_factor", reader.Bits(4));
        element.Number("vertical_upsampling_factor", reader.Bits(4));
    }
}
