using System.Security.Cryptography;
using System.Text.Json;
using SignalWatch.Contracts;
using SignalWatch.Hardware;
using SignalWatch.Probe.Configuration;
using SignalWatch.Probe.Watches;
using SignalWatch.Tests;
using SignalWatch.TransportStream;
using SignalWatch.TransportStream.Tests;

namespace SignalWatch.Probe.Tests;

/// <summary>What a watch of a transport stream says, in the stream's own time: nothing here waits.</summary>
public sealed class StreamWatchTests : IDisposable
{
    private static readonly DateTimeOffset Begin = new(2026, 3, 14, 10, 0, 0, TimeSpan.Zero);

    private readonly string folder = Directory.CreateTempSubdirectory("stream-watch").FullName;
    private readonly List<Observation> observed = [];
    private readonly ObservationMint mint = new(new ProbeId("GZ-03"), "440106", Language.English);

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [RecordingFact]
    public async Task Faults_are_told_by_priority_and_states_while_they_stand()
    {
        await WatchAsync(await File.ReadAllBytesAsync(Recordings.File("ts", "synth", "tr290_faults.ts")), 376_000);

        EachFactIsOfTheVocabulary();
        var seconds = Of(Vocabulary.TsMultiplex);
        seconds.Count.Should().BeInRange(60, 66);
        foreach (var name in (string[])["p1_errors", "p2_errors", "p3_errors"]) seconds.Sum(o => Number(o, name)).Should().BePositive(name);
        foreach (var name in (string[])["pat_missing", "pmt_missing", "pcr_missing"])
        {
            seconds.Should().Contain(o => Is(o, name), name);
            Is(seconds[^1], name).Should().BeFalse(name);
        }
        seconds.SelectMany(o => o.Facts.TryGetValue("checks", out var checks) ? checks.AsText.Split(' ') : []).Should().Contain(["1.3.a/1", "1.4", "2.1", "2.2", "2.3.a"]);
        seconds.Should().OnlyContain(o => o.Facts["packet_bytes"].AsNumber == 188 && !o.Facts.ContainsKey("rtp_lost") && !o.Facts.ContainsKey("mdi_df_ms"));
        Of(Vocabulary.TsClock).Should().NotBeEmpty().And.OnlyContain(o => o.Facts.ContainsKey("method"));
        Of(Vocabulary.TsClock).GroupBy(o => o.Facts["pid"].AsNumber).Should().OnlyContain(pid => pid.Count() >= 5 && pid.Count() <= 7);
    }

    [RecordingFact]
    public async Task Services_are_told_with_pictures_sound_and_languages()
    {
        await WatchAsync(await File.ReadAllBytesAsync(Recordings.File("ts", "real", "rai_mux_8svc.ts")), 22_394_118);

        EachFactIsOfTheVocabulary();
        var services = Of(Vocabulary.TsService).GroupBy(o => o.Subject.Key).Select(g => g.Last()).ToList();
        var television = services.Where(o => o.Facts.ContainsKey("width")).ToList();
        television.Should().NotBeEmpty();
        television.Should().Contain(o => o.Facts["video_codec"].AsText == "MPEG-2 Video" && o.Facts["height"].AsNumber == 576 && o.Facts["frame_rate"].AsNumber == 25);
        services.Should().Contain(o => o.Facts.ContainsKey("audio") && o.Facts["audio"].AsText == "MPEG-1 Layer II 2.0 48 kHz");
        services.Should().Contain(o => o.Facts.ContainsKey("languages") && o.Facts["languages"].AsText.Contains("ita", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_packet_lost_by_the_broadcaster_is_his_and_one_that_this_machine_dropped_is_not()
    {
        var good = Steady(20).ToArray();
        await WatchAsync(Without(good, 188 * 3000), Rate, dropped: _ => 0);
        Of(Vocabulary.TsMultiplex).Sum(o => Number(o, "cc_errors")).Should().Be(1);
        Of(Vocabulary.TsMultiplex).Sum(o => Number(o, "p1_errors")).Should().Be(1);

        observed.Clear();
        await WatchAsync(Without(good, 188 * 3000), Rate, dropped: given => given > 188 * 3000 ? 1 : 0);
        var seconds = Of(Vocabulary.TsMultiplex);
        var torn = seconds.FindIndex(o => o.Facts["datagrams_dropped"].AsNumber == 1);
        torn.Should().BePositive();
        seconds[torn].Facts.Should().NotContainKeys("cc_errors", "crc_errors", "p1_errors", "checks", "error_seconds", "pat_missing");
        seconds[torn + 1].Facts.Should().ContainKey("cc_errors").And.NotContainKeys("p1_errors", "checks");
        seconds.Where((_, i) => i != torn).Should().OnlyContain(o => o.Facts["cc_errors"].AsNumber == 0);
        seconds.Where((_, i) => i < torn || i > torn + 1).Should().OnlyContain(o => o.Facts["p1_errors"].AsNumber == 0);
    }

    [Fact]
    public void After_a_loss_on_the_way_the_first_error_of_a_PID_is_the_networks_however_late_it_shows_and_the_next_is_not()
    {
        var losses = new LossAccount();
        losses.Explains(257).Should().BeFalse();
        losses.Lose(Begin, TimeSpan.Zero);
        losses.Pass(new StreamBuilder().Packet(257).ToArray(), Begin);
        losses.Explains(257).Should().BeFalse("a packet of it came, and it was in order");
        losses.Explains(16).Should().BeTrue("the NIT comes every ten seconds");
        losses.Explains(16).Should().BeFalse();
        losses.Explained.Should().Be(1);
        losses.Pass(new StreamBuilder().Packet(258).ToArray(), Begin.AddMinutes(2));
        losses.Explains(20).Should().BeFalse("nobody is in doubt for ever");

        losses.Lose(Begin.AddMinutes(3), TimeSpan.FromSeconds(2));
        losses.Pass(new StreamBuilder().Packet(257).ToArray(), Begin.AddMinutes(3).AddSeconds(1));
        losses.Explains(257).Should().BeTrue("what was dropped lies behind what waited in the buffer");
    }

    [Fact]
    public async Task Drift_from_the_template_is_told_when_it_begins_while_it_stands_and_when_it_ends()
    {
        var template = Path.Combine(folder, "mux.json");
        var analyzer = new TransportStreamAnalyzer(new TransportStreamSettings());
        analyzer.Push(Steady(5).ToArray(), Begin, Rate);
        await File.WriteAllTextAsync(template, MultiplexTemplateJson.Write(MultiplexTemplate.From(analyzer.Report(Begin.AddSeconds(5)))));
        var stream = Steady(20);
        Fill(stream, 25, version: 1, name: "境外电影台", from: 20);
        Fill(stream, 25, version: 2, name: "中央一套", from: 45);

        await WatchAsync(stream.ToArray(), Rate, configure: c => c with { Template = template });

        EachFactIsOfTheVocabulary();
        var drift = Of(Vocabulary.TsDrift).Where(o => o.Facts["drift"].AsText == "service-name:service/101").ToList();
        drift.Count.Should().BeGreaterThanOrEqualTo(4);
        drift[0].At.Should().BeCloseTo(Begin.AddSeconds(25), TimeSpan.FromSeconds(2.5));
        drift[0].Facts.Should().Contain("expected", Fact.Of("中央一套")).And.Contain("found", Fact.Of("境外电影台"));
        drift[..^1].Should().OnlyContain(o => o.Facts["standing"].AsBoolean);
        drift[^1].Facts["standing"].AsBoolean.Should().BeFalse();
        drift[^1].At.Should().BeCloseTo(Begin.AddSeconds(50), TimeSpan.FromSeconds(2.5));
    }

    [Fact]
    public async Task A_clip_has_the_packets_around_the_alarm_byte_for_byte_and_is_told_with_its_digest()
    {
        var good = Steady(30).ToArray();
        var stream = Without(good, 188 * 3000);
        await WatchAsync(stream, Rate, configure: c => c with { Record = new(null, TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(4), Checks.Find("1.4"), 1 << 30) });

        EachFactIsOfTheVocabulary();
        var told = Of(Vocabulary.TsClip).Should().ContainSingle().Which;
        told.Facts["kept"].AsBoolean.Should().BeTrue();
        told.Facts["checks"].AsText.Should().Be("1.4");
        var file = Path.Combine(folder, "evidence", "mux", told.Facts["file"].AsText);
        var bytes = await File.ReadAllBytesAsync(file);
        Convert.ToHexStringLower(SHA256.HashData(bytes)).Should().Be(told.Facts["sha256"].AsText);
        var packets = bytes.Chunk(192).SelectMany(p => p[4..]).ToArray();
        var start = stream.AsSpan().IndexOf(packets.AsSpan(0, 188 * 4));
        start.Should().BePositive();
        packets.Should().Equal(stream[start..(start + packets.Length)]);
        told.Facts["duration_s"].AsNumber.Should().BeApproximately(7, 0.3);
        JsonDocument.Parse(await File.ReadAllTextAsync(Path.ChangeExtension(file, ".json"))).RootElement.GetProperty("sha256").GetString().Should().Be(told.Facts["sha256"].AsText);
    }

    [Fact]
    public async Task Clips_stay_within_their_bytes_and_the_oldest_goes_and_is_told()
    {
        const long Most = 2 << 20;
        var stream = Without(Without(Without(Steady(300).ToArray(), 188 * 3000), 188 * 30_000), 188 * 60_000);
        await WatchAsync(stream, Rate, configure: c => c with { Record = new(null, TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(20), Checks.Find("1.4"), Most) });

        var told = Of(Vocabulary.TsClip);
        told.Count(o => o.Facts["kept"].AsBoolean).Should().Be(3);
        told.Should().Contain(o => !o.Facts["kept"].AsBoolean && o.Facts.ContainsKey("file") && o.Facts.ContainsKey("reason"));
        told[^1].Facts["deleted"].AsNumber.Should().BePositive();
        new DirectoryInfo(Path.Combine(folder, "evidence", "mux")).EnumerateFiles().Sum(f => f.Length).Should().BeLessThanOrEqualTo(Most);
    }

    [Fact]
    public async Task A_folder_that_takes_no_clip_is_told_and_the_watch_goes_on()
    {
        var file = Path.Combine(folder, "not-a-folder");
        await File.WriteAllTextAsync(file, "");
        await WatchAsync(Without(Steady(30).ToArray(), 188 * 3000), Rate, configure: c => c with { Record = new(file, TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(4), Checks.Find("1.4"), 1 << 30) });

        var told = Of(Vocabulary.TsClip).Should().ContainSingle().Which;
        told.Facts["kept"].AsBoolean.Should().BeFalse();
        told.Facts["reason"].AsText.Should().Contain(file);
        Of(Vocabulary.TsMultiplex).Count.Should().BeGreaterThan(25);
    }

    [RecordingFact]
    public async Task Clocks_measured_second_by_second_are_what_the_truth_says()
    {
        var truth = JsonDocument.Parse(await File.ReadAllTextAsync(Recordings.File("ts", "synth", "pcr_metrology.truth.json"))).RootElement;
        var rate = truth.TryGetProperty("bitrate", out var given) ? given.GetDouble() : truth.GetProperty("bitrate_bps").GetDouble();
        await WatchAsync(await File.ReadAllBytesAsync(Recordings.File("ts", "synth", "pcr_metrology.ts")), rate, datagramBytes: 188);

        var clocks = Of(Vocabulary.TsClock);
        clocks.Should().OnlyContain(o => o.Facts["method"].AsText.Length > 20);
        foreach (var expected in truth.GetProperty("pcr").EnumerateArray())
        {
            var clock = clocks.Should().ContainSingle(o => o.Facts["pid"].AsNumber == expected.GetProperty("pid").GetInt32()).Which;
            var peak = expected.GetProperty("injected_white_ac_ns_peak").GetDouble();
            if (expected.GetProperty("sinusoidal_jitter_ns_peak").GetDouble() == 0) clock.Facts["accuracy_max_ns"].AsNumber.Should().BeApproximately(peak, 0.2 * peak + 20);
        }
    }

    [Fact]
    public void Of_RTP_only_what_the_sender_left_out_is_held_against_the_broadcaster()
    {
        var packets = Without(Steady(20).ToArray(), 188 * 3500).Chunk(188 * 7).ToList();
        using var stream = new DatagramStream(
            new StreamMaker(folder, mint, observed.Add, TimeZoneInfo.Utc).Make(new TransportStreamConfiguration(new("mux"), new("rtp", "//239.1.1.1:5000")), Origin.Live, "rtp", () => 0, TsTexts.ClockArrival),
            new RtpSettings(), () => 0);
        HashSet<int> lost = [100, 101, 300, 650];
        var begin = (Begin - DateTimeOffset.UnixEpoch).Ticks * 100;
        for (var i = 0; i < packets.Count; i++)
            if (!lost.Contains(i)) stream.Push([0x80, 33, (byte)(i >> 8), (byte)i, 0, 0, 0, 0, 0, 0, 0, 1, .. packets[i]], begin + i * 28_000_000L);
        stream.Finish(begin + packets.Count * 28_000_000L);

        EachFactIsOfTheVocabulary();
        var seconds = Of(Vocabulary.TsMultiplex);
        seconds.Sum(o => Number(o, "rtp_lost")).Should().Be(4);
        seconds.Sum(o => Number(o, "cc_errors_network")).Should().BeGreaterThanOrEqualTo(4);
        seconds.Sum(o => Number(o, "cc_errors")).Should().Be(1, "one packet was never sent");
        seconds.Sum(o => Number(o, "p1_errors")).Should().Be(1);
        seconds.Where(o => Number(o, "rtp_lost") > 0).Should().HaveCount(3).And.OnlyContain(o => !o.Facts.ContainsKey("cc_errors") && !o.Facts.ContainsKey("pat_missing"));
        seconds.Should().OnlyContain(o => o.Facts["sync"].AsBoolean);
        Of(Vocabulary.TsService).Sum(o => Number(o, "cc_errors")).Should().Be(1);
    }

    private const double Rate = 376_000; // 250 packets a second

    // 250 packets a second with a PCR every 40 ms and tables as often as they are due.
    private static StreamBuilder Steady(int seconds) => Fill(new StreamBuilder(), seconds, 0, "中央一套", 0);

    private static StreamBuilder Fill(StreamBuilder stream, int seconds, int version, string name, int from)
    {
        for (var i = 0; i < seconds * 250; i++)
        {
            var index = from * 250L + i;
            switch (i % 25)
            {
                case 0: stream.Pat(7, 0, (101, 256)); break;
                case 1: stream.Pmt(256, 101, 0, 257, 257); break;
                case 2 when i % 250 == 2: stream.Sdt(7, 9, version, (101, name)); break;
                case 3 or 13: stream.Packet(257, pcr: index * 27_000_000 / 250, afc: 3); break;
                default: stream.Packet(257); break;
            }
        }
        return stream;
    }

    private static byte[] Without(byte[] stream, int at)
    {
        while ((stream[at + 1] & 0x1F) != 1 || stream[at + 2] != 1 || (stream[at + 3] & 0x20) != 0) at += 188; // a packet of the pictures without a clock
        return [.. stream[..at], .. stream[(at + 188)..]];
    }

    private Task WatchAsync(byte[] stream, double bitsPerSecond, Func<long, long>? dropped = null, Func<TransportStreamConfiguration, TransportStreamConfiguration>? configure = null, int datagramBytes = 1316)
    {
        var configuration = new TransportStreamConfiguration(new("mux"), new("file", "mux.ts"));
        var watch = new TransportStreamWatch(configure?.Invoke(configuration) ?? configuration, _ => ValueTask.FromResult<ITransportStreamSource>(new Played(stream, bitsPerSecond, datagramBytes, dropped ?? (_ => 0))),
            new StreamMaker(folder, mint, observed.Add, TimeZoneInfo.Utc));
        return watch.RunAsync(() => { }, CancellationToken.None);
    }

    private List<Observation> Of(ObservationKind kind) => [.. observed.Where(o => o.Kind == kind.Name)];

    private static double Number(Observation o, string name) => o.Facts.TryGetValue(name, out var fact) ? fact.AsNumber : 0;

    private static bool Is(Observation o, string name) => o.Facts.TryGetValue(name, out var fact) && fact.AsBoolean;

    private void EachFactIsOfTheVocabulary()
    {
        foreach (var o in observed)
            foreach (var (name, fact) in o.Facts) Vocabulary.Kind(o.Kind)!.Fact(name)!.Type.Should().Be(fact.Type, "{0} of {1}", name, o.Kind);
    }

    /// <summary>A stream in memory at a constant rate, as fast as it is read.</summary>
    private sealed class Played(byte[] stream, double bitsPerSecond, int datagramBytes, Func<long, long> dropped) : ITransportStreamSource
    {
        private int given;

        public string Name => "memory";

        public Origin Origin => Origin.Replay;

        public long? Dropped => dropped(given);

        public ValueTask<TransportStreamRead> ReadAsync(Memory<byte> buffer, CancellationToken cancel)
        {
            var take = Math.Min(datagramBytes, stream.Length - given);
            stream.AsMemory(given, take).CopyTo(buffer);
            given += take;
            return ValueTask.FromResult(new TransportStreamRead(take, Begin.AddSeconds(given * 8 / bitsPerSecond), given == stream.Length));
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
