using System.Buffers.Binary;

namespace SignalWatch.TransportStream.Tests;

/// <summary>A healthy multiplex of one service, 1,000 packets a second, one millisecond each; a test takes things out of it, changes them, or puts others in. Services: 101 with pictures on 0x101 (and the clock), sound on 0x102, and an application table on 0x103 that is not sent.</summary>
internal sealed class Broadcast
{
    public const int PacketsPerSecond = 1000;
    public const double BitrateBps = PacketsPerSecond * 1504;
    public const int Service = 101;
    public const int MapPid = 0x100;
    public const int Video = 0x101;
    public const int Audio = 0x102;
    public const int Application = 0x103;
    public static readonly DateTimeOffset Start = new(2026, 3, 14, 22, 0, 0, TimeSpan.FromHours(8));

    private readonly StreamBuilder builder = new();
    private readonly List<(int At, Action<StreamBuilder> Packet)> inserted = [];
    private readonly List<(int At, Action<byte[]> Change)> changes = [];
    private readonly List<(string Item, double From, double To)> without = [];
    private readonly List<(string Item, int EveryMs, int FirstMs)> schedule =
    [
        ("pcr", 30, 0), ("pat", 100, 1), ("pmt", 100, 2), ("video", 40, 5), ("audio", 100, 7), ("cat", 500, 11), ("sdt", 500, 12),
        ("eit0", 500, 13), ("eit1", 500, 263), ("nit", 1000, 14), ("bat", 2000, 15), ("tdt", 10_000, 16), ("tot", 10_000, 516),
    ];

    private long clockShift;
    private int clockShiftFrom = int.MaxValue;
    private bool clockShiftIndicated;
    private int soundDelayFrom = int.MaxValue;
    private long soundDelay;
    private int tsc;

    /// <summary>Leaves something out for a time: pcr, pat, pmt, video, audio, cat, sdt, eit0, eit1, nit, bat, tdt, tot.</summary>
    public Broadcast Without(string item, double fromSeconds, double toSeconds)
    {
        without.Add((item, fromSeconds, toSeconds));
        return this;
    }

    /// <summary>Puts a packet where a null packet would be.</summary>
    public Broadcast Insert(double atSeconds, Action<StreamBuilder> packet)
    {
        inserted.Add((Slot(atSeconds), packet));
        return this;
    }

    /// <summary>Changes the next packet from a time on that carries an item's PID.</summary>
    public Broadcast Change(double atSeconds, int pid, Action<byte[]> change)
    {
        changes.Add((Slot(atSeconds), packet => { if (Pid(packet) == pid) change(packet); }));
        return this;
    }

    /// <summary>The clock goes on with other values.</summary>
    public Broadcast ShiftClock(double atSeconds, double seconds, bool indicated)
    {
        (clockShiftFrom, clockShift, clockShiftIndicated) = (Slot(atSeconds), (long)(seconds * 27e6), indicated);
        return this;
    }

    /// <summary>PTS of the sound are that much later than they were.</summary>
    public Broadcast DelaySound(double atSeconds, double seconds)
    {
        (soundDelayFrom, soundDelay) = (Slot(atSeconds), (long)(seconds * 90_000));
        return this;
    }

    /// <summary>Packets one after the other, and every so many slots.</summary>
    public Broadcast Burst(double atSeconds, int count, int everySlots, Action<StreamBuilder> packet)
    {
        for (var i = 0; i < count; i++) Insert(atSeconds + i * everySlots / (double)PacketsPerSecond, packet);
        return this;
    }

    /// <summary>All components are scrambled.</summary>
    public Broadcast Scrambled()
    {
        tsc = 2;
        return this;
    }

    /// <summary>The packets of so many seconds.</summary>
    public byte[] Packets(double seconds)
    {
        for (var slot = 0; slot < Slot(seconds); slot++) Fill(slot);
        var bytes = builder.ToArray();
        foreach (var (at, change) in changes)
        {
            for (var slot = at; slot * 188 < bytes.Length; slot++)
            {
                var packet = bytes.AsSpan(slot * 188, 188).ToArray();
                var before = packet.ToArray();
                change(packet);
                if (packet.AsSpan().SequenceEqual(before)) continue;
                packet.CopyTo(bytes.AsSpan(slot * 188));
                break;
            }
        }
        return bytes;
    }

    /// <summary>What an analyser says of so many seconds, clears left out.</summary>
    public List<TransportStreamOccurrence> Analyze(double seconds, TransportStreamSettings? settings = null)
    {
        List<TransportStreamOccurrence> occurrences = [];
        var analyzer = new TransportStreamAnalyzer(settings ?? new());
        analyzer.Occurred += o =>
        {
            if (o.Change != OccurrenceChange.Clear) occurrences.Add(o);
        };
        analyzer.Push(Packets(seconds), Start, BitrateBps);
        return occurrences;
    }

    public static byte[] Short(int tableId, params byte[] body) => [(byte)tableId, 0x70, (byte)body.Length, .. body];

    private static int Slot(double seconds) => (int)Math.Round(seconds * PacketsPerSecond);

    private static int Pid(byte[] packet) => (packet[1] & 0x1F) << 8 | packet[2];

    // One item a slot; what does not fit waits for the next.
    private readonly Queue<string> waiting = new();

    private void Fill(int slot)
    {
        foreach (var (item, every, first) in schedule)
            if (slot % every == first % every && slot >= first && !without.Exists(w => w.Item == item && slot >= Slot(w.From) && slot < Slot(w.To))) waiting.Enqueue(item);
        var own = inserted.FindIndex(i => i.At <= slot);
        if (waiting.TryDequeue(out var next)) Write(next, slot);
        else if (own >= 0)
        {
            var packet = inserted[own].Packet;
            inserted.RemoveAt(own);
            packet(builder);
        }
        else builder.Packet(0x1FFF);
        if (builder.Packets != slot + 1) throw new InvalidOperationException("one packet a slot");
    }

    private void Write(string item, int slot) => _ = item switch
    {
        "pcr" => Clock(slot),
        "pat" => builder.Pat(17, 1, (Service, MapPid)),
        "pmt" => builder.Section(MapPid, StreamBuilder.Long(0x02, Service, 1, [0xE1, 0x01, 0xF0, 0, 0x1B, 0xE1, 0x01, 0xF0, 0, 0x04, 0xE1, 0x02, 0xF0, 0, 0x05, 0xE1, 0x03, 0xF0, 2, 0x6F, 0])),
        "video" => Pes(Video, 0xE0, slot),
        "audio" => Pes(Audio, 0xC0, slot),
        "cat" => builder.Section(1, StreamBuilder.Long(0x01, 0xFFFF, 1, [])),
        "sdt" => builder.Sdt(17, 8755, 1, (Service, "珠江频道")),
        "eit0" => builder.Section(0x12, StreamBuilder.Long(0x4E, Service, 1, [0, 17, 0x22, 0x33, 1, 0x4E], 0, 1)),
        "eit1" => builder.Section(0x12, StreamBuilder.Long(0x4E, Service, 1, [0, 17, 0x22, 0x33, 1, 0x4E], 1, 1)),
        "nit" => builder.Section(0x10, StreamBuilder.Long(0x40, 1, 1, [0xF0, 0, 0xF0, 0])),
        "bat" => builder.Section(0x11, StreamBuilder.Long(0x4A, 1, 1, [0xF0, 0, 0xF0, 0])),
        "tdt" => builder.Section(0x14, Short(0x70, 0xEF, 0x3A, 0x22, 0x00, 0x00)),
        "tot" => builder.Section(0x14, Tot()),
        _ => throw new ArgumentOutOfRangeException(nameof(item)),
    };

    private StreamBuilder Clock(int slot)
    {
        var shifted = slot >= clockShiftFrom;
        var indicate = shifted && clockShiftIndicated;
        if (shifted) clockShiftIndicated = false;
        return builder.Packet(Video, pcr: (slot * 27_000L + 27_000_000 + (shifted ? clockShift : 0)) % ((1L << 33) * 300), discontinuity: indicate, afc: 2);
    }

    // PTS half a second after the clock of its slot.
    private StreamBuilder Pes(int pid, byte streamId, int slot)
    {
        var pts = (slot * 90L + 90_000 + 45_000 + (slot >= clockShiftFrom ? clockShift / 300 : 0) + (pid == Audio && slot >= soundDelayFrom ? soundDelay : 0)) % (1L << 33);
        byte[] payload =
        [
            0, 0, 1, streamId, 0, (byte)(streamId == 0xE0 ? 0 : 178), 0x80, 0x80, 5,
            (byte)(0x21 | (int)(pts >> 30) << 1), (byte)(pts >> 22), (byte)(1 | (int)(pts >> 15) << 1), (byte)(pts >> 7), (byte)(1 | (int)pts << 1),
        ];
        var whole = new byte[184];
        BinaryPrimitives.WriteInt64LittleEndian(whole.AsSpan(100), slot); // no two packets alike
        payload.CopyTo(whole.AsSpan());
        return builder.Packet(pid, true, whole, tsc: tsc);
    }

    private static byte[] Tot()
    {
        byte[] bytes = [0x73, 0x70, 11, 0xEF, 0x3A, 0x22, 0x00, 0x00, 0xF0, 0, 0, 0, 0, 0];
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(bytes.Length - 4), StreamBuilder.Crc(bytes.AsSpan(0, bytes.Length - 4)));
        return bytes;
    }
}
