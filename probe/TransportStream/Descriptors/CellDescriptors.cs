using static SignalWatch.TransportStream.DescriptorDefinition;
using static SignalWatch.TransportStream.Fields;

namespace SignalWatch.TransportStream;

/// <summary>Cells of terrestrial networks and regions (EN 300 468 6.2.6, 6.2.7, 6.4.9, 6.4.12, 6.4.13).</summary>
internal static class CellDescriptors
{
    public static IReadOnlyList<DescriptorDefinition> All { get; } =
    [
        Standard(0x6C, "cell_list_descriptor",
            Each("cell", Hex("cell_id", 16), Signed("cell_latitude", 16), Signed("cell_longitude", 16), Number("cell_extent_of_latitude", 12), Number("cell_extent_of_longitude", 12),
                Within8(Each("subcell", Hex("cell_id_extension", 8), Signed("subcell_latitude", 16), Signed("subcell_longitude", 16),
                    Number("subcell_extent_of_latitude", 12), Number("subcell_extent_of_longitude", 12))))),
        Standard(0x6D, "cell_frequency_link_descriptor",
            Each("cell", Hex("cell_id", 16), Scaled("frequency", 32, 10), Within8(Each("subcell", Hex("cell_id_extension", 8), Scaled("transposer_frequency", 32, 10))))),
        DvbExtension(0x07, "network_change_notify_descriptor", Each("cell", Hex("cell_id", 16), Within8(Each("change", NetworkChange)))),
        DvbExtension(0x09, "target_region_descriptor", Code("country_code"), Each("region", TargetRegion)),
        DvbExtension(0x0A, "target_region_name_descriptor", Code("country_code"), Code("ISO_639_language_code"), Each("region", TargetRegionName)),
    ];

    // 6.4.9
    private static void NetworkChange(ref BitReader reader, TableElementBuilder change, DescriptorScope scope)
    {
        change.Hex("network_change_id", reader.Bits(8), 8);
        change.Hex("network_change_version", reader.Bits(8), 8);
        DvbTime.Say(change, "start_time_of_change", ref reader);
        DvbTime.SayDuration(change, "change_duration", ref reader);
        change.Hex("receiver_category", reader.Bits(3), 3);
        var hasInvariant = reader.Flag();
        change.Hex("change_type", reader.Bits(4), 4);
        change.Hex("message_id", reader.Bits(8), 8);
        if (hasInvariant) Run([Hex("invariant_ts_tsid", 16), Hex("invariant_ts_onid", 16)], ref reader, change, scope);
    }

    // 6.4.12
    private static void TargetRegion(ref BitReader reader, TableElementBuilder region, DescriptorScope scope)
    {
        reader.Skip(5);
        var hasCountry = reader.Flag();
        var depth = reader.Int(2);
        if (hasCountry) region.Text("country_code", ReadCode(ref reader));
        Codes(ref reader, region, depth);
    }

    // 6.4.13
    private static void TargetRegionName(ref BitReader reader, TableElementBuilder region, DescriptorScope scope)
    {
        var depth = reader.Int(2);
        region.Text("region_name", scope.Text.Decode(reader.Bytes(reader.Int(6))));
        Codes(ref reader, region, depth);
    }

    private static void Codes(ref BitReader reader, TableElementBuilder region, int depth)
    {
        if (depth >= 1) region.Hex("primary_region_code", reader.Bits(8), 8);
        if (depth >= 2) region.Hex("secondary_region_code", reader.Bits(8), 8);
        if (depth >= 3) region.Hex("tertiary_region_code", reader.Bits(16), 16);
    }
}
