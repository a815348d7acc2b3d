using System.Buffers.Binary;
using System.Text;
using SignalWatch.Contracts;
using SignalWatch.Simulation;

namespace SignalWatch.Tests.Simulation;

public sealed class MultiplexTests
{
    [Fact]
    public async Task Packets_come_at_the_multiplex_bit_rate_with_whole_sync_and_counters()
    {
        var (packets, _) = await Record("multiplex", TimeSpan.FromSeconds(10));
        packets.Count.Should().BeInRange((int)(8e6 / 1504 * 9.9), (int)(8e6 / 1504 * 10.1));
        packets.Should().OnlyContain(p => p[0] == 0x47 && (p[1] & 0x80) == 0);
        ContinuityErrors(packets).Should().BeEmpty();
    }

    [Fact]
    public async Task Sections_have_a_right_crc_by_bitwise_division_and_carry_the_names()
    {
        var (packets, _) = await Record("multiplex", TimeSpan.FromSeconds(3));
        var sections = packets.Where(p => Pid(p) is 0 or 0x10 or 0x100 or 0x110 or 0x120 && (p[1] & 0x40) != 0).Select(p => p[5..(8 + (BinaryPrimitives.ReadUInt16BigEndian(p.AsSpan(6)) & 0xFFF))]).ToList();
        sections.Add(Reassemble(packets, 0x11));
        sections.Select(s => s[0]).Distinct().Should().BeEquivalentTo(new byte[] { 0x00, 0x40, 0x02, 0x42 });
        sections.Should().OnlyContain(s => BitwiseCrc(s) == 0); // 13818-1: the rest over the whole section, CRC included, is 0
        var sdt = Reassemble(packets, 0x11);
        Contains(sdt, CodePagesEncodingProvider.Instance.GetEncoding("GB18030")!.GetBytes("云山综合")).Should().BeTrue();
        Contains(sdt, Encoding.UTF8.GetBytes("珠江影视")).Should().BeTrue();
    }

    [Fact]
    public async Task Losses_fall_in_the_scripted_window_and_on_the_scripted_service_only()
    {
        var (packets, times) = await Record("multiplex", TimeSpan.FromSeconds(120)); // 18:29:00 … 18:31:00; losing 18:30:30 … 18:30:40
        var errors = ContinuityErrors(packets);
        errors.Should().HaveCountGreaterThan(30);
        errors.Should().OnlyContain(i => Pid(packets[i]) == 0x101);
        errors.Select(i => times[i]).Should().OnlyContain(t => t >= 89.9 && t <= 101);
    }

    [Fact]
    public async Task A_service_that_comes_on_air_is_in_the_tables_with_a_new_version()
    {
        var (packets, times) = await Record("hotel", TimeSpan.FromSeconds(250)); // service 9 from 18:33 on, 240 s after the beginning
        var pats = packets.Select((p, i) => (p, i)).Where(x => Pid(x.p) == 0).ToArray();
        var early = pats.Where(x => times[x.i] < 239).ToArray();
        var late = pats.Where(x => times[x.i] > 241).ToArray();
        early.Should().OnlyContain(x => Programmes(x.p).SequenceEqual(new[] { 0, 1, 2 }) && Version(x.p) == 0);
        late.Should().OnlyContain(x => Programmes(x.p).SequenceEqual(new[] { 0, 1, 2, 9 }) && Version(x.p) == 1);
        packets.Where((p, i) => times[i] < 239).Should().NotContain(p => Pid(p) == 0x121);
        packets.Where((p, i) => times[i] > 241).Should().Contain(p => Pid(p) == 0x121);
    }

    [Fact]
    public async Task The_clock_of_a_service_runs_with_its_packets()
    {
        var (packets, _) = await Record("multiplex", TimeSpan.FromSeconds(5));
        var clocks = packets.Select((p, i) => (Clock: Pcr(p), Slot: i)).Where(x => Pid(packets[x.Slot]) == 0x111 && x.Clock is not null).Select(x => (Clock: x.Clock!.Value, x.Slot)).ToArray();
        clocks.Should().HaveCountGreaterThan(100);
        foreach (var (a, b) in clocks.Zip(clocks.Skip(1)))
        {
            (b.Clock - a.Clock).Should().BeLessThan(27_000_000 / 25, "13818-1 2.7.2 wants a PCR every 100 ms, DVB every 40 ms");
            (b.Clock - a.Clock).Should().BeCloseTo((long)Math.Round((b.Slot - a.Slot) * 188 * 8 * 27e6 / 8e6), 1);
        }
    }

    [Fact]
    public async Task The_playlist_stands_still_for_45_s_and_then_goes_on()
    {
        var time = new ManualTime();
        var city = City.BuiltIn(time); // stale 18:36:00 … 18:36:45
        var before = Sequence(await Playlist(city));
        time.Advance(TimeSpan.FromSeconds(40));
        Sequence(await Playlist(city)).Should().Be(before + 10);
        time.Advance(TimeSpan.FromSeconds(380));
        var stood = await Playlist(city);
        time.Advance(TimeSpan.FromSeconds(44));
        (await Playlist(city)).Should().Be(stood);
        city.TruthAt(city.VirtualNow).Channels.Single().Stale.Should().BeTrue();
        time.Advance(TimeSpan.FromSeconds(4));
        Sequence(await Playlist(city)).Should().Be(Sequence(stood) + 12);
    }

    private static async Task<string> Playlist(City city) => (await city.OpenChannel("ott").FetchAsync(null, CancellationToken.None)).Playlist!;

    private static async Task<(List<byte[]> Packets, List<double> Times)> Record(string id, TimeSpan length)
    {
        var time = new ManualTime();
        var start = time.GetUtcNow();
        await using var source = City.BuiltIn(time).OpenMultiplex(id);
        source.Origin.Should().Be(Origin.Simulated);
        var buffer = new byte[65536];
        var (packets, times) = (new List<byte[]>(), new List<double>());
        while (time.GetUtcNow() - start < length)
        {
            var reading = source.ReadAsync(buffer, CancellationToken.None).AsTask();
            time.Advance(TimeSpan.FromMilliseconds(41));
            var read = await reading.WaitAsync(Hang.Limit);
            (read.Bytes % 188).Should().Be(0);
            for (var at = 0; at < read.Bytes; at += 188)
            {
                packets.Add(buffer[at..(at + 188)]);
                times.Add((read.At - start).TotalSeconds);
            }
        }
        return (packets, times);
    }

    private static List<int> ContinuityErrors(List<byte[]> packets)
    {
        var last = new Dictionary<int, int>();
        var errors = new List<int>();
        for (var i = 0; i < packets.Count; i++)
        {
            var (pid, counter) = (Pid(packets[i]), packets[i][3] & 15);
            if (pid == 0x1FFF) continue;
            if (last.TryGetValue(pid, out var before) && counter != (before + 1 & 15)) errors.Add(i);
            last[pid] = counter;
        }
        return errors;
    }

    private static byte[] Reassemble(List<byte[]> packets, int pid)
    {
        var first = packets.FindIndex(p => Pid(p) == pid && (p[1] & 0x40) != 0);
        var bytes = packets[first][5..].Concat(packets.Skip(first + 1).Where(p => Pid(p) == pid).Take(3).SelectMany(p => p[4..])).ToArray();
        return bytes[..(3 + (BinaryPrimitives.ReadUInt16BigEndian(bytes.AsSpan(1)) & 0xFFF))];
    }

    private static int Pid(byte[] packet) => BinaryPrimitives.ReadUInt16BigEndian(packet.AsSpan(1)) & 0x1FFF;

    private static int Version(byte[] packet) => packet[10] >> 1 & 31;

    private static IEnumerable<int> Programmes(byte[] pat)
    {
        var end = 8 + (BinaryPrimitives.ReadUInt16BigEndian(pat.AsSpan(6)) & 0xFFF) - 4;
        for (var at = 13; at < end; at += 4) yield return BinaryPrimitives.ReadUInt16BigEndian(pat.AsSpan(at));
    }

    private static long? Pcr(byte[] p)
    {
        if ((p[3] & 0x20) == 0 || p[4] == 0 || (p[5] & 0x10) == 0) return null;
        return ((long)BinaryPrimitives.ReadUInt32BigEndian(p.AsSpan(6)) << 1 | (long)p[10] >> 7) * 300 + ((p[10] & 1) << 8 | p[11]);
    }

    private static uint BitwiseCrc(byte[] bytes)
    {
        var crc = uint.MaxValue;
        foreach (var b in bytes)
            for (var bit = 7; bit >= 0; bit--)
            {
                var carry = (crc >> 31 ^ (uint)(b >> bit & 1)) != 0;
                crc = carry ? crc << 1 ^ 0x04C11DB7 : crc << 1;
            }
        return crc;
    }

    private static bool Contains(byte[] whole, byte[] part) => whole.AsSpan().IndexOf(part) >= 0;

    private static int Sequence(string playlist) => int.Parse(playlist.Split('\n').Single(l => l.StartsWith("#EXT-X-MEDIA-SEQUENCE:", StringComparison.Ordinal))[22..], System.Globalization.CultureInfo.InvariantCulture);
}
