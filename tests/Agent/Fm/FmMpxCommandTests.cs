using System.Text.Json;
using SignalWatch.Tests;
using static SignalWatch.Probe.Tests.Fm.FmProgram;

namespace SignalWatch.Probe.Tests.Fm;

/// <summary>fm/mpx through the command: six composites with exact truth beside them.</summary>
public sealed class FmMpxCommandTests
{
    [RecordingTheory]
    [InlineData("programme_ok_75k", false)]
    [InlineData("programme_over_dev_95k", true)]
    [InlineData("programme_weak_rds_noise", false)]
    [InlineData("tone1k_left_only_rds", false)]
    [InlineData("tone400_mono_19k", false)]
    [InlineData("pirate_mono_speech_no_rds_zh", false)]
    public async Task Deviation_power_pilot_and_radio_data_are_those_of_the_truth(string name, bool overDeviated)
    {
        using var file = JsonDocument.Parse(await File.ReadAllTextAsync(Recordings.File("fm", "mpx", name + ".truth.json")));
        var truth = file.RootElement;
        var document = await DocumentAsync(Recordings.File("fm", "mpx", name + ".wav"));
        var station = document.GetProperty("carriers").EnumerateArray().Should().ContainSingle().Which;

        document.GetProperty("source").Words("kind").Should().Be("mpx");
        document.GetProperty("durationSeconds").GetDouble().Should().Be(truth.GetProperty("seconds").GetDouble());
        station.Number("frequencyHz").Should().BeNull();
        station.Number("levelDbfs").Should().BeNull();
        station.Number("filterHz").Should().BeNull("no filter was between");
        station.Number("deviation", "peakHz").Should().BeApproximately(truth.GetProperty("peak_dev_hz").GetDouble(), 2000);
        station.Number("mpxPowerDbr").Should().BeApproximately(truth.GetProperty("mpx_power_dbr").GetDouble(), 0.2);
        station.Number("pilotHz").Should().BeApproximately(truth.GetProperty("pilot_dev_hz").GetDouble(), 300);
        station.GetProperty("stereo").GetBoolean().Should().Be(truth.GetProperty("pilot_dev_hz").GetDouble() > 0);
        (station.Number("rds", "deviationHz") ?? 0).Should().BeApproximately(truth.GetProperty("rds_peak_dev_hz").GetDouble(), 300);
        var exceeds = station.GetProperty("deviation").GetProperty("exceeds");
        (exceeds.ValueKind == JsonValueKind.True).Should().Be(overDeviated);
    }

    [RecordingFact]
    public async Task Left_alone_is_on_the_left_alone()
    {
        var station = (await DocumentAsync(Recordings.File("fm", "mpx", "tone1k_left_only_rds.wav"))).GetProperty("carriers")[0];

        station.Number("audio", "leftDbfs").Should().BeGreaterThan(-3);
        (station.Number("audio", "leftDbfs") - station.Number("audio", "rightDbfs")).Should().BeGreaterThan(35);
        station.Number("audio", "silenceSeconds").Should().Be(0);
    }

    [RecordingFact]
    public async Task A_multiplex_has_no_frequency_to_compare_or_to_choose()
    {
        var file = Recordings.File("fm", "mpx", "tone400_mono_19k.wav");

        (await RunAsync("fm", file, "--licences", Recordings.File("fm", "licence", "licences.csv"))).Code.Should().Be(2);
        (await RunAsync("rds", file, "--frequency", "98.2M")).Code.Should().Be(2);
    }

    [RecordingFact]
    public async Task The_full_scale_is_the_persons()
    {
        var station = (await DocumentAsync(Recordings.File("fm", "mpx", "tone400_mono_19k.wav"), "--full-scale", "75k", "--duration", "2")).GetProperty("carriers")[0];

        station.Number("deviation", "peakHz").Should().BeApproximately(9_506, 100);
    }
}
