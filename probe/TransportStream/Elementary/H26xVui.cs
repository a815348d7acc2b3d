namespace SignalWatch.TransportStream;

/// <summary>Video usability information: what H.264 (annex E) and HEVC (annex E) have in common, and the rates of the hypothetical reference decoder.</summary>
internal struct H26xVui
{
    private const int ExtendedSar = 255;

    // aspect_ratio_idc 1 to 16: ISO/IEC 14496-10 table E-1, ISO/IEC 23008-2 table E.1.
    private static ReadOnlySpan<byte> SampleWidths => [1, 12, 10, 16, 40, 24, 20, 32, 80, 18, 15, 64, 160, 4, 3, 2];
    private static ReadOnlySpan<byte> SampleHeights => [1, 11, 11, 11, 33, 11, 11, 11, 33, 11, 11, 33, 99, 3, 2, 1];

    public int SampleWidth;
    public int SampleHeight;
    public int Primaries;
    public int Transfer;
    public int Matrix;
    public bool HasColour;
    public bool FieldSequence;
    public bool HasPictureStructure;
    public uint UnitsInTick;
    public uint TimeScale;
    public bool FixedRate;
    public long? BitRate;
    public long? CpbBits;
    public int CpbRemovalDelayBits; // 0: no HRD
    public int DpbOutputDelayBits;

    /// <summary>vui_parameters() of ISO/IEC 14496-10 E.1.1.</summary>
    public static H26xVui ReadAvc(ref BitReader reader)
    {
        var vui = new H26xVui();
        vui.ReadPicture(ref reader);
        if (reader.Flag())
        {
            vui.UnitsInTick = reader.Bits(32);
            vui.TimeScale = reader.Bits(32);
            vui.FixedRate = reader.Flag();
        }
        var nal = reader.Flag();
        if (nal) vui.ReadAvcHrd(ref reader);
        var vcl = reader.Flag();
        if (vcl)
        {
            var other = new H26xVui(); // VCL conformance counts no NAL unit headers: the NAL figures are those of a byte stream
            other.ReadAvcHrd(ref reader);
            if (!nal) (vui.BitRate, vui.CpbBits, vui.CpbRemovalDelayBits, vui.DpbOutputDelayBits) = (other.BitRate, other.CpbBits, other.CpbRemovalDelayBits, other.DpbOutputDelayBits);
        }
        if (nal || vcl) reader.Skip(1); // low_delay_hrd_flag
        vui.HasPictureStructure = reader.Flag();
        return vui;
    }

    /// <summary>vui_parameters() of ISO/IEC 23008-2 E.2.1.</summary>
    public static H26xVui ReadHevc(ref BitReader reader, int maxSubLayersMinus1)
    {
        var vui = new H26xVui();
        vui.ReadPicture(ref reader);
        reader.Skip(1); // neutral_chroma_indication_flag
        vui.FieldSequence = reader.Flag();
        vui.HasPictureStructure = reader.Flag();
        // default_display_window: what a decoder shows where nothing outside the stream says more; decoders need not follow it (E.3.1), so it is not the picture's size.
        if (reader.Flag()) reader.SkipUe(4);
        if (!reader.Flag()) return vui;
        vui.UnitsInTick = reader.Bits(32);
        vui.TimeScale = reader.Bits(32);
        vui.FixedRate = true;
        if (reader.Flag()) reader.SkipUe(1); // vui_num_ticks_poc_diff_one_minus1
        if (reader.Flag()) vui.ReadHevcHrd(ref reader, maxSubLayersMinus1);
        return vui;
    }

    private void ReadPicture(ref BitReader reader)
    {
        if (reader.Flag())
        {
            var index = reader.Int(8);
            if (index == ExtendedSar) (SampleWidth, SampleHeight) = (reader.Int(16), reader.Int(16));
            else if (index >= 1 && index <= SampleWidths.Length) (SampleWidth, SampleHeight) = (SampleWidths[index - 1], SampleHeights[index - 1]);
        }
        if (reader.Flag()) reader.Skip(1); // overscan
        if (reader.Flag())
        {
            reader.Skip(4); // video_format, full range
            HasColour = reader.Flag();
            if (HasColour) (Primaries, Transfer, Matrix) = (reader.Int(8), reader.Int(8), reader.Int(8));
        }
        if (reader.Flag()) reader.SkipUe(2); // chroma_sample_loc_type
    }

    // hrd_parameters() of ISO/IEC 14496-10 E.1.2; the last of the schedules is the fastest (E.2.2).
    private void ReadAvcHrd(ref BitReader reader)
    {
        var count = reader.Ue() + 1;
        var (rateShift, sizeShift) = (6 + reader.Int(4), 4 + reader.Int(4));
        for (var i = 0; i < count && i < 32 && !reader.Failed; i++)
        {
            BitRate = (reader.Ue() + 1L) << rateShift;
            CpbBits = (reader.Ue() + 1L) << sizeShift;
            reader.Skip(1);
        }
        reader.Skip(5); // initial_cpb_removal_delay_length_minus1
        CpbRemovalDelayBits = reader.Int(5) + 1;
        DpbOutputDelayBits = reader.Int(5) + 1;
        reader.Skip(5); // time_offset_length
    }

    // hrd_parameters(1, maxSubLayersMinus1) of ISO/IEC 23008-2 E.2.2; the highest sub-layer is the whole stream.
    private void ReadHevcHrd(ref BitReader reader, int maxSubLayersMinus1)
    {
        bool nal = reader.Flag(), vcl = reader.Flag(), subPictures = false;
        int rateShift = 0, sizeShift = 0;
        if (nal || vcl)
        {
            subPictures = reader.Flag();
            if (subPictures) reader.Skip(19);
            (rateShift, sizeShift) = (6 + reader.Int(4), 4 + reader.Int(4));
            if (subPictures) reader.Skip(4);
            reader.Skip(15);
        }
        for (var layer = 0; layer <= maxSubLayersMinus1 && !reader.Failed; layer++)
        {
            var lowDelay = false;
            var fixedRate = reader.Flag() || reader.Flag();
            if (fixedRate) reader.SkipUe(1);
            else lowDelay = reader.Flag();
            var count = lowDelay ? 1 : reader.Ue() + 1;
            if (nal) ReadSubLayer(ref reader, count, subPictures, rateShift, sizeShift, true);
            if (vcl) ReadSubLayer(ref reader, count, subPictures, rateShift, sizeShift, !nal);
        }
    }

    private void ReadSubLayer(ref BitReader reader, int count, bool subPictures, int rateShift, int sizeShift, bool use)
    {
        for (var i = 0; i < count && i < 32 && !reader.Failed; i++)
        {
            var rate = (reader.Ue() + 1L) << rateShift;
            var size = (reader.Ue() + 1L) << sizeShift;
            if (use) (BitRate, CpbBits) = (rate, size);
            if (subPictures) reader.SkipUe(2);
            reader.Skip(1);
        }
    }
}
