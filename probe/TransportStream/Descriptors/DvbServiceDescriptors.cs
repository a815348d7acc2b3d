using static SignalWatch.TransportStream.DescriptorDefinition;
using static SignalWatch.TransportStream.Fields;

namespace SignalWatch.TransportStream;

/// <summary>Networks, bouquets and services: the descriptors of EN 300 468 6.2 that name and link them.</summary>
internal static class DvbServiceDescriptors
{
    private const int Handover = 0x08; // linkage types of table 58
    private const int EventLinkage = 0x0D;
    private const int FirstExtendedEventLinkage = 0x0E;
    private const int LastExtendedEventLinkage = 0x1F;

    // The names that the XML dialect has for private_data_specifiers; the values are DVB Services' allocations.
    private static readonly (uint Value, string Name)[] PrivateDataSpecifiers =
    [
        (0x02, "BskyB"), (0x09, "Nagra"), (0x10, "TPS"), (PrivateDataSpecifier.Eacem, "EACEM"), (PrivateDataSpecifier.NorDig, "NorDig"), (0xA2, "Logiways"), (0xC0, "CanalPlus"),
        (PrivateDataSpecifier.Eutelsat, "Eutelsat"), (PrivateDataSpecifier.Ofcom, "OFCOM"), (PrivateDataSpecifier.Australia, "Australia"),
        (PrivateDataSpecifier.AvsVideo, "AVSV"), (PrivateDataSpecifier.AvsAudio, "AVSA"), (0x414F4D53, "AOM"),
    ];

    public static IReadOnlyList<DescriptorDefinition> All { get; } =
    [
        Standard(0x40, "network_name_descriptor", TextToEnd("network_name")),
        Standard(0x41, "service_list_descriptor", Each("service", Hex("service_id", 16), Hex("service_type", 8))),
        Standard(0x42, "DVB_stuffing_descriptor", Content),
        Standard(0x47, "bouquet_name_descriptor", TextToEnd("bouquet_name")),
        Standard(0x48, "service_descriptor", Hex("service_type", 8), Text8("service_provider_name"), Text8("service_name")),
        Standard(0x49, "country_availability_descriptor", Flag("country_availability"), Reserved(7), Each("country", Code("country_code"))),
        Standard(0x4A, "linkage_descriptor", Linkage),
        Standard(0x4B, "NVOD_reference_descriptor", Each("service", Hex("transport_stream_id", 16), Hex("original_network_id", 16), Hex("service_id", 16))),
        Standard(0x4C, "DVB_time_shifted_service_descriptor", Hex("reference_service_id", 16)),
        Standard(0x51, "mosaic_descriptor", Mosaic),
        Standard(0x53, "CA_identifier_descriptor", Each("CA_system_id", Hex("value", 16))),
        Standard(0x57, "telephone_descriptor", Telephone),
        Standard(0x5B, "multilingual_network_name_descriptor", Each("language", Code("code"), Text8("network_name"))),
        Standard(0x5C, "multilingual_bouquet_name_descriptor", Each("language", Code("code"), Text8("bouquet_name"))),
        Standard(0x5D, "multilingual_service_name_descriptor", Each("language", Code("code"), Text8("service_provider_name"), Text8("service_name"))),
        Standard(0x5F, "private_data_specifier_descriptor", Specifier),
        Standard(0x60, "service_move_descriptor", Hex("new_original_network_id", 16), Hex("new_transport_stream_id", 16), Hex("new_service_id", 16)),
        Standard(0x65, "scrambling_descriptor", Hex("scrambling_mode", 8)),
        Standard(0x67, "transport_stream_descriptor", Utf8ToEnd("compliance")),
        Standard(0x68, "DSNG_descriptor", Utf8ToEnd("station_identification")),
        Standard(0x6E, "announcement_support_descriptor", Announcements),
        Standard(0x71, "service_identifier_descriptor", Utf8ToEnd("service_identifier")),
        Standard(0x72, "service_availability_descriptor", Flag("availability"), Reserved(7), Each("cell", Hex("id", 16))),
        Standard(0x73, "default_authority_descriptor", Utf8ToEnd("fqdn")),
        Standard(0x78, "ECM_repetition_rate_descriptor", Hex("CA_system_id", 16), Number("ECM_repetition_rate", 16), BytesToEnd("private_data")),
        Standard(0x7E, "FTA_content_management_descriptor",
            Flag("user_defined"), Reserved(3), Flag("do_not_scramble"), Number("control_remote_access_over_internet", 2), Flag("do_not_apply_revocation")),
    ];

    private static void Specifier(ref BitReader reader, TableElementBuilder element, DescriptorScope scope)
    {
        var value = reader.Bits(32);
        var name = PrivateDataSpecifiers.FirstOrDefault(known => known.Value == value).Name;
        if (name is null) element.Hex("private_data_specifier", value, 32);
        else element.Text("private_data_specifier", name);
    }

    // 6.2.19
    private static void Linkage(ref BitReader reader, TableElementBuilder element, DescriptorScope scope)
    {
        element.Hex("transport_stream_id", reader.Bits(16), 16);
        element.Hex("original_network_id", reader.Bits(16), 16);
        element.Hex("service_id", reader.Bits(16), 16);
        var type = reader.Int(8);
        element.Hex("linkage_type", (ulong)type, 8);
        switch (type)
        {
            case Handover:
                MobileHandover(ref reader, element.Child("mobile_handover_info"));
                break;
            case EventLinkage:
                Run([Hex("target_event_id", 16), Flag("target_listed"), Flag("event_simulcast"), Reserved(6)], ref reader, element.Child("event_linkage_info"), scope);
                break;
            case >= FirstExtendedEventLinkage and <= LastExtendedEventLinkage:
                var events = reader.Part(reader.Int(8));
                var info = element.Child("extended_event_linkage_info");
                while (events.BytesLeft > 0) ExtendedEvent(ref events, info.Child("event"));
                if (events.Failed) reader.Fail();
                break;
            default: break; // SSU and IP/MAC links have their own standards: their bytes follow as private data
        }
        element.BytesChild("private_data", reader.Rest());
    }

    // 6.2.19.2
    private static void MobileHandover(ref BitReader reader, TableElementBuilder info)
    {
        var type = reader.Int(4);
        reader.Skip(3);
        var fromSdt = reader.Flag();
        info.Hex("handover_type", (ulong)type, 4).Text("origin_type", fromSdt ? "SDT" : "NIT");
        if (type is >= 1 and <= 3) info.Hex("network_id", reader.Bits(16), 16);
        if (!fromSdt) info.Hex("initial_service_id", reader.Bits(16), 16);
    }

    // 6.2.19.4
    private static void ExtendedEvent(ref BitReader reader, TableElementBuilder target)
    {
        target.Hex("target_event_id", reader.Bits(16), 16);
        target.Flag("target_listed", reader.Flag());
        target.Flag("event_simulcast", reader.Flag());
        target.Hex("link_type", reader.Bits(2), 2);
        var idType = reader.Int(2);
        target.Hex("target_id_type", (ulong)idType, 2);
        var (hasNetwork, hasService) = (reader.Flag(), reader.Flag());
        if (idType == 3)
        {
            target.Hex("user_defined_id", reader.Bits(16), 16);
            return;
        }
        if (idType == 1) target.Hex("target_transport_stream_id", reader.Bits(16), 16);
        if (hasNetwork) target.Hex("target_original_network_id", reader.Bits(16), 16);
        if (hasService) target.Hex("target_service_id", reader.Bits(16), 16);
    }

    // 6.2.21
    private static void Mosaic(ref BitReader reader, TableElementBuilder element, DescriptorScope scope)
    {
        element.Flag("mosaic_entry_point", reader.Flag());
        element.Number("number_of_horizontal_elementary_cells", reader.Bits(3));
        reader.Skip(1);
        element.Number("number_of_vertical_elementary_cells", reader.Bits(3));
        while (reader.BytesLeft > 0)
        {
            var cell = element.Child("cell").Hex("logical_cell_id", reader.Bits(6), 6);
            reader.Skip(7);
            cell.Hex("logical_cell_presentation_info", reader.Bits(3), 3);
            var cells = reader.Bytes(reader.Int(8));
            var linkage = reader.Int(8);
            cell.Hex("cell_linkage_info", (ulong)linkage, 8);
            ReadOnlySpan<string> ids = linkage switch
            {
                1 => ["bouquet_id"],
                2 or 3 => ["original_network_id", "transport_stream_id", "service_id"],
                4 => ["original_network_id", "transport_stream_id", "service_id", "event_id"],
                _ => [],
            };
            foreach (var id in ids) cell.Hex(id, reader.Bits(16), 16);
            foreach (var elementary in cells) cell.Child("elementary_cell").Hex("id", (ulong)(elementary & 0x3F), 6);
        }
    }

    // 6.2.42
    private static void Telephone(ref BitReader reader, TableElementBuilder element, DescriptorScope scope)
    {
        reader.Skip(2);
        element.Flag("foreign_availability", reader.Flag());
        element.Number("connection_type", reader.Bits(5));
        reader.Skip(1);
        var (country, area, operatorCode) = (reader.Int(2), reader.Int(3), reader.Int(2));
        reader.Skip(1);
        var (national, core) = (reader.Int(3), reader.Int(4));
        Characters(ref reader, element, "country_prefix", country);
        Characters(ref reader, element, "international_area_code", area);
        Characters(ref reader, element, "operator_code", operatorCode);
        Characters(ref reader, element, "national_area_code", national);
        Characters(ref reader, element, "core_number", core);

        static void Characters(ref BitReader reader, TableElementBuilder element, string name, int count)
        {
            var characters = reader.Bytes(count);
            if (!characters.IsEmpty) element.Text(name, Utf8Of(characters));
        }
    }

    // 6.2.3
    private static void Announcements(ref BitReader reader, TableElementBuilder element, DescriptorScope scope)
    {
        reader.Skip(16); // announcement_support_indicator repeats the types of the loop
        while (reader.BytesLeft > 0)
        {
            var announcement = element.Child("announcement").Number("announcement_type", reader.Bits(4));
            reader.Skip(1);
            var reference = reader.Int(3);
            announcement.Number("reference_type", reference);
            if (reference is >= 1 and <= 3)
                Run([Hex("original_network_id", 16), Hex("transport_stream_id", 16), Hex("service_id", 16), Hex("component_tag", 8)], ref reader, announcement, scope);
        }
    }
}
