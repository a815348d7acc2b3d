using System.Text;
using System.Text.Json;
using SignalWatch.Contracts;
using SignalWatch.Probe;
using SignalWatch.Probe.Spool;

namespace SignalWatch.Tests.Probe.Spool;

/// <summary>Two classes, each with what is live and its history: none takes the other's place, none loses a number, and what had to go is told.</summary>
public sealed class SpoolFolderTests : IDisposable
{
    private readonly ManualTime time = new();
    private readonly ObservationMint mint = new(new ProbeId("GZ-03"), "440106", Language.Chinese);
    private readonly string folder = Directory.CreateTempSubdirectory("spool").FullName;
    private readonly List<Text> said = [];
    private int minted;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("probe.heartbeat")]
    [InlineData("probe.watch")]
    [InlineData("probe.gap")]
    [InlineData("fm.carrier")]
    [InlineData("fm.suspicion")]
    [InlineData("fm.dossier")]
    [InlineData("fm.spurious")]
    [InlineData("ts.multiplex")]
    [InlineData("ts.service")]
    [InlineData("ts.drift")]
    [InlineData("ts.clip")]
    [InlineData("ott.channel")]
    public void What_alarms_are_judged_from_has_priority(string kind) => Vocabulary.Kind(kind)!.Priority.Should().Be(ObservationPriority.Alarm);

    [Fact]
    public void Every_kind_has_one_class_and_each_class_numbers_from_one_in_its_own_boot()
    {
        using var spool = Open();
        spool.Append(Carrier());
        spool.Append(Band());
        spool.Append(Carrier());
        spool.Flush().Should().BeTrue();
        var (alarms, telemetry) = (ReadAll(spool.Alarms.Live), ReadAll(spool.Telemetry.Live));
        alarms.Select(r => (r.Sequence, r.Observation.Kind)).Should().Equal((1, "fm.carrier"), (2, "fm.carrier"));
        telemetry.Select(r => (r.Sequence, r.Observation.Kind)).Should().Equal([(1, "fm.band")]);
        telemetry[0].Boot.Should().NotBe(alarms[0].Boot);
        spool.Figures.Entries.Should().Be(3);
    }

    [Fact]
    public void A_backlog_that_is_closed_keeps_boot_and_numbers_and_what_comes_then_is_of_a_fresh_one()
    {
        Guid before;
        using (var spool = Open())
        {
            Fill(spool.Alarms, 5);
            before = spool.Alarms.Live.Boot;
            spool.Alarms.Live.Acknowledge(2);
            spool.Append(Carrier()); // not flushed yet: it is history too
            spool.Alarms.CloseBacklog().Should().BeTrue();
            spool.Alarms.Live.Boot.Should().NotBe(before);
            Fill(spool.Alarms, 2);
        }
        using var again = Open();
        again.Alarms.History!.Boot.Should().Be(before);
        ReadAll(again.Alarms.History!).Select(r => r.Sequence).Should().Equal(3, 4, 5, 6);
        ReadAll(again.Alarms.Live).Select(r => r.Sequence).Should().Equal(1, 2);
        again.HistoryEntries.Should().Be(4);
    }

    [Fact]
    public void Several_outages_are_several_histories_and_the_oldest_goes_first()
    {
        using var spool = Open();
        List<Guid> boots = [];
        for (var i = 0; i < 3; i++)
        {
            boots.Add(spool.Alarms.Live.Boot);
            Fill(spool.Alarms, 2);
            spool.Alarms.CloseBacklog().Should().BeTrue();
        }
        foreach (var boot in boots)
        {
            var history = spool.Alarms.History!;
            history.Boot.Should().Be(boot);
            ReadAll(history).Should().HaveCount(2);
            history.Acknowledge(2);
            spool.Alarms.Tidy();
        }
        spool.Alarms.History.Should().BeNull();
        Directory.GetDirectories(Path.Combine(folder, "alarm")).Should().ContainSingle("what is delivered is removed");
    }

    [Fact]
    public void Where_nothing_waits_nothing_is_closed()
    {
        using var spool = Open();
        Fill(spool.Alarms, 3);
        spool.Alarms.Live.Acknowledge(3);
        var boot = spool.Alarms.Live.Boot;
        spool.Alarms.CloseBacklog().Should().BeTrue();
        spool.Alarms.Live.Boot.Should().Be(boot);
    }

    [Fact]
    public void A_full_class_drops_its_history_before_what_is_live_and_tells_which_numbers_of_which_boot()
    {
        using var spool = Open(new SpoolFolderSettings { Telemetry = new SpoolSettings { SegmentBytes = 2_000, Capacity = 12_000 } });
        var boot = spool.Telemetry.Live.Boot;
        for (var i = 0; i < 20; i++) Fill(spool.Telemetry, 1);
        spool.Telemetry.CloseBacklog().Should().BeTrue();
        for (var i = 0; i < 25; i++)
        {
            spool.Append(Band());
            spool.Flush();
        }
        spool.Telemetry.Figures.Bytes.Should().BeLessThan(14_000);
        var live = ReadAll(spool.Telemetry.Live);
        live.Select(r => r.Sequence).Should().Equal(Enumerable.Range(1, 25).Select(i => (long)i), "what is live is younger than the history");
        var kept = spool.Telemetry.History is { } history ? ReadAll(history) : [];
        var gaps = ReadAll(spool.Alarms.Live).Select(r => r.Observation).ToList();
        gaps.Should().NotBeEmpty().And.OnlyContain(g => g.Kind == "probe.gap" && g.Facts["class"].AsText == "telemetry" && g.Facts["boot"].AsText == boot.ToString());
        gaps.Sum(g => g.Facts["count"].AsNumber).Should().Be(20 - kept.Count);
        spool.Figures.Dropped.Should().Be(20 - kept.Count);
    }

    [Fact]
    public void A_history_of_one_segment_can_be_dropped_whole_and_is_gone_then()
    {
        using var spool = Open();
        Fill(spool.Telemetry, 7);
        spool.Telemetry.CloseBacklog();
        spool.Telemetry.DropOldest().Should().BePositive();
        spool.Telemetry.History.Should().BeNull();
        spool.Telemetry.DropOldest().Should().Be(0, "the live one's newest segment carries its boot on");
        spool.Flush();
        var gap = ReadAll(spool.Alarms.Live).Should().ContainSingle().Which.Observation.Facts;
        (gap["from_sequence"].AsNumber, gap["to_sequence"].AsNumber, gap["count"].AsNumber).Should().Be((1, 7, 7));
        Directory.GetDirectories(Path.Combine(folder, "telemetry")).Should().ContainSingle();
    }

    [Fact]
    public void Damage_in_a_history_is_told_among_the_live_alarms_and_does_not_keep_it_for_ever()
    {
        using (var spool = Open())
        {
            Fill(spool.Alarms, 10);
            spool.Alarms.CloseBacklog();
            Fill(spool.Alarms, 1);
        }
        var file = Directory.GetFiles(Path.Combine(folder, "alarm", "0000000001"), "*.seg").Single();
        var bytes = File.ReadAllBytes(file);
        bytes[^50] ^= 1;
        File.WriteAllBytes(file, bytes);
        using var again = Open();
        var history = again.Alarms.History!;
        var kept = ReadAll(history);
        kept.Should().HaveCount(9);
        history.Acknowledge(9);
        again.Alarms.Tidy();
        again.Alarms.History.Should().BeNull();
        again.Flush();
        var live = ReadAll(again.Alarms.Live);
        live.Should().Contain(r => r.Observation.Kind == "probe.gap" && r.Observation.Facts["from_sequence"].AsNumber == 10);
        Directory.GetDirectories(Path.Combine(folder, "alarm")).Should().ContainSingle();
    }

    [Fact]
    public void The_single_spool_of_an_older_program_is_taken_over_as_history_wherever_the_taking_over_was_cut()
    {
        for (var moved = 0; moved <= 4; moved++)
        {
            var old = Path.Combine(folder, $"old-{moved}");
            Guid boot;
            using (var spool = new ObservationSpool(old, new SpoolSettings { SegmentBytes = 1 }, Gap, said.Add))
            {
                boot = spool.Boot;
                for (var i = 0; i < 3; i++)
                {
                    spool.Append(i == 1 ? Band() : Carrier());
                    spool.Flush();
                }
                spool.Acknowledge(1);
            }
            var files = Directory.GetFiles(old).OrderByDescending(f => Path.GetFileName(f) == "cursor").ToList();
            files.Should().HaveCount(3, "two segments wait, and a cursor");
            var halfway = Path.Combine(old, "alarm", "taken-over");
            if (moved > 0) Directory.CreateDirectory(halfway);
            foreach (var file in files.Take(moved)) File.Move(file, Path.Combine(halfway, Path.GetFileName(file)));
            if (moved == 4) Directory.Move(halfway, Path.Combine(old, "alarm", "0000000001"));

            using var spools = new SpoolFolder(old, new SpoolFolderSettings(), time, Gap, said.Add);
            if (moved < 4) spools.Alarms.History!.Boot.Should().Be(boot, "moved {0}", moved);
            var kept = spools.Alarms.History ?? spools.Alarms.Live;
            ReadAll(kept).Select(r => (r.Boot, r.Sequence, r.Observation.Kind)).Should().Equal((boot, 2, "fm.band"), (boot, 3, "fm.carrier"));
        }
    }

    [Fact]
    public void A_program_that_was_set_back_and_forth_loses_nothing_of_either_layout()
    {
        using (var spool = Open()) Fill(spool.Alarms, 2);
        using (var older = new ObservationSpool(folder, new SpoolSettings(), Gap, said.Add))
        {
            older.Append(Carrier());
            older.Flush();
        }
        using var again = Open();
        var waiting = ReadAll(again.Alarms.History!);
        waiting.Should().HaveCount(2);
        again.Alarms.History.Should().NotBeNull("the older program's is behind it").And.Subject.As<ObservationSpool>().Boot.Should().NotBe(waiting[0].Boot);
    }

    [Fact]
    public void How_long_a_backlog_waited_while_the_probe_was_off_the_records_tell()
    {
        var at = time.GetUtcNow();
        using (var spool = Open()) Fill(spool.Alarms, 2);
        time.Advance(TimeSpan.FromHours(3));
        using var again = Open();
        again.Alarms.Live.WaitingSince().Should().Be(at);
        again.Telemetry.Live.WaitingSince().Should().BeNull();
        ReadAll(again.Alarms.Live).Should().HaveCount(2, "to look takes nothing away");
    }

    [Fact]
    public async Task The_loop_flushes_after_200_ms_at_once_when_many_wait_and_at_the_end()
    {
        using var spool = Open();
        using var stop = new CancellationTokenSource();
        var running = spool.RunAsync(stop.Token);
        var changed = spool.Changed;
        spool.Append(Carrier());
        while (!changed.IsCompleted)
        {
            time.Advance(TimeSpan.FromMilliseconds(200));
            await Task.Yield();
        }
        ReadAll(spool.Alarms.Live).Should().ContainSingle();
        changed = spool.Changed;
        for (var i = 0; i < 256; i++) spool.Append(Band());
        await changed.WaitAsync(Hang.Limit);
        ReadAll(spool.Telemetry.Live).Should().HaveCount(256);
        spool.Append(Carrier());
        await stop.CancelAsync();
        await running.WaitAsync(Hang.Limit);
        ReadAll(spool.Alarms.Live).Should().ContainSingle();
    }

    private SpoolFolder Open(SpoolFolderSettings? settings = null) => new(folder, settings ?? new SpoolFolderSettings(), time, Gap, said.Add);

    private Observation Gap(SpoolGap gap) => mint.Gap(gap, time.GetUtcNow());

    private Observation Carrier() => mint.Measured(new WatchId("fm"), Subject.Frequency("440106", 98_000_000), Vocabulary.FmCarrier, time.GetUtcNow(), Origin.Live, ("score", Fact.Of(++minted)));

    private Observation Band() => mint.Measured(new WatchId("fm"), Subject.Watch(mint.Probe, new WatchId("fm")), Vocabulary.FmBand, time.GetUtcNow(), Origin.Live, ("carriers", Fact.Of(++minted)));

    private void Fill(ClassSpool spool, int count)
    {
        for (var i = 0; i < count; i++) spool.Append(spool.Live.Folder.Contains("telemetry", StringComparison.Ordinal) ? Band() : Carrier());
        spool.Flush().Should().BeTrue();
    }

    private static List<SpooledObservation> ReadAll(ObservationSpool spool)
    {
        var all = new List<SpooledObservation>();
        while (spool.Read(7) is { } batch)
            all.AddRange(Encoding.UTF8.GetString(batch.Lines.Span).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonSerializer.Deserialize<SpooledObservation>(l, WireJson.Options)!));
        return all;
    }
}
