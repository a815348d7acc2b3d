using System.Buffers.Binary;

namespace SignalWatch.Hardware;

/// <summary>pcapng (draft-ietf-opsawg-pcapng): blocks, of several interfaces, in several sections, each in its own byte order.</summary>
internal sealed class PcapngFormat : CaptureFormat
{
    private const uint SectionHeader = 0x0A0D0D0A; // reads the same in both orders
    private const uint ByteOrderMagic = 0x1A2B3C4D;
    private const uint InterfaceDescription = 1;
    private const uint Packet = 2; // obsolete, but old files have it
    private const uint SimplePacket = 3;
    private const uint InterfaceStatistics = 5;
    private const uint EnhancedPacket = 6;
    private const int Frame = 12; // type, length, and the length again
    private const int MostInterfaces = 4096;

    private const ushort EndOfOptions = 0;
    private const ushort InterfaceDrops = 5;  // isb_ifdrop
    private const ushort SystemDrops = 7;     // isb_osdrop
    private const ushort TimeResolution = 9;  // if_tsresol
    private const ushort TimeOffset = 14;     // if_tsoffset

    private readonly List<PcapngInterface> interfaces = [];
    private bool bigEndian;
    private long timeNs;
    private long pastKernel;
    private long pastInterface;

    private PcapngFormat(CaptureFileBuffer file) : base(file) { }

    /// <summary>Sections that began.</summary>
    public int Sections { get; private set; }

    public override long? DroppedByKernel => Sum(pastKernel, interfaces.Select(i => i.DroppedByKernel));

    public override long? DroppedByInterface => Sum(pastInterface, interfaces.Select(i => i.DroppedByInterface));

    /// <summary>Recognises the format; null where it is another.</summary>
    public static PcapngFormat? Recognise(CaptureFileBuffer file) =>
        file.TryPeek(Frame, out var head) && BinaryPrimitives.ReadUInt32LittleEndian(head) == SectionHeader && IsMagic(head[8..], out _) ? new PcapngFormat(file) : null;

    public override Record Next(out CapturedFrame frame)
    {
        frame = default;
        while (true)
        {
            RecordOffset = File.Offset;
            if (!File.TryPeek(Frame, out var head)) return File.AtEnd ? Record.End : Record.Truncated;
            var type = Word(head);
            if (type == SectionHeader && !BeginSection(head)) return Record.Corrupt;
            var length = Word(head[4..]);
            if (length < Frame || length % 4 != 0) return Record.Corrupt;
            if (type is not (SectionHeader or InterfaceDescription or Packet or SimplePacket or InterfaceStatistics or EnhancedPacket))
            {
                if (!File.TrySkip(length)) return Record.Truncated; // names, secrets, journals, other people's blocks
                continue;
            }
            if (length > CaptureFileBuffer.LargestRecord) return Record.Corrupt;
            if (!File.TryTake((int)length, out var block)) return Record.Truncated;
            if (Word(block[^4..]) != length) return Record.Corrupt;
            if (Read(type, block[8..^4], out frame)) return Record.Frame;
        }
    }

    private bool Read(uint type, ReadOnlySpan<byte> body, out CapturedFrame frame)
    {
        frame = default;
        switch (type)
        {
            case InterfaceDescription:
                Describe(body);
                return false;
            case InterfaceStatistics:
                TakeCounters(body);
                return false;
            case EnhancedPacket when body.Length >= 20:
                return ReadPacket(Word(body), body[4..], body[20..], out frame);
            case Packet when body.Length >= 20:
                return ReadPacket(Half(body), body[4..], body[20..], out frame);
            case SimplePacket when body.Length >= 4 && interfaces.Count > 0:
                var original = Word(body);
                var kept = Math.Min(original, Math.Min(interfaces[0].SnapLength, (uint)(body.Length - 4)));
                // It has no time: the time of the frame before it is the best that is known.
                frame = new CapturedFrame(timeNs, Length(original), interfaces[0].Link, body.Slice(4, (int)kept));
                return true;
            case SectionHeader:
                return false;
            default:
                Unreadable++;
                return false;
        }
    }

    // fields: time (high, low), captured length, original length.
    private bool ReadPacket(uint number, ReadOnlySpan<byte> fields, ReadOnlySpan<byte> bytes, out CapturedFrame frame)
    {
        frame = default;
        var captured = Word(fields[8..]);
        if (number >= interfaces.Count || captured > bytes.Length)
        {
            Unreadable++;
            return false;
        }
        var from = interfaces[(int)number];
        timeNs = from.TimeNs((ulong)Word(fields) << 32 | Word(fields[4..]));
        frame = new CapturedFrame(timeNs, Length(Word(fields[12..])), from.Link, bytes[..(int)captured]);
        return true;
    }

    private bool BeginSection(ReadOnlySpan<byte> head)
    {
        if (!IsMagic(head[8..], out bigEndian)) return false;
        // The interfaces are those of their section; what they dropped stays counted.
        pastKernel += interfaces.Sum(i => i.DroppedByKernel ?? 0);
        pastInterface += interfaces.Sum(i => i.DroppedByInterface ?? 0);
        interfaces.Clear();
        Sections++;
        return true;
    }

    private void Describe(ReadOnlySpan<byte> body)
    {
        if (body.Length < 8 || interfaces.Count == MostInterfaces)
        {
            Unreadable++;
            return;
        }
        var described = new PcapngInterface((LinkType)Half(body), Word(body[4..]) is > 0 and var snap ? snap : uint.MaxValue);
        for (var options = body[8..]; TryOption(ref options, out var code, out var value);)
        {
            if (code == TimeResolution && value.Length >= 1) described.SetResolution(value[0]);
            else if (code == TimeOffset && value.Length >= 8) described.OffsetSeconds = (long)Double(value);
        }
        interfaces.Add(described);
    }

    private void TakeCounters(ReadOnlySpan<byte> body)
    {
        if (body.Length < 12 || Word(body) is var number && number >= interfaces.Count)
        {
            Unreadable++;
            return;
        }
        for (var options = body[12..]; TryOption(ref options, out var code, out var value);)
        {
            if (value.Length < 8) continue;
            if (code == InterfaceDrops) interfaces[(int)number].DroppedByInterface = (long)Math.Min(Double(value), long.MaxValue);
            else if (code == SystemDrops) interfaces[(int)number].DroppedByKernel = (long)Math.Min(Double(value), long.MaxValue);
        }
    }

    private bool TryOption(ref ReadOnlySpan<byte> options, out ushort code, out ReadOnlySpan<byte> value)
    {
        code = EndOfOptions;
        value = default;
        if (options.Length < 4) return false;
        code = Half(options);
        int length = Half(options[2..]);
        if (code == EndOfOptions || length > options.Length - 4) return false;
        value = options.Slice(4, length);
        options = options[Math.Min(4 + (length + 3 & ~3), options.Length)..]; // padded to 32 bits
        return true;
    }

    private static bool IsMagic(ReadOnlySpan<byte> bytes, out bool isBig)
    {
        isBig = BinaryPrimitives.ReadUInt32BigEndian(bytes) == ByteOrderMagic;
        return isBig || BinaryPrimitives.ReadUInt32LittleEndian(bytes) == ByteOrderMagic;
    }

    private static int Length(uint original) => (int)Math.Min(original, int.MaxValue);

    private static long? Sum(long past, IEnumerable<long?> now)
    {
        long? sum = past > 0 ? past : null;
        foreach (var one in now) if (one is { } count) sum = (sum ?? 0) + count;
        return sum;
    }

    private ushort Half(ReadOnlySpan<byte> bytes) => bigEndian ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : BinaryPrimitives.ReadUInt16LittleEndian(bytes);

    private uint Word(ReadOnlySpan<byte> bytes) => bigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);

    private ulong Double(ReadOnlySpan<byte> bytes) => bigEndian ? BinaryPrimitives.ReadUInt64BigEndian(bytes) : BinaryPrimitives.ReadUInt64LittleEndian(bytes);
}

/// <summary>An interface of a section.</summary>
internal sealed class PcapngInterface(LinkType link, uint snapLength)
{
    private const int Microseconds = 6;
    private const int Nanoseconds = 9;

    private int exponent = Microseconds; // the default of if_tsresol
    private bool powerOfTwo;

    public LinkType Link { get; } = link;

    public uint SnapLength { get; } = snapLength;

    public long OffsetSeconds { get; set; }

    public long? DroppedByKernel { get; set; }

    public long? DroppedByInterface { get; set; }

    /// <summary>if_tsresol: the highest bit tells powers of two from powers of ten, the others are the negative exponent.</summary>
    public void SetResolution(byte value) => (powerOfTwo, exponent) = ((value & 0x80) != 0, value & 0x7F);

    /// <summary>ns since 1970, held within the range of the type whatever a file says.</summary>
    public long TimeNs(ulong ticks)
    {
        var ns = powerOfTwo ? (UInt128)ticks * 1_000_000_000 >> exponent
            : exponent <= Nanoseconds ? (UInt128)ticks * Power(Nanoseconds - exponent)
            : exponent <= Nanoseconds + 19 ? ticks / Power(exponent - Nanoseconds) : 0;
        var at = (Int128)ns + (Int128)OffsetSeconds * 1_000_000_000;
        return at > long.MaxValue ? long.MaxValue : at < long.MinValue ? long.MinValue : (long)at;
    }

    private static ulong Power(int of10)
    {
        ulong power = 1;
        for (var i = 0; i < of10; i++) power *= 10;
        return power;
    }
}
