using static SignalWatch.TransportStream.DescriptorDefinition;
using static SignalWatch.TransportStream.Fields;

namespace SignalWatch.TransportStream;

/// <summary>Descriptors that a private_data_specifier or a registration gives a meaning: channel numbers of EACEM (IEC 62216), NorDig, DTG, Eutelsat and Free TV Australia, and SCTE 35's in PMTs.</summary>
internal static class PrivateDescriptors
{
    private const uint Tps = 0x10; // some French broadcasters send EACEM's descriptors under TPS's specifier

    private static readonly Field[] ChannelNumber = [Hex("service_id", 16), VisibleBefore(5, 10)];

    public static IReadOnlyList<DescriptorDefinition> All { get; } =
    [
        .. Eacem(PrivateDataSpecifier.Eacem), .. Eacem(Tps),
        In(TagSpace.PrivateData, PrivateDataSpecifier.NorDig, 0x83, "nordig_logical_channel_descriptor_v1", Each("service", Hex("service_id", 16), VisibleBefore(1, 14))),
        In(TagSpace.PrivateData, PrivateDataSpecifier.NorDig, 0x87, "nordig_logical_channel_descriptor_v2",
            Each("channel_list", Hex("id", 8), Text8("name"), Code("country_code"), Within8(Each("service", ChannelNumber)))),
        In(TagSpace.PrivateData, PrivateDataSpecifier.Eutelsat, 0x83, "eutelsat_channel_number_descriptor",
            Each("service", Hex("original_network_id", 16), Hex("transport_stream_id", 16), Hex("service_id", 16), Reserved(6), Number("eutelsat_channel_number", 10))),
        In(TagSpace.PrivateData, PrivateDataSpecifier.Australia, 0x83, "australia_logical_channel_descriptor", Each("service", ChannelNumber)),
        In(TagSpace.PrivateData, PrivateDataSpecifier.Ofcom, 0x83, "dtg_logical_channel_descriptor", Each("service", ChannelNumber)),
        In(TagSpace.PrivateData, PrivateDataSpecifier.Ofcom, 0x84, "dtg_preferred_name_list_descriptor", PreferredNames),
        In(TagSpace.PrivateData, PrivateDataSpecifier.Ofcom, 0x85, "dtg_preferred_name_identifier_descriptor", Hex("name_id", 8)),
        In(TagSpace.PrivateData, PrivateDataSpecifier.Ofcom, 0x86, "dtg_service_attribute_descriptor",
            Each("service", Hex("service_id", 16), Reserved(6), Flag("numeric_selection"), Flag("visible_service"))),
        In(TagSpace.PrivateData, PrivateDataSpecifier.Ofcom, 0x87, "dtg_short_service_name_descriptor", TextToEnd("name")),
        In(TagSpace.PrivateData, PrivateDataSpecifier.Ofcom, 0x88, "dtg_HD_simulcast_logical_channel_descriptor", Each("service", ChannelNumber)),
        In(TagSpace.Registration, PrivateDataSpecifier.Cue, 0x8A, "cue_identifier_descriptor", // SCTE 35 8.2
            Named("cue_stream_type", 8, "insert_null_schedule", "all", "segmentation", "tiered_splicing", "tiered_segmentation")),
    ];

    private static Field PreferredNames => Each("language", Code("code"), Counted(8, "name", Hex("name_id", 8), Text8("name")));

    private static IEnumerable<DescriptorDefinition> Eacem(uint specifier) =>
    [
        In(TagSpace.PrivateData, specifier, 0x83, "eacem_logical_channel_number_descriptor", Each("service", ChannelNumber)),
        In(TagSpace.PrivateData, specifier, 0x84, "eacem_preferred_name_list_descriptor", PreferredNames),
        In(TagSpace.PrivateData, specifier, 0x85, "eacem_preferred_name_identifier_descriptor", Hex("name_id", 8)),
        In(TagSpace.PrivateData, specifier, 0x86, "eacem_stream_identifier_descriptor", Hex("version_byte", 8)),
        In(TagSpace.PrivateData, specifier, 0x88, "eacem_HD_simulcast_logical_channel_descriptor", Each("service", ChannelNumber)),
    ];

    // The flag comes before the number, and is said after it.
    private static Field VisibleBefore(int reserved, int bits) => (ref reader, service, _) =>
    {
        var isVisible = reader.Flag();
        reader.Skip(reserved);
        service.Number("logical_channel_number", reader.Bits(bits)).Flag("visible_service", isVisible);
    };
}
