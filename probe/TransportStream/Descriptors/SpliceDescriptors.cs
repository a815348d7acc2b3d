using static SignalWatch.TransportStream.DescriptorDefinition;
using static SignalWatch.TransportStream.Fields;

namespace SignalWatch.TransportStream;

/// <summary>Descriptors of splice_info_sections, whose tags are their own (SCTE 35 10.3).</summary>
internal static class SpliceDescriptors
{
    private const int FirstSubsegmented = 0x30; // segmentation types that may count sub-segments (SCTE 35 table 23)
    private const int LastSubsegmented = 0x47;

    public static IReadOnlyList<DescriptorDefinition> All { get; } =
    [
        Own(0x00, "splice_avail_descriptor", Hex("identifier", 32), Hex("provider_avail_id", 32)),
        Own(0x01, "splice_DTMF_descriptor", Hex("identifier", 32), Number("preroll", 8), Dtmf),
        Own(0x02, "splice_segmentation_descriptor", Segmentation),
        Own(0x03, "splice_time_descriptor", Hex("identifier", 32), Number("TAI_seconds", 48), Number("TAI_ns", 32), Number("UTC_offset", 16)),
        Own(0x04, "splice_audio_descriptor", Hex("identifier", 32), Audio),
    ];

    private static DescriptorDefinition Own(int tag, string name, params Field[] body) => In(TagSpace.Table, TableIdentifiers.SpliceInformation, tag, name, body);

    private static void Dtmf(ref BitReader reader, TableElementBuilder element, DescriptorScope scope)
    {
        var count = reader.Int(3);
        reader.Skip(5);
        element.Text("DTMF", Utf8Of(reader.Bytes(count)));
    }

    // 10.3.3
    private static void Segmentation(ref BitReader reader, TableElementBuilder element, DescriptorScope scope)
    {
        element.Hex("identifier", reader.Bits(32), 32);
        element.Hex("segmentation_event_id", reader.Bits(32), 32);
        var isCancelled = reader.Flag();
        element.Flag("segmentation_event_cancel", isCancelled);
        reader.Skip(7);
        if (isCancelled) return;
        var (isWholeProgram, hasDuration, isUnrestricted) = (reader.Flag(), reader.Flag(), reader.Flag());
        if (isUnrestricted) reader.Skip(5);
        else Run([Flag("web_delivery_allowed"), Flag("no_regional_blackout"), Flag("archive_allowed"), Number("device_restrictions", 2)], ref reader, element, scope);
        var components = isWholeProgram ? default : Components(ref reader);
        if (hasDuration) element.Number("segmentation_duration", (long)reader.Wide(40));
        var upidType = reader.Bits(8);
        var upid = reader.Bytes(reader.Int(8));
        var type = reader.Int(8);
        element.Hex("segmentation_type_id", (ulong)type, 8);
        element.Number("segment_num", reader.Bits(8));
        element.Number("segments_expected", reader.Bits(8));
        // Older senders leave the sub-segments out even where the type has them.
        if (type is >= FirstSubsegmented and <= LastSubsegmented && reader.BytesLeft >= 2) Run([Number("sub_segment_num", 8), Number("sub_segments_expected", 8)], ref reader, element, scope);
        element.Child("segmentation_upid").Hex("type", upidType, 8).Bytes(upid);
        while (components.BytesLeft > 0) Run([Number("component_tag", 8), Reserved(7), Number("pts_offset", 33)], ref components, element.Child("component"), scope);
    }

    private static BitReader Components(ref BitReader reader) => reader.Part(reader.Int(8) * 6);

    // 10.3.5
    private static void Audio(ref BitReader reader, TableElementBuilder element, DescriptorScope scope)
    {
        var left = reader.Int(4);
        reader.Skip(4);
        for (; left > 0 && !reader.Failed; left--)
            Run([Number("component_tag", 8), Code("ISO_code"), Number("bit_stream_mode", 3), Number("num_channels", 4), Flag("full_srvc_audio")], ref reader, element.Child("component"), scope);
    }
}
