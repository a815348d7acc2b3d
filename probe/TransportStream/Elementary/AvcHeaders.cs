namespace SignalWatch.TransportStream;

/// <summary>H.264: sequence parameter set with its VUI, and the SEI messages that say how pictures are to be shown (ISO/IEC 14496-10).</summary>
internal sealed class AvcHeaders(ComponentFormat declared) : VideoHeaders
{
    private const int SliceTypes = 5; // nal_unit_type 1 to 5 are coded slices (table 7-1)
    private const int Sei = 6;
    private const int Sps = 7;
    private const int NalHeaderBytes = 1;
    private const double HighestRate = 300; // beyond it num_units_in_tick is a unit of time stamps, not a picture's duration

    private readonly ActiveSet<AvcSps> sets = new(AvcSps.Read, set => set.Id);
    private bool? fields;    // pic_struct
    private bool vivid;
    private int? preferredTransfer;
    private H26xSei.Message? takeMessage;

    public override UnitUse Use(byte type, byte next)
    {
        switch (type & 0x9F) // forbidden_zero_bit and nal_unit_type
        {
            case >= 1 and <= SliceTypes:
                if (sets.Picture()) Renew();
                return UnitUse.Picture;
            case Sei or Sps:
                return UnitUse.Keep;
            default:
                return UnitUse.Skip;
        }
    }

    public override void Read(ReadOnlySpan<byte> unit)
    {
        if ((unit[0] & 0x1F) == Sps)
        {
            SequenceHeaders++;
            if (sets.Take(unit, NalHeaderBytes)) Renew();
            return;
        }
        if (sets.Current is not { } sps) return;
        var before = (fields, vivid, preferredTransfer);
        H26xSei.Read(unit[NalHeaderBytes..], takeMessage ??= TakeMessage);
        if (before != (fields, vivid, preferredTransfer)) Update(Compose(sps));
    }

    private void Renew()
    {
        (fields, vivid, preferredTransfer) = (null, false, null);
        Update(Compose(sets.Current!));
    }

    private void TakeMessage(int type, ReadOnlySpan<byte> payload)
    {
        if (type == H26xSei.PictureTiming) TakeTiming(payload);
        vivid |= H26xSei.IsHdrVivid(type, payload);
        preferredTransfer = H26xSei.PreferredTransfer(type, payload) ?? preferredTransfer;
    }

    // D.1.3. One picture that is shown as fields makes the sequence interlaced; film between them is not a new format.
    private void TakeTiming(ReadOnlySpan<byte> payload)
    {
        if (sets.Current is not { Vui: { HasPictureStructure: true } vui } || fields == true) return;
        var reader = new BitReader(payload);
        reader.Skip(vui.CpbRemovalDelayBits + vui.DpbOutputDelayBits);
        var structure = reader.Int(4);
        if (!reader.Failed) fields = structure is >= 1 and <= 6; // table D-1: fields, in pairs or alone
    }

    private ComponentFormat Compose(AvcSps read)
    {
        var vui = read.Vui;
        var transfer = vui.HasColour ? Colour.Transfer(vui.Transfer) : null;
        var limits = AvcLevels.Limits(read.ProfileIdc, read.LevelIdc, read.Constraints);
        return declared with
        {
            Codec = Codecs.Avc,
            Profile = AvcLevels.Profile(read.ProfileIdc, read.Constraints) ?? declared.Profile,
            Level = AvcLevels.Level(read.ProfileIdc, read.LevelIdc, read.Constraints),
            MaxBitrateBps = vui.BitRate ?? limits?.BitRate,
            DecoderBufferBits = vui.CpbBits ?? limits?.CpbBits,
            Video = new VideoFormat
            {
                Width = read.Width,
                Height = read.Height,
                FrameRate = FrameRate(vui),
                Interlaced = read.FrameMbsOnly ? fields == true : fields ?? true,
                BitDepth = read.BitDepth,
                Chroma = read.Chroma,
                AspectRatio = AspectRatio.Of(read.Width, read.Height, vui.SampleWidth, vui.SampleHeight),
                ColourPrimaries = vui.HasColour ? Colour.Primaries(vui.Primaries) : null,
                Transfer = transfer,
                Matrix = vui.HasColour ? Colour.Matrix(vui.Matrix) : null,
                DynamicRange = Colour.DynamicRange(preferredTransfer is { } preferred ? Colour.Transfer(preferred) : transfer, vivid),
            },
        };
    }

    // E.2.1: a tick is a field.
    private static double? FrameRate(in H26xVui vui)
    {
        if (vui.UnitsInTick == 0 || vui.TimeScale == 0) return null;
        var rate = vui.TimeScale / (2.0 * vui.UnitsInTick);
        return rate <= HighestRate ? rate : null;
    }
}

/// <summary>Sequence parameter set of ISO/IEC 14496-10 7.3.2.1.1, as far as it is needed.</summary>
internal sealed class AvcSps
{
    private const int MacroblockSize = 16;

    public required int Id { get; init; }
    public required int ProfileIdc { get; init; }
    public required int Constraints { get; init; } // constraint_set0_flag is bit 7
    public required int LevelIdc { get; init; }
    public required int Width { get; init; }
    public required int Height { get; init; }
    public required int BitDepth { get; init; }
    public required string Chroma { get; init; }
    public required bool FrameMbsOnly { get; init; }
    public required H26xVui Vui { get; init; }

    /// <summary>Reads it; null where it ends too early or describes no picture.</summary>
    /// <param name="rbsp">From behind the NAL unit header, without emulation prevention.</param>
    public static AvcSps? Read(ReadOnlySpan<byte> rbsp)
    {
        var reader = new BitReader(rbsp);
        var (profile, constraints, level) = (reader.Int(8), reader.Int(8), reader.Int(8));
        var id = reader.Ue();
        var (chroma, separate, depth) = (1, false, 8);
        if (HasChromaFormat(profile))
        {
            chroma = reader.Ue();
            if (chroma == 3) separate = reader.Flag();
            depth = reader.Ue() + 8;
            reader.SkipUe(1);
            reader.Skip(1);
            if (reader.Flag()) SkipScalingLists(ref reader, chroma == 3 ? 12 : 8);
        }
        if (chroma > 3 || depth > 14) return null;
        reader.SkipUe(1); // log2_max_frame_num_minus4
        SkipPictureOrder(ref reader);
        reader.SkipUe(1); // max_num_ref_frames
        reader.Skip(1);
        var (columns, rows) = (reader.Ue() + 1L, reader.Ue() + 1L);
        var frameMbsOnly = reader.Flag();
        if (!frameMbsOnly) reader.Skip(1);
        reader.Skip(1);
        var (width, height) = (columns * MacroblockSize, rows * MacroblockSize * (frameMbsOnly ? 1 : 2));
        if (reader.Flag()) Crop(ref reader, ref width, ref height, separate ? 0 : chroma, frameMbsOnly);
        if (reader.Failed || width is <= 0 or > 16384 || height is <= 0 or > 16384) return null;
        var vui = reader.Flag() ? H26xVui.ReadAvc(ref reader) : default;
        if (reader.Failed) vui = default; // encoders err in the VUI more than elsewhere: the picture's size stands
        return new AvcSps
        {
            Id = id,
            ProfileIdc = profile,
            Constraints = constraints,
            LevelIdc = level,
            Width = (int)width,
            Height = (int)height,
            BitDepth = depth,
            Chroma = ChromaFormats.Name(chroma),
            FrameMbsOnly = frameMbsOnly,
            Vui = vui,
        };
    }

    private static bool HasChromaFormat(int profile) => profile is 100 or 110 or 122 or 244 or 44 or 83 or 86 or 118 or 128 or 138 or 139 or 134 or 135;

    private static void SkipPictureOrder(ref BitReader reader)
    {
        var type = reader.Ue();
        if (type == 0) reader.SkipUe(1);
        if (type != 1) return;
        reader.Skip(1);
        reader.SkipUe(2);
        reader.SkipUe(reader.Ue());
    }

    // 7.3.2.1.1.1: a list ends where nextScale becomes 0.
    private static void SkipScalingLists(ref BitReader reader, int lists)
    {
        for (var list = 0; list < lists && !reader.Failed; list++)
        {
            if (!reader.Flag()) continue;
            var (last, next) = (8, 8);
            for (var i = 0; i < (list < 6 ? 16 : 64) && next != 0 && !reader.Failed; i++)
            {
                next = (last + reader.Se() + 256) & 255;
                if (next != 0) last = next;
            }
        }
    }

    // 7.4.2.1.1: units of chroma samples, and of two lines where fields are possible.
    private static void Crop(ref BitReader reader, ref long width, ref long height, int chroma, bool frameMbsOnly)
    {
        var (unitX, unitY) = (chroma is 1 or 2 ? 2 : 1, (chroma == 1 ? 2 : 1) * (frameMbsOnly ? 1 : 2));
        width -= unitX * ((long)reader.Ue() + reader.Ue());
        height -= unitY * ((long)reader.Ue() + reader.Ue());
    }
}
