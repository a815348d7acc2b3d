namespace SignalWatch.TransportStream;

/// <summary>HEVC: sequence and video parameter sets with VUI, and the SEI messages that say how pictures are to be shown (ISO/IEC 23008-2).</summary>
internal sealed class HevcHeaders(ComponentFormat declared) : VideoHeaders
{
    private const int LastSlice = 31; // nal_unit_type 0 to 31 are VCL (table 7-1)
    private const int Vps = 32;
    private const int Sps = 33;
    private const int PrefixSei = 39;
    private const int NalHeaderBytes = 2;

    private readonly ActiveSet<HevcSps> sets = new(HevcSps.Read, set => set.Id);
    private byte[] lastVps = [];
    private double? tickRate; // of the VPS
    private bool? fields;     // pic_struct or source_scan_type
    private bool vivid;
    private int? preferredTransfer;
    private H26xSei.Message? takeMessage;

    public override UnitUse Use(byte type, byte next)
    {
        if ((type & 1) != 0 || (next & 0xF8) != 0) return UnitUse.Skip; // nuh_layer_id: an enhancement is not the picture that is broadcast
        switch (type >> 1) // forbidden_zero_bit and nal_unit_type
        {
            case <= LastSlice:
                if (sets.Picture()) Renew();
                return UnitUse.Picture;
            case Vps or Sps or PrefixSei:
                return UnitUse.Keep;
            default:
                return UnitUse.Skip;
        }
    }

    public override void Read(ReadOnlySpan<byte> unit)
    {
        var rbsp = unit[NalHeaderBytes..];
        switch (unit[0] >> 1)
        {
            case Vps:
                if (!Changed(ref lastVps, unit)) return;
                tickRate = HevcVps.TickRate(rbsp);
                if (sets.Current is { } current) Update(Compose(current));
                break;
            case Sps:
                SequenceHeaders++;
                if (sets.Take(unit, NalHeaderBytes)) Renew();
                break;
            default:
                if (sets.Current is not { } sps) return;
                var before = (fields, vivid, preferredTransfer);
                H26xSei.Read(rbsp, takeMessage ??= TakeMessage);
                if (before != (fields, vivid, preferredTransfer)) Update(Compose(sps));
                break;
        }
    }

    private void Renew()
    {
        (fields, vivid, preferredTransfer) = (null, false, null);
        Update(Compose(sets.Current!));
    }

    private void TakeMessage(int type, ReadOnlySpan<byte> payload)
    {
        if (type == H26xSei.PictureTiming && sets.Current is { Vui.HasPictureStructure: true } && fields != true && payload.Length > 0)
        {
            var (structure, scan) = (payload[0] >> 4, payload[0] >> 2 & 3); // D.2.3: pic_struct, source_scan_type
            fields = scan == 0 || scan != 1 && structure is >= 1 and <= 6 or >= 9 and <= 12;
        }
        vivid |= H26xSei.IsHdrVivid(type, payload);
        preferredTransfer = H26xSei.PreferredTransfer(type, payload) ?? preferredTransfer;
    }

    private ComponentFormat Compose(HevcSps read)
    {
        var vui = read.Vui;
        var transfer = vui.HasColour ? Colour.Transfer(vui.Transfer) : null;
        var limits = HevcLevels.Limits(read.Profile, read.LevelIdc, read.HighTier);
        var picturesAFrame = vui.FieldSequence ? 2 : 1; // each picture is a field (E.3.1)
        return declared with
        {
            Codec = Codecs.Hevc,
            Profile = read.Profile ?? declared.Profile,
            Level = HevcLevels.Level(read.LevelIdc, read.HighTier),
            MaxBitrateBps = vui.BitRate ?? limits?.BitRate,
            DecoderBufferBits = vui.CpbBits ?? limits?.CpbBits,
            Video = new VideoFormat
            {
                Width = read.Width,
                Height = read.Height * picturesAFrame,
                FrameRate = (vui.UnitsInTick != 0 && vui.TimeScale != 0 ? (double)vui.TimeScale / vui.UnitsInTick : tickRate) / picturesAFrame,
                Interlaced = vui.FieldSequence ? true : read.Interlaced ?? fields,
                BitDepth = read.BitDepth,
                Chroma = ChromaFormats.Name(read.ChromaFormat),
                AspectRatio = AspectRatio.Of(read.Width, read.Height * picturesAFrame, vui.SampleWidth, vui.SampleHeight),
                ColourPrimaries = vui.HasColour ? Colour.Primaries(vui.Primaries) : null,
                Transfer = transfer,
                Matrix = vui.HasColour ? Colour.Matrix(vui.Matrix) : null,
                DynamicRange = Colour.DynamicRange(preferredTransfer is { } preferred ? Colour.Transfer(preferred) : transfer, vivid),
            },
        };
    }
}
