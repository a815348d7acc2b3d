using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using SignalWatch.Collector.Series.Influx;
using SignalWatch.Collector.Series.Storage;
using SignalWatch.Contracts;

namespace SignalWatch.Collector.Series;

/// <summary>A series that there is.</summary>
/// <param name="Number">Its number, for the next page.</param>
/// <param name="Metric">Kind of observation and fact.</param>
/// <param name="Unit">Of its values.</param>
/// <param name="Title">For people.</param>
/// <param name="Subject">About what.</param>
/// <param name="Probe">Who measures.</param>
/// <param name="Watch">With which watch.</param>
/// <param name="Origin">Live, replay or simulated.</param>
/// <param name="Apart">What tells it from others of its subject; absent where nothing does.</param>
internal sealed record SeriesName(int Number, string Metric, string Unit, Text Title, Subject Subject, ProbeId Probe, WatchId Watch, Origin Origin, string? Apart);

/// <summary>A page of names.</summary>
/// <param name="Series">In order of their numbers.</param>
/// <param name="After">Ask for the next page with this number.</param>
/// <param name="Total">How many series there are in all.</param>
internal sealed record SeriesNamePage(IReadOnlyList<SeriesName> Series, int After, int Total);

/// <summary>Levels, rates, qualities and counts over time.</summary>
internal static class SeriesEndpoints
{
    private const int MostNames = 1_000;
    private const int MostCurves = 32;
    private const int MostPoints = 20_000;
    private const int MostCells = 5_000_000; // of all curves of an answer together, as they are read: a request must not take the memory
    private const int UsualPoints = 1_000;
    private static readonly TimeSpan UsualRange = TimeSpan.FromHours(1);
    private static readonly TimeSpan MostRange = TimeSpan.FromDays(40_000);

    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/v1/series").WithTags("series");
        group.MapGet("", Read).WithName("readSeries")
            .WithSummary("Curves of a metric, as arrays: the least step of 1 s, 2 s, 5 s … 1 day that gives at most points buckets. Without from and to the last hour; origin is live where it is not named.")
            .WithDescription("Example: /api/v1/series?metric=fm.carrier.snr_db&subject=frequency:440106/97800000&from=2026-03-14T22:00:00%2B08:00&points=600")
            .ProducesProblem(400).ProducesProblem(404).ProducesProblem(503);
        group.MapGet("/names", Names).WithName("listSeries").WithSummary("The series that there are, page by page; metric may end with * for all that begin so.").ProducesProblem(400).ProducesProblem(503);
        group.MapGet("/outputs", ([FromServices] InfluxOutputs outputs) => TypedResults.Ok(outputs.Status)).WithName("getSeriesOutputs")
            .WithSummary("The servers that get the series too: how far each is, what it said last.");
    }

    private static Ok<SeriesNamePage> Names([FromServices] SeriesRecorder recorder, string? metric = null, string? subject = null, string? probe = null, int after = -1, int limit = 200)
    {
        if (limit is < 1 or > MostNames) throw new ProblemException(Texts.BadRequest($"limit={limit}: 1 to {MostNames}"));
        var names = StoreOf(recorder).Names;
        var wanted = ParseSubject(subject);
        var found = names.From(after < 0 ? 0 : after == int.MaxValue ? after : after + 1, limit, key => (metric is null || Fits(key.Metric, metric)) && (wanted is null || key.Subject == wanted) && (probe is null || key.Probe.Value == probe));
        return TypedResults.Ok(new SeriesNamePage([.. found.Select(f => Name(f.Number, f.Key))], found.Count > 0 ? found[^1].Number : Math.Max(after, -1), names.Count));
    }

    private static Ok<SeriesAnswer> Read([FromServices] SeriesRecorder recorder, [FromServices] CollectorOptions options, [FromServices] TimeProvider time, string? metric = null, string? subject = null,
        string? probe = null, string? watch = null, string origin = "live", DateTimeOffset? from = null, DateTimeOffset? to = null, int points = UsualPoints)
    {
        if (points is < 2 or > MostPoints) throw new ProblemException(Texts.BadRequest($"points={points}: 2 to {MostPoints}"));
        if (metric is null) throw new ProblemException(Texts.BadRequest("metric=KIND.FACT"));
        if (MetricGroup.Find(metric) is not { } known) throw new ProblemException(SeriesTexts.NoSuchMetric(metric));
        var source = origin switch { "live" => Origin.Live, "replay" => Origin.Replay, "simulated" => Origin.Simulated, _ => throw new ProblemException(Texts.BadRequest($"origin={origin}: live, replay or simulated")) };
        var now = time.GetUtcNow();
        var end = to ?? now;
        var begin = from ?? (end - DateTimeOffset.MinValue > UsualRange ? end - UsualRange : end);
        if (begin >= end) throw new ProblemException(SeriesTexts.BadRange("from >= to"));
        if (end - begin > MostRange) throw new ProblemException(SeriesTexts.BadRange($"to - from > {MostRange.TotalDays} d"));
        var (store, wanted) = (StoreOf(recorder), ParseSubject(subject));
        var found = store.Names.From(0, MostCurves + 1, key => key.Metric == metric && key.Origin == source && (wanted is null || key.Subject == wanted)
            && (probe is null || key.Probe.Value == probe) && (watch is null || key.Watch.Value == watch));
        var (fromMs, toMs) = (begin.ToUnixTimeMilliseconds(), end.ToUnixTimeMilliseconds());
        var (stepMs, rollup) = SeriesQuery.Plan(fromMs, toMs, points, r => begin >= now - options.Series.Keep[r.Index]);
        var curves = new List<SeriesCurve>();
        foreach (var (number, key) in found.Take(MostCurves))
        {
            // The range bounds a curve's cells; the curves of an answer together are bounded here.
            if (curves.Count > 0 && (toMs - fromMs) / rollup.StepMs * (curves.Count + 1) > MostCells) break;
            curves.Add(SeriesQuery.Read(store, number, key, fromMs, toMs, stepMs, rollup));
        }
        return TypedResults.Ok(new SeriesAnswer(known.Name, known.Unit, known.Title, stepMs / 1000, rollup.Name, begin.ToUniversalTime(), end.ToUniversalTime(), curves, found.Count > curves.Count));
    }

    private static SeriesStore StoreOf(SeriesRecorder recorder) => recorder.Store ?? throw new ProblemException(SeriesTexts.Unavailable());

    private static bool Fits(string metric, string pattern) => pattern.EndsWith('*') ? metric.StartsWith(pattern[..^1], StringComparison.Ordinal) : metric == pattern;

    private static Subject? ParseSubject(string? text) => text is null ? null : Subject.TryParse(text, out var subject) ? subject : throw new ProblemException(Texts.BadRequest($"subject={text}: kind:key"));

    private static SeriesName Name(int number, in SeriesKey key)
    {
        var metric = MetricGroup.Find(key.Metric); // null for a metric that a newer version knew
        return new(number, key.Metric, metric?.Unit ?? "", metric?.Title ?? new(key.Metric, key.Metric), key.Subject, key.Probe, key.Watch, key.Origin, key.Apart.Length > 0 ? key.Apart : null);
    }
}
