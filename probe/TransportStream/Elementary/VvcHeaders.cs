using System.Globalization;

namespace SignalWatch.TransportStream;

/// <summary>VVC: the picture's size, profile and level of the sequence parameter set (ISO/IEC 23090-3 7.3.2.4). Its timing and colours stand behind tools whose syntax is not followed.</summary>
internal sealed class VvcHeaders(ComponentFormat declared) : VideoHeaders
{
    private const int LastSlice = 11; // nal_unit_type 0 to 11 are VCL (table 5)
    private const int Sps = 15;

    private byte[] lastSps = [];

    // forbidden_zero_bit and nuh_layer_id in the first byte, nal_unit_type in the second.
    public override UnitUse Use(byte type, byte next) => (type & 0xBF) != 0 ? UnitUse.Skip : (next >> 3) switch
    {
        <= LastSlice => UnitUse.Picture,
        Sps => UnitUse.Keep,
        _ => UnitUse.Skip,
    };

    public override void Read(ReadOnlySpan<byte> unit)
    {
        SequenceHeaders++;
        if (!Changed(ref lastSps, unit)) return;
        if (Compose(unit[2..]) is { } format) Update(format);
    }

    private ComponentFormat? Compose(ReadOnlySpan<byte> rbsp)
    {
        var reader = new BitReader(rbsp);
        reader.Skip(4 + 4);
        var subLayers = reader.Int(3);
        var chroma = reader.Int(2);
        reader.Skip(2); // sps_log2_ctu_size_minus5
        var (profile, level, high) = (0, 0, false);
        if (reader.Flag()) (profile, high, level) = ReadTier(ref reader, subLayers);
        reader.Skip(1);
        if (reader.Flag()) reader.Skip(1); // sps_res_change_in_clvs_allowed_flag
        long width = reader.Ue(), height = reader.Ue();
        if (reader.Flag())
        {
            width -= (chroma is 1 or 2 ? 2 : 1) * ((long)reader.Ue() + reader.Ue());
            height -= (chroma == 1 ? 2 : 1) * ((long)reader.Ue() + reader.Ue());
        }
        if (reader.Flag()) return null; // sub-pictures
        var depth = reader.Ue() + 8;
        if (reader.Failed || width is <= 0 or > 16384 || height is <= 0 or > 16384 || depth > 16) return null;
        return declared with
        {
            Codec = Codecs.Vvc,
            Profile = profile switch { 1 => "Main 10", 65 => "Main 10 Still Picture", 33 => "Main 10 4:4:4", 17 => "Multilayer Main 10", _ => null },
            Level = level == 0 ? null : string.Create(CultureInfo.InvariantCulture, $"{level >> 4}.{(level & 15) / 3}{(high ? " High" : "")}"), // A.4.1: 16 times the number and 3 times the part
            Video = new VideoFormat { Width = (int)width, Height = (int)height, BitDepth = depth, Chroma = ChromaFormats.Name(chroma) },
        };
    }

    // profile_tier_level( 1, sps_max_sublayers_minus1 ), 7.3.3.1
    private static (int Profile, bool High, int Level) ReadTier(ref BitReader reader, int subLayers)
    {
        var (profile, high, level) = (reader.Int(7), reader.Flag(), reader.Int(8));
        reader.Skip(2);
        var bits = 4 + 4 + 3 + 2 + 2 + 1 + 7 + 1 + 8 + 2; // of the SPS and of this structure so far
        bits++;
        if (reader.Flag()) // gci_present_flag
        {
            reader.Skip(71);
            var reserved = reader.Int(8);
            reader.Skip(reserved);
            bits += 71 + 8 + reserved;
        }
        reader.Skip((8 - bits % 8) % 8);
        var listed = 0;
        for (var i = 0; i < subLayers; i++)
            if (reader.Flag()) listed++;
        if (subLayers > 0) reader.Skip(8 - subLayers);
        reader.Skip(8 * listed);
        reader.Skip(32 * reader.Int(8)); // general_sub_profile_idc
        return (profile, high, level);
    }
}
