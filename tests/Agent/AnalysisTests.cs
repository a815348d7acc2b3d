using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;
using SignalWatch.Probe.Analysis;
using SignalWatch.Tests;
using SignalWatch.TransportStream;

namespace SignalWatch.Probe.Tests;

public sealed class AnalysisTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 3, 14, 22, 0, 0, TimeSpan.FromHours(8));

    private readonly string folder = Directory.CreateTempSubdirectory("ts-analysis").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    // ---- rate ------------------------------------------------------------------------------------------------------

    // A PCR each 40 ms at 100 packets of 1,504 bits: 3,760,000 b/s.
    private static PcrTrain Train(int clocks, Func<int, (double Packet, long Clock)>? change = null, Func<int, bool>? flag = null)
    {
        var train = new PcrTrain(256);
        for (var i = 0; i < clocks; i++)
        {
            var (packet, clock) = change?.Invoke(i) ?? (0, 0);
            train.Add(100.0 * i + packet, (1_080_000L * i + clock + ((1L << 33) * 300)) % ((1L << 33) * 300), flag?.Invoke(i) ?? false);
        }
        return train;
    }

    [Fact]
    public void A_constant_rate_is_exact() => Train(500).Fit()!.BitrateBps.Should().BeApproximately(3_760_000, 1e-3);

    [Fact]
    public void One_jump_of_the_clock_does_not_move_the_rate() =>
        Train(500, i => (0, i > 250 ? 6_750_000 : 0)).Fit()!.BitrateBps.Should().BeApproximately(3_760_000, 1e-3);

    [Fact]
    public void A_jump_backwards_and_an_indicated_one_do_not_move_the_rate()
    {
        Train(500, i => (0, i > 250 ? -20_000_000 : 0)).Fit()!.BitrateBps.Should().BeApproximately(3_760_000, 1e-3);
        Train(500, i => (0, i > 250 ? 100_000 : 0), i => i == 251).Fit()!.BitrateBps.Should().BeApproximately(3_760_000, 1e-3);
    }

    [Fact]
    public void One_lost_packet_or_a_lost_stretch_does_not_move_the_rate()
    {
        Train(500, i => (i > 250 ? -1 : 0, 0)).Fit()!.BitrateBps.Should().BeApproximately(3_760_000, 1e-3);
        Train(500, i => (i > 250 ? -60 : 0, 0)).Fit()!.BitrateBps.Should().BeApproximately(3_760_000, 1e-3);
    }

    [Fact]
    public void The_clock_may_wrap() => Train(500, _ => (0, ((1L << 33) * 300) - 1_080_000L * 250)).Fit()!.BitrateBps.Should().BeApproximately(3_760_000, 1e-3);

    [Fact]
    public void A_stream_without_some_of_its_null_packets_is_not_constant()
    {
        var fit = Train(500, i => (-(i / 10), 0)).Fit()!; // one in a thousand, at every tenth PCR
        fit.IsConstant.Should().BeFalse();
        fit.Knots[^1].Seconds.Should().BeApproximately(499 * 0.04, 1e-3);
    }

    [Theory]
    [InlineData(8_100_000, 0.0)]  // 0.3 s ahead, and no fewer packets than usual: the clock jumped
    [InlineData(2_160_000, 0.08)] // 80 ms more: an interval that may be
    public void Where_the_rate_varies_a_jump_of_the_clock_is_no_time(int ticks, double seconds)
    {
        double last(int jump)
        {
            var train = new PcrTrain(256);
            double packet = 0;
            for (var i = 0; i < 500; i++, packet += i / 25 % 2 == 0 ? 50 : 150) train.Add(packet, 1_080_000L * i + (i > 260 ? jump : 0), false);
            return train.Fit()!.Knots[^1].Seconds;
        }
        (last(ticks) - last(0)).Should().BeApproximately(seconds, 0.05);
    }

    [Fact]
    public void A_rate_that_changes_is_not_called_constant_and_times_follow_the_clock()
    {
        // 40 ms each, 50 packets in the first second and 150 in the next, and so on.
        var train = new PcrTrain(256);
        double packet = 0;
        for (var i = 0; i <= 100; i++)
        {
            train.Add(packet, 1_080_000L * i, false);
            packet += i / 25 % 2 == 0 ? 50 : 150;
        }

        var fit = train.Fit()!;
        var clock = FileClock.ByClock(fit);

        fit.IsConstant.Should().BeFalse();
        fit.BitrateBps.Should().BeApproximately(100 * 1504 / 0.04, 1);
        clock.SecondsAt(25 * 50).Should().BeApproximately(1, 1e-6);
        clock.SecondsAt(25 * 50 + 75).Should().BeApproximately(1.02, 1e-6);
        clock.BitrateAt(25 * 50 + 75).Should().BeApproximately(150 * 1504 / 0.04, 1);
    }

    [Fact]
    public void Wild_values_give_finite_rates_or_none()
    {
        var random = new Random(7);
        for (var round = 0; round < 300; round++)
        {
            var train = new PcrTrain(1);
            var packet = 0.0;
            for (var i = random.Next(6); i >= 0; i--) train.Add(packet += random.Next(1000), random.NextInt64((1L << 33) * 300), random.Next(5) == 0);
            if (train.Fit() is { } fit) double.IsFinite(FileClock.ByClock(fit).SecondsAt(random.Next(100_000))).Should().BeTrue();
        }
        new PcrTrain(1).Fit().Should().BeNull();
    }

    // ---- packets -----------------------------------------------------------------------------------------------------

    private static byte[] Packet(int number)
    {
        var packet = new byte[188];
        new Random(number).NextBytes(packet);
        packet.AsSpan().Replace((byte)0x47, (byte)0x48);
        (packet[0], packet[1], packet[2], packet[3]) = (0x47, 0x01, 0x00, (byte)(0x10 | number & 15));
        BinaryPrimitives.WriteInt32BigEndian(packet.AsSpan(4), number);
        return packet;
    }

    [Theory]
    [InlineData(188)]
    [InlineData(192)]
    [InlineData(204)]
    public void Packets_are_cut_the_same_however_the_bytes_come(int size)
    {
        var bytes = new List<byte>(Enumerable.Repeat((byte)1, 77));
        for (var i = 0; i < 300; i++)
        {
            if (size == 192) bytes.AddRange([0, 0, 0, 1]);
            bytes.AddRange(Packet(i));
            if (size == 204) bytes.AddRange(Enumerable.Repeat((byte)2, 16));
            if (i == 200) bytes.AddRange(Enumerable.Repeat((byte)3, 1500));
        }
        var random = new Random(3);
        List<int>? expected = null;
        for (var round = 0; round < 20; round++)
        {
            List<int> numbers = [];
            var cutter = new PacketCutter();
            for (var at = 0; at < bytes.Count;)
            {
                var take = Math.Min(bytes.Count - at, round == 0 ? bytes.Count : 1 + random.Next(3000));
                cutter.Push([.. bytes.Skip(at).Take(take)], 0, 0, (packet, _) => numbers.Add(packet[0] == 0x47 ? BinaryPrimitives.ReadInt32BigEndian(packet[4..]) : -1));
                at += take;
            }
            expected ??= numbers;
            numbers.Should().Equal(expected);
        }
        expected!.Where(n => n >= 0).Should().StartWith(Enumerable.Range(0, 201)).And.EndWith([297, 298, 299]);
    }

    [Fact]
    public void The_ring_allocates_nothing_for_a_packet()
    {
        var ring = new PacketRing(TimeSpan.TicksPerSecond, 8 << 20);
        var packet = Packet(1);
        long ticks = 0;
        for (var i = 0; i < 100_000; i++) ring.Add(packet, ticks += 1000, long.MaxValue);

        Allocated.Bytes(() =>
        {
            for (var i = 0; i < 100_000; i++) ring.Add(packet, ticks += 1000, long.MaxValue);
        }).Should().Be(0);
        ring.Bytes.Should().BeLessThan(9 << 20);
        ring.DroppedEarly.Should().Be(0);
    }

    [Fact]
    public void A_ring_without_memory_enough_says_how_many_left_early()
    {
        var ring = new PacketRing(100 * TimeSpan.TicksPerSecond, 2 << 20);
        for (var i = 0; i < 100_000; i++) ring.Add(Packet(1), i * 1000L, long.MaxValue);

        ring.Bytes.Should().BeLessThanOrEqualTo(2 << 20);
        ring.DroppedEarly.Should().Be(ring.First);
        ring.Next.Should().Be(100_000);
    }

    // ---- clips -------------------------------------------------------------------------------------------------------

    private AlarmRecorderSettings Settings() => new() { Folder = folder, Source = "udp://239.1.1.1:5000", HasWallClock = true, Zone = TimeZoneInfo.CreateCustomTimeZone("CST", TimeSpan.FromHours(8), "CST", "CST") };

    // 100 packets a second; occurrences at given seconds.
    private static void Play(AlarmRecorder recorder, int seconds, params (double At, Check Check)[] alarms)
    {
        for (var i = 0; i < seconds * 100; i++)
        {
            var at = Start.AddSeconds(i / 100.0);
            recorder.Push(Packet(i), at, 0);
            foreach (var (_, check) in alarms.Where(a => (int)Math.Round(a.At * 100) == i))
                recorder.Occurred(new TransportStreamOccurrence { Check = check, Change = OccurrenceChange.Raise, At = at, PacketIndex = i, Pid = 256 });
            recorder.Tick(at);
        }
        recorder.Finish(Start.AddSeconds(seconds));
    }

    private static (List<int> Numbers, List<double> Seconds) Read(string path)
    {
        var bytes = File.ReadAllBytes(path);
        (bytes.Length % 192).Should().Be(0);
        List<int> numbers = [];
        List<double> seconds = [];
        for (var at = 0; at < bytes.Length; at += 192)
        {
            var number = BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(at + 8));
            bytes.AsSpan(at + 4, 188).SequenceEqual(Packet(number)).Should().BeTrue();
            numbers.Add(number);
            seconds.Add(BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(at)) / 27e6);
        }
        return (numbers, seconds);
    }

    [Fact]
    public void A_clip_has_every_packet_from_20_s_before_to_20_s_after_with_its_time()
    {
        using var recorder = new AlarmRecorder(Settings());
        Play(recorder, 100, (50, Checks.ContinuityError));

        var clip = recorder.Clips.Should().ContainSingle().Which;
        var (numbers, seconds) = Read(Path.Combine(folder, clip.File));
        numbers.Should().Equal(Enumerable.Range(3000, 4001));
        seconds.Take(3900).Select((s, i) => s - i / 100.0).Should().OnlyContain(d => Math.Abs(d) < 1e-6, "a stamp has 30 bits, 39.77 s");
        clip.Sha256.Should().Be(Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(folder, clip.File)))));
        Directory.GetFiles(folder).Should().HaveCount(2, "no unfinished file stays");
        using var description = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, Path.ChangeExtension(clip.File, ".json"))));
        var root = description.RootElement;
        root.GetProperty("start").GetDateTimeOffset().Should().Be(Start.AddSeconds(30));
        root.GetProperty("start").GetString().Should().EndWith("+08:00");
        root.GetProperty("beforeSeconds").GetDouble().Should().Be(20);
        root.GetProperty("isWhole").GetBoolean().Should().BeTrue();
        root.GetProperty("packets").GetInt64().Should().Be(4001);
        root.GetProperty("trigger").GetProperty("rule").GetString().Should().Be("1.4");
        root.GetProperty("source").GetString().Should().Be("udp://239.1.1.1:5000");
    }

    [Fact]
    public void Occurrences_within_a_clip_make_it_longer_not_two()
    {
        using var recorder = new AlarmRecorder(Settings());
        Play(recorder, 150, (50, Checks.ContinuityError), (65, Checks.TransportError), (84, Checks.ContinuityError));

        var clip = recorder.Clips.Should().ContainSingle().Which;
        Read(Path.Combine(folder, clip.File)).Numbers.Should().Equal(Enumerable.Range(3000, 7401));
        clip.Rules.Should().Equal("1.4", "2.1");
    }

    [Fact]
    public void An_alarm_right_at_the_beginning_or_the_end_has_what_there_is()
    {
        using var recorder = new AlarmRecorder(Settings());
        Play(recorder, 60, (5, Checks.ContinuityError), (55, Checks.TransportError));

        recorder.Clips.Should().HaveCount(2);
        Read(Path.Combine(folder, recorder.Clips[0].File)).Numbers.Should().Equal(Enumerable.Range(0, 2501));
        Read(Path.Combine(folder, recorder.Clips[1].File)).Numbers.Should().Equal(Enumerable.Range(3500, 2500));
        File.ReadAllText(Path.Combine(folder, Path.ChangeExtension(recorder.Clips[1].File, ".json"))).Should().Contain("\"isWhole\": false");
    }

    [Fact]
    public void A_clip_has_a_longest_duration_and_a_check_starts_one_a_minute()
    {
        using var recorder = new AlarmRecorder(Settings() with { Longest = TimeSpan.FromSeconds(50) });
        Play(recorder, 200, [.. Enumerable.Range(30, 60).Select(s => ((double)s, Checks.ContinuityError))]);

        recorder.Clips.Should().ContainSingle();
        Read(Path.Combine(folder, recorder.Clips[0].File)).Numbers.Should().Equal(Enumerable.Range(1000, 5001));
        recorder.Suppressed.Should().Be(29, "those from 61 to 89 s: the check had started a clip at 30 s");
    }

    [Fact]
    public void Checks_that_are_not_chosen_and_ends_of_alarms_start_nothing()
    {
        using var recorder = new AlarmRecorder(Settings());
        recorder.Push(Packet(0), Start, 0);
        recorder.Occurred(new TransportStreamOccurrence { Check = Checks.ContinuityError, Change = OccurrenceChange.Clear, At = Start, PacketIndex = 0 });
        recorder.Occurred(new TransportStreamOccurrence { Check = Checks.UnreferencedPid, Change = OccurrenceChange.Raise, At = Start, PacketIndex = 0 });
        recorder.Finish(Start.AddSeconds(1));

        Directory.GetFiles(folder).Should().BeEmpty();
    }

    [Fact]
    public void Where_nothing_can_be_written_it_is_told_and_the_next_alarm_tries_again()
    {
        var blocked = Path.Combine(folder, "clips");
        File.WriteAllText(blocked, "a file where the folder should be");
        using var recorder = new AlarmRecorder(Settings() with { Folder = blocked });
        Play(recorder, 60, (30, Checks.ContinuityError));
        recorder.Clips.Should().BeEmpty();
        recorder.Problems.Should().ContainSingle(p => p.Code == "clip.failed");

        File.Delete(blocked);
        Play(recorder, 200, (120, Checks.ContinuityError));
        recorder.Clips.Should().ContainSingle();
    }

    [Fact]
    public void A_disk_that_is_full_loses_the_clip_not_the_analysis()
    {
        // Its unfinished name leads to a device that takes nothing, as a full disk does.
        File.CreateSymbolicLink(Path.Combine(folder, "clip0001-20260314T140030.000Z-1.4.m2ts.part"), "/dev/full");
        using var recorder = new AlarmRecorder(Settings());

        Play(recorder, 150, (30, Checks.ContinuityError), (120, Checks.TransportError));

        recorder.Problems.Should().ContainSingle(p => p.Code == "clip.failed").Which.Title.En.Should().Contain("No space left");
        recorder.Clips.Should().ContainSingle().Which.Rules.Should().Equal("2.1");
        Directory.GetFiles(folder).Should().HaveCount(2, "of the lost one nothing stays");
    }

    [Fact]
    public void A_clip_of_an_earlier_run_is_never_overwritten()
    {
        for (var run = 0; run < 2; run++)
        {
            using var recorder = new AlarmRecorder(Settings());
            Play(recorder, 60, (30, Checks.ContinuityError));
            recorder.Clips.Should().ContainSingle();
        }
        Directory.GetFiles(folder, "*.m2ts").Should().HaveCount(2);
    }

    [Fact]
    public void Too_little_memory_makes_the_time_before_shorter_and_the_description_says_so()
    {
        using var recorder = new AlarmRecorder(Settings() with { MostMemoryBytes = 1, Before = TimeSpan.FromSeconds(200) });
        Play(recorder, 300, (250, Checks.ContinuityError));

        var (numbers, _) = Read(Path.Combine(folder, recorder.Clips.Should().ContainSingle().Which.File));
        numbers[0].Should().BeGreaterThan(25_000 - 2 * 4096 - 1).And.BeLessThan(25_000);
        numbers[^1].Should().Be(27_000);
        using var description = JsonDocument.Parse(File.ReadAllText(Directory.GetFiles(folder, "*.json").Single()));
        description.RootElement.GetProperty("beforeSeconds").GetDouble().Should().BeLessThan(200);
    }

    // ---- words -------------------------------------------------------------------------------------------------------

    [Theory]
    [InlineData("Rai 1", 5)]
    [InlineData("中央一套", 8)]
    [InlineData("广东TV", 6)]
    [InlineData("𠮷野", 4)]
    [InlineData("e\u0301", 1)]
    [InlineData("", 0)]
    public void A_Chinese_character_takes_two_cells(string text, int cells) => TextTable.Width(text).Should().Be(cells);

    [Fact]
    public void Columns_stand_under_each_other_and_names_from_the_air_move_no_cursor()
    {
        var table = new TextTable("名称", "n", "empty") { Right = { 1 } };
        table.Add("中央一套", "1", "");
        table.Add("A\u001b[2J", "22", "");

        table.Lines("").Should().Equal("名称       n", "中央一套   1", "A�[2J     22");
    }
}
