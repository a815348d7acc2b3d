using static SignalWatch.TransportStream.DescriptorDefinition;
using static SignalWatch.TransportStream.Fields;

namespace SignalWatch.TransportStream;

/// <summary>Programme and system descriptors of ISO/IEC 13818-1 2.6, and those of ISO/IEC 13818-6 in the same range.</summary>
internal static class MpegDescriptors
{
    public static IReadOnlyList<DescriptorDefinition> All { get; } =
    [
        Standard(0x04, "hierarchy_descriptor",
            Flag("no_view_scalability_flag"), Flag("no_temporal_scalability"), Flag("no_spatial_scalability"), Flag("no_quality_scalability"), Number("hierarchy_type", 4),
            Reserved(2), Number("hierarchy_layer_index", 6), Flag("tref_present"), Reserved(1), Number("hierarchy_embedded_layer_index", 6), Reserved(2), Number("hierarchy_channel", 6)),
        Standard(0x05, "registration_descriptor", Hex("format_identifier", 32), BytesToEnd("additional_identification_info")),
        Standard(0x06, "data_stream_alignment_descriptor", Hex("alignment_type", 8)),
        Standard(0x07, "target_background_grid_descriptor", Number("horizontal_size", 14), Number("vertical_size", 14), Number("aspect_ratio_information", 4)),
        Standard(0x08, "video_window_descriptor", Number("horizontal_offset", 14), Number("vertical_offset", 14), Number("window_priority", 4)),
        Standard(0x09, "CA_descriptor", Hex("CA_system_id", 16), Reserved(3), Hex("CA_PID", 13), BytesToEnd("private_data")),
        Standard(0x0A, "ISO_639_language_descriptor", Each("language", Code("code"), Hex("audio_type", 8))),
        Standard(0x0B, "system_clock_descriptor", Flag("external_clock_reference"), Reserved(1), Number("clock_accuracy_integer", 6), Number("clock_accuracy_exponent", 3), Reserved(5)),
        Standard(0x0C, "multiplex_buffer_utilization_descriptor", MultiplexBufferUtilization),
        Standard(0x0D, "copyright_descriptor", Hex("copyright_identifier", 32), BytesToEnd("additional_copyright_info")),
        // In units of 50 bytes/s (2.6.27); said in bits/s.
        Standard(0x0E, "maximum_bitrate_descriptor", Reserved(2), Scaled("maximum_bitrate", 22, 400)),
        Standard(0x0F, "private_data_indicator_descriptor", Hex("private_data_indicator", 32)),
        Standard(0x10, "smoothing_buffer_descriptor", Reserved(2), Hex("sb_leak_rate", 22), Reserved(2), Hex("sb_size", 22)),
        Standard(0x11, "STD_descriptor", Reserved(7), Flag("leak_valid")),
        Standard(0x12, "IBP_descriptor", Flag("closed_gop"), Flag("identical_gop"), Number("max_gop_length", 14)),
        Standard(0x13, "carousel_identifier_descriptor", Hex("carousel_id", 32), BytesToEnd("private_data")),
        Standard(0x14, "association_tag_descriptor", Hex("association_tag", 16), Hex("use", 16), Bytes8("selector_bytes"), BytesToEnd("private_data")),
        Standard(0x15, "deferred_association_tags_descriptor", DeferredAssociationTags),
        Standard(0x17, "NPT_reference_descriptor",
            Flag("post_discontinuity"), Hex("content_id", 7), Reserved(7), Hex("STC_reference", 33), Reserved(31), Hex("NPT_reference", 33), Hex("scale_numerator", 16), Hex("scale_denominator", 16)),
        Standard(0x18, "NPT_endpoint_descriptor", Reserved(15), Hex("start_NPT", 33), Reserved(31), Hex("stop_NPT", 33)),
        Standard(0x19, "stream_mode_descriptor", Hex("stream_mode", 8), Reserved(8)),
        Standard(0x1A, "stream_event_descriptor", Hex("event_id", 16), Reserved(31), Hex("event_NPT", 33), BytesToEnd("private_data")),
        Standard(0x1E, "SL_descriptor", Hex("ES_ID", 16)),
        Standard(0x1F, "FMC_descriptor", Each("stream", Hex("ES_ID", 16), Hex("M4MuxChannel", 8))),
        Standard(0x20, "external_ES_ID_descriptor", Hex("external_ES_ID", 16)),
        Standard(0x21, "MuxCode_descriptor",
            Each("MuxCodeEntry", Within8(Number("MuxCode", 4), Number("version", 4), MuxCodeSubstructures))),
        Standard(0x22, "M4MuxBufferSize_descriptor", M4MuxBufferSize),
        Standard(0x23, "multiplex_buffer_descriptor", Number("MB_buffer_size", 24), Number("TB_leak_rate", 24)),
        Standard(0x2C, "m4mux_timing_descriptor", Hex("FCR_ES_ID", 16), Number("FCRResolution", 32), Number("FCRLength", 8), Number("FmxRateLength", 8)),
        Standard(0x37, "transport_profile_descriptor", Hex("transport_profile", 8), BytesToEnd("private_data")),
    ];

    // 2.6.22: the bounds hold only with the flag, the bytes are there in any case.
    private static void MultiplexBufferUtilization(ref BitReader reader, TableElementBuilder element, DescriptorScope scope)
    {
        var valid = reader.Flag();
        var lower = reader.Int(15);
        reader.Skip(1);
        var upper = reader.Int(15);
        if (valid) element.Number("LTW_offset_lower_bound", lower).Number("LTW_offset_upper_bound", upper);
    }

    // ISO/IEC 13818-6 11.4.3
    private static void DeferredAssociationTags(ref BitReader reader, TableElementBuilder element, DescriptorScope scope)
    {
        var tags = reader.Part(reader.Int(8));
        var stream = reader.Bits(16);
        element.Hex("transport_stream_id", stream, 16).Hex("program_number", reader.Bits(16), 16);
        while (tags.BytesLeft > 0) element.Child("association").Hex("tag", tags.Bits(16), 16);
        if (tags.Failed) reader.Fail();
        element.BytesChild("private_data", reader.Rest());
    }

    // ISO/IEC 14496-1 and 13818-1 2.6.49
    private static void MuxCodeSubstructures(ref BitReader reader, TableElementBuilder element, DescriptorScope scope)
    {
        while (reader.BytesLeft > 0)
        {
            var slots = reader.Int(5);
            var substructure = element.Child("substructure").Number("repetitionCount", reader.Int(3));
            for (; slots > 0 && !reader.Failed; slots--)
            {
                var channel = reader.Int(8);
                substructure.Child("slot").Number("m4MuxChannel", channel).Number("numberOfBytes", reader.Int(8));
            }
        }
    }

    // 2.6.51
    private static void M4MuxBufferSize(ref BitReader reader, TableElementBuilder element, DescriptorScope scope)
    {
        Say(ref reader, element.Child("DefaultM4MuxBufferDescriptor"));
        while (reader.BytesLeft > 0) Say(ref reader, element.Child("M4MuxBufferDescriptor"));

        static void Say(ref BitReader reader, TableElementBuilder buffer)
        {
            buffer.Number("m4MuxChannel", reader.Int(8));
            buffer.Number("FB_BufferSize", reader.Int(24));
        }
    }
}
