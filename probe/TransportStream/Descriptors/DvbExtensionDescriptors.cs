using static SignalWatch.TransportStream.DescriptorDefinition;
using static SignalWatch.TransportStream.Fields;

namespace SignalWatch.TransportStream;

/// <summary>Descriptors under the extension_descriptor of EN 300 468 6.2.16 (tag 0x7F; extension tags in table 109) that are not of delivery or of cells.</summary>
internal static class DvbExtensionDescriptors
{
    public static IReadOnlyList<DescriptorDefinition> All { get; } =
    [
        DvbExtension(0x00, "image_icon_descriptor", ImageIcon),
        DvbExtension(0x02, "CP_descriptor", Hex("CP_system_id", 16), Reserved(3), Hex("CP_PID", 13), BytesToEnd("private_data")),
        DvbExtension(0x03, "CP_identifier_descriptor", Each("CP_system_id", Hex("value", 16))),
        DvbExtension(0x06, "supplementary_audio_descriptor",
            Number("mix_type", 1), Hex("editorial_classification", 5), Reserved(1), IfSet(Code("language_code")), BytesToEnd("private_data")),
        DvbExtension(0x08, "message_descriptor", Hex("message_id", 8), Code("language_code"), TextChildToEnd("text")),
        DvbExtension(0x0B, "service_relocated_descriptor", Hex("old_original_network_id", 16), Hex("old_transport_stream_id", 16), Hex("old_service_id", 16)),
        DvbExtension(0x0E, "DTS_HD_descriptor", DtsHd),
        DvbExtension(0x0F, "DTS_neural_descriptor", Hex("config_id", 8), BytesToEnd("additional_info")),
        DvbExtension(0x10, "video_depth_range_descriptor", Each("range", DepthRange)),
        DvbExtension(0x11, "T2MI_descriptor",
            Reserved(5), Hex("t2mi_stream_id", 3), Reserved(5), Number("num_t2mi_streams_minus_one", 3), Reserved(7), Flag("pcr_iscr_common_clock_flag"), BytesToEnd("reserved")),
        DvbExtension(0x13, "URI_linkage_descriptor", UriLinkage),
        DvbExtension(0x14, "CI_ancillary_data_descriptor", BytesToEnd("ancillary_data")),
        DvbExtension(0x15, "DVB_AC4_descriptor", Ac4),
        DvbExtension(0x18, "protection_message_descriptor", Reserved(4), Counted(4, "component", Hex("tag", 8))),
        DvbExtension(0x19, "audio_preselection_descriptor", AudioPreselections),
        DvbExtension(0x20, "TTML_subtitling_descriptor", Ttml),
        DvbExtension(0x23, "vvc_subpictures_descriptor", VvcSubpictures),
    ];

    // 6.4.7: the type and the place of the icon are only in its first descriptor.
    private static void ImageIcon(ref BitReader reader, TableElementBuilder element, DescriptorScope scope)
    {
        var number = reader.Int(4);
        element.Number("descriptor_number", number);
        element.Number("last_descriptor_number", reader.Bits(4));
        reader.Skip(5);
        element.Number("icon_id", reader.Bits(3));
        if (number > 0)
        {
            element.BytesChild("icon_data", reader.Bytes(reader.Int(8)));
            return;
        }
        var mode = reader.Int(2);
        element.Number("icon_transport_mode", mode);
        if (reader.Flag()) Run([Number("coordinate_system", 3), Reserved(2), Number("icon_horizontal_origin", 12), Number("icon_vertical_origin", 12)], ref reader, element, scope);
        else reader.Skip(5);
        element.Text("icon_type", Utf8Of(reader.Bytes(reader.Int(8))));
        if (mode == 1) element.Text("url", Utf8Of(reader.Bytes(reader.Int(8))));
        else if (mode == 0) element.BytesChild("icon_data", reader.Bytes(reader.Int(8)));
    }

    // Annex G.3
    private static void DtsHd(ref BitReader reader, TableElementBuilder element, DescriptorScope scope)
    {
        var present = reader.Bits(5);
        reader.Skip(3);
        ReadOnlySpan<string> names = ["substream_core", "substream_0", "substream_1", "substream_2", "substream_3"];
        for (var i = 0; i < names.Length; i++)
            if ((present >> (names.Length - 1 - i) & 1) != 0) Within8(Substream)(ref reader, element.Child(names[i]), scope);
        element.BytesChild("additional_info", reader.Rest());

        static void Substream(ref BitReader reader, TableElementBuilder substream, DescriptorScope scope)
        {
            var assets = reader.Int(3) + 1;
            Run([Number("channel_count", 5), Flag("LFE"), Hex("sampling_frequency", 4), Flag("sample_resolution"), Reserved(2)], ref reader, substream, scope);
            for (; assets > 0 && !reader.Failed; assets--)
            {
                var asset = substream.Child("asset_info");
                Run([Hex("asset_construction", 5), Flag("vbr"), Flag("post_encode_br_scaling")], ref reader, asset, scope);
                var (hasType, hasLanguage) = (reader.Flag(), reader.Flag());
                asset.Number("bit_rate", reader.Bits(13));
                reader.Skip(2);
                if (hasType) asset.Hex("component_type", reader.Bits(8), 8);
                if (hasLanguage) asset.Text("ISO_639_language_code", ReadCode(ref reader));
            }
        }
    }

    // 6.4.16
    private static void DepthRange(ref BitReader reader, TableElementBuilder range, DescriptorScope scope)
    {
        var type = reader.Int(8);
        range.Hex("range_type", (ulong)type, 8);
        var selector = reader.Part(reader.Int(8));
        if (type == 0) Run([Signed("video_max_disparity_hint", 12), Signed("video_min_disparity_hint", 12)], ref selector, range, scope);
        else range.BytesChild("range_selector", selector.Rest());
        if (selector.Failed || selector.BytesLeft > 0) reader.Fail();
    }

    // 6.4.15
    private static void UriLinkage(ref BitReader reader, TableElementBuilder element, DescriptorScope scope)
    {
        const int DvbI = 3;
        var type = reader.Int(8);
        element.Hex("uri_linkage_type", (ulong)type, 8).Text("uri", Utf8Of(reader.Bytes(reader.Int(8))));
        if (type is 0 or 1) element.Number("min_polling_interval", reader.Bits(16));
        if (type == DvbI) DvbIService(ref reader, element.Child("DVB_I_linkage"), scope);
        else element.BytesChild("private_data", reader.Rest());

        static void DvbIService(ref BitReader reader, TableElementBuilder linkage, DescriptorScope scope)
        {
            const int NamedServiceList = 3;
            var endPoint = reader.Int(8);
            linkage.Hex("end_point_type", (ulong)endPoint, 8);
            if (endPoint == NamedServiceList)
                foreach (var name in (ReadOnlySpan<string>)["service_list_name", "service_list_provider_name"])
                    if (scope.Text.Decode(reader.Bytes(reader.Int(8))) is { Length: > 0 } text) linkage.Text(name, text);
            linkage.BytesChild("private_data", reader.Rest());
        }
    }

    // Annex D.7
    private static void Ac4(ref BitReader reader, TableElementBuilder element, DescriptorScope scope)
    {
        var (hasConfiguration, hasContents) = (reader.Flag(), reader.Flag());
        reader.Skip(6);
        if (hasConfiguration) Run([Flag("ac4_dialog_enhancement_enabled"), Number("ac4_channel_mode", 2), Reserved(5)], ref reader, element, scope);
        if (hasContents) element.BytesChild("ac4_dsi_toc", reader.Bytes(reader.Int(8)));
        element.BytesChild("additional_info", reader.Rest());
    }

    // 6.4.1
    private static void AudioPreselections(ref BitReader reader, TableElementBuilder element, DescriptorScope scope)
    {
        var left = reader.Int(5);
        reader.Skip(3);
        for (; left > 0 && !reader.Failed; left--)
        {
            var preselection = element.Child("preselection");
            Run([Number("preselection_id", 5), Number("audio_rendering_indication", 3), Flag("audio_description"), Flag("spoken_subtitles"), Flag("dialogue_enhancement"),
                Flag("interactivity_enabled")], ref reader, preselection, scope);
            var (hasLanguage, hasLabel, hasStreams, hasExtension) = (reader.Flag(), reader.Flag(), reader.Flag(), reader.Flag());
            if (hasLanguage) preselection.Text("ISO_639_language_code", ReadCode(ref reader));
            if (hasLabel) preselection.Hex("message_id", reader.Bits(8), 8);
            if (hasStreams)
            {
                var streams = reader.Int(3);
                reader.Skip(5);
                var info = preselection.Child("multi_stream_info");
                foreach (var tag in reader.Bytes(streams)) info.Child("component").Hex("tag", tag, 8);
            }
            if (!hasExtension) continue;
            reader.Skip(3);
            preselection.BytesChild("future_extension", reader.Bytes(reader.Int(5)));
        }
    }

    // EN 303 560 5.2.1.1
    private static void Ttml(ref BitReader reader, TableElementBuilder element, DescriptorScope scope)
    {
        element.Text("ISO_639_language_code", ReadCode(ref reader));
        element.Number("subtitle_purpose", reader.Bits(6));
        element.Number("TTS_suitability", reader.Bits(2));
        var (hasFonts, hasQualifier) = (reader.Flag(), reader.Flag());
        reader.Skip(2);
        foreach (var profile in reader.Bytes(reader.Int(4))) element.Child("dvb_ttml_profile").Hex("value", profile, 8);
        if (hasQualifier) element.Hex("qualifier", reader.Bits(32), 32);
        if (hasFonts)
            foreach (var font in reader.Bytes(reader.Int(8))) element.Child("font_id").Hex("value", (ulong)(font & 0x7F), 7);
        if (scope.Text.Decode(reader.Bytes(reader.Int(8))) is { Length: > 0 } name) element.Text("service_name", name);
        element.Number("reserved_zero_future_count", reader.Rest().Length);
    }

    // 6.4.17
    private static void VvcSubpictures(ref BitReader reader, TableElementBuilder element, DescriptorScope scope)
    {
        element.Flag("default_service_mode", reader.Flag());
        var hasDescription = reader.Flag();
        var pictures = reader.Int(6);
        for (; pictures > 0 && !reader.Failed; pictures--)
        {
            var tag = reader.Bits(8);
            element.Child("subpicture").Number("component_tag", tag).Number("subpicture_id", reader.Bits(8));
        }
        reader.Skip(5);
        element.Number("processing_mode", reader.Bits(3));
        if (hasDescription) element.Text("service_description", scope.Text.Decode(reader.Bytes(reader.Int(8))));
    }
}
