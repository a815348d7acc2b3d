using SignalWatch.Contracts;
using SignalWatch.Probe.Configuration;
using SignalWatch.TransportStream;

namespace SignalWatch.Tests.Probe;

public sealed class ConfigurationTests
{
    private const string Good = """
        probe:
          id: GZ-03
          name: 广州 火炉山
          area: "440106"
        collector: http://127.0.0.1:8080
        watches:
          - id: fm
            kind: fm-band
            source: sigmf:${recordings}/band
          - id: mux
            kind: ts
            source: udp://239.1.1.1:5000
            options: { learn_s: 20, origin: replay }
        """;

    [Fact]
    public void A_whole_configuration_is_read()
    {
        var probe = Read(Good, ("recordings", "/data"));
        probe.Should().BeEquivalentTo(new { Id = new ProbeId("GZ-03"), Name = "广州 火炉山", Area = "440106", Collector = new Uri("http://127.0.0.1:8080") });
        probe.Watches[0].Should().Be(new FmBandConfiguration(new("fm"), new("sigmf", "/data/band")));
        probe.Watches[1].Should().Be(new TransportStreamConfiguration(new("mux"), new("udp", "//239.1.1.1:5000")) { LearnFor = TimeSpan.FromSeconds(20), Origin = Origin.Replay });
    }

    [Theory]
    [InlineData("name:", "nmae:", 3, 3, "unknown key")]
    [InlineData("kind: ts", "kind: dvb", 11, 11, "unknown kind")]
    [InlineData("\"440106\"", "4401", 4, 9, "GB/T 2260")]
    [InlineData("id: GZ-03", "id: GZ 03", 2, 7, "an id has")]
    [InlineData("id: mux", "id: fm", 10, 9, "twice")]
    [InlineData("learn_s: 20", "learn_s: long", 13, 25, "a number")]
    [InlineData("learn_s: 20", "learns: 20", 13, 16, "unknown key")]
    [InlineData("origin: replay", "origin: fake", 13, 37, "live, replay")]
    [InlineData("udp://239.1.1.1:5000", "sigmf:x", 12, 13, "does not fit")]
    [InlineData("http://127.0.0.1:8080", "127.0.0.1:8080", 5, 12, "http://")]
    [InlineData("${recordings}", "${tapes}", 9, 13, "--define tapes")]
    [InlineData("kind: fm-band", "kind: [fm-band", 8, 11, "not YAML")] // where the list begins
    [InlineData("  id: GZ-03\n", "", 2, 3, "“id” is missing")]
    public void What_is_wrong_is_told_with_line_and_column_in_both_languages(string good, string bad, int line, int column, string says)
    {
        Good.Should().Contain(good);
        var problem = FluentActions.Invoking(() => Read(Good.Replace(good, bad, StringComparison.Ordinal), ("recordings", "/data"))).Should().Throw<ProblemException>().Which.Problem;
        problem.Code.Should().Be("config.invalid");
        problem.Title.En.Should().Contain($"probe.yaml:{line}:{column}:").And.Contain(says);
        problem.Title.Zh.Should().Contain($"probe.yaml:{line}:{column}：");
    }

    private const string Receivers = """
        probe:
          id: GZ-03
          name: 广州 火炉山
          area: "440106"
          position: { gpsd: 127.0.0.1 }
        watches:
          - id: fm
            kind: fm-band
            source: rtl_tcp:10.0.0.5
            options: { gain_db: 29.7, ppm: -2, bias_tee: true, sweep: { to_hz: 107.9e6, period_s: 12, spurious: true } }
          - id: soapy
            kind: fm-band
            source: soapy:driver=airspy
            options: { center_hz: 98e6, sample_rate_hz: 10e6 }
          - id: wav
            kind: fm-band
            source: wav:band.wav
            options: { gain_db: 20 }
        """;

    [Fact]
    public void A_receiver_has_its_settings_and_sweep_and_a_probe_its_gpsd()
    {
        var probe = Read(Receivers);
        (probe.Position, probe.Gpsd).Should().Be((null, new HostAddress("127.0.0.1", 2947)));
        probe.Watches[0].Should().Be(new FmBandConfiguration(new("fm"), new("rtl_tcp", "//10.0.0.5:1234"))
        {
            GainDb = 29.7, Ppm = -2, BiasTee = true, Sweep = new SweepConfiguration(87e6, 107.9e6, TimeSpan.FromSeconds(12), Spurious: true),
        });
        probe.Watches[1].Should().Be(new FmBandConfiguration(new("soapy"), new("soapy", "driver=airspy")) { CenterHz = 98e6, SampleRateHz = 10e6 });
        probe.Watches[2].Should().Be(new FmBandConfiguration(new("wav"), new("wav", "band.wav")) { GainDb = 20 });
    }

    [Theory]
    [InlineData("127.0.0.1 }", "\"127.0.0.1:x\" }", 5, 21, "HOST:PORT")]
    [InlineData("gpsd: 127.0.0.1", "gpsd: 127.0.0.1, latitude: 23", 5, 13, "“longitude” is missing")]
    [InlineData("10.0.0.5", "//10.0.0.5:1234?gain=3", 9, 13, "HOST:PORT")]
    [InlineData("sweep: {", "center_hz: 98e6, sweep: {", 10, 67, "one of the two")]
    [InlineData("to_hz: 107.9e6", "to_hz: 86e6", 10, 72, "above from_hz")]
    [InlineData("ppm: -2", "ppm: 2000", 10, 36, "a number from -1000 to 1000")]
    [InlineData("sweep: { to_hz: 107.9e6, period_s: 12, spurious: true }", "raster_hz: 50000", 10, 14, "needs center_hz")]
    [InlineData(", sample_rate_hz: 10e6", "", 14, 14, "sample_rate_hz")]
    [InlineData("sample_rate_hz: 10e6", "sample_rate_hz: 10e6, bias_tee: true", 14, 65, "biastee=true")]
    [InlineData("{ gain_db: 20 }", "{ ppm: 20 }", 18, 21, "does not go with a source wav:")]
    [InlineData("{ gain_db: 20 }", "{ sweep: { spurious: true } }", 18, 23, "does not go with a source wav:")]
    public void What_is_wrong_with_a_receiver_is_told_with_line_and_column(string good, string bad, int line, int column, string says)
    {
        Receivers.Should().Contain(good);
        var problem = FluentActions.Invoking(() => Read(Receivers.Replace(good, bad, StringComparison.Ordinal))).Should().Throw<ProblemException>().Which.Problem;
        problem.Title.En.Should().Contain($"probe.yaml:{line}:{column}:").And.Contain(says);
    }

    private const string Streams = """
        probe:
          id: GZ-03
          name: 广州 火炉山
          area: "440106"
        watches:
          - id: mux
            kind: ts
            source: rtp://239.1.1.1:5000
            options:
              charset: big5
              profile: 1.3
              template: mux.json
              fec: true
              pair: udp://239.1.2.1:5000
              record: { seconds_before: 10, seconds_after: 5, checks: [1.1, 2.3], max_bytes: 1e9 }
          - id: link
            kind: tap
            interface: eth1
            filter: udp
            streams: 100
        """;

    [Fact]
    public void A_stream_has_its_charset_edition_template_repair_and_clips_and_a_tap_its_interface()
    {
        var watches = Read(Streams).Watches;
        var stream = watches[0].Should().BeOfType<TransportStreamConfiguration>().Which;
        stream.Should().BeEquivalentTo(new { Charset = DvbCharset.Big5, Profile = MeasurementProfile.V13, Template = "mux.json", Fec = true, Pair = "udp://239.1.2.1:5000" });
        stream.Record!.Checks!.Select(c => c.Id).Should().Equal("1.1", "2.3.a", "2.3.b");
        stream.Record.Should().BeEquivalentTo(new { Folder = (string?)null, Before = TimeSpan.FromSeconds(10), After = TimeSpan.FromSeconds(5), MaxBytes = 1_000_000_000L });
        watches[1].Should().Be(new TapConfiguration(new("link"), new("live", "eth1")) { Filter = "udp", Streams = 100 });
    }

    [Theory]
    [InlineData("charset: big5", "charset: klingon", 10, 16, "gb18030")]
    [InlineData("profile: 1.3", "profile: 1.2", 11, 16, "1.4.1, 1.3")]
    [InlineData("fec: true", "fec: perhaps", 13, 12, "true, false")]
    [InlineData("udp://239.1.2.1:5000", "239.1.2.1", 14, 13, "rtp://")]
    [InlineData("2.3]", "9.9]", 15, 69, "unknown check")]
    [InlineData("max_bytes: 1e9", "max_bytes: 5", 15, 86, "a number")]
    [InlineData("seconds_after", "seconds_behind", 15, 37, "unknown key")]
    [InlineData("interface: eth1", "source: eth1", 18, 5, "unknown key")]
    [InlineData("    interface: eth1\n", "", 16, 5, "an interface or a file")]
    [InlineData("rtp://239.1.1.1:5000", "file:mux.ts", 13, 12, "udp:// and rtp://")]
    public void What_is_wrong_with_a_stream_is_told_with_line_and_column(string good, string bad, int line, int column, string says)
    {
        Streams.Should().Contain(good);
        var problem = FluentActions.Invoking(() => Read(Streams.Replace(good, bad, StringComparison.Ordinal))).Should().Throw<ProblemException>().Which.Problem;
        problem.Title.En.Should().Contain($"probe.yaml:{line}:{column}:").And.Contain(says);
    }

    [Fact]
    public void A_configuration_cut_anywhere_is_read_or_is_a_problem_and_nothing_else()
    {
        for (var length = 0; length < Good.Length; length++)
        {
            var cut = Good[..length];
            try { Read(cut, ("recordings", "/data")).Watches.Should().NotBeEmpty(); }
            catch (ProblemException told) { told.Problem.Code.Should().Be("config.invalid"); }
        }
    }

    [Theory]
    [InlineData("city")]
    [InlineData("recordings")]
    [InlineData("fm-rtl")]
    public void The_shipped_profiles_are_good(string name) =>
        ConfigurationReader.ReadFile(name, new Dictionary<string, string> { ["recordings"] = "/data", ["dttv"] = "5101", ["rai"] = "5102", ["rtl_tcp"] = "10.0.0.5:1234", ["calibration"] = "/data/calibration.json" }).Id.Value.Should().Be("GZ-03");

    [Fact]
    public void A_missing_file_is_a_problem() =>
        FluentActions.Invoking(() => ConfigurationReader.ReadFile("/nowhere/probe.yaml", new Dictionary<string, string>())).Should().Throw<ProblemException>().Which.Problem.Code.Should().Be("config.missing");

    private static ProbeConfiguration Read(string text, params (string Name, string Value)[] definitions) =>
        ConfigurationReader.Read(new StringReader(text), "probe.yaml", definitions.ToDictionary(d => d.Name, d => d.Value));
}
