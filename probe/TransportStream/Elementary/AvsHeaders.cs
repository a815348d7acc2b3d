namespace SignalWatch.TransportStream;

/// <summary>AVS and AVS+ (GB/T 20090.2, GB/T 20090.16, GY/T 257.1), AVS2 (GB/T 33475.2, GY/T 299.1) and AVS3 (T/AI 109.2): sequence header, sequence display extension and, for AVS2 and AVS3, dynamic HDR metadata.</summary>
internal sealed class AvsHeaders(ComponentFormat declared, AvsGeneration generation) : VideoHeaders
{
    private const int LastSlice = 0xAF; // start code values 00 to AF are slices and patches; pictures B3 and B6 still have extensions behind them
    private const int SequenceStart = 0xB0;
    private const int Extension = 0xB5;
    private const int SequenceDisplayExtension = 2;    // extension_id
    private const int HdrDynamicMetadataExtension = 5;
    private const int HdrVividType = 5;                // hdr_dynamic_metadata_type

    private byte[] lastSequence = [];
    private byte[] lastDisplay = [];
    private AvsSequence? sequence;
    private AvsDisplay display;
    private bool vivid;

    public override UnitUse Use(byte type, byte next) => type switch
    {
        <= LastSlice => UnitUse.Picture,
        SequenceStart => UnitUse.Keep,
        Extension when next >> 4 is SequenceDisplayExtension or HdrDynamicMetadataExtension => UnitUse.Keep,
        _ => UnitUse.Skip,
    };

    public override void Read(ReadOnlySpan<byte> unit)
    {
        if (unit[0] == SequenceStart)
        {
            SequenceHeaders++;
            if (!Changed(ref lastSequence, unit) || AvsSequence.Read(unit[1..], generation) is not { } read) return;
            (sequence, display, vivid, lastDisplay) = (read, default, false, []);
        }
        else if (sequence is null || !ReadExtension(unit[1..])) return;
        Update(Compose(sequence));
    }

    private bool ReadExtension(ReadOnlySpan<byte> bytes)
    {
        switch (bytes[0] >> 4)
        {
            case SequenceDisplayExtension:
                if (!Changed(ref lastDisplay, bytes)) return false;
                display = AvsDisplay.Read(bytes, sequence!.IsMultiview);
                return true;
            case HdrDynamicMetadataExtension when generation != AvsGeneration.Avs && (bytes[0] & 15) == HdrVividType && !vivid:
                return vivid = true;
            default:
                return false;
        }
    }

    private ComponentFormat Compose(AvsSequence read)
    {
        var transfer = display.HasColour ? Colour.AvsTransfer(display.Transfer) : null;
        return declared with
        {
            Codec = read.Codec,
            Profile = read.Profile,
            Level = read.Level,
            MaxBitrateBps = read.BitRate,
            DecoderBufferBits = read.BufferBits,
            Video = new VideoFormat
            {
                Width = read.Width,
                Height = read.Height,
                FrameRate = read.FrameRate,
                Interlaced = read.Interlaced,
                BitDepth = read.BitDepth,
                Chroma = read.Chroma,
                AspectRatio = read.AspectRatio,
                ColourPrimaries = display.HasColour ? Colour.AvsPrimaries(display.Primaries) : null,
                Transfer = transfer,
                Matrix = display.HasColour ? Colour.AvsMatrix(display.Matrix) : null,
                DynamicRange = Colour.DynamicRange(transfer, vivid),
            },
        };
    }
}

/// <summary>sequence_display_extension(), the same in all three generations but for the views of AVS2.</summary>
internal readonly record struct AvsDisplay(bool HasColour, int Primaries, int Transfer, int Matrix)
{
    public static AvsDisplay Read(ReadOnlySpan<byte> bytes, bool multiview)
    {
        if (multiview) return default; // depth ranges and camera parameters stand before the colours: no broadcast has them
        var reader = new BitReader(bytes);
        reader.Skip(8); // extension_id, video_format, sample_range
        if (!reader.Flag()) return default;
        var display = new AvsDisplay(true, reader.Int(8), reader.Int(8), reader.Int(8));
        return reader.Failed ? default : display;
    }
}
