using System.Text;
using SignalWatch.Contracts;
using SignalWatch.Simulation;

namespace SignalWatch.Tests.Simulation;

public sealed class ScenarioTests
{
    private static readonly TimeSpan China = TimeSpan.FromHours(8);

    [Fact]
    public void The_built_in_city_begins_one_minute_before_its_pirate()
    {
        var time = new ManualTime();
        var city = City.BuiltIn(time);
        OnAir(city, city.VirtualNow).Should().NotContain(97_800_000).And.HaveCount(6);
        time.Advance(TimeSpan.FromSeconds(60));
        OnAir(city, city.VirtualNow).Should().Contain(97_800_000).And.HaveCount(7);
    }

    [Theory]
    [InlineData("2026-03-14T18:29:59", false)]
    [InlineData("2026-03-14T18:30:00", true)]
    [InlineData("2026-03-15T00:00:00", true)]
    [InlineData("2026-03-15T05:59:59", true)]
    [InlineData("2026-03-15T06:00:00", false)]
    public void A_window_over_midnight_holds_over_midnight(string at, bool on) =>
        OnAir(City.BuiltIn(new ManualTime()), new DateTimeOffset(DateTime.Parse(at, System.Globalization.CultureInfo.InvariantCulture), China)).Contains(97_800_000).Should().Be(on);

    [Theory]
    [InlineData("18:30:29", false)]
    [InlineData("18:30:30", true)]
    [InlineData("18:30:39", true)]
    [InlineData("18:30:40", false)]
    [InlineData("18:34:30", true)]
    public void A_periodic_window_comes_again(string at, bool losing)
    {
        var when = new DateTimeOffset(new DateTime(2026, 3, 14) + TimeSpan.Parse(at, System.Globalization.CultureInfo.InvariantCulture), China);
        City.BuiltIn(new ManualTime()).TruthAt(when).Services.Single(s => s is { Multiplex: "multiplex", ServiceId: 101 }).Losing.Should().Be(losing);
    }

    [Theory]
    [InlineData("city", "97800000", "97300000")]
    [InlineData("night", "91000000")]
    public void Every_licensed_emitter_of_the_city_is_in_its_register_and_the_others_are_not(string scenario, params string[] unlicensed)
    {
        var rows = File.ReadAllLines(Path.Combine(Checkout.Root, "probe", "Simulation", "scenarios", scenario + "-licences.csv")).Skip(1).Select(l => l.Split(',')).ToArray();
        var emitters = City.BuiltIn(new ManualTime(), scenario).TruthAt(DateTimeOffset.UnixEpoch).Emitters;
        rows.Should().OnlyContain(r => r.Length == 11);
        foreach (var row in rows)
        {
            var emitter = emitters.Single(e => e.FrequencyHz.ToString(System.Globalization.CultureInfo.InvariantCulture) == row[0]);
            (emitter.Pi ?? "").Should().Be(row[1]);
            (emitter.Ps?.TrimEnd() ?? "").Should().Be(row[2]);
        }
        emitters.Select(e => e.FrequencyHz.ToString(System.Globalization.CultureInfo.InvariantCulture)).Except(rows.Select(r => r[0])).Should().BeEquivalentTo(unlicensed);
    }

    [Theory]
    [InlineData("\"speed\": 1,", "\"speed\": 1 \"x\",", 4, 14)]           // not JSON
    [InlineData("\"noise_dbfs\"", "\"noise_dbsf\"", 7, null)]             // an unknown name
    [InlineData("\"style\": \"music\"", "\"style\": \"noise\"", 19, null)] // an unknown word
    [InlineData("\"speed\": 1", "\"speed\": -1", 4, 12)]                  // a value out of range
    [InlineData("\"pi\": \"C102\"", "\"pi\": \"G102\"", 20, 24)]
    [InlineData("\"from\": \"18:30\"", "\"from\": \"06:00\"", 43, 16)]
    [InlineData("\"clock\": \"2026-03-14T18:29:00+08:00\"", "\"clock\": \"tomorrow\"", 3, null)]
    public void What_is_wrong_with_a_scenario_is_told_with_line_and_column(string good, string bad, int line, int? column)
    {
        var text = Built();
        var at = text.IndexOf(good, StringComparison.Ordinal);
        at.Should().BePositive();
        var broken = Encoding.UTF8.GetBytes(text[..at] + bad + text[(at + good.Length)..]);
        var problem = FluentActions.Invoking(() => City.Read(broken, "drill.json", new ManualTime())).Should().Throw<ProblemException>().Which.Problem;
        problem.Code.Should().Be("scenario.invalid");
        problem.Title.En.Should().Contain(column is null ? $"drill.json:{line}:" : $"drill.json:{line}:{column}:");
        problem.Title.Zh.Should().Contain($"drill.json:{line}:");
    }

    [Fact]
    public void A_scenario_cut_anywhere_is_a_problem_and_nothing_else()
    {
        var whole = Encoding.UTF8.GetBytes(Built().TrimEnd());
        for (var length = 0; length < whole.Length; length += 7)
        {
            var cut = whole.AsSpan(0, length).ToArray();
            FluentActions.Invoking(() => City.Read(cut, "drill.json", new ManualTime())).Should().Throw<ProblemException>();
        }
    }

    [Fact]
    public void Unknown_sources_are_named_with_those_that_there_are() =>
        FluentActions.Invoking(() => City.BuiltIn(new ManualTime()).OpenMultiplex("motel")).Should().Throw<ProblemException>().Which.Problem.Detail.En.Should().Contain("multiplex, hotel");

    private static string Built() => File.ReadAllText(Path.Combine(Checkout.Root, "probe", "Simulation", "scenarios", "city.json"));

    private static IEnumerable<long> OnAir(City city, DateTimeOffset at) => city.TruthAt(at).Emitters.Where(e => e.OnAir).Select(e => e.FrequencyHz);
}
