using System.Buffers.Binary;
using FsCheck;
using FsCheck.Fluent;
using SignalWatch.Tests;

namespace SignalWatch.TransportStream.Tests;

/// <summary>T2-MI: the recording against TSDuck 3.40's extraction, and built streams for what it has not: normal mode, ISSY, deleted null packets.</summary>
public sealed class T2MiTests
{
    private const int RecordedPid = 64;

    [RecordingFact]
    public void The_inner_stream_of_the_recording_is_that_of_the_reference_byte_by_byte()
    {
        var (reader, inner) = Extract(File.ReadAllBytes(Recordings.File("ts", "real", "t2mi_a.ts")));
        inner.Keys.Should().Equal(0x66);
        // The reference knows the PID only from the first PMT on, 434 inner packets later, and leaves what it has queued at the end of the file.
        var reference = File.ReadAllBytes(Recordings.File("ts", "ref", "t2mi_a.tsduck340.inner.ts"));
        var ours = inner[0x66].ToArray();
        ours.AsSpan(434 * 188, reference.Length).SequenceEqual(reference).Should().BeTrue();
        ours.Length.Should().Be((434 + 7) * 188 + reference.Length);
        for (var at = 0; at < ours.Length; at += 188) ours[at].Should().Be(0x47);
        reader.Packets.Should().Be(147);
        reader.Frames.Should().Be(129);
        (reader.PacketsLost, reader.CrcErrors, reader.BadFrames, reader.SyncLosses, reader.BrokenPackets).Should().Be((0, 0, 0, 0, 0));
    }

    [RecordingFact]
    public void The_PMT_of_the_recording_declares_T2_MI()
    {
        var component = ElementaryReplay.Of(File.ReadAllBytes(Recordings.File("ts", "real", "t2mi_a.ts"))).Components[RecordedPid];
        component.Declared.Format.Kind.Should().Be(ComponentKind.T2Mi);
        component.CarriesPes.Should().BeFalse();
    }

    [RecordingFact]
    public void A_lost_packet_costs_what_it_carried_and_no_more()
    {
        var file = File.ReadAllBytes(Recordings.File("ts", "real", "t2mi_a.ts"));
        var whole = Extract(file).Inner[0x66];
        var (reader, inner) = Extract(file, drop: 1000);
        reader.PacketsLost.Should().Be(1);
        reader.BrokenPackets.Should().BePositive();
        var packets = Split(inner[0x66]);
        packets.Should().BeSubsetOf(Split(whole));
        packets.Count.Should().BeGreaterThan(whole.Count / 188 - 60, "a baseband frame carries 26 packets");
    }

    [RecordingFact]
    public void A_flipped_bit_is_a_CRC_error_and_a_lost_packet()
    {
        var file = File.ReadAllBytes(Recordings.File("ts", "real", "t2mi_a.ts"));
        var whole = Split(Extract(file).Inner[0x66]);
        var index = Enumerable.Range(0, file.Length / 188).Where(i => ElementaryReplay.Pid(file.AsSpan(i * 188)) == RecordedPid && (file[i * 188 + 1] & 0x40) == 0).ElementAt(500);
        file[index * 188 + 100] ^= 1;
        var (reader, inner) = Extract(file);
        (reader.CrcErrors, reader.PacketsLost).Should().Be((1, 1));
        Split(inner[0x66]).Should().BeSubsetOf(whole);
    }

    [RecordingFact]
    public void Frames_allocate_nothing()
    {
        var payloads = Payloads(File.ReadAllBytes(Recordings.File("ts", "real", "t2mi_a.ts"))).ToArray();
        long bytes = 0;
        var reader = new T2MiReader((_, packets) => bytes += packets.Length);
        foreach (var (payload, start) in payloads) reader.Push(payload, start);
        Allocated.Bytes(() =>
        {
            foreach (var (payload, start) in payloads) reader.Push(payload, start);
        }).Should().Be(0);
        bytes.Should().BePositive();
    }

    [Theory]
    [InlineData(true, 0, false)]
    [InlineData(true, 0, true)]
    [InlineData(false, 0, false)]
    [InlineData(false, 0, true)]
    [InlineData(false, 2, false)]
    [InlineData(false, 3, true)]
    public void Packets_come_out_as_they_went_in_in_every_mode(bool highEfficiency, int issyBytes, bool deleteNulls)
    {
        var sent = Packets(300, deleteNulls ? 0.3 : 0);
        var stream = new T2MiBuilder(highEfficiency, issyBytes, deleteNulls).Build(plp: 5, sent, fieldBytes: 1000);
        List<byte> received = [];
        var reader = new T2MiReader((plp, packets) => { plp.Should().Be(5); received.AddRange(packets); });
        foreach (var (payload, start) in stream) reader.Push(payload, start);
        (reader.CrcErrors, reader.BadFrames, reader.SyncLosses, reader.PacketsLost).Should().Be((0, 0, 0, 0));
        var packets = Split(received);
        packets.Should().Equal(Split(sent).Take(packets.Count));
        packets.Count.Should().BeGreaterThan(280, "the last of them wait for their end");
        if (deleteNulls) reader.NullPackets.Should().BePositive();
    }

    [Fact]
    public void Two_pipes_keep_their_packets_apart()
    {
        var (first, second) = (Packets(100, 0), Packets(100, 0, seed: 9));
        var builder = new T2MiBuilder(true, 0, false);
        var stream = builder.Packetize(builder.Frames(1, first, 700).Zip(builder.Frames(2, second, 700)).SelectMany(pair => new[] { pair.First, pair.Second }));
        Dictionary<int, List<byte>> inner = new() { [1] = [], [2] = [] };
        var reader = new T2MiReader((plp, packets) => inner[plp].AddRange(packets));
        foreach (var (payload, start) in stream) reader.Push(payload, start);
        Split(inner[1]).Should().Equal(Split(first).Take(inner[1].Count / 188));
        Split(inner[2]).Should().Equal(Split(second).Take(inner[2].Count / 188));
        inner[1].Count.Should().BeGreaterThan(90 * 188);
        inner[2].Count.Should().BeGreaterThan(90 * 188);
    }

    [Fact]
    public void Mutated_streams_never_stop_it_and_give_whole_packets()
    {
        var good = new T2MiBuilder(false, 3, true).Build(3, Packets(40, 0.2), 600);
        for (var seed = 0; seed < 2_000; seed++)
        {
            var random = new Random(seed);
            var given = 0L;
            var reader = new T2MiReader((_, packets) =>
            {
                (packets.Length % 188).Should().Be(0);
                given += packets.Length;
            });
            foreach (var (payload, start) in good)
            {
                var bytes = payload.ToArray();
                for (var i = random.Next(3); i > 0 && random.Next(4) == 0; i--) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
                if (random.Next(20) == 0) continue;
                reader.Push(random.Next(20) == 0 ? bytes[..random.Next(bytes.Length)] : bytes, start ^ random.Next(40) == 0);
                if (random.Next(50) == 0) reader.Loss();
            }
            given.Should().BeLessThan(40 * 256 * 188);
        }
    }

    [Fact]
    public void Any_bytes_are_taken() => Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), ArbMap.Default.ArbFor<bool>(), (bytes, start) =>
    {
        var reader = new T2MiReader((_, _) => { });
        for (var i = 0; i < 3; i++) reader.Push(bytes, start);
        return reader.Packets == 0;
    }).QuickCheckThrowOnFailure();

    private static (T2MiReader Reader, Dictionary<int, List<byte>> Inner) Extract(byte[] file, int drop = -1)
    {
        Dictionary<int, List<byte>> inner = [];
        var reader = new T2MiReader((plp, packets) =>
        {
            if (!inner.TryGetValue(plp, out var list)) inner[plp] = list = [];
            list.AddRange(packets);
        });
        var index = 0;
        foreach (var (payload, start) in Payloads(file))
        {
            if (index++ == drop)
            {
                reader.Loss();
                continue;
            }
            reader.Push(payload, start);
        }
        return (reader, inner);
    }

    private static IEnumerable<(byte[] Payload, bool Start)> Payloads(byte[] file) =>
        from packet in ElementaryReplay.Packets(file)
        where ElementaryReplay.Pid(packet) == RecordedPid && (packet[3] & 0x10) != 0
        select (ElementaryReplay.Payload(packet).ToArray(), (packet[1] & 0x40) != 0);

    private static List<string> Split(IReadOnlyCollection<byte> packets) => [.. packets.Chunk(188).Where(p => p.Length == 188).Select(Convert.ToHexString)];

    private static byte[] Packets(int count, double nulls, int seed = 4)
    {
        var random = new Random(seed);
        var bytes = new byte[count * 188];
        random.NextBytes(bytes);
        for (var at = 0; at < bytes.Length; at += 188)
        {
            bytes[at] = 0x47;
            bytes[at + 1] &= 0x0F;
            if (random.NextDouble() >= nulls) continue;
            bytes.AsSpan(at, 188).Fill(0xFF);
            new byte[] { 0x47, 0x1F, 0xFF, 0x10 }.CopyTo(bytes, at);
        }
        return bytes;
    }
}

/// <summary>Writes T2-MI from TS packets: EN 302 755 5.1 and TS 102 773 5, written apart from the reader.</summary>
internal sealed class T2MiBuilder(bool highEfficiency, int issyBytes, bool deleteNulls)
{
    private int packetCount;

    public List<(byte[] Payload, bool Start)> Build(int plp, byte[] packets, int fieldBytes) => Packetize(Frames(plp, packets, fieldBytes));

    public IEnumerable<byte[]> Frames(int plp, byte[] packets, int fieldBytes)
    {
        List<byte> stream = [];
        List<int> starts = [];
        var deleted = 0;
        foreach (var packet in packets.Chunk(188))
        {
            if (deleteNulls && packet[1] == 0x1F && packet[2] == 0xFF && deleted < 255)
            {
                deleted++;
                continue;
            }
            starts.Add(stream.Count);
            if (!highEfficiency) stream.Add(0xC5); // CRC-8 of the packet before
            stream.AddRange(packet[1..]);
            for (var i = 0; i < issyBytes; i++) stream.Add((byte)(0xA0 + i));
            if (deleteNulls) stream.Add((byte)deleted);
            deleted = 0;
        }
        for (var at = 0; at + fieldBytes <= stream.Count; at += fieldBytes)
        {
            var first = starts.FirstOrDefault(s => s >= at, int.MaxValue);
            yield return Frame(plp, [.. stream.Skip(at).Take(fieldBytes)], first < at + fieldBytes ? (first - at) * 8 : 0xFFFF);
        }
    }

    public List<(byte[] Payload, bool Start)> Packetize(IEnumerable<byte[]> frames)
    {
        List<byte> stream = [];
        List<int> starts = [];
        foreach (var frame in frames)
        {
            starts.Add(stream.Count);
            stream.AddRange(T2MiPacket(frame));
            starts.Add(stream.Count);
            stream.AddRange(T2MiPacket([0x20, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10], type: 0x20)); // DVB-T2 timestamp
        }
        List<(byte[], bool)> payloads = [];
        for (var at = 0; at < stream.Count;)
        {
            var next = starts.FirstOrDefault(s => s >= at, int.MaxValue);
            var isStart = next < at + 183;
            var taken = stream.Skip(at).Take(isStart ? 183 : 184).ToArray();
            payloads.Add((isStart ? [(byte)(next - at), .. taken] : taken, isStart));
            at += taken.Length;
        }
        return payloads;
    }

    private byte[] T2MiPacket(byte[] payload, int type = 0)
    {
        byte[] packet = [(byte)type, (byte)packetCount++, 0, 0, (byte)(payload.Length * 8 >> 8), (byte)(payload.Length * 8), .. payload, 0, 0, 0, 0];
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(packet.Length - 4), Crc(packet.AsSpan(0, packet.Length - 4), 32, 0x04C11DB7, uint.MaxValue));
        return packet;
    }

    private byte[] Frame(int plp, byte[] field, int syncDistance)
    {
        var upl = 188 * 8 + issyBytes * 8 + (deleteNulls ? 8 : 0);
        var header = new byte[10];
        header[0] = (byte)(0xC0 | 0x30 | (issyBytes > 0 ? 8 : 0) | (deleteNulls ? 4 : 0));
        header[1] = (byte)plp;
        if (!highEfficiency) BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(2), (ushort)upl);
        BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(4), (ushort)(field.Length * 8));
        if (!highEfficiency) header[6] = 0x47;
        BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(7), (ushort)syncDistance);
        header[9] = (byte)(Crc(header.AsSpan(0, 9), 8, 0xD5, 0) ^ (highEfficiency ? 1u : 0));
        return [0, (byte)plp, 0, .. header, .. field];
    }

    private static uint Crc(ReadOnlySpan<byte> bytes, int width, uint polynomial, uint start)
    {
        var crc = start;
        foreach (var value in bytes)
            for (var bit = 7; bit >= 0; bit--)
            {
                var top = (crc >> (width - 1) ^ (uint)(value >> bit)) & 1;
                crc = crc << 1 ^ (top == 1 ? polynomial : 0);
            }
        return width == 32 ? crc : crc & ((1u << width) - 1);
    }
}
