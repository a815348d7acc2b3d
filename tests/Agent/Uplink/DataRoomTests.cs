using SignalWatch.Contracts;
using SignalWatch.Probe.Spool;
using SignalWatch.Probe.Uplink;

namespace SignalWatch.Tests.Probe.Uplink;

/// <summary>Where the disk has too little room the least goes first, never what is in use, and all that is lost is told.</summary>
public sealed class DataRoomTests : IDisposable
{
    private static readonly SpoolSettings Small = new() { SegmentBytes = 10_000 };

    private readonly DeliveryBench bench = new(new SpoolFolderSettings { Alarm = Small, Telemetry = Small });
    private readonly DossierOutbox outbox;
    private readonly List<SpoolGap> lost = [];
    private string? inUse;
    private long free = long.MaxValue;

    public DataRoomTests() => outbox = new DossierOutbox(Path.Combine(bench.Folder, "marks"), [new DossierSource(new WatchId("fm"), Path.Combine(bench.Folder, "evidence"))],
        new EvidenceStation(new ProbeId("GZ-03"), "440106", null, null));

    public void Dispose() => bench.Dispose();

    [Fact]
    public void What_gives_way_first_is_what_the_collector_has_then_telemetry_then_evidence_and_alarms_last()
    {
        Fill();
        Make("20260314T150000.000Z-091.000MHz.part");
        foreach (var name in (string[])["20260314T160000.000Z-091.000MHz", "20260314T170000.000Z-092.000MHz", "20260314T180000.000Z-093.000MHz"]) Make(name);
        outbox.Delivered(outbox.Whole()[2], "x");
        inUse = outbox.Whole()[0].Folder;
        var (alarms, telemetry) = (bench.Spool.Alarms.Figures.Bytes, bench.Spool.Telemetry.Figures.Bytes);
        var all = alarms + telemetry + outbox.Bytes();

        Keep(all);
        Left().Should().Be((alarms, telemetry, 4), "there is just room");
        Keep(all - 1);
        Left().Should().Be((alarms, telemetry, 3));
        outbox.Whole().Should().HaveCount(2).And.NotContain(d => d.Name.Contains("093", StringComparison.Ordinal), "it is at the collector");
        Keep(all - 50_000 - 1);
        Left().Evidence.Should().Be(3);
        Left().Telemetry.Should().BeLessThan(telemetry);
        lost.Should().BeEmpty("telemetry tells for itself");
        Keep(all - 50_000 - telemetry);
        Left().Should().BeEquivalentTo((alarms, Left().Telemetry, 2));
        outbox.Whole().Should().ContainSingle("it is being sent").Which.Name.Should().Contain("091");
        lost.Should().ContainSingle().Which.Should().BeEquivalentTo(new { Count = 1L, Priority = ObservationPriority.Evidence });
        lost[0].Reason.Zh.Should().Contain("092");
        Keep(100_000 + alarms / 2);
        Left().Alarms.Should().BeLessThanOrEqualTo(alarms / 2);
        Left().Evidence.Should().Be(2, "what is recorded and what is sent stay");

        bench.Spool.Flush();
        bench.Spool.Figures.Dropped.Should().BePositive();
    }

    [Fact]
    public void A_disk_that_others_fill_costs_telemetry_and_evidence_and_no_alarm()
    {
        Fill();
        Make("20260314T160000.000Z-091.000MHz");
        var alarms = bench.Spool.Alarms.Figures.Bytes;
        free = 1000;
        Keep(long.MaxValue);
        Left().Should().Be((alarms, Left().Telemetry, 0));
        Left().Telemetry.Should().BeLessThanOrEqualTo(15_000, "the newest segment carries the boot on");
        free = 1L << 40;
        Keep(long.MaxValue);
        Left().Alarms.Should().BeGreaterThanOrEqualTo(alarms);
    }

    private void Keep(long total) =>
        new DataRoom(bench.Spool, outbox, () => inUse, new SpoolFolderSettings { TotalBytes = total, FreeBytes = 100_000_000 }, () => free, lost.Add, bench.Say).Keep();

    private (long Alarms, long Telemetry, int Evidence) Left() => (bench.Spool.Alarms.Figures.Bytes, bench.Spool.Telemetry.Figures.Bytes, Directory.GetDirectories(Path.Combine(bench.Folder, "evidence")).Length);

    private void Fill()
    {
        for (var i = 0; i < 20; i++) bench.Fill(10, 10);
    }

    private void Make(string name)
    {
        var folder = Directory.CreateDirectory(Path.Combine(bench.Folder, "evidence", name)).FullName;
        File.WriteAllText(Path.Combine(folder, "evidence.json"), "{}");
        File.WriteAllBytes(Path.Combine(folder, "sound-001.flac"), new byte[49_998]);
    }
}
