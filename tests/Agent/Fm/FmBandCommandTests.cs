using System.Text.Json;
using SignalWatch.Tests;
using static SignalWatch.Probe.Tests.Fm.FmProgram;

namespace SignalWatch.Probe.Tests.Fm;

/// <summary>fm/iq/band_98M_2400k through the command: 3 s of a synthetic band with exact truth, three licensed stations, a pirate 2.3 kHz off and a bare carrier.</summary>
public sealed class FmBandCommandTests
{
    private static readonly string Band = Recordings.File("fm", "iq", "band_98M_2400k.sigmf-meta");
    private static readonly string Licences = Recordings.File("fm", "licence", "licences.csv");
    private static readonly Lazy<Task<JsonElement>> Document = new(() => DocumentAsync(Band, "--licences", Licences, "--lang", "en"));

    private static async Task<List<JsonElement>> CarriersAsync() => [.. (await Document.Value).GetProperty("carriers").EnumerateArray()];

    [RecordingFact]
    public async Task Exactly_the_five_signals_of_the_truth_with_their_level_and_frequency()
    {
        using var truth = JsonDocument.Parse(await File.ReadAllTextAsync(Recordings.File("fm", "iq", "band_98M_2400k.truth.json")));
        var stations = truth.RootElement.GetProperty("stations").EnumerateArray().OrderBy(s => s.GetProperty("freq_hz").GetInt64()).ToList();
        var carriers = await CarriersAsync();

        carriers.Select(c => c.GetProperty("frequencyHz").GetInt64()).Should().Equal(stations.Select(s => s.GetProperty("freq_hz").GetInt64()));
        foreach (var (carrier, station) in carriers.Zip(stations))
        {
            carrier.Number("offsetHz").Should().BeApproximately(station.GetProperty("carrier_offset_hz").GetDouble(), 200);
            carrier.Number("levelDbfs").Should().BeApproximately(station.GetProperty("level_dbfs").GetDouble(), 1);
            carrier.Number("levelDbm").Should().BeNull("the receiver is not calibrated");
        }
    }

    [RecordingFact]
    public async Task Licensed_unlicensed_and_bare_carriers_are_told_apart() =>
        (await CarriersAsync()).Select(c => c.Words("status")).Should().Equal("licensed", "unregistered", "licensed", "carrierOnly", "licensed");

    [RecordingFact]
    public async Task Radio_data_are_of_all_three_seconds()
    {
        foreach (var carrier in await CarriersAsync())
        {
            var reference = File.ReadLines(Recordings.File("fm", "iq", $"band_98M_2400k.sigmf-data.{carrier.GetProperty("frequencyHz").GetInt64()}.redsea.json")).Where(l => l.Length > 0).ToList();
            if (reference.Count == 0)
            {
                carrier.Words("rds", "pi").Should().BeNull();
                continue;
            }
            carrier.GetProperty("rds").GetProperty("groups").GetInt32().Should().BeGreaterThanOrEqualTo(reference.Count);
            ("0x" + carrier.Words("rds", "pi")).Should().Be(JsonDocument.Parse(reference[0]).RootElement.GetProperty("pi").GetString());
        }
    }

    [RecordingFact]
    public async Task The_document_says_where_it_comes_from_and_what_was_compared()
    {
        var document = await Document.Value;

        document.GetProperty("source").Words("origin").Should().Be("replay");
        document.GetProperty("durationSeconds").GetDouble().Should().Be(3);
        document.GetProperty("overload").GetBoolean().Should().BeFalse();
        document.Number("noiseFloorDbfsPerHz").Should().BeApproximately(-107.6, 0.5);
        document.GetProperty("register").GetProperty("entries").GetInt32().Should().Be(3);
        document.GetProperty("register").Words("digest").Should().MatchRegex("^[0-9a-f]{64}$");
        document.GetProperty("warnings").EnumerateArray().Select(w => w.Words("code")).Should().Contain("fm.short");
    }

    [RecordingFact]
    public async Task Without_a_register_nobody_is_accused()
    {
        var document = await DocumentAsync(Band, "--duration", "1");

        document.GetProperty("register").ValueKind.Should().Be(JsonValueKind.Null);
        document.GetProperty("carriers").EnumerateArray().Select(c => c.Words("status")).Should().HaveCount(5).And.OnlyContain(s => s == "unknown" || s == "carrierOnly");
        document.GetProperty("warnings").EnumerateArray().Select(w => w.Words("code")).Should().Contain("fm.no-register");
        document.GetProperty("durationSeconds").GetDouble().Should().Be(1);
    }

    [RecordingFact]
    public async Task A_person_reads_the_report_in_Chinese_or_English()
    {
        var (code, chinese, error) = await RunAsync("fm", Band, "--licences", Licences, "--lang", "zh");
        var (_, english, _) = await RunAsync("fm", Band, "--licences", Licences, "--lang", "en");

        code.Should().Be(0, error);
        chinese.Should().Contain("未登记").And.Contain("NPO R1").And.Contain("无调制载波").And.Contain("未校准").And.NotContain("\u001b");
        english.Should().Contain("unregistered").And.Contain("bare carrier").And.Contain("uncalibrated").And.Contain("97.8");
    }

    [RecordingFact]
    public async Task A_station_of_another_area_is_overspill_here_and_overspill_of_another_area_excuses_nobody()
    {
        var csv = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(csv, "frequency_hz,pi,ps,licensee,area,class\n97400000,A203,OE1,ORF,4401,licensed\n97800000,,A,B,4403,overspill\nnonsense,,A,B,44,licensed\n");
            async Task<List<string?>> StatusAsync(params string[] area) =>
                [.. (await DocumentAsync([Band, "--licences", csv, "--duration", "1", .. area])).GetProperty("carriers").EnumerateArray().Take(2).Select(c => c.Words("status"))];

            (await StatusAsync()).Should().Equal("licensed", "overspill");
            (await StatusAsync("--area", "440106")).Should().Equal("licensed", "unregistered");
            (await StatusAsync("--area", "440305")).Should().Equal("overspill", "overspill");
            (await StatusAsync("--area", "44")).Should().Equal("unknown", "unknown");

            var warnings = (await DocumentAsync(Band, "--licences", csv, "--duration", "1", "--lang", "en")).GetProperty("warnings").EnumerateArray().ToList();
            warnings.Select(w => w.Words("code")).Should().Contain(["register.rows", "register.row", "register.every-area"]);
            warnings.Should().Contain(w => w.Words("text")!.Contains("nonsense", StringComparison.Ordinal));
        }
        finally
        {
            File.Delete(csv);
        }
    }
}
