using System.Buffers.Binary;
using System.Text;

namespace SignalWatch.Contracts;

/// <summary>One line of a waterfall, from the probe through the collector to the screen: a picture, not a record, so it may be dropped.
/// Bytes, little-endian: magic <c>SWS1</c>; i64 unix time in ms; f64 centre of the first bin in Hz; f64 bin spacing in Hz; f32 dB of value 0; f32 dB a step; u8 origin; u8 calibration (0 dBFS, 1 dBm, 2 dBµV/m);
/// u8 length of the probe's id, u8 length of the watch's id, u16 number of bins; the two ids in UTF-8; then one byte a bin.</summary>
public sealed record SpectrumFrame
{
    /// <summary>Most bins that a frame may have.</summary>
    public const int MaxBins = 4096;

    /// <summary>Most bytes that a frame may have.</summary>
    public const int MaxBytes = HeaderBytes + 510 + MaxBins;

    private const int HeaderBytes = 4 + 8 + 8 + 8 + 4 + 4 + 1 + 1 + 1 + 1 + 2;

    /// <summary>Who measured.</summary>
    public required ProbeId Probe { get; init; }

    /// <summary>With which watch.</summary>
    public required WatchId Watch { get; init; }

    /// <summary>Source time.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Centre of the first bin, Hz.</summary>
    public required double StartHz { get; init; }

    /// <summary>Distance of two bins, Hz.</summary>
    public required double StepHz { get; init; }

    /// <summary>Level of byte 0, dB in the unit of <see cref="Unit"/>.</summary>
    public required float FloorDb { get; init; }

    /// <summary>Level of one step, dB.</summary>
    public required float StepDb { get; init; }

    /// <summary>Live, replayed or simulated.</summary>
    public required Origin Origin { get; init; }

    /// <summary>What the decibels are relative to.</summary>
    public required SpectrumUnit Unit { get; init; }

    /// <summary>One byte a bin: level = floor + step × byte.</summary>
    public required ReadOnlyMemory<byte> Bins { get; init; }

    /// <summary>The frame as bytes.</summary>
    public byte[] ToBytes()
    {
        var probe = Encoding.UTF8.GetBytes(Probe.Value);
        var watch = Encoding.UTF8.GetBytes(Watch.Value);
        if (probe.Length > 255 || watch.Length > 255 || Bins.Length > MaxBins) throw new InvalidOperationException("a spectrum frame's ids have at most 255 bytes, and it has at most 4096 bins");
        var bytes = new byte[HeaderBytes + probe.Length + watch.Length + Bins.Length];
        var head = bytes.AsSpan();
        "SWS1"u8.CopyTo(head);
        BinaryPrimitives.WriteInt64LittleEndian(head[4..], At.ToUnixTimeMilliseconds());
        BinaryPrimitives.WriteDoubleLittleEndian(head[12..], StartHz);
        BinaryPrimitives.WriteDoubleLittleEndian(head[20..], StepHz);
        BinaryPrimitives.WriteSingleLittleEndian(head[28..], FloorDb);
        BinaryPrimitives.WriteSingleLittleEndian(head[32..], StepDb);
        (head[36], head[37], head[38], head[39]) = ((byte)Origin, (byte)Unit, (byte)probe.Length, (byte)watch.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(head[40..], (ushort)Bins.Length);
        probe.CopyTo(head[HeaderBytes..]);
        watch.CopyTo(head[(HeaderBytes + probe.Length)..]);
        Bins.Span.CopyTo(head[(HeaderBytes + probe.Length + watch.Length)..]);
        return bytes;
    }

    /// <summary>Reads a frame.</summary>
    /// <returns>False where the bytes are not a whole, valid frame.</returns>
    public static bool TryParse(ReadOnlyMemory<byte> bytes, out SpectrumFrame frame)
    {
        frame = null!;
        var head = bytes.Span;
        if (head.Length < HeaderBytes || !head[..4].SequenceEqual("SWS1"u8)) return false;
        int bins = BinaryPrimitives.ReadUInt16LittleEndian(head[40..]), probe = head[38], watch = head[39];
        if (probe == 0 || watch == 0 || bins > MaxBins || head.Length != HeaderBytes + probe + watch + bins) return false;
        if (!Enum.IsDefined((Origin)head[36]) || !Enum.IsDefined((SpectrumUnit)head[37])) return false;
        var time = BinaryPrimitives.ReadInt64LittleEndian(head[4..]);
        if (time is < 0 or > 253402300799999) return false; // the year 9999 is the last that DateTimeOffset holds
        frame = new SpectrumFrame
        {
            At = DateTimeOffset.FromUnixTimeMilliseconds(time),
            StartHz = BinaryPrimitives.ReadDoubleLittleEndian(head[12..]),
            StepHz = BinaryPrimitives.ReadDoubleLittleEndian(head[20..]),
            FloorDb = BinaryPrimitives.ReadSingleLittleEndian(head[28..]),
            StepDb = BinaryPrimitives.ReadSingleLittleEndian(head[32..]),
            Origin = (Origin)head[36],
            Unit = (SpectrumUnit)head[37],
            Probe = new(Encoding.UTF8.GetString(head.Slice(HeaderBytes, probe))),
            Watch = new(Encoding.UTF8.GetString(head.Slice(HeaderBytes + probe, watch))),
            Bins = bytes[(HeaderBytes + probe + watch)..],
        };
        return double.IsFinite(frame.StartHz) && frame.StepHz > 0 && double.IsFinite(frame.StepHz) && float.IsFinite(frame.FloorDb) && frame.StepDb > 0 && float.IsFinite(frame.StepDb);
    }
}

/// <summary>What the decibels of a spectrum are relative to. A field strength without an antenna factor does not exist.</summary>
public enum SpectrumUnit
{
    /// <summary>Full scale of the receiver: uncalibrated.</summary>
    Dbfs,

    /// <summary>Input power, dBm.</summary>
    Dbm,

    /// <summary>Field strength, dBµV/m.</summary>
    DbuvPerMetre,
}
