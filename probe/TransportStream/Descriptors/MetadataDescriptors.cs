using static SignalWatch.TransportStream.DescriptorDefinition;
using static SignalWatch.TransportStream.Fields;

namespace SignalWatch.TransportStream;

/// <summary>Metadata descriptors of ISO/IEC 13818-1 2.6.56 to 2.6.61.</summary>
internal static class MetadataDescriptors
{
    private const uint OwnApplicationFormat = 0xFFFF; // an identifier follows (table 2-79)
    private const uint OwnFormat = 0xFF; // likewise (table 2-81)

    public static IReadOnlyList<DescriptorDefinition> All { get; } =
    [
        Standard(0x24, "content_labelling_descriptor", ContentLabelling),
        Standard(0x25, "metadata_pointer_descriptor", MetadataPointer),
        Standard(0x26, "metadata_descriptor", Metadata),
        Standard(0x27, "metadata_STD_descriptor",
            Reserved(2), Number("metadata_input_leak_rate", 22), Reserved(2), Number("metadata_buffer_size", 22), Reserved(2), Number("metadata_output_leak_rate", 22)),
    ];

    private static void ContentLabelling(ref BitReader reader, TableElementBuilder element, DescriptorScope scope)
    {
        ApplicationFormat(ref reader, element);
        var hasReference = reader.Flag();
        var timeBase = reader.Int(4);
        element.Number("content_time_base_indicator", timeBase);
        reader.Skip(3);
        if (hasReference) element.BytesChild("content_reference_id", reader.Bytes(reader.Int(8)));
        if (timeBase is 1 or 2)
        {
            reader.Skip(7);
            element.Number("content_time_base_value", (long)reader.Wide(33));
            reader.Skip(7);
            element.Number("metadata_time_base_value", (long)reader.Wide(33));
        }
        if (timeBase == 2)
        {
            reader.Skip(1);
            element.Hex("content_id", reader.Bits(7), 7);
        }
        if (timeBase is >= 3 and <= 7) element.BytesChild("time_base_association_data", reader.Bytes(reader.Int(8)));
        element.BytesChild("private_data", reader.Rest());
    }

    private static void MetadataPointer(ref BitReader reader, TableElementBuilder element, DescriptorScope scope)
    {
        ApplicationFormat(ref reader, element);
        Format(ref reader, element);
        var hasLocator = reader.Flag();
        var carriage = reader.Int(2);
        element.Number("MPEG_carriage_flags", carriage);
        reader.Skip(5);
        if (hasLocator) element.BytesChild("metadata_locator", reader.Bytes(reader.Int(8)));
        if (carriage <= 2) element.Hex("program_number", reader.Bits(16), 16);
        if (carriage == 1)
        {
            element.Hex("transport_stream_location", reader.Bits(16), 16);
            element.Hex("transport_stream_id", reader.Bits(16), 16);
        }
        element.BytesChild("private_data", reader.Rest());
    }

    private static void Metadata(ref BitReader reader, TableElementBuilder element, DescriptorScope scope)
    {
        ApplicationFormat(ref reader, element);
        Format(ref reader, element);
        var configuration = reader.Int(3);
        element.Number("decoder_config_flags", configuration);
        var isDsmcc = reader.Flag();
        reader.Skip(4);
        if (isDsmcc) element.BytesChild("service_identification", reader.Bytes(reader.Int(8)));
        switch (configuration)
        {
            case 1: element.BytesChild("decoder_config", reader.Bytes(reader.Int(8))); break;
            case 3: element.BytesChild("dec_config_identification", reader.Bytes(reader.Int(8))); break;
            case 4: element.Hex("decoder_config_metadata_service_id", reader.Bits(8), 8); break;
            case 5 or 6: element.BytesChild("reserved_data", reader.Bytes(reader.Int(8))); break;
            default: break;
        }
        element.BytesChild("private_data", reader.Rest());
    }

    private static void ApplicationFormat(ref BitReader reader, TableElementBuilder element)
    {
        var format = reader.Bits(16);
        element.Hex("metadata_application_format", format, 16);
        if (format == OwnApplicationFormat) element.Hex("metadata_application_format_identifier", reader.Bits(32), 32);
    }

    private static void Format(ref BitReader reader, TableElementBuilder element)
    {
        var format = reader.Bits(8);
        element.Hex("metadata_format", format, 8);
        if (format == OwnFormat) element.Hex("metadata_format_identifier", reader.Bits(32), 32);
        element.Hex("metadata_service_id", reader.Bits(8), 8);
    }
}
