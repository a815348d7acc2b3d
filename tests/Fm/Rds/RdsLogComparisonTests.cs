using System.Globalization;
using System.Text.Json;
using SignalWatch.Fm;
using SignalWatch.Fm.Rds;

namespace SignalWatch.Tests;

/// <summary>Each of the 47 logs beside what redsea 1.3.1 made of it, group by group. Values are compared as sets: redsea gives out a value with each group that touches it,
/// we likewise, but which group that is differs where blocks are lost.</summary>
public sealed class RdsLogComparisonTests
{
    // redsea takes a text without an end for whole after three passes; where the rest was only lost, half a text comes out. We wait for eight.
    private static readonly string[] CutShort =
    [
        "Nächste Sendung: Tipps für Ö1 Cl", "NEJVETSI HUDEBNI", "NEJVETSI HUD", " R-PLUS          R-P", "Radio Su", "Radi", "Body", "Body / L", "Rudzki budÌ¼et obywatels", "Majo",
    ];

    // Received with wrong blocks by RDS Spy, contradicted by every other pass; redsea keeps the older characters.
    private static readonly string[] Damaged = [" R-PLUS          R-PLUS          R-PLUS       Í¤ R-PLUS", "KI_π FM BUCURESTI 96.1"];

    private sealed record Log(string Name, bool American, List<RdsGroupReading> Ours, RdsStation Station, HashSet<string> Names, List<JsonElement> Theirs)
    {
        public IEnumerable<JsonElement> All(string property)
        {
            foreach (var group in Theirs)
                if (group.TryGetProperty(property, out var value)) yield return value;
        }

        public IEnumerable<string> Strings(string property) => All(property).Select(v => v.GetString()!);
    }

    private static readonly Lazy<List<Log>> Logs = new(() => [.. RdsLogs.All().Select(Load)]);

    private static Log Load(string log)
    {
        var station = new RdsStation(RdsLogs.IsAmerican(log));
        var (ours, names) = (new List<RdsGroupReading>(), new HashSet<string>());
        foreach (var (group, _) in RdsLogs.Read(log).Groups)
        {
            ours.Add(station.Accept(group));
            if (station.Ps is { } name) names.Add(name);
        }
        return new Log(RdsLogs.Name(log), RdsLogs.IsAmerican(log), ours, station, names, [.. File.ReadLines(log + ".redsea.json").Where(l => l.Length > 0).Select(l => JsonDocument.Parse(l).RootElement)]);
    }

    [RecordingFact]
    public void All_logs_are_there() => Logs.Value.Should().HaveCount(47);

    [RecordingFact]
    public void Pi_is_the_one_that_redsea_gives_most()
    {
        foreach (var log in Logs.Value)
            $"0x{log.Station.Pi:X4}".Should().Be(log.Strings("pi").GroupBy(p => p).MaxBy(g => g.Count())!.Key, log.Name);
    }

    [RecordingFact]
    public void Every_confirmed_name_is_one_of_redseas_and_its_usual_names_are_confirmed()
    {
        foreach (var log in Logs.Value)
        {
            var theirs = log.Strings("ps").GroupBy(p => p).ToDictionary(g => g.Key, g => g.Count());
            log.Names.Should().BeSubsetOf(theirs.Keys, log.Name);
            // A name that is sent for a tenth of the time is not confirmed by chance; mixtures of two names are rarer.
            theirs.Where(n => n.Value > 12 && n.Value > theirs.Values.Sum() / 10).Select(n => n.Key).Should().BeSubsetOf(log.Names, log.Name);
        }
    }

    [RecordingFact]
    public void Every_radio_text_of_redsea_is_received()
    {
        foreach (var log in Logs.Value)
        {
            var ours = log.Ours.Where(g => g.RadioText is not null).Select(g => g.RadioText!).ToHashSet();
            log.Strings("radiotext").Select(t => t.TrimEnd()).Except(CutShort).Except(Damaged).Should().BeSubsetOf(ours, log.Name);
        }
    }

    [RecordingFact]
    public void Programme_types_are_equal()
    {
        foreach (var log in Logs.Value)
        {
            // redsea passes over the second group of two without block A: what was heard in one group alone may be missing there.
            var ours = log.Ours.Where(g => g.ProgrammeType is not null).GroupBy(g => RdsCodes.ProgrammeType(g.ProgrammeType!.Value, log.American).En).ToDictionary(g => g.Key, g => g.Count());
            var theirs = log.Strings("prog_type").ToHashSet();
            theirs.Should().BeSubsetOf(ours.Keys, log.Name);
            ours.Where(p => p.Value > 1).Select(p => p.Key).Should().BeSubsetOf(theirs, log.Name);
            log.Ours.Where(g => g.ProgrammeTypeName is not null).Select(g => g.ProgrammeTypeName!.Trim()).Distinct()
                .Should().BeEquivalentTo(log.Strings("pty_name").Select(n => n.Trim()).Distinct(), log.Name);
        }
    }

    [RecordingFact]
    public void Clocks_are_equal()
    {
        foreach (var log in Logs.Value)
        {
            var ours = log.Ours.Where(g => g.ClockTime is not null).Select(g => g.ClockTime!.Value).ToHashSet();
            log.Strings("clock_time").Select(t => DateTimeOffset.Parse(t, CultureInfo.InvariantCulture)).Should().BeSubsetOf(ours, log.Name);
            // Again the group after one without block A, which redsea passes over.
            ours.Except(log.Strings("clock_time").Select(t => DateTimeOffset.Parse(t, CultureInfo.InvariantCulture))).Count().Should().BeLessThanOrEqualTo(1, log.Name);
        }
    }

    [RecordingFact]
    public void Alternative_frequencies_are_redseas()
    {
        foreach (var log in Logs.Value)
        {
            // redsea counts on through lost pairs, and gives out lists with frequencies twice; its frequencies are the same all the same.
            var theirs = Frequencies(log).GroupBy(f => f).Where(g => g.Count() > 1).Select(g => 1000 * g.Key).ToHashSet();
            theirs.Should().BeSubsetOf(log.Station.Reading(0).AlternativeFrequenciesHz, log.Name);
            var lists = log.All("alt_frequencies_a").Select(v => string.Join(' ', v.EnumerateArray().Select(f => f.GetInt64()))).GroupBy(l => l).Where(g => g.Count() >= 5).Select(g => g.Key);
            var ours = log.Ours.Where(g => g.AlternativeFrequenciesHz is not null).Select(g => string.Join(' ', g.AlternativeFrequenciesHz!.Select(f => f / 1000))).ToHashSet();
            lists.Should().BeSubsetOf(ours, log.Name);
        }
    }

    private static IEnumerable<long> Frequencies(Log log) => log.All("alt_frequencies_a").SelectMany(v => v.EnumerateArray().Select(f => f.GetInt64()))
        .Concat(log.All("alt_frequencies_b").SelectMany(b => List(b, "same_programme").Concat(List(b, "regional_variants")).Append(b.GetProperty("tuned_frequency").GetInt64())));

    private static IEnumerable<long> List(JsonElement element, string name) => element.TryGetProperty(name, out var list) ? list.EnumerateArray().Select(f => f.GetInt64()) : [];

    [RecordingFact]
    public void Call_signs_countries_and_applications_are_equal()
    {
        foreach (var log in Logs.Value)
        {
            var reading = log.Station.Reading(0);
            reading.CallSign.Should().Be(log.Strings("callsign").Concat(log.Strings("callsign_uncertain")).FirstOrDefault(), log.Name);
            var countries = log.Strings("country").ToHashSet();
            if (reading.Country is { } country) countries.Should().Contain(country.ToLowerInvariant(), log.Name);
            log.Ours.Where(g => g.Application is not null).Select(g => g.Application!.GroupType).Distinct()
                .Should().BeEquivalentTo(log.All("open_data_app").Select(a => a.TryGetProperty("oda_group", out var type) ? type.GetString() : null).Distinct(), log.Name);
        }
    }

    [RecordingFact]
    public void Tags_of_radio_text_plus_are_redseas()
    {
        foreach (var log in Logs.Value)
        {
            var theirs = log.All("radiotext_plus").SelectMany(p => p.TryGetProperty("tags", out var tags) ? tags.EnumerateArray() : default(JsonElement.ArrayEnumerator))
                .Select(t => $"{t.GetProperty("content-type").GetString()}={t.GetProperty("data").GetString()!.TrimEnd()}");
            var ours = log.Ours.Where(g => g.RadioTextPlus is not null).SelectMany(g => g.RadioTextPlus!.Tags).Select(t => $"{t.ContentType}={t.Text.TrimEnd()}");
            theirs.Should().BeSubsetOf(ours, log.Name);
        }
    }

    [RecordingFact]
    public void The_traffic_message_channel_of_a_german_station_announces_itself()
    {
        var tmc = Logs.Value.Single(l => l.Name == "Germany_D395").Station.Reading(0).Tmc!;
        tmc.LocationTable.Should().Be(1);
        tmc.IsEncrypted.Should().BeFalse();
        tmc.Messages.Should().BeGreaterThan(1000);
    }
}
