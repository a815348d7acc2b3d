namespace SignalWatch.TransportStream;

/// <summary>MPEG-1 and MPEG-2 video: sequence header, sequence extension and sequence display extension (ISO/IEC 13818-2 6.2.2; ISO/IEC 11172-2 2.4.2.3).</summary>
internal sealed class MpegVideoHeaders(ComponentFormat declared) : VideoHeaders
{
    private const int PictureStart = 0x00; // start code values, table 6-1
    private const int LastSlice = 0xAF;
    private const int SequenceHeader = 0xB3;
    private const int Extension = 0xB5;
    private const int SequenceExtension = 1; // extension_start_code_identifier, table 6-2
    private const int SequenceDisplayExtension = 2;
    private const int SequenceFieldBytes = 1 + 8; // type, and the fields up to vbv_buffer_size

    private byte[] lastSequence = [];
    private byte[] lastExtension = [];
    private byte[] lastDisplay = [];
    private bool pending; // a sequence header or an extension of it was read since the last picture

    public override UnitUse Use(byte type, byte next)
    {
        if (type is >= PictureStart and <= LastSlice)
        {
            Compose();
            return UnitUse.Picture;
        }
        return type == SequenceHeader || type == Extension && next >> 4 is SequenceExtension or SequenceDisplayExtension ? UnitUse.Keep : UnitUse.Skip;
    }

    public override void Read(ReadOnlySpan<byte> unit)
    {
        if (unit[0] == SequenceHeader)
        {
            SequenceHeaders++;
            // The extensions that follow belong to it; a repeated header with the same fields is the same format, also where its quantiser matrices differ.
            if (!Changed(ref lastSequence, unit[..Math.Min(SequenceFieldBytes, unit.Length)])) return;
            (lastExtension, lastDisplay) = ([], []);
            pending = true;
            return;
        }
        pending |= (unit[1] >> 4) switch
        {
            SequenceExtension => Changed(ref lastExtension, unit),
            SequenceDisplayExtension => Changed(ref lastDisplay, unit),
            _ => false,
        };
    }

    // At the first picture all extensions of the sequence header were there; MPEG-1 has none.
    private void Compose()
    {
        if (!pending) return;
        pending = false;
        if (lastSequence.Length == 0) return;
        var sequence = MpegSequence.ReadHeader(lastSequence.AsSpan(1));
        if (lastExtension.Length > 0) sequence.ReadExtension(lastExtension.AsSpan(1));
        if (lastDisplay.Length > 0) sequence.ReadDisplay(lastDisplay.AsSpan(1));
        if (sequence.ToFormat(declared) is { } format) Update(format);
    }
}

/// <summary>What a sequence header and its extensions say.</summary>
internal struct MpegSequence
{
    private const int UnspecifiedMpeg1Rate = 0x3FFFF; // variable
    private const int BufferUnit = 16 * 1024;         // bits, 6.3.3

    // frame_rate_code, table 6-4.
    private static readonly double[] FrameRates = [0, 24000 / 1001.0, 24, 25, 30000 / 1001.0, 30, 50, 60000 / 1001.0, 60];

    private bool valid;
    private int width;
    private int height;
    private int aspect;
    private double frameRate;
    private int bitRate;      // 400 b/s
    private int buffer;
    private bool isMpeg2;
    private int profileAndLevel;
    private bool progressive;
    private int chroma;
    private bool hasColour;
    private int primaries;
    private int transfer;
    private int matrix;

    public static MpegSequence ReadHeader(ReadOnlySpan<byte> bytes)
    {
        var reader = new BitReader(bytes);
        var sequence = new MpegSequence { width = reader.Int(12), height = reader.Int(12), aspect = reader.Int(4), chroma = 1 };
        var rate = reader.Int(4);
        sequence.frameRate = rate < FrameRates.Length ? FrameRates[rate] : 0;
        sequence.bitRate = reader.Int(18);
        var marker = reader.Flag();
        sequence.buffer = reader.Int(10);
        sequence.valid = !reader.Failed && marker;
        return sequence;
    }

    public void ReadExtension(ReadOnlySpan<byte> bytes)
    {
        var reader = new BitReader(bytes);
        reader.Skip(4);
        profileAndLevel = reader.Int(8);
        progressive = reader.Flag();
        chroma = reader.Int(2);
        width |= reader.Int(2) << 12;
        height |= reader.Int(2) << 12;
        bitRate |= reader.Int(12) << 18;
        reader.Skip(1);
        buffer |= reader.Int(8) << 10;
        reader.Skip(1); // low_delay
        frameRate = frameRate * (reader.Int(2) + 1) / (reader.Int(5) + 1);
        isMpeg2 = !reader.Failed;
    }

    public void ReadDisplay(ReadOnlySpan<byte> bytes)
    {
        var reader = new BitReader(bytes);
        reader.Skip(7); // identifier, video_format
        hasColour = reader.Flag();
        if (hasColour) (primaries, transfer, matrix) = (reader.Int(8), reader.Int(8), reader.Int(8));
        hasColour &= !reader.Failed;
    }

    public readonly ComponentFormat? ToFormat(ComponentFormat declared)
    {
        if (!valid || width == 0 || height == 0) return null;
        var transferName = hasColour ? Colour.Transfer(transfer) : null;
        var limits = isMpeg2 ? MpegVideoLevels.Limits(profileAndLevel) : null;
        long? declaredRate = bitRate is 0 or UnspecifiedMpeg1Rate ? null : bitRate * 400L;
        return declared with
        {
            Codec = isMpeg2 ? Codecs.Mpeg2Video : Codecs.Mpeg1Video,
            Profile = isMpeg2 ? MpegVideoLevels.Profile(profileAndLevel) : null,
            Level = isMpeg2 ? MpegVideoLevels.Level(profileAndLevel) : null,
            MaxBitrateBps = limits?.BitRate ?? declaredRate, // the T-STD fills its buffer by Rmax[profile, level], not by bit_rate (ISO/IEC 13818-1 2.4.2.3)
            DecoderBufferBits = buffer > 0 ? (long)buffer * BufferUnit : limits?.VbvBits,
            Video = new VideoFormat
            {
                Width = width,
                Height = height,
                FrameRate = frameRate > 0 ? frameRate : null,
                Interlaced = isMpeg2 && !progressive,
                Chroma = ChromaFormats.Name(chroma),
                AspectRatio = Aspect(),
                ColourPrimaries = hasColour ? Colour.Primaries(primaries) : null,
                Transfer = transferName,
                Matrix = hasColour ? Colour.Matrix(matrix) : null,
                DynamicRange = Colour.DynamicRange(transferName, false),
            },
        };
    }

    // aspect_ratio_information, table 6-3; of MPEG-1 (pel aspect ratio, ISO/IEC 11172-2 2.4.3.2) the square sample alone.
    private readonly string? Aspect() => (isMpeg2, aspect) switch
    {
        (_, 1) => AspectRatio.Of(width, height, 1, 1),
        (true, 2) => AspectRatio.Standard,
        (true, 3) => AspectRatio.Wide,
        (true, 4) => AspectRatio.Cinema,
        _ => null,
    };
}
