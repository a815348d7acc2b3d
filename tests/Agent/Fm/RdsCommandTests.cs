using System.Text.Json;
using SignalWatch.Tests;
using static SignalWatch.Probe.Tests.Fm.FmProgram;

namespace SignalWatch.Probe.Tests.Fm;

/// <summary><c>probe rds</c> on logs of real stations, on IQ and on nothing.</summary>
public sealed class RdsCommandTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("rds-command").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private string Save(string name, string text)
    {
        var path = Path.Combine(folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    [RecordingTheory]
    [InlineData("Poland_3ABC_-_2019-05-04_22-36-23.spy")]
    [InlineData("Finland_6403_-_2018-09-05_15-15-59_FI_HE_YLESUOMI.rds")]
    public async Task Groups_of_a_log_are_its_groups(string log)
    {
        var path = Recordings.File("fm", "rds_logs", log);
        var expected = File.ReadLines(path).Where(l => l.Length > 18 && l[0] is not ('<' or '%')).Select(l => l[..19]).Where(g => g != "---- ---- ---- ----");

        var (code, text, error) = await RunAsync("rds", path, "--groups");

        code.Should().Be(0, error);
        Lines(text).Should().Equal(expected);
    }

    [RecordingFact]
    public async Task Each_group_is_an_object_with_the_names_that_redsea_made_usual()
    {
        var path = Recordings.File("fm", "rds_logs", "Poland_3ABC_-_2019-05-04_22-36-23.spy");
        var redsea = File.ReadLines(path + ".redsea.json").Where(l => l.Length > 0).Select(l => JsonDocument.Parse(l).RootElement).ToList();

        var (_, text, _) = await RunAsync("rds", path, "--json");
        var ours = Lines(text).Select(l => JsonDocument.Parse(l).RootElement).ToList();

        string? Of(JsonElement group, string name) => group.TryGetProperty(name, out var value) ? value.ToString() : null;
        (string?, string?, string?, string?) Facts(JsonElement group) => (Of(group, "pi"), Of(group, "group"), Of(group, "prog_type"), Of(group, "tp"));
        // redsea passes over groups before it knows the PI; what it has, we have.
        var counts = ours.GroupBy(Facts).ToDictionary(g => g.Key, g => g.Count());
        redsea.GroupBy(Facts).Where(g => counts.GetValueOrDefault(g.Key) < g.Count()).Select(g => g.Key).Should().BeEmpty();
        ours.Select(g => Of(g, "ps")).OfType<string>().Should().Contain(redsea.Select(g => Of(g, "ps")).OfType<string>().First());
    }

    [RecordingFact]
    public async Task The_report_tells_who_the_station_says_it_is()
    {
        var (code, text, error) = await RunAsync("rds", Recordings.File("fm", "rds_logs", "Poland_3ABC_-_2019-05-04_22-36-23.spy"), "--lang", "en");

        code.Should().Be(0, error);
        text.Should().Contain("3ABC").And.Contain("2019-05-04 22:36:19").And.Contain("0A ").And.Contain("PTY").And.NotContain("\u001b");
    }

    [RecordingFact]
    public async Task No_fewer_groups_of_a_noisy_station_than_redsea_found()
    {
        var reference = File.ReadLines(Recordings.File("fm", "iq", "station_256k_cnr16.sigmf-data.redsea.json")).Count(l => l.Length > 0);

        var (code, text, error) = await RunAsync("rds", Recordings.File("fm", "iq", "station_256k_cnr16"), "--groups");

        code.Should().Be(0, error);
        Lines(text).Should().HaveCountGreaterThanOrEqualTo(reference).And.OnlyContain(l => l.Length == 19 && l != "---- ---- ---- ----");
        Lines(text).Select(l => l[..4]).Should().OnlyContain(pi => pi == "2205" || pi == "----");
    }

    [RecordingTheory]
    [InlineData("97.4M", "A203")]
    [InlineData("98.2M", "8201")]
    [InlineData("98800000", "F201")]
    [InlineData(null, "A203")]
    public async Task A_station_of_a_band_is_chosen_by_its_frequency_or_is_the_strongest(string? frequency, string pi)
    {
        string[] chosen = frequency is null ? [] : ["--frequency", frequency];
        var (code, text, error) = await RunAsync(["rds", Recordings.File("fm", "iq", "band_98M_2400k.sigmf-meta"), "--groups", "--lang", "en", .. chosen]);

        code.Should().Be(0, error);
        Lines(text).Should().HaveCountGreaterThan(30);
        Lines(text).Select(l => l[..4]).Where(p => p != "----").Should().OnlyContain(p => p == pi);
        if (frequency is null) error.Should().Contain("the strongest is taken, 97.4 MHz");
    }

    [RecordingFact]
    public async Task A_station_without_radio_data_is_no_failure()
    {
        var (code, text, error) = await RunAsync("rds", Recordings.File("fm", "mpx", "tone400_mono_19k.wav"), "--groups", "--lang", "en");

        code.Should().Be(0);
        text.Should().BeEmpty();
        error.Should().Contain("There is no RDS");
    }

    [Fact]
    public async Task Lines_that_are_no_groups_are_counted_and_lost_blocks_stay_lost()
    {
        var (code, text, error) = await RunAsync("rds", Save("log.txt", "<recorder=\"RDS Spy\">\r\nhello\r\n3ABC ---- 6573 3401 @2019/05/04 22:36:19.09\r\n---- ---- ---- ----\r\n12G4 0000 0000 0000\r\n"), "--groups", "--lang", "en");

        code.Should().Be(0, error);
        text.Trim().Should().Be("3ABC ---- 6573 3401");
        error.Should().Contain("2 lines are no groups");
    }

    [Fact]
    public async Task Two_forms_at_once_and_a_frequency_of_a_log_are_wrong_usage()
    {
        var log = Save("log.spy", "3ABC E751 6573 3401\n");

        (await RunAsync("rds", log, "--groups", "--json")).Code.Should().Be(2);
        (await RunAsync("rds", log, "--frequency", "98.2M")).Code.Should().Be(2);
        (await RunAsync("rds", Path.Combine(folder, "nowhere.spy"))).Code.Should().Be(1);
    }

    // Made of European stations, whose PI are call signs by the American rule all the same: 8201h − 54A8h = 17 · 26² + 4 · 26 + 13, W-R-E-N (NRSC-4-B §D.7).
    [RecordingTheory]
    [InlineData("mpx/tone1k_left_only_rds.wav", null)]
    [InlineData("iq/band_98M_2400k.sigmf-meta", "98.2M")]
    [InlineData("rds_logs/Netherlands_8201_-_2019-05-04_23-11-49.spy", null)]
    public async Task A_call_sign_comes_with_the_American_rules_from_every_kind_of_source(string source, string? frequency)
    {
        string[] command = ["rds", Recordings.File(["fm", .. source.Split('/')]), "--lang", "en", .. frequency is null ? Array.Empty<string>() : ["--frequency", frequency]];
        (await RunAsync([.. command, "--rbds"])).Out.Should().Contain("8201  WREN");
        (await RunAsync(command)).Out.Should().Contain("8201").And.NotContain("WREN");
    }
}
