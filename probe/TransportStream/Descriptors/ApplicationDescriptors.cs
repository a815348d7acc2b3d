using System.Globalization;
using static SignalWatch.TransportStream.DescriptorDefinition;
using static SignalWatch.TransportStream.Fields;

namespace SignalWatch.TransportStream;

/// <summary>Descriptors of the AIT, whose tags are its own (TS 102 809 5.3, TS 102 727 10).</summary>
internal static class ApplicationDescriptors
{
    public static IReadOnlyList<DescriptorDefinition> All { get; } =
    [
        Own(0x00, "application_descriptor", Application),
        Own(0x01, "application_name_descriptor", Each("language", Code("code"), Text8("application_name"))),
        Own(0x02, "transport_protocol_descriptor", TransportProtocol),
        Own(0x03, "dvb_j_application_descriptor", Each("parameter", Utf8("value"))),
        Own(0x04, "dvb_j_application_location_descriptor", Utf8("base_directory"), Utf8("classpath_extension"), Utf8ToEnd("initial_class")),
        Own(0x05, "external_application_authorization_descriptor",
            Each("application", Hex("organization_id", 32), Hex("application_id", 16), Number("application_priority", 8))),
        Own(0x08, "dvb_html_application_descriptor", Within8(Each("application", Hex("id", 16))), Utf8ToEnd("parameter")),
        Own(0x09, "dvb_html_application_location_descriptor", Utf8("physical_root"), Utf8ToEnd("initial_path")),
        Own(0x0A, "dvb_html_application_boundary_descriptor", Utf8("label"), Utf8ToEnd("regular_expression")),
        Own(0x0B, "application_icons_descriptor", Utf8("icon_locator"), Hex("icon_flags", 16), BytesToEnd("reserved_future_use")),
        Own(0x0C, "prefetch_descriptor", Hex("transport_protocol_label", 8), Each("module", Utf8("label"), Number("prefetch_priority", 8))),
        Own(0x0D, "DII_location_descriptor", Hex("transport_protocol_label", 8), Each("module", Reserved(1), Hex("DII_identification", 15), Hex("association_tag", 16))),
        Own(0x10, "application_storage_descriptor",
            Hex("storage_property", 8), Flag("not_launchable_from_broadcast"), Flag("launchable_completely_from_cache"), Flag("is_launchable_with_older_version"), Reserved(6),
            Hex("version", 31), Number("priority", 8)),
        Own(0x11, "ip_signalling_descriptor", Hex("platform_id", 24)),
        Own(0x14, "graphics_constraints_descriptor",
            Reserved(5), Flag("can_run_without_visible_ui"), Flag("handles_configuration_changed"), Flag("handles_externally_controlled_video"), BytesToEnd("graphics_configuration")),
        Own(0x15, "simple_application_location_descriptor", Utf8ToEnd("initial_path")),
        Own(0x16, "application_usage_descriptor", Hex("usage_type", 8)),
        Own(0x17, "simple_application_boundary_descriptor", Counted(8, "prefix", Utf8("boundary_extension"))),
    ];

    private static DescriptorDefinition Own(int tag, string name, params Field[] body) => In(TagSpace.Table, TableIdentifiers.ApplicationInformation, tag, name, body);

    // TS 102 809 5.3.5.3
    private static void Application(ref BitReader reader, TableElementBuilder element, DescriptorScope scope)
    {
        var profiles = reader.Part(reader.Int(8));
        element.Flag("service_bound", reader.Flag());
        element.Number("visibility", reader.Bits(2));
        reader.Skip(5);
        element.Number("application_priority", reader.Bits(8));
        while (profiles.BytesLeft > 0)
        {
            var profile = element.Child("profile").Hex("application_profile", profiles.Bits(16), 16);
            profile.Text("version", string.Create(CultureInfo.InvariantCulture, $"{profiles.Int(8)}.{profiles.Int(8)}.{profiles.Int(8)}"));
        }
        if (profiles.Failed) reader.Fail();
        foreach (var label in reader.Rest()) element.Child("transport_protocol").Hex("label", label, 8);
    }

    // TS 102 809 5.3.6
    private static void TransportProtocol(ref BitReader reader, TableElementBuilder element, DescriptorScope scope)
    {
        var protocol = reader.Int(16);
        element.Hex("transport_protocol_label", reader.Bits(8), 8);
        switch (protocol)
        {
            case 1:
                var carousel = element.Child("object_carousel");
                RemoteService(ref reader, carousel, scope);
                carousel.Hex("component_tag", reader.Bits(8), 8);
                break;
            case 2:
                var encapsulation = element.Child("ip_mpe");
                RemoteService(ref reader, encapsulation, scope);
                Run([Flag("alignment_indicator"), Reserved(7), Each("url", Utf8("value"))], ref reader, encapsulation, scope);
                break;
            case 3:
                Each("url", Utf8("base"), Counted(8, "extension", Utf8("value")))(ref reader, element.Child("http"), scope);
                break;
            default:
                element.Child("protocol").Hex("id", (ulong)protocol, 16).Bytes(reader.Rest());
                break;
        }

        static void RemoteService(ref BitReader reader, TableElementBuilder element, DescriptorScope scope)
        {
            var isRemote = reader.Flag();
            reader.Skip(7);
            if (isRemote) Run([Hex("original_network_id", 16), Hex("transport_stream_id", 16), Hex("service_id", 16)], ref reader, element, scope);
        }
    }
}
