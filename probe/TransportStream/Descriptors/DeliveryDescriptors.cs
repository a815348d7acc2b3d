using System.Globalization;
using static SignalWatch.TransportStream.DescriptorDefinition;
using static SignalWatch.TransportStream.Fields;

namespace SignalWatch.TransportStream;

/// <summary>How a multiplex is modulated: cable, satellite and terrestrial delivery systems (EN 300 468 6.2.13 and 6.4.6), frequencies in Hz, rates in symbols/s.</summary>
internal static class DeliveryDescriptors
{
    private const int TenHz = 10;

    private static readonly string[] InnerCodes = ["undefined", "1/2", "2/3", "3/4", "5/6", "7/8", "8/9", "3/5", "4/5", "9/10", "", "", "", "", "", "none"]; // table 36
    private static readonly string[] Polarizations = ["horizontal", "vertical", "left", "right"];
    private static readonly string[] RollOffs = ["0.35", "0.25", "0.20", "reserved"];
    private static readonly string[] CodeRates = ["1/2", "2/3", "3/4", "5/6", "7/8"];

    public static IReadOnlyList<DescriptorDefinition> All { get; } =
    [
        Standard(0x43, "satellite_delivery_system_descriptor",
            Bcd("frequency", 8, 10_000), OrbitalPosition, Named("west_east_flag", 1, "west", "east"), Named("polarization", 2, Polarizations), SatelliteModulation,
            Bcd("symbol_rate", 7, 100), Named("FEC_inner", 4, InnerCodes)),
        Standard(0x44, "cable_delivery_system_descriptor",
            Bcd("frequency", 8, 100), Reserved(12), Named("FEC_outer", 4, "undefined", "none", "RS"), Named("modulation", 8, "auto", "16-QAM", "32-QAM", "64-QAM", "128-QAM", "256-QAM"),
            Bcd("symbol_rate", 7, 100), Named("FEC_inner", 4, InnerCodes)),
        Standard(0x5A, "terrestrial_delivery_system_descriptor",
            CentreFrequency, Named("bandwidth", 3, "8MHz", "7MHz", "6MHz", "5MHz"), Named("priority", 1, "LP", "HP"), Flag("no_time_slicing"), Flag("no_MPE_FEC"),
            Reserved(2), Named("constellation", 2, "QPSK", "16-QAM", "64-QAM"), Number("hierarchy_information", 3), Named("code_rate_HP_stream", 3, CodeRates),
            Named("code_rate_LP_stream", 3, CodeRates), Named("guard_interval", 2, "1/32", "1/16", "1/8", "1/4"), Named("transmission_mode", 2, "2k", "8k", "4k"), Flag("other_frequency"),
            Reserved(32)),
        Standard(0x62, "frequency_list_descriptor", FrequencyList),
        Standard(0x79, "S2_satellite_delivery_system_descriptor", S2),
        DvbExtension(0x04, "T2_delivery_system_descriptor", Hex("plp_id", 8), Hex("T2_system_id", 16), IfLeft(T2)),
        DvbExtension(0x05, "SH_delivery_system_descriptor", SatelliteHandheld.Read),
        DvbExtension(0x0D, "C2_delivery_system_descriptor", C2),
        DvbExtension(0x16, "C2_bundle_delivery_system_descriptor", Each("plp", C2, Flag("master_channel"), Reserved(7))),
        DvbExtension(0x17, "S2X_satellite_delivery_system_descriptor", S2X),
    ];

    private static void C2(ref BitReader reader, TableElementBuilder element, DescriptorScope scope) =>
        Run([Hex("plp_id", 8), Hex("data_slice_id", 8), Number("C2_system_tuning_frequency", 32), Number("C2_system_tuning_frequency_type", 2),
            Number("active_OFDM_symbol_duration", 3), Named("guard_interval", 3, "1/128", "1/64")], ref reader, element, scope);

    private static void OrbitalPosition(ref BitReader reader, TableElementBuilder element, DescriptorScope scope)
    {
        var sent = reader.Bits(16);
        if (Bcds.Value(sent, 4) is { } tenths) element.Text("orbital_position", string.Create(CultureInfo.InvariantCulture, $"{tenths / 10}.{tenths % 10}"));
        else element.Hex("orbital_position", sent, 16);
    }

    // All ones stand in networks whose sites differ in frequency: there is none to say.
    private static void CentreFrequency(ref BitReader reader, TableElementBuilder element, DescriptorScope scope)
    {
        var sent = reader.Bits(32);
        element.Number("centre_frequency", sent == uint.MaxValue ? 0 : sent * (long)TenHz);
    }

    // Table 38: the roll-off is there only for DVB-S2; in DVB-S its bits are zero.
    private static void SatelliteModulation(ref BitReader reader, TableElementBuilder element, DescriptorScope scope)
    {
        var rollOff = reader.Bits(2);
        var isS2 = reader.Flag();
        if (isS2) SayNamed(element, "roll_off", rollOff, 2, RollOffs);
        element.Text("modulation_system", isS2 ? "DVB-S2" : "DVB-S");
        SayNamed(element, "modulation_type", reader.Bits(2), 2, ["auto", "QPSK", "8PSK", "16-QAM"]);
    }

    // 6.2.13.3: what has its usual value is not said.
    private static void S2(ref BitReader reader, TableElementBuilder element, DescriptorScope scope)
    {
        const int Transport = 3; // TS_GS_mode
        var (hasScrambling, isMultiple, isCompatible, hasNoTimeslice) = (reader.Flag(), reader.Flag(), reader.Flag(), reader.Flag());
        reader.Skip(2);
        var mode = reader.Int(2);
        if (isCompatible) element.Flag("backwards_compatibility", true);
        if (mode != Transport) element.Number("TS_GS_mode", mode);
        if (hasScrambling) Run([Reserved(6), Hex("scrambling_sequence_index", 18)], ref reader, element, scope);
        if (isMultiple) element.Hex("input_stream_identifier", reader.Bits(8), 8);
        if (!hasNoTimeslice) element.Hex("timeslice_number", reader.Bits(8), 8);
    }

    // 6.2.17: binary coded decimals for satellite and cable, a binary number for terrestrial.
    private static void FrequencyList(ref BitReader reader, TableElementBuilder element, DescriptorScope scope)
    {
        reader.Skip(6);
        var coding = reader.Bits(2);
        SayNamed(element, "coding_type", coding, 2, ["undefined", "satellite", "cable", "terrestrial"]);
        var frequency = coding switch
        {
            1 => Bcd("value", 8, 10_000),
            2 => Bcd("value", 8, 100),
            3 => Scaled("value", 32, TenHz),
            _ => Hex("value", 32),
        };
        while (reader.BytesLeft > 0) frequency(ref reader, element.Child("centre_frequency"), scope);
    }

    // 6.4.6.3
    private static void T2(ref BitReader reader, TableElementBuilder element, DescriptorScope scope)
    {
        var extension = element.Child("extension");
        Run([Named("SISO_MISO", 2, "SISO", "MISO"), Named("bandwidth", 4, "8MHz", "7MHz", "6MHz", "5MHz", "10MHz", "1.712MHz"), Reserved(2),
            Named("guard_interval", 3, "1/32", "1/16", "1/8", "1/4", "1/128", "19/128", "19/256"), Named("transmission_mode", 3, "2k", "8k", "4k", "1k", "16k", "32k"),
            Flag("other_frequency")], ref reader, extension, scope);
        var hasSlices = reader.Flag();
        extension.Flag("tfs", hasSlices);
        while (reader.BytesLeft > 0)
        {
            var cell = extension.Child("cell").Hex("cell_id", reader.Bits(16), 16);
            var frequencies = reader.Part(hasSlices ? reader.Int(8) : 4);
            while (frequencies.BytesLeft > 0) cell.Child("centre_frequency").Number("value", frequencies.Bits(32) * (long)TenHz);
            if (frequencies.Failed) reader.Fail();
            Within8(Each("subcell", Hex("cell_id_extension", 8), Scaled("transposer_frequency", 32, TenHz)))(ref reader, cell, scope);
        }
    }

    // 6.4.6.5
    private static void S2X(ref BitReader reader, TableElementBuilder element, DescriptorScope scope)
    {
        element.Hex("receiver_profiles", reader.Bits(5), 5);
        reader.Skip(3);
        var mode = reader.Int(2);
        element.Number("S2X_mode", mode);
        var hasScrambling = reader.Flag();
        reader.Skip(3);
        element.Number("TS_GS_S2X_mode", reader.Bits(2));
        if (hasScrambling) Run([Reserved(6), Hex("scrambling_sequence_index", 18)], ref reader, element, scope);
        Channel(ref reader, element.Child("master_channel"), scope);
        if (mode == 2) element.Hex("timeslice_number", reader.Bits(8), 8);
        if (mode == 3)
        {
            reader.Skip(7);
            for (var bonds = reader.Int(1) + 1; bonds > 0; bonds--) Channel(ref reader, element.Child("channel_bond"), scope);
        }
        element.BytesChild("reserved_future_use", reader.Rest());

        static void Channel(ref BitReader reader, TableElementBuilder channel, DescriptorScope scope)
        {
            Run([Bcd("frequency", 8, 10_000), OrbitalPosition, Named("west_east_flag", 1, "west", "east"), Named("polarization", 2, Polarizations)], ref reader, channel, scope);
            var isMultiple = reader.Flag();
            Run([Reserved(1), Named("roll_off", 3, "0.35", "0.25", "0.20", "reserved", "0.15", "0.10", "0.05"), Reserved(4), Bcd("symbol_rate", 7, 100)], ref reader, channel, scope);
            if (isMultiple) channel.Hex("input_stream_identifier", reader.Bits(8), 8);
        }
    }
}
