using System.Globalization;
using static SignalWatch.TransportStream.DescriptorDefinition;
using static SignalWatch.TransportStream.Fields;

namespace SignalWatch.TransportStream;

/// <summary>Events and times: the descriptors of EN 300 468 6.2 that stand in EIT and TOT.</summary>
internal static class DvbEventDescriptors
{
    public static IReadOnlyList<DescriptorDefinition> All { get; } =
    [
        Standard(0x4D, "short_event_descriptor", Code("language_code"), TextChild8("event_name"), TextChild8("text")),
        Standard(0x4E, "extended_event_descriptor", ExtendedEvent),
        Standard(0x4F, "time_shifted_event_descriptor", Hex("reference_service_id", 16), Hex("reference_event_id", 16)),
        Standard(0x54, "content_descriptor", Each("content", Number("content_nibble_level_1", 4), Number("content_nibble_level_2", 4), Hex("user_byte", 8))),
        Standard(0x55, "parental_rating_descriptor", Each("country", Code("country_code"), Hex("rating", 8))),
        Standard(0x58, "local_time_offset_descriptor", LocalTimeOffsets),
        Standard(0x61, "short_smoothing_buffer_descriptor", Number("sb_size", 2), Number("sb_leak_rate", 6), Content),
        Standard(0x63, "partial_transport_stream_descriptor", PartialTransportStream),
        Standard(0x69, "PDC_descriptor", ProgrammeIdentificationLabel),
        Standard(0x74, "related_content_descriptor"),
        Standard(0x75, "TVA_id_descriptor", Each("TVA", Hex("id", 16), Reserved(5), Number("running_status", 3))),
        Standard(0x76, "content_identifier_descriptor", ContentIdentifier),
    ];

    // 6.2.15: the items come first, and the text after them.
    private static void ExtendedEvent(ref BitReader reader, TableElementBuilder element, DescriptorScope scope)
    {
        element.Number("descriptor_number", reader.Bits(4));
        element.Number("last_descriptor_number", reader.Bits(4));
        element.Text("language_code", ReadCode(ref reader));
        var items = reader.Part(reader.Int(8));
        element.TextChild("text", scope.Text.Decode(reader.Bytes(reader.Int(8))));
        while (items.BytesLeft > 0) Run([TextChild8("description"), TextChild8("name")], ref items, element.Child("item"), scope);
        if (items.Failed) reader.Fail();
    }

    // 6.2.20: offsets in minutes; the polarity holds for both.
    private static void LocalTimeOffsets(ref BitReader reader, TableElementBuilder element, DescriptorScope scope)
    {
        while (reader.BytesLeft > 0)
        {
            var region = element.Child("region").Text("country_code", ReadCode(ref reader)).Number("country_region_id", reader.Bits(6));
            reader.Skip(1);
            var isNegative = reader.Flag();
            Offset(ref reader, region, "local_time_offset", isNegative);
            DvbTime.Say(region, "time_of_change", ref reader);
            Offset(ref reader, region, "next_time_offset", isNegative);
        }

        static void Offset(ref BitReader reader, TableElementBuilder region, string name, bool isNegative)
        {
            var sent = reader.Bits(16);
            if (Bcds.Value(sent, 4) is not { } value || value % 100 > 59) region.Hex(name, sent, 16);
            else region.Number(name, (value / 100 * 60 + value % 100) * (isNegative ? -1 : 1));
        }
    }

    // 7.2.1
    private static void PartialTransportStream(ref BitReader reader, TableElementBuilder element, DescriptorScope scope)
    {
        reader.Skip(2);
        element.Hex("peak_rate", reader.Bits(22), 22);
        reader.Skip(2);
        var smoothing = reader.Bits(22);
        reader.Skip(2);
        var buffer = reader.Bits(14);
        if (smoothing != 0x3FFFFF) element.Hex("minimum_overall_smoothing_rate", smoothing, 22); // all ones: undefined
        if (buffer != 0x3FFF) element.Hex("maximum_overall_smoothing_buffer", buffer, 14);
    }

    // 6.2.30, EN 300 231: month, day, hour and minute of the announced start
    private static void ProgrammeIdentificationLabel(ref BitReader reader, TableElementBuilder element, DescriptorScope scope)
    {
        reader.Skip(4);
        int day = reader.Int(5), month = reader.Int(4), hour = reader.Int(5), minute = reader.Int(6);
        element.Text("programme_identification_label", string.Create(CultureInfo.InvariantCulture, $"{month:00}-{day:00} {hour:00}:{minute:00}"));
    }

    // TS 102 323 12.1
    private static void ContentIdentifier(ref BitReader reader, TableElementBuilder element, DescriptorScope scope)
    {
        while (reader.BytesLeft > 0)
        {
            var crid = element.Child("crid").Hex("crid_type", reader.Bits(6), 6);
            var location = reader.Int(2);
            crid.Number("crid_location", location);
            if (location == 0) crid.Text("crid", Utf8Of(reader.Bytes(reader.Int(8))));
            else if (location == 1) crid.Hex("crid_ref", reader.Bits(16), 16);
        }
    }
}
