using static SignalWatch.TransportStream.Fields;

namespace SignalWatch.TransportStream;

/// <summary>SH_delivery_system_descriptor (EN 300 468 6.4.6.2).</summary>
internal static class SatelliteHandheld
{
    public static void Read(ref BitReader reader, TableElementBuilder element, DescriptorScope scope)
    {
        element.Hex("diversity_mode", reader.Bits(4), 4);
        reader.Skip(4);
        while (reader.BytesLeft > 0)
        {
            var modulation = element.Child("modulation");
            var (isOfdm, hasInterleaver, isShort) = (reader.Flag(), reader.Flag(), reader.Flag());
            reader.Skip(5);
            if (isOfdm) Ofdm(ref reader, modulation.Child("OFDM"), scope);
            else Tdm(ref reader, modulation.Child("TDM"), scope);
            if (!hasInterleaver) continue;
            var interleaver = modulation.Child("interleaver").Number("common_multiplier", reader.Bits(6));
            if (isShort) reader.Skip(2);
            else Run([Number("nof_late_taps", 6), Number("nof_slices", 6), Number("slice_distance", 8), Number("non_late_increments", 6)], ref reader, interleaver, scope);
        }
    }

    private static void Ofdm(ref BitReader reader, TableElementBuilder ofdm, DescriptorScope scope) =>
        Run([Named("bandwidth", 3, "8MHz", "7MHz", "6MHz", "5MHz", "1.7MHz"), Number("priority", 1), Number("constellation_and_hierarchy", 3), Number("code_rate", 4),
            Named("guard_interval", 2, "1/32", "1/16", "1/8", "1/4"), Named("transmission_mode", 2, "1k", "2k", "4k", "8k"), Flag("common_frequency")], ref reader, ofdm, scope);

    private static void Tdm(ref BitReader reader, TableElementBuilder tdm, DescriptorScope scope) =>
        Run([Named("polarization", 2, "horizontal", "vertical", "left", "right"), Named("roll_off", 2, "0.35", "0.25", "0.15", "reserved"),
            Named("modulation_mode", 2, "QPSK", "8PSK", "16APSK", "reserved"), Number("code_rate", 4), Number("symbol_rate", 5), Reserved(1)], ref reader, tdm, scope);
}
