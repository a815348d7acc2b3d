using System.Text.Json;
using SignalWatch.Contracts;
using SignalWatch.Hardware;
using SignalWatch.Probe.Configuration;
using SignalWatch.Probe.Watches;
using SignalWatch.Tests;

namespace SignalWatch.Probe.Tests;

/// <summary>Captures as if from a mirror port, in their own time.</summary>
public sealed class TapWatchTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("tap-watch").FullName;
    private readonly List<Observation> observed = [];

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [RecordingFact]
    public async Task A_stream_in_a_VLAN_finds_itself_and_is_watched()
    {
        await WatchAsync("ts", "pcap", "udp_vlan123.pcap");

        EachFactIsOfTheVocabulary();
        var stream = Of(Vocabulary.TapStream)[^1];
        stream.Facts["vlan"].AsText.Should().Be("123");
        stream.Facts["protocol"].AsText.Should().Be("rtp");
        stream.Facts["multiplex"].AsText.Should().NotBeEmpty();
        var link = Of(Vocabulary.TapLink)[^1];
        link.Subject.ToString().Should().Be("probe:GZ-03/tap");
        link.Facts["analysed"].AsNumber.Should().BePositive();
        Of(Vocabulary.TsMultiplex).Should().NotBeEmpty().And.OnlyContain(o => o.Origin == Origin.Replay && o.Watch == new WatchId("tap"));
        Of(Vocabulary.TsMultiplex).Sum(o => o.Facts["packets"].AsNumber).Should().Be(new FileInfo(Recordings.File("ts", "ref", "test-162.1.ts")).Length / 188);
    }

    [RecordingFact]
    public async Task Losses_on_the_way_are_counted_and_their_seconds_accuse_nobody()
    {
        await WatchAsync("ts", "synth", "rtp_impaired.pcap");

        EachFactIsOfTheVocabulary();
        var truth = JsonDocument.Parse(await File.ReadAllTextAsync(Recordings.File("ts", "synth", "rtp_impaired.truth.json"))).RootElement;
        var seconds = Of(Vocabulary.TsMultiplex);
        seconds.Sum(o => Number(o, "rtp_lost")).Should().Be(truth.GetProperty("lost_rtp_packets").GetInt64());
        seconds.Sum(o => Number(o, "rtp_reordered")).Should().Be(truth.GetProperty("reordered_seq").GetArrayLength());
        seconds.Sum(o => Number(o, "rtp_duplicates")).Should().Be(truth.GetProperty("duplicated_seq").GetArrayLength());
        seconds.Sum(o => Number(o, "cc_errors_network")).Should().BePositive();
        seconds.Where(o => Number(o, "rtp_lost") > 0).Should().NotBeEmpty().And.OnlyContain(o => !o.Facts.ContainsKey("cc_errors") && !o.Facts.ContainsKey("checks"));
        seconds.Should().Contain(o => o.Facts.ContainsKey("cc_errors"));
        seconds.Max(o => Number(o, "mdi_df_ms")).Should().BeGreaterThan(40, "there is a stall of 45 ms");
        Of(Vocabulary.TapStream).Sum(o => Number(o, "rtp_lost")).Should().Be(truth.GetProperty("lost_rtp_packets").GetInt64());
    }

    [RecordingFact]
    public async Task Error_correction_on_the_link_is_used()
    {
        await WatchAsync("ts", "synth", "rtp_fec_2022_1.pcap");

        var truth = JsonDocument.Parse(await File.ReadAllTextAsync(Recordings.File("ts", "synth", "rtp_fec_2022_1.truth.json"))).RootElement;
        Of(Vocabulary.TsMultiplex).Sum(o => Number(o, "rtp_recovered")).Should().Be(truth.GetProperty("recoverable_seq").GetArrayLength());
        Of(Vocabulary.TapStream).Select(o => o.Facts["protocol"].AsText).Distinct().Should().Contain(["rtp", "fec-column", "fec-row"]);
    }

    [RecordingFact]
    public async Task Streams_beyond_the_limit_are_listed_and_counted_and_not_analysed()
    {
        var (one, two) = (Recordings.File("ts", "synth", "rtp_impaired.pcap"), Recordings.File("ts", "pcap", "udp_vlan123.pcap"));
        var configuration = Configuration(one) with { Streams = 1 };
        using var source = new Chained(CaptureFileSource.Open(one, new()), CaptureFileSource.Open(two, new()));
        await new TapWatch(configuration, () => source, Maker, Mint, TimeProvider.System, Observe).RunAsync(() => { }, CancellationToken.None);

        var link = Of(Vocabulary.TapLink)[^1];
        link.Facts["analysed"].AsNumber.Should().Be(1);
        link.Facts["not_analysed"].AsNumber.Should().BePositive();
    }

    [RecordingFact]
    public async Task What_the_link_dropped_is_held_against_no_stream_on_it()
    {
        var file = Recordings.File("ts", "synth", "rtp_impaired.pcap");
        using var source = new Chained(CaptureFileSource.Open(file, new())) { DroppedAtEachFrame = true };
        await new TapWatch(Configuration(file), () => source, Maker, Mint, TimeProvider.System, Observe).RunAsync(() => { }, CancellationToken.None);

        Of(Vocabulary.TsMultiplex).SkipLast(1).Should().NotBeEmpty("the last second is not whole").And.OnlyContain(o => !o.Facts.ContainsKey("cc_errors") && !o.Facts.ContainsKey("checks") && o.Facts["datagrams_dropped"].AsNumber > 0);
        Of(Vocabulary.TapLink).Sum(o => Number(o, "dropped_kernel")).Should().BePositive();
    }

    private void Observe(Observation o) { lock (observed) observed.Add(o); }

    private ObservationMint Mint { get; } = new(new ProbeId("GZ-03"), "440106", Language.English);

    private StreamMaker Maker => new(folder, Mint, Observe, TimeZoneInfo.Utc);

    private static TapConfiguration Configuration(string file) => new(new("tap"), new("pcap", file));

    private Task WatchAsync(params string[] file)
    {
        var path = Recordings.File(file);
        return new TapWatch(Configuration(path), () => CaptureFileSource.Open(path, new()), Maker, Mint, TimeProvider.System, Observe).RunAsync(() => { }, CancellationToken.None);
    }

    private List<Observation> Of(ObservationKind kind) => [.. observed.Where(o => o.Kind == kind.Name)];

    private static double Number(Observation o, string name) => o.Facts.TryGetValue(name, out var fact) ? fact.AsNumber : 0;

    private void EachFactIsOfTheVocabulary()
    {
        observed.Should().NotBeEmpty();
        foreach (var o in observed)
            foreach (var (name, fact) in o.Facts) Vocabulary.Kind(o.Kind)!.Fact(name)!.Type.Should().Be(fact.Type, "{0} of {1}", name, o.Kind);
    }

    /// <summary>Captures one behind the other, as a link has them.</summary>
    private sealed class Chained(params IPacketSource[] sources) : IPacketSource
    {
        private int at;
        private long frames;

        public bool DroppedAtEachFrame { get; init; }

        public string Name => "chained";

        public Origin Origin => Origin.Replay;

        public CaptureStatistics Statistics => sources[Math.Min(at, sources.Length - 1)].Statistics with { DroppedByKernel = DroppedAtEachFrame ? frames : 0, Frames = frames };

        public CaptureStatus Read(out CapturedFrame frame)
        {
            frame = default;
            while (at < sources.Length)
            {
                if (sources[at].Read(out frame) == CaptureStatus.Frame)
                {
                    frames++;
                    return CaptureStatus.Frame;
                }
                at++;
            }
            return CaptureStatus.Ended;
        }

        public void Dispose()
        {
            foreach (var source in sources) source.Dispose();
        }
    }
}
