using System.Globalization;
using static SignalWatch.TransportStream.DescriptorDefinition;
using static SignalWatch.TransportStream.Fields;

namespace SignalWatch.TransportStream;

/// <summary>Descriptors of the INT, whose tags are its own (EN 301 192 8.4.5).</summary>
internal static class AddressDescriptors
{
    public static IReadOnlyList<DescriptorDefinition> All { get; } =
    [
        Own(0x06, "target_smartcard_descriptor", Hex("super_CA_system_id", 32), Content),
        Own(0x07, "target_MAC_address_descriptor", Mac("MAC_addr_mask"), Each("address", Mac("MAC_addr"))),
        Own(0x08, "target_serial_number_descriptor", Content),
        Own(0x09, "target_IP_address_descriptor", Ip("IPv4_addr_mask", 4), Each("address", Ip("IPv4_addr", 4))),
        Own(0x0A, "target_IPv6_address_descriptor", Ip("IPv6_addr_mask", 16), Each("address", Ip("IPv6_addr", 16))),
        Own(0x0C, "IPMAC_platform_name_descriptor", Code("language_code"), TextToEnd("text")),
        Own(0x0D, "IPMAC_platform_provider_name_descriptor", Code("language_code"), TextToEnd("text")),
        Own(0x0E, "target_MAC_address_range_descriptor", Each("range", Mac("MAC_addr_low"), Mac("MAC_addr_high"))),
        Own(0x0F, "target_IP_slash_descriptor", Each("address", Ip("IPv4_addr", 4), Number("IPv4_slash_mask", 8))),
        Own(0x10, "target_IP_source_slash_descriptor",
            Each("address", Ip("IPv4_source_addr", 4), Number("IPv4_source_slash_mask", 8), Ip("IPv4_dest_addr", 4), Number("IPv4_dest_slash_mask", 8))),
        Own(0x11, "target_IPv6_slash_descriptor", Each("address", Ip("IPv6_addr", 16), Number("IPv6_slash_mask", 8))),
        Own(0x12, "target_IPv6_source_slash_descriptor",
            Each("address", Ip("IPv6_source_addr", 16), Number("IPv6_source_slash_mask", 8), Ip("IPv6_dest_addr", 16), Number("IPv6_dest_slash_mask", 8))),
        Own(0x13, "IPMAC_stream_location_descriptor",
            Hex("network_id", 16), Hex("original_network_id", 16), Hex("transport_stream_id", 16), Hex("service_id", 16), Hex("component_tag", 8)),
        Own(0x14, "ISP_access_mode_descriptor", Named("access_mode", 8, "unused", "dialup")),
        Own(0x15, "IPMAC_generic_stream_location_descriptor",
            Hex("interactive_network_id", 16), Named("modulation_system_type", 8, "DVB-S2", "DVB-T2", "DVB-C2", "DVB-NGH"), Hex("modulation_system_id", 16), Hex("PHY_stream_id", 16),
            BytesToEnd("selector_bytes")),
    ];

    private static DescriptorDefinition Own(int tag, string name, params Field[] body) => In(TagSpace.Table, TableIdentifiers.IpMacNotification, tag, name, body);

    private static Field Mac(string name) => (ref reader, element, _) =>
    {
        var bytes = reader.Bytes(6);
        element.Text(name, string.Join(':', Convert.ToHexString(bytes).Chunk(2).Select(pair => new string(pair))));
    };

    private static Field Ip(string name, int bytes) => (ref reader, element, _) =>
    {
        var address = reader.Bytes(bytes);
        if (!reader.Failed) element.Text(name, bytes == 4 ? string.Join('.', address.ToArray()) : Ipv6(address));
    };

    // RFC 5952: groups in lower case, the first longest run of two zero groups or more as "::".
    private static string Ipv6(ReadOnlySpan<byte> address)
    {
        var groups = new string[8];
        var (best, bestLength) = (8, 1);
        for (int i = 0, run = 0; i < groups.Length; i++)
        {
            var value = address[2 * i] << 8 | address[2 * i + 1];
            groups[i] = value.ToString("x", CultureInfo.InvariantCulture);
            run = value == 0 ? run + 1 : 0;
            if (run > bestLength) (best, bestLength) = (i - run + 1, run);
        }
        if (bestLength == 1) return string.Join(':', groups);
        return $"{string.Join(':', groups[..best])}::{string.Join(':', groups[(best + bestLength)..])}";
    }
}
