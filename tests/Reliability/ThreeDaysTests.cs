using System.Text.Json;
using SignalWatch.Collector.Journal;
using SignalWatch.Collector.Storage;
using SignalWatch.Collector.Tests;
using SignalWatch.Contracts;
using SignalWatch.Probe;
using SignalWatch.Probe.Spool;
using SignalWatch.Probe.Uplink;
using SignalWatch.Tests;

namespace SignalWatch.Reliability;

/// <summary>A real probe's spool and uplink, a real collector, one virtual clock, and a line between them that is cut for three days.</summary>
public sealed class ThreeDaysTests : IDisposable
{
    private const int Carriers = 3, CutHours = 72;
    private static readonly WatchId Watch = new("fm");

    private readonly string folder = Directory.CreateTempSubdirectory("signalwatch-days-").FullName;
    private readonly ObservationMint mint = new(new ProbeId("GZ-03"), "440106", Language.Chinese);
    private readonly List<Observation> alarms = [], telemetry = [];

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task Cut_off_for_three_days_it_delivers_alarms_first_then_history_none_lost_none_twice_and_what_was_dropped_is_a_gap()
    {
        await using var collector = await RunningCollector.Start();
        var time = collector.Time;
        using var line = new Line(collector.Client);
        using var http = new HttpClient(line);
        // Telemetry has room for a third of what comes.
        var settings = new SpoolFolderSettings { Telemetry = new SpoolSettings { SegmentBytes = 20_000, Capacity = 400_000 } };
        using var spool = new SpoolFolder(folder, settings, time, gap => mint.Gap(gap, time.GetUtcNow()), _ => { });
        var uplink = new ObservationUplink(http, new Uri("http://localhost/"), spool, new DeliverySettings(), time, new Random(1), _ => { }, new ClockOffset());

        await Until(() => Delivered(spool) && alarms.Count >= 5 * Carriers, () => Minute(spool, time));
        (await Wall(collector)).Probe.Online.Should().BeTrue();
        line.IsCut = true;
        var cutAt = time.GetUtcNow();
        await Until(() => time.GetUtcNow() - cutAt >= TimeSpan.FromMinutes(10), () => Minute(spool, time));
        var (probe, shown) = await Wall(collector);
        probe.Online.Should().BeFalse("the wall says that it hears nothing");
        shown.Should().HaveCount(Carriers).And.OnlyContain(a => a.Unknown, "what nobody watches is neither a violation nor none");
        await Until(() => time.GetUtcNow() - cutAt >= TimeSpan.FromHours(CutHours), () => Minute(spool, time));
        line.IsCut = false;
        await Until(() => Delivered(spool), () => time.Advance(TimeSpan.FromSeconds(1)));

        var stored = await Stored(collector, "observation");
        stored.Select(o => o.Id).Should().OnlyHaveUniqueItems();
        stored.Where(o => o.Kind == Vocabulary.FmCarrier.Name).Select(o => o.Id).Should().Equal(alarms.Select(a => a.Id), "all of them, in the order of their time");
        var bands = stored.Where(o => o.Kind == Vocabulary.FmBand.Name).Select(o => o.Id).ToList();
        var gaps = stored.Where(o => o.Kind == Vocabulary.ProbeGap.Name).ToList();
        (bands.Count + gaps.Sum(g => g.Facts["count"].AsNumber)).Should().Be(telemetry.Count, "what was dropped is counted");
        gaps.Should().NotBeEmpty().And.OnlyContain(g => g.Facts["class"].AsText == "telemetry");
        (await Stored(collector, "gap")).Sum(g => g.Facts["count"].AsNumber).Should().Be(gaps.Sum(g => g.Facts["count"].AsNumber), "the collector misses as many numbers as the probe says it dropped");
        var history = stored.Where(o => o.At > cutAt && o.At < cutAt + TimeSpan.FromHours(CutHours)).ToList();
        history.FindLastIndex(o => o.Kind == Vocabulary.FmCarrier.Name).Should().BeLessThan(history.FindIndex(o => o.Kind == Vocabulary.FmBand.Name), "alarms first");

        var kept = telemetry.Where(t => t.At > cutAt).First(t => bands.Contains(t.Id)).At;
        var curve = await Curve(collector, cutAt, time.GetUtcNow());
        curve.Should().NotBeEmpty().And.OnlyContain(t => t >= kept - TimeSpan.FromHours(1), "where the telemetry was dropped the curve has no point, and no line is drawn");

        Observe(spool, time);
        await Until(() => Delivered(spool), () => time.Advance(TimeSpan.FromSeconds(1)));
        (probe, shown) = await Wall(collector);
        probe.Online.Should().BeTrue();
        shown.Should().HaveCount(Carriers).And.OnlyContain(a => a.Active && !a.Unknown, "it is heard again, and goes on");
        using var view = collector.Get<IStore>().OpenView();
        JournalCheck.Run(view).Faults.Should().BeEmpty();

        async Task Until(Func<bool> done, Action meanwhile)
        {
            while (!done())
                if (!await uplink.StepAsync(CancellationToken.None)) meanwhile();
        }
    }

    private static bool Delivered(SpoolFolder spool) => spool.Figures.Entries == 0;

    private void Minute(SpoolFolder spool, ManualTime time)
    {
        Observe(spool, time);
        time.Advance(TimeSpan.FromMinutes(1));
    }

    private void Observe(SpoolFolder spool, ManualTime time)
    {
        for (var carrier = 0; carrier < Carriers; carrier++)
        {
            var hz = 98_000_000L + (100_000 * carrier);
            Keep(alarms, mint.Measured(Watch, Subject.Frequency("440106", hz), Vocabulary.FmCarrier, time.GetUtcNow(), Origin.Live, ("frequency_hz", Fact.Of(hz)), ("on_air", Fact.Of(true)), ("modulated", Fact.Of(true))));
        }
        Keep(telemetry, mint.Measured(Watch, Subject.Watch(mint.Probe, Watch), Vocabulary.FmBand, time.GetUtcNow(), Origin.Live, ("carriers", Fact.Of(Carriers))));
        spool.Flush();

        void Keep(List<Observation> into, Observation observation)
        {
            into.Add(observation);
            spool.Append(observation);
        }
    }

    private static async Task<(ProbeRow Probe, IReadOnlyList<AlarmRow> Alarms)> Wall(RunningCollector collector)
    {
        var wall = await collector.Read<WallSnapshot>("/api/v1/wall");
        return (wall.Probes.Single(), wall.Alarms);
    }

    private static async Task<List<Observation>> Stored(RunningCollector collector, string kind)
    {
        var (all, after) = (new List<Observation>(), 0L);
        while (true)
        {
            var page = await collector.Read<JsonElement>($"/api/v1/journal?limit=5000&after={after}");
            var entries = page.GetProperty("entries");
            if (entries.GetArrayLength() == 0) return all;
            all.AddRange(entries.EnumerateArray().Where(e => e.GetProperty("kind").GetString() == kind).Select(e => e.GetProperty("body").GetProperty("observation").Deserialize<Observation>(WireJson.Options)!));
            after = page.GetProperty("after").GetInt64();
        }
    }

    private static async Task<List<DateTimeOffset>> Curve(RunningCollector collector, DateTimeOffset from, DateTimeOffset to)
    {
        var answer = await collector.Read<JsonElement>($"/api/v1/series?metric=fm.band.carriers&from={Uri.EscapeDataString(from.ToString("O"))}&to={Uri.EscapeDataString(to.ToString("O"))}&points=200");
        return [.. answer.GetProperty("series").EnumerateArray().SelectMany(s => s.GetProperty("t").EnumerateArray()).Select(t => DateTimeOffset.FromUnixTimeMilliseconds(t.GetInt64()))];
    }

    private sealed class Line(HttpClient collector) : HttpMessageHandler
    {
        public bool IsCut { get; set; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (IsCut) throw new HttpRequestException("Connection refused");
            // A request is sent once: this one is made anew for the client behind.
            using var same = new HttpRequestMessage(request.Method, request.RequestUri);
            foreach (var (name, values) in request.Headers) same.Headers.TryAddWithoutValidation(name, values);
            if (request.Content is { } content)
            {
                same.Content = new ByteArrayContent(await content.ReadAsByteArrayAsync(cancellationToken));
                foreach (var (name, values) in content.Headers) same.Content.Headers.TryAddWithoutValidation(name, values);
            }
            return await collector.SendAsync(same, cancellationToken);
        }
    }
}
