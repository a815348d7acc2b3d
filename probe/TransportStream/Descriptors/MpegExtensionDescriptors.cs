using static SignalWatch.TransportStream.DescriptorDefinition;
using static SignalWatch.TransportStream.Fields;

namespace SignalWatch.TransportStream;

/// <summary>Descriptors under the extension_descriptor of ISO/IEC 13818-1 2.6.90 (tag 0x3F; extension tags in table 2-110).</summary>
internal static class MpegExtensionDescriptors
{
    public static IReadOnlyList<DescriptorDefinition> All { get; } =
    [
        MpegExtension(0x03, "HEVC_timing_and_HRD_descriptor", HevcTiming),
        MpegExtension(0x04, "af_extensions_descriptor"),
        MpegExtension(0x06, "HEVC_hierarchy_extension_descriptor",
            Hex("extension_dimension_bits", 16), Reserved(2), Hex("hierarchy_layer_index", 6), Number("temporal_id", 3), Hex("nuh_layer_id", 6), Flag("tref_present"),
            EmbeddedLayers),
        MpegExtension(0x08, "MPEGH_3D_audio_descriptor", MpegH3dAudio),
        MpegExtension(0x0F, "quality_extension_descriptor", Number("field_size_bytes", 8), Counted(8, "metric", Hex("code", 32))),
        MpegExtension(0x15, "VVC_timing_and_HRD_descriptor", Flag("hrd_management_valid"), Reserved(6), IfSet(MpegMediaDescriptors.TimeBase("N_90khz", "K_90khz"))),
        MpegExtension(0x16, "EVC_timing_and_HRD_descriptor", Flag("hrd_management_valid"), Reserved(6), IfSet(MpegMediaDescriptors.TimeBase("N_90khz", "K_90khz"))),
    ];

    // 2.6.97
    private static void HevcTiming(ref BitReader reader, TableElementBuilder element, DescriptorScope scope)
    {
        element.Flag("hrd_management_valid", reader.Flag());
        var hasNoSchedule = reader.Flag();
        var schedule = reader.Bits(5);
        if (!hasNoSchedule) element.Number("target_schedule_idx", schedule);
        if (reader.Flag()) MpegMediaDescriptors.TimeBase("N", "K")(ref reader, element, scope);
    }

    // 2.6.102
    private static void EmbeddedLayers(ref BitReader reader, TableElementBuilder element, DescriptorScope scope)
    {
        reader.Skip(2);
        var layers = reader.Int(6);
        reader.Skip(2);
        element.Hex("hierarchy_channel", reader.Bits(6), 6);
        for (; layers > 0 && !reader.Failed; layers--)
        {
            reader.Skip(2);
            element.Child("embedded_layer").Hex("hierarchy_layer_index", reader.Bits(6), 6);
        }
    }

    // 2.6.106
    private static void MpegH3dAudio(ref BitReader reader, TableElementBuilder element, DescriptorScope scope)
    {
        element.Hex("mpegh_3da_profile_level_indication", reader.Bits(8), 8);
        element.Flag("interactivity_enabled", reader.Flag());
        var hasNoCompatibleSets = reader.Flag();
        reader.Skip(8);
        element.Hex("reference_channel_layout", reader.Bits(6), 6);
        if (!hasNoCompatibleSets) element.BytesChild("CompatibleSetIndication", reader.Bytes(reader.Int(8)));
        element.BytesChild("reserved", reader.Rest());
    }
}
