using System.Diagnostics;
using SignalWatch.Collector.Series;
using SignalWatch.Collector.Series.Storage;
using SignalWatch.Contracts;

namespace SignalWatch.Bench;

/// <summary>Series without the collector around them: 200 probes, 25 carriers, 20 numbers each, a value a second: 100,000 curves. Then what a picture of a day and of a month costs.</summary>
internal static class SeriesBench
{
    private const int Probes = 200, Carriers = 25, Numbers = 20, Seconds = 60;
    private static readonly DateTimeOffset Start = new(2026, 3, 14, 14, 0, 0, TimeSpan.Zero);

    internal static IEnumerable<BenchLine> Run()
    {
        var folder = Directory.CreateTempSubdirectory("signalwatch-bench-").FullName;
        try
        {
            return [.. Taking(Path.Combine(folder, "taking")), .. Reading(Path.Combine(folder, "reading"))];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static IEnumerable<BenchLine> Taking(string folder)
    {
        var settings = new SeriesSettings();
        using var store = SeriesStore.Open(folder, settings);
        var intake = new SeriesIntake(settings);
        var random = new Random(1);
        var names = Vocabulary.FmCarrier.Facts.Where(f => f.IsSeries).Take(Numbers).Select(f => f.Name).ToArray();
        var observations = Enumerable.Range(0, Probes * Carriers).Select(i => Carrier(i, names, random)).ToArray();
        var (taking, flushing, flushes) = (TimeSpan.Zero, TimeSpan.Zero, 0);
        for (var second = 0; second < Seconds; second++)
        {
            var now = Start.AddSeconds(second);
            for (var i = 0; i < observations.Length; i++)
            {
                if (i % 97 == second % 97) observations[i] = Carrier(i, names, random); // the values move
                var started = Stopwatch.GetTimestamp();
                var observation = observations[i] with { At = now };
                if (!intake.Add(observation, now, TimeSpan.Zero, store))
                {
                    taking += Stopwatch.GetElapsedTime(started);
                    started = Stopwatch.GetTimestamp();
                    store.Flush(second, now);
                    flushing += Stopwatch.GetElapsedTime(started);
                    flushes++;
                    started = Stopwatch.GetTimestamp();
                    intake.Add(observation, now, TimeSpan.Zero, store);
                }
                taking += Stopwatch.GetElapsedTime(started);
            }
        }
        var last = Stopwatch.GetTimestamp();
        store.Flush(Seconds, Start.AddSeconds(Seconds));
        flushing += Stopwatch.GetElapsedTime(last);
        var observed = Probes * Carriers * Seconds;
        yield return new($"series, taking an observation of {Numbers} numbers", Math.Round(taking.TotalMicroseconds / observed, 2), "µs");
        yield return new("series, writing, at 5,000 observations/s", Math.Round(flushing.TotalSeconds / Seconds, 3), "cores");
        yield return new($"series, longest pause of taking ({flushes + 1} flushes)", Math.Round(flushing.TotalSeconds / (flushes + 1), 2), "s");
    }

    private static IEnumerable<BenchLine> Reading(string folder)
    {
        using var store = SeriesStore.Open(folder, new SeriesSettings());
        var random = new Random(2);
        var ids = Enumerable.Range(0, 100).Select(i => store.Names.NumberOf(new("fm.carrier.snr_db", Subject.Frequency("4401", i), new("GZ-01"), new("fm"), Origin.Live, ""))).ToArray();
        var level = new double[ids.Length];
        for (var second = 0; second < 86_400; second++)
        {
            for (var i = 0; i < ids.Length; i++) store.Add(ids[i], Start.AddSeconds(second).ToUnixTimeMilliseconds(), Math.Round(30 + (level[i] = (level[i] * 0.99) + random.NextDouble() - 0.5), 2));
            if (second % 300 == 299) store.Flush(second, Start.AddSeconds(second));
        }
        while (store.Maintain(Start.AddDays(1))) { }
        var size = store.Bytes();
        yield return new("series, a day of 1 s with its roll-ups, levels of 0.01 dB", Math.Round((double)size / (ids.Length * 86_400), 2), "B/value");
        yield return new("series, a day at 1 s of one curve, 17,280 of 5 s drawn", Milliseconds(() => Picture(store, ids[7], TimeSpan.FromDays(1), 20_000)), "ms");
        yield return new("series, the same from 1 min, 1,440 drawn", Milliseconds(() => Picture(store, ids[7], TimeSpan.FromDays(1), 1_500)), "ms");
        for (var minute = 0; minute < 30 * 1440; minute++)
        {
            foreach (var id in ids) store.Add(id, Start.AddMinutes(minute).ToUnixTimeMilliseconds() + 86_400_000, Math.Round(random.NextDouble() * 60, 2));
            if (minute % 60 == 59) store.Flush(86_400 + minute, Start.AddDays(1).AddMinutes(minute));
        }
        while (store.Maintain(Start.AddDays(31))) { }
        yield return new("series, a month at 1 min of one curve, 43,200 read", Milliseconds(() => store.Read(ids[7], Rollup.Minute, Start.AddDays(1).ToUnixTimeMilliseconds(), Start.AddDays(31).ToUnixTimeMilliseconds()).Count), "ms");
    }

    private static int Picture(SeriesStore store, int id, TimeSpan range, int points)
    {
        var (from, to) = (Start.ToUnixTimeMilliseconds(), (Start + range).ToUnixTimeMilliseconds());
        var (step, rollup) = SeriesQuery.Plan(from, to, points, _ => true);
        return SeriesQuery.Read(store, id, new("", default, default, default, Origin.Live, ""), from, to, step, rollup).T.Length;
    }

    private static double Milliseconds(Func<int> work)
    {
        work();
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < 5; i++) work();
        return Math.Round(Stopwatch.GetElapsedTime(started).TotalMilliseconds / 5, 1);
    }

    private static Observation Carrier(int i, string[] names, Random random) => new()
    {
        Id = Guid.Empty,
        Probe = new($"GZ-{i / Carriers:000}"),
        Watch = new("fm"),
        Subject = Subject.Frequency("4401", 88_000_000 + (i % Carriers * 800_000)),
        Kind = Vocabulary.FmCarrier.Name,
        At = Start,
        Facts = names.ToDictionary(n => n, _ => Fact.Of(random.NextDouble() * 50)),
    };
}
