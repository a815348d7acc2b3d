using System.Security.Cryptography;
using System.Text.Json;
using SignalWatch.Contracts;
using SignalWatch.Fm;
using SignalWatch.Fm.Identity;
using SignalWatch.Hardware.Iq;
using SignalWatch.Probe.Evidence;

namespace SignalWatch.Tests.Evidence;

/// <summary>Dossiers of suspected carriers, in virtual time: what is in them, what they say is missing, and what is left when the plug is pulled.</summary>
public sealed class FmEvidenceTests : IAsyncDisposable
{
    private const long Pirate = 98_700_000;
    private const int Block = SoundRing.SampleRateHz / 10;
    private static readonly DateTimeOffset Start = new(2026, 3, 14, 15, 4, 0, TimeSpan.Zero);
    private static readonly TimeZoneInfo China = TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai");
    private static readonly EvidenceSettings Short = new() { AtLeast = TimeSpan.FromSeconds(60), Longest = TimeSpan.FromSeconds(200), Iq = TimeSpan.FromSeconds(2) };

    private readonly string root = Directory.CreateTempSubdirectory("dossiers").FullName;
    private readonly List<Drive> drives = [];

    public async ValueTask DisposeAsync()
    {
        foreach (var drive in drives) await drive.Recorder.DisposeAsync();
        Directory.Delete(root, recursive: true);
    }

    private static EvidenceReceiver Receiver { get; } = new()
    {
        Probe = new("fm-01"), Watch = new("fm"), Area = "440100", Name = "RTL-SDR 00000001", Origin = Origin.Live, Zone = China, Clock = new("GNSS", "GNSS"), Software = "0.1.0",
        Position = new(23.1291, 113.2644, "GNSS"), Calibration = new("CAL-7", Start.AddDays(30)), DbmAtFullScale = -31.5,
    };

    private static EvidenceOccasion Occasion(DateTimeOffset at, long hz = Pirate, EvidenceReceiver? receiver = null) => new()
    {
        FrequencyHz = hz, At = at, Reason = new("未登记载波", "a carrier that is not in the register"), RegisterDigest = "abc123", Receiver = receiver ?? Receiver,
        Identification = new() { NominalHz = hz, Status = CarrierStatus.Unregistered, Stage = SuspicionStage.Candidate, Score = 40, Reasons = [new("not-in-register", 40, new("不在登记库中", "not in the register"))] },
    };

    private Drive Run(string folder, EvidenceSettings? settings = null)
    {
        var drive = new Drive(Path.Combine(root, folder), settings ?? Short);
        drives.Add(drive);
        return drive;
    }

    /// <summary>A receiver with one pirate: sound whose samples count up, so that each is known; IQ, RDS groups and spectra.</summary>
    private sealed class Drive(string folder, EvidenceSettings settings)
    {
        private readonly Dictionary<long, StationTap> taps = [];
        private readonly float[] left = new float[Block], right = new float[Block], re = new float[3200], im = new float[3200];
        private int blocks;

        public string Folder => folder;

        public FmEvidenceRecorder Recorder { get; } = new(folder, settings);

        public DateTimeOffset Now => Start.AddSeconds(0.1 * blocks);

        public bool IsOn { get; set; } = true;

        public List<EvidenceNews> News { get; } = [];

        public static short Left(long sample) => (short)(sample % 20_011 - 10_000);

        public static short Right(long sample) => (short)(sample % 7_001);

        public void Seconds(double seconds, double lost = 0, params long[] carriers)
        {
            for (var n = 0; n < (int)Math.Round(seconds * 10); n++)
            {
                var sample = (long)blocks * Block;
                blocks++;
                Recorder.Advance(Now, n == 0 ? lost : 0);
                for (var k = 0; k < Block; k++) (left[k], right[k]) = (Left(sample + k) / 16_384f, Right(sample + k) / 16_384f);
                for (var k = 0; k < re.Length; k++) (re[k], im[k]) = (0.001f * MathF.Cos(k), 0.001f * MathF.Sin(k));
                foreach (var carrier in carriers.Length > 0 ? carriers : [Pirate])
                    if (IsOn) Feed(taps.TryGetValue(carrier, out var tap) ? tap : taps[carrier] = Recorder.Tap(carrier), sample);
                Recorder.Spectrum(new PowerSpectrum(88e6, 100e3, 150e3, Enumerable.Range(0, 200).Select(b => b == 107 ? -40f : -90f).ToArray()), Now);
            }
            News.AddRange(Recorder.Take());
        }

        public async Task<List<EvidenceNews>> WrittenAsync()
        {
            await Recorder.WrittenAsync();
            News.AddRange(Recorder.Take());
            return News;
        }

        public void Skip(double seconds) => blocks += (int)Math.Round(seconds * 10);

        public DirectoryInfo Only() => new DirectoryInfo(folder).GetDirectories().Should().ContainSingle().Subject;

        private void Feed(StationTap tap, long sample)
        {
            tap.OnSound!(left, right);
            tap.OnIq!(re, im, 32_000);
            tap.OnGroup!(new RdsGroup(0x3ABC, (ushort)(sample / Block), null, 0x3401));
        }
    }

    private static JsonElement Manifest(DirectoryInfo dossier) => JsonDocument.Parse(File.ReadAllBytes(Path.Combine(dossier.FullName, "evidence.json"))).RootElement;

    private static FlacDecoder Sound(DirectoryInfo dossier, int number = 1) => FlacDecoder.Read(File.ReadAllBytes(Path.Combine(dossier.FullName, $"sound-{number:D3}.flac")));

    private static void DigestsFit(DirectoryInfo dossier, EvidenceNews? news = null)
    {
        var manifest = Manifest(dossier);
        var listed = manifest.GetProperty("files").EnumerateArray().ToList();
        listed.Select(f => f.GetProperty("name").GetString()).Should().BeEquivalentTo(dossier.GetFiles().Select(f => f.Name).Except(["evidence.json", "SHA256SUMS", "SHA512SUMS"]));
        foreach (var file in listed)
        {
            var bytes = File.ReadAllBytes(Path.Combine(dossier.FullName, file.GetProperty("name").GetString()!));
            file.GetProperty("bytes").GetInt64().Should().Be(bytes.Length);
            file.GetProperty("sha256").GetString().Should().Be(Convert.ToHexStringLower(SHA256.HashData(bytes)));
            file.GetProperty("sha512").GetString().Should().Be(Convert.ToHexStringLower(SHA512.HashData(bytes)));
        }
        foreach (var (list, digest) in new (string, Func<byte[], byte[]>)[] { ("SHA256SUMS", SHA256.HashData), ("SHA512SUMS", SHA512.HashData) })
        {
            var lines = File.ReadAllLines(Path.Combine(dossier.FullName, list));
            lines.Should().HaveCount(listed.Count + 1);
            foreach (var line in lines) line[..line.IndexOf(' ')].Should().Be(Convert.ToHexStringLower(digest(File.ReadAllBytes(Path.Combine(dossier.FullName, line[(line.IndexOf(' ') + 2)..])))));
        }
        if (news is not null) news.ManifestSha256.Should().Be(Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(dossier.FullName, "evidence.json")))));
    }

    [Fact]
    public async Task A_dossier_has_the_sound_from_before_the_suspicion_on_to_the_sample()
    {
        var drive = Run("whole");
        drive.Seconds(30);
        var begin = drive.Now;
        drive.Recorder.Begin(Occasion(begin));
        drive.Seconds(40);
        drive.Recorder.End(Pirate, drive.Now);
        drive.Seconds(30);
        var news = await drive.WrittenAsync();

        news.Select(n => n.Event).Should().Equal(EvidenceEvent.Begun, EvidenceEvent.Complete);
        var dossier = drive.Only();
        dossier.Name.Should().Be("20260314T150430.000Z-098.700MHz");
        var sound = Sound(dossier);
        sound.Channels[0].Count.Should().Be(80 * 32_000 - Block, "20 s before, and 60 s from then on; it ends when the block after that comes");
        for (var n = 0; n < sound.Channels[0].Count; n += 977)
            (sound.Channels[0][n], sound.Channels[1][n]).Should().Be((Drive.Left(n + 10 * 32_000), Drive.Right(n + 10 * 32_000)));
        sound.Md5Said.Should().Equal(sound.Md5());
        sound.Comments.Should().Contain("TITLE=FM 98.700 MHz").And.Contain("DATE=2026-03-14T23:04:10.000+08:00").And.Contain("ORIGIN=LIVE");
        news[1].SoundSeconds.Should().Be(79.9);
        DigestsFit(dossier, news[1]);
    }

    [Fact]
    public async Task The_manifest_says_what_when_where_with_what_and_how_far_to_rely_on_it()
    {
        var drive = Run("manifest");
        drive.Seconds(5);
        drive.Recorder.Begin(Occasion(drive.Now));
        drive.Seconds(2);
        await drive.Recorder.DisposeAsync();
        var manifest = Manifest(drive.Only());
        string? Text(string name) => manifest.GetProperty(name).GetString();
        Text("state").Should().Be("complete");
        manifest.GetProperty("ending").GetProperty("en").GetString().Should().Be("The watch was stopped.");
        manifest.GetProperty("standing").GetProperty("use").GetString().Should().Be("evidence");
        manifest.GetProperty("frequencyHz").GetInt64().Should().Be(Pirate);
        Text("begin").Should().Be("2026-03-14T23:04:05+08:00");
        Text("last").Should().Be("2026-03-14T23:04:07+08:00");
        Text("zone").Should().Be("Asia/Shanghai");
        Text("origin").Should().Be("live");
        Text("registerDigest").Should().Be("abc123");
        Text("receiver").Should().Be("RTL-SDR 00000001");
        manifest.GetProperty("clock").GetProperty("en").GetString().Should().Be("GNSS");
        manifest.GetProperty("position").GetProperty("latitude").GetDouble().Should().Be(23.1291);
        manifest.GetProperty("calibration").GetProperty("id").GetString().Should().Be("CAL-7");
        manifest.GetProperty("identification").GetProperty("reasons")[0].GetProperty("code").GetString().Should().Be("not-in-register");
        manifest.GetProperty("gaps").GetArrayLength().Should().Be(0);
        File.ReadAllText(Path.Combine(drive.Only().FullName, "README.txt")).Should().Contain("98.700 MHz").And.Contain("sha256sum -c SHA256SUMS");
    }

    [Fact]
    public async Task Channel_spectra_and_groups_are_read_by_the_readers_of_their_formats()
    {
        var drive = Run("formats");
        drive.Seconds(30);
        drive.Recorder.Begin(Occasion(drive.Now));
        drive.Seconds(10);
        await drive.Recorder.DisposeAsync();
        var dossier = drive.Only().FullName;

        await using (var iq = SigMfSource.Open(Path.Combine(dossier, "channel"), new SigMfOptions { RealTime = false }))
        {
            iq.Length.Should().Be(TimeSpan.FromSeconds(2));
            iq.Stream.CenterFrequencyHz.Should().Be(Pirate);
            var samples = new float[64];
            await iq.ReadAsync(samples, default);
            // 0.001 of full scale is lifted to between −18 and −12 dB of it.
            (samples[2] / (0.001 * Math.Cos(1))).Should().BeApproximately(128, 0.1);
        }
        var npy = File.ReadAllBytes(Path.Combine(dossier, "spectra.npy"));
        System.Text.Encoding.ASCII.GetString(npy, 10, 118).Should().Contain("(40, 200)");
        npy.Should().HaveCount(128 + 40 * 200);
        npy[128 + 107].Should().Be(180, "−40 dBFS are 180 steps of half a dB above −130");
        var rows = File.ReadAllLines(Path.Combine(dossier, "spectra.csv"));
        rows.Should().HaveCount(41);
        rows[1].Should().Be("0,2026-03-14T23:04:01.000+08:00,-40.0,-40.0,-90.0");
        var groups = File.ReadAllLines(Path.Combine(dossier, "rds.spy"));
        groups.Should().HaveCount(401);
        groups[1].Should().Be("3ABC 0000 ---- 3401 @2026/03/14 23:04:00.10");
        groups[400].Should().Be("3ABC 018F ---- 3401 @2026/03/14 23:04:40.00");
    }

    [Fact]
    public async Task While_the_suspicion_stands_it_goes_on_in_further_files_up_to_its_bound()
    {
        var drive = Run("segments", Short with { Before = TimeSpan.FromSeconds(5), AtLeast = TimeSpan.FromSeconds(15), Longest = TimeSpan.FromSeconds(50) });
        drive.Recorder.Begin(Occasion(drive.Now));
        drive.Seconds(55);
        var news = await drive.WrittenAsync();
        news[^1].Reason!.Value.En.Should().Contain("longest time");
        var dossier = drive.Only();
        dossier.GetFiles("sound-*.flac").Select(f => f.Name).Order().Should().Equal("sound-001.flac", "sound-002.flac", "sound-003.flac");
        int[] lengths = [.. Enumerable.Range(1, 3).Select(n => Sound(dossier, n).Channels[0].Count)];
        lengths.Should().Equal(20 * 32_000, 20 * 32_000, 10 * 32_000 - Block);
        Sound(dossier, 2).Channels[0][0].Should().Be(Drive.Left(20 * 32_000), "no sample is between two files");
        Manifest(dossier).GetProperty("sound")[1].GetProperty("from").GetString().Should().Be("2026-03-14T23:04:20+08:00");
    }

    [Fact]
    public async Task A_carrier_that_goes_and_comes_back_is_one_dossier_that_says_when_it_was_away()
    {
        var drive = Run("away");
        drive.Recorder.Begin(Occasion(drive.Now));
        drive.Seconds(10);
        drive.Recorder.End(Pirate, drive.Now);
        drive.IsOn = false;
        drive.Seconds(15);
        drive.IsOn = true;
        drive.Recorder.Begin(Occasion(drive.Now));
        drive.Seconds(100);
        drive.Recorder.End(Pirate, drive.Now);
        drive.Seconds(1);
        var news = await drive.WrittenAsync();
        news.Select(n => n.Event).Should().Equal(EvidenceEvent.Begun, EvidenceEvent.Complete);
        var gap = Manifest(drive.Only()).GetProperty("gaps").EnumerateArray().Should().ContainSingle().Subject;
        gap.GetProperty("what").GetString().Should().Be("sound");
        gap.GetProperty("at").GetString().Should().Be("2026-03-14T23:04:10+08:00");
        gap.GetProperty("seconds").GetDouble().Should().BeApproximately(15, 0.001);
        Manifest(drive.Only()).GetProperty("suspicionEnd").GetString().Should().Be("2026-03-14T23:06:05+08:00");
    }

    [Fact]
    public async Task Lost_samples_are_a_gap_of_everything_and_told_once()
    {
        var drive = Run("lost");
        drive.Seconds(30);
        drive.Recorder.Begin(Occasion(drive.Now));
        drive.Seconds(1);
        drive.Skip(3);
        drive.Seconds(5, lost: 3);
        await drive.Recorder.DisposeAsync();
        var gap = Manifest(drive.Only()).GetProperty("gaps").EnumerateArray().Should().ContainSingle().Subject;
        gap.GetProperty("what").GetString().Should().Be("all");
        gap.GetProperty("at").GetString().Should().Be("2026-03-14T23:04:31+08:00");
        gap.GetProperty("seconds").GetDouble().Should().Be(3);
        var iq = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(drive.Only().FullName, "channel.sigmf-meta"))).RootElement.GetProperty("captures");
        iq[1].GetProperty("core:sample_start").GetInt64().Should().Be(32_000);
        iq[1].GetProperty("core:global_index").GetInt64().Should().Be(4 * 32_000);
    }

    [Fact]
    public async Task Sound_of_long_ago_does_not_lead_up_to_a_suspicion_of_now()
    {
        var drive = Run("stale");
        drive.Seconds(30);
        drive.IsOn = false;
        drive.Seconds(30);
        drive.IsOn = true;
        drive.Seconds(5);
        drive.Recorder.Begin(Occasion(drive.Now));
        drive.Seconds(1);
        await drive.Recorder.DisposeAsync();
        Sound(drive.Only()).Channels[0].Count.Should().Be(6 * 32_000);
        Manifest(drive.Only()).GetProperty("gaps").GetArrayLength().Should().Be(0);
    }

    [Fact]
    public async Task Samples_of_another_rate_are_not_taken_for_the_same_recording()
    {
        var drive = Run("rates");
        drive.Recorder.Begin(Occasion(drive.Now));
        drive.Seconds(1);
        drive.Recorder.Tap(Pirate).OnIq!(new float[480], new float[480], 48_000);
        drive.Seconds(1);
        await drive.Recorder.DisposeAsync();
        Manifest(drive.Only()).GetProperty("iq").GetProperty("samples").GetInt64().Should().Be(32_000);
    }

    [Fact]
    public async Task The_same_samples_give_the_same_bytes()
    {
        string[] folders = ["one", "two"];
        foreach (var folder in folders)
        {
            var drive = Run(folder);
            drive.Seconds(5);
            drive.Recorder.Begin(Occasion(drive.Now));
            drive.Seconds(25);
            await drive.Recorder.DisposeAsync();
        }
        var (one, two) = (drives[0].Only(), drives[1].Only());
        one.GetFiles().Select(f => f.Name).Should().BeEquivalentTo(two.GetFiles().Select(f => f.Name)).And.HaveCount(10);
        foreach (var file in one.GetFiles()) File.ReadAllBytes(file.FullName).Should().Equal(File.ReadAllBytes(Path.Combine(two.FullName, file.Name)), file.Name);
    }

    [Fact]
    public async Task When_the_plug_is_pulled_what_is_on_the_disk_is_finished_as_interrupted()
    {
        var drive = Run("running");
        drive.Seconds(30);
        drive.Recorder.Begin(Occasion(drive.Now));
        drive.Seconds(1.5);
        await drive.WrittenAsync();
        var early = Fallen(drive, "early"); // within the IQ, before anything was flushed
        drive.Seconds(27);
        await drive.WrittenAsync();
        var late = Fallen(drive, "late");

        foreach (var folder in new[] { early, late })
        {
            var again = new FmEvidenceRecorder(folder, Short);
            await again.WrittenAsync();
            var news = again.Take().Should().ContainSingle().Subject;
            await again.DisposeAsync();
            news.Should().Match<EvidenceNews>(n => n.Event == EvidenceEvent.Interrupted && n.FrequencyHz == Pirate && n.Folder == "20260314T150430.000Z-098.700MHz");
            var dossier = new DirectoryInfo(folder).GetDirectories().Should().ContainSingle().Subject;
            Manifest(dossier).GetProperty("state").GetString().Should().Be("interrupted");
            DigestsFit(dossier, news);
            var sound = Sound(dossier);
            sound.Channels[0].Count.Should().BeGreaterThan(folder == late ? 38 * 32_000 : 18 * 32_000);
            for (var n = 0; n < sound.Channels[0].Count; n += 977) sound.Channels[0][n].Should().Be(Drive.Left(n + 10 * 32_000));
            await using var iq = SigMfSource.Open(Path.Combine(dossier.FullName, "channel"));
            iq.Length.TotalSeconds.Should().BeInRange(folder == late ? 2 : 0.5, 2);
        }
        var npy = File.ReadAllBytes(Path.Combine(new DirectoryInfo(late).GetDirectories()[0].FullName, "spectra.npy"));
        var rows = int.Parse(System.Text.Encoding.ASCII.GetString(npy, 10, 118).Split('(', ',')[3], System.Globalization.CultureInfo.InvariantCulture);
        rows.Should().BeGreaterThan(40);
        npy.Length.Should().BeGreaterThanOrEqualTo(128 + rows * 200);
    }

    // What another program sees on the disk while this one still holds its buffers is what stays when it falls.
    private string Fallen(Drive drive, string name)
    {
        var (from, to) = (drive.Only(), Path.Combine(root, name));
        from.Name.Should().EndWith(".part");
        var copy = Directory.CreateDirectory(Path.Combine(to, from.Name));
        foreach (var file in from.GetFiles()) file.CopyTo(Path.Combine(copy.FullName, file.Name));
        return to;
    }

    [Theory]
    [InlineData("{ \"state\": \"rec")]
    [InlineData("")]
    [InlineData("[1]")]
    [InlineData("null")]
    [InlineData("{ \"state\": 7 }")]
    [InlineData("{ \"state\": 1, \"state\": 2 }")]
    public async Task Half_a_dossier_without_a_manifest_is_kept_and_digested_all_the_same(string manifest)
    {
        var part = Directory.CreateDirectory(Path.Combine(root, "torn", "20260314T150430.000Z-098.700MHz.part")).FullName;
        File.WriteAllText(Path.Combine(part, "evidence.json"), manifest);
        File.WriteAllBytes(Path.Combine(part, "sound-001.flac"), [1, 2, 3]);
        File.WriteAllText(Path.Combine(part, "channel.sigmf-meta.part"), "{");
        File.WriteAllBytes(Path.Combine(part, "channel.sigmf-data.part"), new byte[7]);
        var drive = Run("torn");
        (await drive.WrittenAsync()).Should().ContainSingle().Which.Event.Should().Be(EvidenceEvent.Interrupted);
        DigestsFit(drive.Only());
        File.ReadAllBytes(Path.Combine(drive.Only().FullName, "sound-001.flac")).Should().Equal(1, 2, 3);
    }

    [Fact]
    public async Task The_oldest_make_room_and_one_that_is_written_never_does()
    {
        var drive = Run("room", Short with { MostBytes = 1_500_000, AtLeast = TimeSpan.FromSeconds(20), Before = TimeSpan.FromSeconds(5) });
        for (var n = 0; n < 5; n++)
        {
            drive.Recorder.Begin(Occasion(drive.Now));
            drive.Seconds(1);
            drive.Recorder.End(Pirate, drive.Now);
            drive.Seconds(25);
            await drive.Recorder.WrittenAsync();
        }
        var foreign = Directory.CreateDirectory(Path.Combine(drive.Folder, "0-of-somebody-else"));
        drive.Recorder.Begin(Occasion(drive.Now));
        drive.Seconds(12);
        var news = await drive.WrittenAsync();
        var kept = new DirectoryInfo(drive.Folder).GetDirectories().Select(d => d.Name).Where(n => n != foreign.Name).Order().ToList();
        foreign.Exists.Should().BeTrue("only dossiers are ours to delete");
        kept[^1].Should().EndWith(".part");
        var deleted = news.Where(n => n.Event == EvidenceEvent.Deleted).ToList();
        deleted.Should().NotBeEmpty().And.OnlyContain(n => n.Reason != null);
        deleted[^1].DeletedSoFar.Should().Be(deleted.Count);
        deleted.Select(d => d.Folder).Should().OnlyContain(d => string.CompareOrdinal(d, kept[0]) < 0, "the oldest go first");
        (kept.Count + deleted.Count).Should().Be(6);
        new DirectoryInfo(drive.Folder).GetDirectories().Sum(d => d.GetFiles().Sum(f => f.Length)).Should().BeLessThan(2_000_000);
    }

    [Fact]
    public async Task One_dossier_takes_no_more_than_half_the_room()
    {
        var drive = Run("large", Short with { MostBytes = 600_000 });
        drive.Recorder.Begin(Occasion(drive.Now));
        for (var n = 0; n < 6; n++)
        {
            drive.Seconds(10.1);
            await drive.WrittenAsync();
        }
        drive.News.Should().Contain(n => n.Event == EvidenceEvent.Complete && n.Reason!.Value.En.Contains("largest size"));
    }

    [Fact]
    public async Task A_disk_that_fails_costs_the_dossier_and_never_the_watch()
    {
        var drive = Run("broken");
        drive.Recorder.Begin(Occasion(drive.Now));
        drive.Seconds(2);
        await drive.WrittenAsync();
        drive.Only().Delete(recursive: true); // the disk is gone
        drive.Seconds(20);
        (await drive.WrittenAsync()).Select(n => n.Event).Should().Equal(EvidenceEvent.Begun, EvidenceEvent.Failed);
        drive.Seconds(1);
        drive.Recorder.Begin(Occasion(drive.Now)); // it is back
        drive.Seconds(2);
        await drive.Recorder.DisposeAsync();
        (await drive.WrittenAsync()).Select(n => n.Event).Should().EndWith([EvidenceEvent.Begun, EvidenceEvent.Complete]);
    }

    [Fact]
    public async Task Where_no_folder_can_be_made_it_is_told_and_nothing_else_happens()
    {
        File.WriteAllText(Path.Combine(root, "file"), "");
        var drive = Run("file/below");
        drive.Recorder.Begin(Occasion(drive.Now));
        drive.Seconds(5);
        var news = (await drive.WrittenAsync()).Should().ContainSingle().Subject;
        news.Event.Should().Be(EvidenceEvent.Failed);
        news.FrequencyHz.Should().Be(Pirate);
    }

    [Fact]
    public async Task What_the_queue_does_not_take_is_a_gap_in_the_manifest_and_nobody_waits()
    {
        var drive = Run("slow", Short with { MostQueuedBytes = 8_000 }); // RDS and spectra fit, sound and IQ never do
        drive.Recorder.Begin(Occasion(drive.Now));
        drive.Seconds(3);
        await drive.Recorder.DisposeAsync();
        var gaps = Manifest(drive.Only()).GetProperty("gaps").EnumerateArray().ToList();
        gaps.Where(g => g.GetProperty("what").GetString() == "sound").Sum(g => g.GetProperty("seconds").GetDouble()).Should().BeApproximately(3, 0.001);
        gaps.Where(g => g.GetProperty("what").GetString() == "iq").Sum(g => g.GetProperty("seconds").GetDouble()).Should().BeApproximately(2, 0.11);
        gaps.Should().OnlyContain(g => g.GetProperty("why").GetProperty("en").GetString()!.Contains("too slow"));
    }

    [Theory]
    [InlineData(Origin.Live, 30, "evidence", 0)]
    [InlineData(Origin.Live, -1, "leadOnly", 1)]
    [InlineData(Origin.Live, null, "leadOnly", 1)]
    [InlineData(Origin.Replay, 30, "none", 1)]
    [InlineData(Origin.Simulated, -1, "none", 2)]
    public async Task What_it_may_be_used_for_is_said_plainly(Origin origin, int? calibratedForDays, string use, int reasons)
    {
        var drive = Run("standing");
        var calibration = calibratedForDays is { } days ? new EvidenceCalibration("CAL-7", Start.AddDays(days)) : null;
        drive.Recorder.Begin(Occasion(drive.Now, receiver: Receiver with { Origin = origin, Calibration = calibration }));
        drive.Seconds(1);
        await drive.Recorder.DisposeAsync();
        var standing = Manifest(drive.Only()).GetProperty("standing");
        standing.GetProperty("use").GetString().Should().Be(use);
        standing.GetProperty("why").GetArrayLength().Should().Be(reasons);
    }

    [Fact]
    public async Task More_dossiers_at_once_than_agreed_are_refused_and_carriers_without_end_are_forgotten()
    {
        var drive = Run("many", Short with { MostOpen = 2, MostCarriers = 3, Before = TimeSpan.FromSeconds(1) });
        long[] carriers = [.. Enumerable.Range(0, 10).Select(n => 88_000_000L + 100_000 * n)];
        drive.Seconds(2, 0, carriers);
        foreach (var carrier in carriers[^3..]) drive.Recorder.Begin(Occasion(drive.Now, carrier));
        drive.Seconds(1, 0, carriers);
        await drive.Recorder.DisposeAsync();
        var news = await drive.WrittenAsync();
        news.Should().ContainSingle(n => n.Event == EvidenceEvent.Refused).Which.FrequencyHz.Should().Be(carriers[^1]);
        news.Count(n => n.Event == EvidenceEvent.Complete).Should().Be(2);
    }
}
