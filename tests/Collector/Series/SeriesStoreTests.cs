using SignalWatch.Collector.Series;
using SignalWatch.Collector.Series.Storage;
using SignalWatch.Contracts;

namespace SignalWatch.Collector.Tests.Series;

public sealed class SeriesStoreTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 3, 14, 14, 0, 0, TimeSpan.Zero);
    private static readonly long StartMs = Start.ToUnixTimeMilliseconds();
    private readonly string folder = Directory.CreateTempSubdirectory("signalwatch-series-").FullName;
    private SeriesStore store;

    public SeriesStoreTests() => store = Open();

    public void Dispose()
    {
        store.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void Roll_ups_say_what_the_values_say_wherever_they_lie_and_however_late_they_came()
    {
        var random = new Random(5);
        var id = Number("a");
        var all = new List<(long Ms, double Value)>();
        for (var flush = 0; flush < 40; flush++)
        {
            for (var i = 0; i < 200; i++)
            {
                // Half of them from up to two hours ago: a probe that was cut off delivers.
                var ms = StartMs + (flush * 200_000) + (i * 1000) + random.Next(1000) - (random.Next(2) * random.Next(7_200_000));
                var value = Math.Round(random.NextDouble() * 60, 2);
                all.Add((ms, value));
                store.Add(id, ms, value).Should().BeTrue();
            }
            store.Flush(flush + 1, Start.AddHours(3));
            if (flush % 7 == 6) while (store.Maintain(Start.AddHours(2))) { }
        }
        foreach (var rollup in Rollup.All)
        {
            var expected = all.GroupBy(p => Rollup.Floor(p.Ms, rollup.StepMs)).OrderBy(g => g.Key).ToList();
            var read = store.Read(id, rollup, StartMs - 8_000_000, StartMs + 20_000_000);
            read.Select(r => r.Ms).Should().Equal(expected.Select(g => g.Key));
            foreach (var (cell, group) in read.Zip(expected))
            {
                (cell.Cell.Count, cell.Cell.Min, cell.Cell.Max).Should().Be((group.Count(), group.Min(p => p.Value), group.Max(p => p.Value)));
                cell.Cell.Mean.Should().BeApproximately(group.Average(p => p.Value), 1e-9);
            }
        }
    }

    [Fact]
    public void A_gap_stays_a_gap_before_and_behind_the_disk()
    {
        var id = Number("a");
        foreach (var second in (int[])[0, 1, 2, 60, 61]) store.Add(id, StartMs + (second * 1000), second);
        Seconds(id).Should().Equal(0, 1, 2, 60, 61);
        store.Flush(5, Start);
        store.Waiting.Should().Be(0);
        Seconds(id).Should().Equal(0, 1, 2, 60, 61);
        store.Read(id, Rollup.Minute, StartMs, StartMs + 600_000).Select(r => (r.Cell.Count, r.Cell.Last)).Should().Equal((3, 2), (2, 61));
    }

    [Fact]
    public void What_a_kill_left_of_a_flush_is_not_counted_twice_when_the_journal_is_read_again()
    {
        var id = Number("a");
        store.Add(id, StartMs, 1);
        store.Flush(10, Start);
        var cursor = File.ReadAllBytes(Path.Combine(folder, "cursor"));
        store.Add(id, StartMs + 1000, 2);
        store.Flush(20, Start);
        // As if killed between the files of the second flush and its cursor.
        File.WriteAllBytes(Path.Combine(folder, "cursor"), cursor);
        Reopen();
        store.Through.Should().Be(10);
        Seconds(id).Should().Equal(0);
        store.Add(id, StartMs + 1000, 2);
        store.Flush(20, Start);
        store.Read(id, Rollup.Hour, StartMs, StartMs + 1000).Single().Cell.Count.Should().Be(2);
    }

    [Fact]
    public void What_a_kill_left_of_a_merge_is_not_counted_twice()
    {
        var id = Number("a");
        for (var i = 0; i < 8; i++)
        {
            store.Add(id, StartMs + (i * 1000), i);
            store.Flush(i + 1, Start);
        }
        var before = Directory.GetFiles(folder, "*.seg").ToDictionary(f => f, File.ReadAllBytes);
        while (store.Maintain(Start)) { }
        Directory.GetFiles(folder, "*.seg").Should().HaveCount(3, "eight files of each resolution became one");
        foreach (var (file, bytes) in before) File.WriteAllBytes(file, bytes);
        Reopen();
        Directory.GetFiles(folder, "*.seg").Should().HaveCount(3);
        store.Read(id, Rollup.Hour, StartMs, StartMs + 1000).Single().Cell.Count.Should().Be(8);
    }

    [Fact]
    public void A_window_whose_time_is_over_is_dropped_and_coarser_ones_stay()
    {
        var id = Number("a");
        store.Add(id, StartMs, 1);
        store.Flush(1, Start);
        store.Maintain(Start.AddDays(2));
        Seconds(id).Should().Equal([0], "its hour has two days from its end");
        store.Maintain(Start.AddDays(2).AddHours(2));
        Seconds(id).Should().BeEmpty();
        store.Read(id, Rollup.Minute, StartMs, StartMs + 1000).Should().HaveCount(1);
    }

    [Fact]
    public void A_damaged_file_costs_its_own_values_and_is_put_aside_for_whoever_asks_why()
    {
        var (a, b) = (Number("a"), Number("b"));
        for (var i = 0; i < 8; i++)
        {
            store.Add(a, StartMs + (i * 1000), i);
            store.Add(b, StartMs + (i * 1000), i);
            store.Flush(i + 1, Start);
        }
        var file = Directory.GetFiles(folder, "1s_*_0000000003_*.seg").Single();
        var bytes = File.ReadAllBytes(file);
        bytes[0] ^= 0x40;
        File.WriteAllBytes(file, bytes);
        Seconds(a).Should().Equal(0, 1, 3, 4, 5, 6, 7);
        Seconds(b).Should().Equal(0, 1, 2, 3, 4, 5, 6, 7);
        while (store.Maintain(Start)) { }
        store.Damaged.Should().Be(1);
        File.Exists(file + ".damaged").Should().BeTrue();
        Seconds(a).Should().Equal(0, 1, 3, 4, 5, 6, 7);
    }

    [Fact]
    public void A_lost_cursor_loses_no_years_and_counts_nothing_twice()
    {
        var id = Number("a");
        store.Add(id, StartMs, 1);
        store.Flush(10, Start);
        File.WriteAllBytes(Path.Combine(folder, "cursor"), new byte[24]);
        Reopen();
        store.Through.Should().Be(SeriesStore.FromNowOn);
        store.Read(id, Rollup.Hour, StartMs, StartMs + 1000).Should().HaveCount(1);
    }

    [Fact]
    public void A_damaged_name_never_gives_its_values_to_another_series()
    {
        string[] names = ["a", "b", "c"];
        foreach (var (name, i) in names.Select((n, i) => (n, i))) store.Add(Number(name), StartMs, i);
        store.Flush(1, Start);
        var lines = File.ReadAllLines(Path.Combine(folder, "names"));
        lines[1] = lines[1].Replace("\"b\"", "\"x\"", StringComparison.Ordinal);
        File.WriteAllLines(Path.Combine(folder, "names"), [lines[0], lines[1]]); // the last one is lost altogether
        Reopen();
        Number("a").Should().Be(0);
        Number("new").Should().Be(3, "2 has values of another");
        store.Names.From(0, 10, _ => true).Select(n => n.Number).Should().Equal(0, 3);
    }

    [Fact]
    public void When_there_are_too_many_series_one_more_is_refused()
    {
        store.Dispose();
        store = SeriesStore.Open(folder, new SeriesSettings { MostSeries = 2 });
        (Number("a"), Number("b"), Number("c"), Number("a")).Should().Be((0, 1, -1, 0));
    }

    private SeriesStore Open() => SeriesStore.Open(folder, new SeriesSettings());

    private void Reopen()
    {
        store.Dispose();
        store = Open();
    }

    private int Number(string watch) => store.Names.NumberOf(new("fm.carrier.snr_db", Subject.Frequency("4401", 97_800_000), new("GZ-03"), new(watch), Origin.Live, ""));

    private IEnumerable<long> Seconds(int id) => store.Read(id, Rollup.Second, StartMs, StartMs + 3_600_000).Select(r => (r.Ms - StartMs) / 1000);
}
