using System.Text;
using System.Text.Json;
using SignalWatch.Contracts;
using SignalWatch.Probe;
using SignalWatch.Probe.Spool;

namespace SignalWatch.Tests.Probe;

/// <summary>What must survive: every record that was flushed and not acknowledged, with the number it had; what can't survive is told as a gap.</summary>
public sealed class SpoolTests : IDisposable
{
    private readonly ManualTime time = new();
    private readonly ObservationMint mint = new(new ProbeId("GZ-03"), "440106", Language.Chinese);
    private readonly string folder = Directory.CreateTempSubdirectory("spool").FullName;
    private readonly List<Text> said = [];

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Records_are_numbered_from_one_without_a_hole_and_come_back_as_they_went_in()
    {
        using var spool = Open();
        for (var i = 1; i <= 3; i++) spool.Append(Sample(i));
        spool.Read(10).Should().BeNull("a number is sent only after its fsync");
        spool.Flush().Should().BeTrue();
        var sent = Records(spool.Read(2)!);
        sent.Select(r => r.Sequence).Should().Equal(1, 2);
        sent[1].Observation.Facts["uptime_s"].AsNumber.Should().Be(2);
        sent.Should().OnlyContain(r => r.Boot == spool.Boot && r.Observation.Probe.Value == "GZ-03");
        Records(spool.Read(10)!).Select(r => r.Sequence).Should().Equal(3);
        spool.Read(10).Should().BeNull();
    }

    [Fact]
    public void A_crash_between_sending_and_acknowledgement_sends_again_the_same_numbers_of_the_same_boot()
    {
        Guid boot;
        using (var spool = Open())
        {
            boot = spool.Boot;
            Fill(spool, 10);
            spool.Read(10).Should().NotBeNull();
            spool.Acknowledge(4);
        }
        using var again = Open();
        again.Boot.Should().Be(boot);
        Fill(again, 1);
        Sequences(again).Should().Equal(5, 6, 7, 8, 9, 10, 11);
    }

    [Fact]
    public void Numbers_go_on_after_all_was_acknowledged()
    {
        using (var spool = Open())
        {
            Fill(spool, 10);
            spool.Acknowledge(10);
        }
        using var again = Open();
        again.Figures.Entries.Should().Be(0);
        Fill(again, 1);
        Sequences(again).Should().Equal(11);
    }

    [Fact]
    public void A_tail_torn_at_any_byte_is_cut_and_the_records_before_it_survive()
    {
        var whole = WriteSegment(4, out var name, out var boot);
        var ends = RecordEnds(whole);
        for (var length = ends[1]; length < whole.Length; length++)
        {
            File.WriteAllBytes(name, whole[..length]);
            using var spool = Open();
            spool.Boot.Should().Be(boot);
            var survivors = ends.Count(e => e <= length);
            Sequences(spool).Should().Equal(Enumerable.Range(1, survivors).Select(i => (long)i), "the segment was cut at byte {0}", length);
            Fill(spool, 1);
            Sequences(spool).Should().Equal([survivors + 1L], "the torn number was never sent, and is used again");
            Clean(name);
        }
    }

    [Fact]
    public void A_power_cut_that_leaves_zeros_is_a_torn_tail()
    {
        var whole = WriteSegment(2, out var name, out _);
        File.WriteAllBytes(name, [.. whole, .. new byte[5000]]);
        using var spool = Open();
        Fill(spool, 1);
        Sequences(spool).Should().Equal(1, 2, 3);
    }

    [Fact]
    public void A_flipped_bit_at_any_byte_never_gives_a_wrong_record_and_never_uses_a_sent_number_again()
    {
        var whole = WriteSegment(3, out var name, out var boot);
        for (var at = 0; at < whole.Length; at++)
        {
            var flipped = (byte[])whole.Clone();
            flipped[at] ^= 0x10;
            File.WriteAllBytes(name, flipped);
            using (var spool = Open())
            {
                Fill(spool, 1);
                var records = ReadAll(spool);
                var good = records.Where(r => r.Observation.Kind == "probe.heartbeat").ToArray();
                if (spool.Boot == boot)
                {
                    good.Where(r => r.Sequence <= 3).Should().NotContain(r => r.Observation.Facts["uptime_s"].AsNumber != r.Sequence, "byte {0}", at);
                    records.Where(r => r.Sequence > 3).Should().Contain(r => r.Observation.Kind == "probe.gap", "byte {0} hides records, and that is told", at);
                    good.Should().Contain(r => r.Sequence > 3, "byte {0}", at);
                }
                else records.Should().OnlyContain(r => r.Boot == spool.Boot);
            }
            foreach (var file in Directory.GetFiles(folder)) File.Delete(file);
        }
    }

    [Fact]
    public void An_unreadable_cursor_means_duplicates_and_no_loss()
    {
        using (var spool = Open())
        {
            Fill(spool, 5);
            spool.Acknowledge(3);
        }
        var cursor = Path.Combine(folder, "cursor");
        var bytes = File.ReadAllBytes(cursor);
        bytes[0] ^= 1;
        File.WriteAllBytes(cursor, bytes);
        using var again = Open();
        Sequences(again).Should().Equal(1, 2, 3, 4, 5);
    }

    [Fact]
    public void A_bit_that_flips_while_the_spool_is_open_costs_the_rest_of_its_segment_and_is_told()
    {
        using var spool = Open(new SpoolSettings { SegmentBytes = 2000 });
        for (var i = 1; i <= 30; i++)
        {
            spool.Append(Sample(i));
            spool.Flush();
        }
        var second = Directory.GetFiles(folder, "*.seg").Order(StringComparer.Ordinal).ElementAt(1);
        var bytes = File.ReadAllBytes(second);
        bytes[^20] ^= 4;
        File.WriteAllBytes(second, bytes);
        var first = ReadAll(spool).ToList();
        spool.Flush();
        var gap = ReadAll(spool).Should().ContainSingle(r => r.Observation.Kind == "probe.gap").Which.Observation;
        var (from, to) = ((long)gap.Facts["from_sequence"].AsNumber, (long)gap.Facts["to_sequence"].AsNumber);
        from.Should().BeLessThanOrEqualTo(to);
        first.Select(r => r.Sequence).Should().Equal(Enumerable.Range(1, 30).Select(i => (long)i).Where(i => i < from || i > to));
        spool.Figures.Dropped.Should().Be(to - from + 1);
    }

    [Fact]
    public void A_full_spool_drops_its_oldest_segment_and_says_which_numbers()
    {
        using var spool = Open(new SpoolSettings { SegmentBytes = 2000, Capacity = 10_000 });
        for (var i = 1; i <= 100; i++)
        {
            spool.Append(Sample(i));
            spool.Flush();
        }
        spool.Flush();
        spool.Figures.Bytes.Should().BeLessThan(13_000);
        var records = ReadAll(spool);
        var gaps = records.Where(r => r.Observation.Kind == "probe.gap").Select(r => r.Observation).ToArray();
        var firstKept = records[0].Sequence;
        firstKept.Should().BeGreaterThan(1);
        spool.Figures.Dropped.Should().BeGreaterThanOrEqualTo(firstKept - 1);
        gaps.Should().NotBeEmpty();
        gaps[^1].Facts["to_sequence"].AsNumber.Should().BeLessThan(firstKept);
        records.Select(r => r.Sequence).Should().BeInAscendingOrder().And.OnlyHaveUniqueItems();
        (records[^1].Sequence - firstKept + 1).Should().Be(records.Count, "what was kept has no hole");
    }

    [Fact]
    public void Acknowledged_segments_go_and_the_newest_stays()
    {
        using var spool = Open(new SpoolSettings { SegmentBytes = 1000 });
        for (var i = 1; i <= 30; i++)
        {
            spool.Append(Sample(i));
            spool.Flush();
        }
        spool.Acknowledge(30);
        Directory.GetFiles(folder, "*.seg").Should().ContainSingle();
        spool.Figures.Entries.Should().Be(0);
    }

    [Fact]
    public void What_is_observed_while_the_spool_writes_is_kept_after_an_idle_flush_too()
    {
        var disk = new Disk();
        using var spool = Open(appender: disk.Open);
        spool.Flush().Should().BeTrue();
        spool.Append(Sample(1));
        disk.Writing = () =>
        {
            disk.Writing = null;
            spool.Append(Sample(2));
        };
        spool.Flush().Should().BeTrue();
        spool.Flush().Should().BeTrue();
        ReadAll(spool).Select(r => r.Observation.Facts["uptime_s"].AsNumber).Should().Equal(1, 2);
    }

    [Fact]
    public void A_surprise_while_it_writes_ends_nothing_and_loses_nothing()
    {
        var disk = new Disk();
        using var spool = Open(appender: disk.Open);
        disk.Writing = () => throw new InvalidOperationException("surprise");
        for (var i = 1; i <= 3; i++) spool.Append(Sample(i));
        spool.Flush().Should().BeFalse();
        said.Should().ContainSingle(t => t.En.Contains("surprise", StringComparison.Ordinal));
        disk.Writing = null;
        spool.Flush().Should().BeTrue();
        Sequences(spool).Should().Equal(1, 2, 3);
    }

    [Fact]
    public void A_disk_that_takes_nothing_is_told_and_nothing_is_lost_when_it_works_again()
    {
        var disk = new Disk();
        using var spool = Open(appender: disk.Open);
        Fill(spool, 2);
        disk.Broken = true;
        for (var i = 3; i <= 5; i++) spool.Append(Sample(i));
        spool.Flush().Should().BeFalse();
        spool.Figures.Failing.Should().BeTrue();
        said.Should().ContainSingle(t => t.En.Contains("No space left", StringComparison.Ordinal));
        Sequences(spool).Should().Equal(1, 2);
        disk.Broken = false;
        spool.Append(Sample(6));
        spool.Flush().Should().BeTrue();
        ReadAll(spool).Select(r => r.Observation.Facts["uptime_s"].AsNumber).Should().Equal(3, 4, 5, 6);
        said.Should().HaveCount(2);
    }

    [Fact]
    public void Memory_that_fills_while_the_disk_takes_nothing_becomes_a_gap_with_its_count()
    {
        var disk = new Disk { Broken = true };
        using var spool = Open(new SpoolSettings { MemoryRecords = 100 }, disk.Open);
        for (var i = 1; i <= 150; i++) spool.Append(Sample(i));
        spool.Flush();
        for (var i = 151; i <= 170; i++) spool.Append(Sample(i));
        disk.Broken = false;
        spool.Flush();
        var records = ReadAll(spool);
        var gap = records.Should().ContainSingle(r => r.Observation.Kind == "probe.gap").Which;
        var kept = records.Count - 1;
        gap.Observation.Facts["count"].AsNumber.Should().Be(170 - kept);
        spool.Figures.Dropped.Should().Be(170 - kept);
        records.Select(r => r.Sequence).Should().Equal(Enumerable.Range(1, records.Count).Select(i => (long)i));
        records[^1].Observation.Facts["uptime_s"].AsNumber.Should().Be(170);
    }

    [Fact]
    public async Task The_loop_flushes_after_200_ms_and_at_the_end()
    {
        using var spool = Open();
        using var stop = new CancellationTokenSource();
        var running = spool.RunAsync(stop.Token);
        spool.Append(Sample(1));
        var waiting = spool.WaitAsync(CancellationToken.None);
        while (!waiting.IsCompleted)
        {
            time.Advance(TimeSpan.FromMilliseconds(200));
            await Task.Yield();
        }
        Sequences(spool).Should().Equal(1);
        spool.Append(Sample(2));
        await stop.CancelAsync();
        await running.WaitAsync(Hang.Limit);
        Sequences(spool).Should().Equal(2);
    }

    [Fact]
    public void A_folder_that_cannot_be_used_is_a_problem_in_both_languages()
    {
        var file = Path.Combine(folder, "file");
        File.WriteAllText(file, "");
        var problem = FluentActions.Invoking(() => new ObservationSpool(file, new SpoolSettings(), time, Gap, said.Add)).Should().Throw<ProblemException>().Which.Problem;
        problem.Code.Should().Be("spool.unusable");
        problem.Detail.Zh.Should().Contain("--data");
    }

    private ObservationSpool Open(SpoolSettings? settings = null, Func<string, long, SegmentAppender>? appender = null) =>
        new(folder, settings ?? new SpoolSettings(), time, Gap, said.Add, appender);

    private Observation Gap(SpoolGap gap) => mint.Gap(gap, time.GetUtcNow());

    private Observation Sample(int i) => mint.AboutProbe(Vocabulary.ProbeHeartbeat, time.GetUtcNow(), ("uptime_s", Fact.Of(i)), ("name", Fact.Of("广州 火炉山")));

    private void Fill(ObservationSpool spool, int count)
    {
        for (var i = 1; i <= count; i++) spool.Append(Sample(i));
        spool.Flush();
    }

    private byte[] WriteSegment(int records, out string name, out Guid boot)
    {
        using (var spool = Open())
        {
            boot = spool.Boot;
            Fill(spool, records);
        }
        name = Directory.GetFiles(folder, "*.seg").Single();
        var bytes = File.ReadAllBytes(name);
        return bytes;
    }

    private void Clean(string keep)
    {
        foreach (var file in Directory.GetFiles(folder))
            if (file != keep) File.Delete(file);
    }

    private static List<int> RecordEnds(byte[] segment)
    {
        var (ends, at, number) = (new List<int> { SegmentFile.HeaderBytes }, SegmentFile.HeaderBytes, 1L);
        while (SegmentFile.ReadRecord(segment.AsSpan(at), number++, out var record) == SegmentTail.Record) ends.Add(at += record.Bytes);
        ends.RemoveAt(0);
        return ends;
    }

    private static long[] Sequences(ObservationSpool spool) => [.. ReadAll(spool).Select(r => r.Sequence)];

    private static List<SpooledObservation> ReadAll(ObservationSpool spool)
    {
        var all = new List<SpooledObservation>();
        while (spool.Read(7) is { } batch)
        {
            var records = Records(batch);
            (batch.First, batch.Last, batch.Count).Should().Be((records[0].Sequence, records[^1].Sequence, records.Count));
            all.AddRange(records);
        }
        return all;
    }

    private static List<SpooledObservation> Records(SpoolBatch batch) =>
        [.. Encoding.UTF8.GetString(batch.Lines.Span).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonSerializer.Deserialize<SpooledObservation>(l, WireJson.Options)!)];

    private sealed class Disk
    {
        public bool Broken { get; set; }

        public Action? Writing { get; set; }

        public SegmentAppender Open(string file, long length) => new Appender(this, file, length);

        private sealed class Appender(Disk disk, string file, long length) : SegmentAppender(file, length)
        {
            public override void Append(ReadOnlySpan<byte> bytes)
            {
                disk.Writing?.Invoke();
                if (!disk.Broken)
                {
                    base.Append(bytes);
                    return;
                }
                base.Append(bytes[..(bytes.Length / 2)]); // a full disk takes a part
                throw new IOException("No space left on device");
            }
        }
    }
}
