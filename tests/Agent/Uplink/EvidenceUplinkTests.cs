using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using SignalWatch.Contracts;
using SignalWatch.Probe.Evidence;
using SignalWatch.Probe.Uplink;

namespace SignalWatch.Tests.Probe.Uplink;

/// <summary>A dossier comes to the collector as it was recorded or not at all, however often either side falls; and alarms never wait for it.</summary>
public sealed class EvidenceUplinkTests
{
    private static readonly EvidenceStation Station = new(new ProbeId("GZ-03"), "440106", "discone, 25–1300 MHz", new DeviceReview("粤审 2026-17", new DateTimeOffset(2027, 1, 1, 0, 0, 0, TimeSpan.FromHours(8))));

    [Fact]
    public async Task A_whole_dossier_comes_with_its_manifest_first_and_what_was_declared_is_what_the_manifest_says()
    {
        using var bench = new DeliveryBench();
        var made = Make(bench);
        bench.Start(Uplink(bench, out var outbox));
        await bench.RunUntilAsync(() => outbox.Waiting().Count == 0);

        foreach (var file in Directory.GetFiles(made).Where(f => new FileInfo(f).Length > 0)) bench.Collector.Evidence.Values.Should().ContainSingle(v => v.SequenceEqual(File.ReadAllBytes(file)), "of {0}", file);
        bench.Collector.Evidence.Should().HaveCount(Directory.GetFiles(made).Length - 1, "an empty file is wholly in the manifest");
        var declared = bench.Collector.Requests.Where(r => r.Method == "POST").Select(r => JsonSerializer.Deserialize<EvidenceDeclaration>(r.Body, WireJson.Options)!).ToList();
        declared[0].Should().BeEquivalentTo(new { Name = "evidence.json", Kind = EvidenceKinds.Manifest, Dossier = Path.GetFileName(made) });
        declared.Should().OnlyContain(d => d.ManifestSha256 == declared[0].Sha256 && d.Probe == Station.Probe && d.Watch == new WatchId("fm") && d.Subject == Subject.Frequency("440106", 91_000_000)
            && d.Origin == Origin.Live && d.Whole && d.Antenna == Station.Antenna && d.Review == Station.Review && d.Build == "1.2.3" && d.Receiver == "RTL-SDR");
        var sound = declared.Single(d => d.Name == "sound-001.flac");
        sound.Kind.Should().Be(EvidenceKinds.Sound);
        sound.CapturedFrom.Should().Be(new DateTimeOffset(2026, 3, 14, 23, 3, 40, TimeSpan.FromHours(8)));
        sound.CapturedTo.Should().Be(sound.CapturedFrom + TimeSpan.FromSeconds(100));
        sound.Calibration.Should().Be(new CalibrationReference("CAL-7", new DateTimeOffset(2027, 2, 1, 0, 0, 0, TimeSpan.FromHours(8))));
        sound.Position.Should().Be(new CapturePosition(23.16, 113.29, "gpsd"));
        sound.Clock!.Value.En.Should().Be("GNSS");
        declared.Single(d => d.Name == "SHA256SUMS").Should().BeEquivalentTo(new { Kind = EvidenceKinds.Digests, CapturedFrom = (DateTimeOffset?)null });
        declared.Single(d => d.Name == "rds.spy").CapturedFrom.Should().Be(new DateTimeOffset(2026, 3, 14, 23, 4, 0, TimeSpan.FromHours(8)));
        bench.Said.Should().ContainSingle(t => t.En.Contains("is at the collector", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_is_still_recorded_is_not_sent()
    {
        using var bench = new DeliveryBench();
        var made = Make(bench);
        Directory.Move(made, made + DossierFolder.Part);
        bench.Start(Uplink(bench, out _));
        await bench.PassAsync(TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(5));
        bench.Collector.Attempts.Should().Be(0);
        Directory.Move(made + DossierFolder.Part, made);
        await bench.RunUntilAsync(() => bench.Collector.Evidence.Count == Directory.GetFiles(made).Length - 1);
    }

    [Fact]
    public async Task A_probe_that_starts_again_goes_on_where_the_collector_is_and_sends_nothing_twice()
    {
        using var bench = new DeliveryBench();
        Make(bench, soundBytes: 1_500_000);
        var first = Uplink(bench, out _);
        while (PatchedBytes(bench) < 400_000) await StepAsync(bench, first);
        var before = PatchedBytes(bench);
        before.Should().BeLessThan(1_500_000);
        var again = Uplink(bench, out var outbox);
        while (outbox.Waiting().Count > 0) await StepAsync(bench, again);
        PatchedBytes(bench).Should().Be(bench.Collector.Evidence.Values.Sum(e => (long)e.Length), "each byte came once");
        Uplink(bench, out outbox);
        outbox.Waiting().Should().BeEmpty("what was delivered is remembered");
    }

    [Fact]
    public async Task A_collector_that_forgot_the_upload_gets_it_anew()
    {
        using var bench = new DeliveryBench();
        Make(bench, soundBytes: 600_000);
        var uplink = Uplink(bench, out var outbox);
        while (PatchedBytes(bench) < 200_000) await StepAsync(bench, uplink);
        bench.Collector.ForgetUploads();
        while (outbox.Waiting().Count > 0) await StepAsync(bench, uplink);
        bench.Collector.Evidence.Values.Should().Contain(e => e.Length == 600_000);
    }

    [Fact]
    public async Task Where_both_disagree_about_the_offset_the_collector_is_asked()
    {
        using var bench = new DeliveryBench();
        Make(bench, soundBytes: 300_000);
        var lost = false;
        bench.Collector.Instead = request =>
        {
            if (lost || request.Method != "PATCH" || request.Body.Length < 10_000) return null;
            lost = true;
            return new HttpResponseMessage(HttpStatusCode.Conflict);
        };
        var uplink = Uplink(bench, out var outbox);
        while (outbox.Waiting().Count > 0) await StepAsync(bench, uplink);
        bench.Collector.Requests.Should().ContainSingle(r => r.Method == "GET");
        bench.Collector.Evidence.Values.Should().Contain(e => e.Length == 300_000);
    }

    [Theory]
    [InlineData("rds.spy")]
    [InlineData("evidence.json")]
    public async Task A_file_that_changed_since_its_manifest_is_not_sent_and_that_is_told_to_people_and_collector(string name)
    {
        using var bench = new DeliveryBench();
        var made = Make(bench);
        File.AppendAllText(Path.Combine(made, name), " ");
        bench.Start(Uplink(bench, out var outbox));
        await bench.RunUntilAsync(() => outbox.Waiting().Count == 0);
        bench.Spool.Flush();
        await bench.RunUntilAsync(() => bench.Collector.DeliveredCount > 0);
        bench.Collector.Declared.Values.Select(d => d.Name).Should().NotContain(name).And.Contain("sound-001.flac", "what is intact is evidence all the same");
        var told = bench.Collector.Delivered.Should().ContainSingle().Which.Observation;
        (told.Kind, told.Subject, told.Facts["event"].AsText, told.Facts["folder"].AsText).Should().Be(("fm.dossier", Subject.Frequency("440106", 91_000_000), "altered", Path.GetFileName(made)));
        told.Facts["reason"].AsText.Should().Contain(name);
        bench.Said.Should().ContainSingle(t => t.Zh.Contains(name, StringComparison.Ordinal) && t.Zh.Contains("不上传", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_file_that_changes_while_it_goes_is_refused_by_its_digest_and_told()
    {
        using var bench = new DeliveryBench();
        var made = Make(bench, soundBytes: 300_000);
        var uplink = Uplink(bench, out var outbox);
        while (PatchedBytes(bench) < 50_000) await StepAsync(bench, uplink);
        using (var file = File.OpenWrite(Path.Combine(made, "sound-001.flac")))
        {
            file.Position = 299_000;
            file.WriteByte(0x55);
        }
        while (outbox.Waiting().Count > 0) await StepAsync(bench, uplink);
        bench.Collector.Evidence.Values.Should().NotContain(e => e.Length == 300_000);
        bench.Said.Should().ContainSingle(t => t.En.Contains("sound-001.flac", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_bandwidth_limit_holds_and_alarms_go_between_the_pieces()
    {
        using var bench = new DeliveryBench { Settings = new DeliverySettings { EvidenceBytesPerSecond = 100_000 } };
        Make(bench, soundBytes: 2_000_000);
        var start = bench.Time.GetUtcNow();
        bench.Start(Uplink(bench, out var outbox));
        await bench.RunUntilAsync(() => PatchedBytes(bench) > 500_000);
        var alarm = bench.Fill(1)[0];
        var sent = PatchedBytes(bench);
        await bench.RunUntilAsync(() => bench.Collector.Delivered.Exists(d => d.Observation.Id == alarm.Id));
        (PatchedBytes(bench) - sent).Should().BeLessThan(300_000);
        await bench.RunUntilAsync(() => outbox.Waiting().Count == 0);
        (bench.Time.GetUtcNow() - start).TotalSeconds.Should().BeInRange(18, 40, "2 MB at 100 kB/s");
    }

    [Fact]
    public async Task Evidence_goes_after_alarms_and_before_telemetry()
    {
        using var bench = new DeliveryBench { Settings = new DeliverySettings { EvidenceBytesPerSecond = null } };
        Make(bench);
        var filled = false;
        bench.Collector.Instead = request =>
        {
            if (!filled && !request.IsObservations) bench.Fill(1500, 10); // while the dossier goes
            filled |= !request.IsObservations;
            return null;
        };
        bench.Start(Uplink(bench, out _));
        await bench.RunUntilAsync(() => bench.Collector.DeliveredCount == 1510);
        var order = bench.Collector.Requests.Select(r => !r.IsObservations ? "evidence" : r.Lines[0].Observation.Kind).ToList();
        order[0].Should().Be("evidence");
        order[1..3].Should().Equal(["fm.carrier", "fm.carrier"], "alarms don't wait for the rest of it");
        order[3..^1].Should().OnlyContain(o => o == "evidence");
        order[^1].Should().Be("fm.band");
    }

    [Fact]
    public async Task A_collector_without_evidence_is_asked_again_later_and_observations_go_on()
    {
        using var bench = new DeliveryBench();
        Make(bench);
        bench.Collector.Instead = r => r.IsObservations ? null : new HttpResponseMessage(HttpStatusCode.NotFound) { Content = new StringContent("no such place") };
        bench.Start(Uplink(bench, out _));
        for (var i = 0; i < 5; i++)
        {
            bench.Fill(1);
            await bench.PassAsync(TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(1));
        }
        bench.Collector.DeliveredCount.Should().Be(5);
        bench.Collector.Requests.Count(r => !r.IsObservations).Should().Be(1);
        bench.Said.Should().ContainSingle(t => t.En.Contains("HTTP 404", StringComparison.Ordinal) && t.En.Contains("no such place", StringComparison.Ordinal));
        bench.Collector.Instead = _ => null;
        await bench.RunUntilAsync(() => bench.Collector.Evidence.Count > 5, TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task One_file_that_the_collector_refuses_holds_up_no_other_and_is_tried_again()
    {
        using var bench = new DeliveryBench();
        Make(bench);
        var refusals = 0;
        bench.Collector.Instead = r => r.Method == "POST" && JsonSerializer.Deserialize<EvidenceDeclaration>(r.Body, WireJson.Options)!.Name == "rds.spy" && refusals++ == 0
            ? new HttpResponseMessage(HttpStatusCode.BadRequest) { Content = new StringContent("name") } : null;
        var start = bench.Time.GetUtcNow();
        bench.Start(Uplink(bench, out var outbox));
        await bench.RunUntilAsync(() => bench.Collector.Evidence.Count == 5);
        (bench.Time.GetUtcNow() - start).Should().BeLessThan(TimeSpan.FromMinutes(1));
        outbox.Waiting().Should().ContainSingle("it is not whole there");
        await bench.RunUntilAsync(() => outbox.Waiting().Count == 0, TimeSpan.FromSeconds(5));
        bench.Collector.Evidence.Should().HaveCount(6);
    }

    [Fact]
    public void Marks_of_dossiers_that_are_gone_are_forgotten()
    {
        using var bench = new DeliveryBench();
        var made = Make(bench);
        Uplink(bench, out var outbox);
        outbox.Delivered(outbox.Whole().Single(), "x");
        outbox.Waiting().Should().BeEmpty();
        Directory.Delete(made, recursive: true);
        outbox.Clean();
        Directory.GetFiles(Path.Combine(bench.Folder, "marks"), "*", SearchOption.AllDirectories).Should().BeEmpty();
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("{\"files\":[{\"name\":\"../../etc/passwd\",\"sha256\":\"0000000000000000000000000000000000000000000000000000000000000000\",\"bytes\":1}]}")]
    [InlineData("{\"files\":[1]}")]
    [InlineData("not json")]
    public void A_manifest_that_is_none_is_no_description(string manifest) => DossierDescription.Of(Encoding.UTF8.GetBytes(manifest)).Should().BeNull();

    private static long PatchedBytes(DeliveryBench bench) => bench.Collector.Requests.Where(r => r.Method == "PATCH").Sum(r => (long)r.Body.Length);

    private static async Task StepAsync(DeliveryBench bench, EvidenceUplink uplink)
    {
        if (await uplink.StepAsync(CancellationToken.None)) return;
        if (uplink.Preparing is { IsCompleted: false } preparing) await preparing;
        else bench.Time.Advance(TimeSpan.FromMilliseconds(100));
    }

    private static EvidenceUplink Uplink(DeliveryBench bench, out DossierOutbox outbox)
    {
        outbox = new DossierOutbox(Path.Combine(bench.Folder, "marks"), [new DossierSource(new WatchId("fm"), Path.Combine(bench.Folder, "fm-fm", "evidence"))], Station);
        return new EvidenceUplink(bench.Http, DeliveryBench.Address, outbox, bench.Settings, bench.Time, bench.Clock, new Random(1), (dossier, what) => bench.Spool.Append(bench.Mint.Altered(dossier, what, bench.Time.GetUtcNow())), bench.Say);
    }

    /// <summary>A dossier as the recorder publishes it.</summary>
    private static string Make(DeliveryBench bench, int soundBytes = 5000)
    {
        var folder = new DossierFolder(Path.Combine(bench.Folder, "fm-fm", "evidence"), long.MaxValue);
        var part = folder.Create(91_000_000, new DateTimeOffset(2026, 3, 14, 23, 4, 0, TimeSpan.FromHours(8)));
        var sound = new byte[soundBytes];
        new Random(soundBytes).NextBytes(sound);
        File.WriteAllBytes(Path.Combine(part, "sound-001.flac"), sound);
        File.WriteAllText(Path.Combine(part, "rds.spy"), "% 91.0\n1234 5678 9ABC DEF0 @2026-03-14T23:04:05+08:00\n");
        File.WriteAllText(Path.Combine(part, "spectra.csv"), "");
        File.WriteAllText(Path.Combine(part, "README.txt"), "readme");
        var manifest = JsonNode.Parse("""
            {"version":1,"state":"complete","frequencyHz":91000000,"begin":"2026-03-14T23:04:00+08:00","last":"2026-03-14T23:24:00+08:00","origin":"live","area":"440106","receiver":"RTL-SDR","software":"1.2.3",
             "clock":{"zh":"卫星授时","en":"GNSS"},"position":{"latitude":23.16,"longitude":113.29,"source":"gpsd"},"calibration":{"id":"CAL-7","expires":"2027-02-01T00:00:00+08:00"},
             "sound":[{"file":"sound-001.flac","from":"2026-03-14T23:03:40+08:00","samples":3200000,"sampleRateHz":32000}]}
            """)!.AsObject();
        var (name, sha256) = DossierFolder.Publish(part, manifest);
        sha256.Should().Be(Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(bench.Folder, "fm-fm", "evidence", name, "evidence.json")))));
        return Path.Combine(bench.Folder, "fm-fm", "evidence", name);
    }
}
