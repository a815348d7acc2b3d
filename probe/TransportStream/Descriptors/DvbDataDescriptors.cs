using static SignalWatch.TransportStream.DescriptorDefinition;
using static SignalWatch.TransportStream.Fields;

namespace SignalWatch.TransportStream;

/// <summary>Data broadcasting and applications in PMT, SDT and EIT (EN 300 468 6.2.11, 6.2.12; TS 102 809 5.3.5; EN 301 192 9.5).</summary>
internal static class DvbDataDescriptors
{
    public static IReadOnlyList<DescriptorDefinition> All { get; } =
    [
        Standard(0x64, "data_broadcast_descriptor", Hex("data_broadcast_id", 16), Hex("component_tag", 8), Bytes8("selector_bytes"), Code("language_code"), TextChild8("text")),
        Standard(0x66, "data_broadcast_id_descriptor", Hex("data_broadcast_id", 16), BytesToEnd("selector_bytes")),
        Standard(0x6F, "application_signalling_descriptor", Each("application", Reserved(1), Hex("application_type", 15), Reserved(3), Hex("AIT_version_number", 5))),
        Standard(0x77, "time_slice_fec_identifier_descriptor",
            Flag("time_slicing"), Hex("mpe_fec", 2), Reserved(2), Hex("frame_size", 3), Hex("max_burst_duration", 8), Hex("max_average_rate", 4), Hex("time_slice_fec_id", 4),
            BytesToEnd("id_selector_bytes")),
    ];
}
