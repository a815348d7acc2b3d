using SignalWatch.Contracts;
using SignalWatch.Probe.Configuration;
using SignalWatch.Probe.Spool;
using SignalWatch.Probe.Uplink;

namespace SignalWatch.Tests.Probe.Uplink;

public sealed class DeliveryConfigurationTests
{
    private const string Usual = """
        probe:
          id: GZ-03
          name: 广州 火炉山
          area: "440106"
        watches:
          - id: fm
            kind: ott
            source: https://example.org/live.m3u8
        """;

    private const string Whole = """
        probe:
          id: GZ-03
          name: 广州 火炉山
          area: "440106"
          antenna: 盘锥天线 25–1300 MHz
          review: { number: 粤审 2026-17, expires: 2027-06-30 }
        delivery:
          alarm_gb: 2
          telemetry_gb: 0.5
          total_gb: 10
          outage_s: 60
          history_per_s: 200
          evidence_bytes_per_s: 50000
        watches:
          - id: fm
            kind: ott
            source: https://example.org/live.m3u8
        """;

    [Fact]
    public void What_is_not_said_is_as_usual_and_evidence_has_no_review()
    {
        var probe = Read(Usual);
        (probe.Antenna, probe.Review).Should().Be((null, null));
        probe.Spool.Should().Be(new SpoolFolderSettings());
        probe.Delivery.Should().Be(new DeliverySettings());
    }

    [Fact]
    public void What_is_kept_how_it_goes_and_what_all_evidence_carries_is_read()
    {
        var probe = Read(Whole);
        probe.Antenna.Should().Be("盘锥天线 25–1300 MHz");
        probe.Review.Should().Be(new DeviceReview("粤审 2026-17", new DateTimeOffset(2027, 7, 1, 0, 0, 0, TimeSpan.FromHours(8))), "it holds to the end of that day");
        (probe.Spool.Alarm.Capacity, probe.Spool.Telemetry.Capacity, probe.Spool.TotalBytes).Should().Be((2L << 30, 1L << 29, 10L << 30));
        probe.Delivery.Should().Be(new DeliverySettings { OutageAfter = TimeSpan.FromSeconds(60), HistoryPerSecond = 200, EvidenceBytesPerSecond = 50_000 });
    }

    [Theory]
    [InlineData("2027-06-30", "30.6.2027", 6, 42, "a day is expected")]
    [InlineData("outage_s: 60", "outage_s: 1", 11, 13, "a number")]
    [InlineData("telemetry_gb", "telemetrie_gb", 9, 3, "unknown key")]
    public void What_is_wrong_is_told_with_its_place(string good, string bad, int line, int column, string says)
    {
        Whole.Should().Contain(good);
        var problem = FluentActions.Invoking(() => Read(Whole.Replace(good, bad, StringComparison.Ordinal))).Should().Throw<ProblemException>().Which.Problem;
        problem.Code.Should().Be("config.invalid");
        problem.Title.En.Should().Contain($"probe.yaml:{line}:{column}:").And.Contain(says);
    }

    private static ProbeConfiguration Read(string yaml) => ConfigurationReader.Read(new StringReader(yaml), "probe.yaml", new Dictionary<string, string>());
}
