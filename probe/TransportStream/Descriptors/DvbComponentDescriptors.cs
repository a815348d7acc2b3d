using static SignalWatch.TransportStream.DescriptorDefinition;
using static SignalWatch.TransportStream.Fields;

namespace SignalWatch.TransportStream;

/// <summary>Components: what EN 300 468 6.2 and annexes D, G, H say of pictures, sound, subtitles and teletext.</summary>
internal static class DvbComponentDescriptors
{
    public static IReadOnlyList<DescriptorDefinition> All { get; } =
    [
        Standard(0x45, "VBI_data_descriptor", VbiData),
        Standard(0x46, "VBI_teletext_descriptor", Each("teletext", TeletextPage)),
        Standard(0x50, "component_descriptor", Component),
        Standard(0x52, "stream_identifier_descriptor", Hex("component_tag", 8)),
        Standard(0x56, "teletext_descriptor", Each("teletext", TeletextPage)),
        Standard(0x59, "subtitling_descriptor", Each("subtitling", Code("language_code"), Hex("subtitling_type", 8), Hex("composition_page_id", 16), Hex("ancillary_page_id", 16))),
        Standard(0x5E, "multilingual_component_descriptor", Number("component_tag", 8), Each("language", Code("code"), Text8("description"))),
        Standard(0x6A, "DVB_AC3_descriptor", Ac3),
        Standard(0x6B, "ancillary_data_descriptor", Hex("ancillary_data_identifier", 8)),
        Standard(0x70, "adaptation_field_data_descriptor", Hex("adaptation_field_data_identifier", 8)),
        Standard(0x7A, "DVB_enhanced_AC3_descriptor", EnhancedAc3),
        Standard(0x7B, "DTS_descriptor",
            Hex("sample_rate_code", 4), Hex("bit_rate_code", 6), Hex("nblks", 7), Hex("fsize", 14), Hex("surround_mode", 6), Flag("lfe"), Hex("extended_surround", 2),
            BytesToEnd("additional_info")),
        Standard(0x7C, "AAC_descriptor", Hex("profile_and_level", 8), IfLeft(AacType), BytesToEnd("additional_info")),
    ];

    // 6.2.8: the extension nibble comes first, and is said second.
    private static void Component(ref BitReader reader, TableElementBuilder element, DescriptorScope scope)
    {
        var extension = reader.Bits(4);
        element.Hex("stream_content", reader.Bits(4), 4).Hex("stream_content_ext", extension, 4);
        element.Hex("component_type", reader.Bits(8), 8);
        element.Hex("component_tag", reader.Bits(8), 8);
        element.Text("language_code", ReadCode(ref reader));
        element.Text("text", scope.Text.Decode(reader.Rest()));
    }

    // 6.2.43: magazine 0 is 8, the page is two digits.
    private static void TeletextPage(ref BitReader reader, TableElementBuilder page, DescriptorScope scope)
    {
        page.Text("language_code", ReadCode(ref reader));
        page.Hex("teletext_type", reader.Bits(5), 5);
        var magazine = reader.Int(3);
        var (tens, ones) = (reader.Int(4), reader.Int(4));
        page.Number("page_number", (magazine == 0 ? 8 : magazine) * 100 + tens * 10 + ones);
    }

    // 6.2.47: lines only for the services of table 102 that have them.
    private static void VbiData(ref BitReader reader, TableElementBuilder element, DescriptorScope scope)
    {
        while (reader.BytesLeft > 0)
        {
            var id = reader.Int(8);
            var service = element.Child("service").Number("data_service_id", id);
            var lines = reader.Bytes(reader.Int(8));
            if (id is 1 or 2 or >= 4 and <= 7)
                foreach (var line in lines) service.Child("field").Flag("field_parity", (line & 0x20) != 0).Number("line_offset", line & 0x1F);
            else
                service.BytesChild("reserved", lines);
        }
    }

    // Annex D.3
    private static void Ac3(ref BitReader reader, TableElementBuilder element, DescriptorScope scope)
    {
        var flags = reader.Bits(4);
        reader.Skip(4);
        Optional(ref reader, element, flags, 4, ["component_type", "bsid", "mainid", "asvc"]);
        element.BytesChild("additional_info", reader.Rest());
    }

    // Annex D.5
    private static void EnhancedAc3(ref BitReader reader, TableElementBuilder element, DescriptorScope scope)
    {
        var flags = reader.Bits(4);
        element.Flag("mixinfoexists", reader.Flag());
        var substreams = reader.Bits(3);
        Optional(ref reader, element, flags << 3 | substreams, 7, ["component_type", "bsid", "mainid", "asvc", "substream1", "substream2", "substream3"]);
        element.BytesChild("additional_info", reader.Rest());
    }

    private static void Optional(ref BitReader reader, TableElementBuilder element, uint flags, int count, scoped ReadOnlySpan<string> names)
    {
        for (var i = 0; i < count; i++)
            if ((flags >> (count - 1 - i) & 1) != 0) element.Hex(names[i], reader.Bits(8), 8);
    }

    // Annex H.2.1
    private static void AacType(ref BitReader reader, TableElementBuilder element, DescriptorScope scope)
    {
        var hasType = reader.Flag();
        element.Flag("SAOC_DE", reader.Flag());
        reader.Skip(6);
        if (hasType) element.Hex("AAC_type", reader.Bits(8), 8);
    }
}
