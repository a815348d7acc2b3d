using System.Buffers.Binary;

namespace SignalWatch.Hardware;

/// <summary>The classic format (draft-ietf-opsawg-pcap): microseconds or nanoseconds, both byte orders.</summary>
internal sealed class PcapFormat : CaptureFormat
{
    private const uint Microseconds = 0xA1B2C3D4;
    private const uint Nanoseconds = 0xA1B23C4D;
    private const int HeaderBytes = 24;
    private const int RecordHeaderBytes = 16;

    private readonly bool bigEndian;
    private readonly long fractionNs;
    private readonly LinkType link;

    private PcapFormat(CaptureFileBuffer file, bool bigEndian, long fractionNs) : base(file)
    {
        (this.bigEndian, this.fractionNs) = (bigEndian, fractionNs);
        file.TryTake(HeaderBytes, out var header);
        link = (LinkType)(Word(header[20..]) & 0xFFFF); // above: length of the frame check sequence
    }

    /// <summary>Recognises the format; null where it is another.</summary>
    public static PcapFormat? Recognise(CaptureFileBuffer file)
    {
        if (!file.TryPeek(HeaderBytes, out var header)) return null;
        return (BinaryPrimitives.ReadUInt32LittleEndian(header), BinaryPrimitives.ReadUInt32BigEndian(header)) switch
        {
            (Microseconds, _) => new PcapFormat(file, bigEndian: false, fractionNs: 1000),
            (Nanoseconds, _) => new PcapFormat(file, bigEndian: false, fractionNs: 1),
            (_, Microseconds) => new PcapFormat(file, bigEndian: true, fractionNs: 1000),
            (_, Nanoseconds) => new PcapFormat(file, bigEndian: true, fractionNs: 1),
            _ => null,
        };
    }

    public override Record Next(out CapturedFrame frame)
    {
        frame = default;
        RecordOffset = File.Offset;
        if (!File.TryPeek(RecordHeaderBytes, out var header)) return File.AtEnd ? Record.End : Record.Truncated;
        var timeNs = Word(header) * 1_000_000_000L + Word(header[4..]) * fractionNs;
        var captured = Word(header[8..]);
        var original = (int)Math.Min(Word(header[12..]), int.MaxValue);
        if (captured > CaptureFileBuffer.LargestRecord - RecordHeaderBytes) return Record.Corrupt;
        if (!File.TryTake(RecordHeaderBytes + (int)captured, out var record)) return Record.Truncated;
        frame = new CapturedFrame(timeNs, original, link, record[RecordHeaderBytes..]);
        return Record.Frame;
    }

    private uint Word(ReadOnlySpan<byte> bytes) => bigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);
}
