using System.Text.Json;
using SignalWatch.Fm;

namespace SignalWatch.Tests;

/// <summary>fm/mpx and fm/iq: synthetic stations with exact truth (.truth.json), of the noise-free composite at 4 × 228 kHz.</summary>
public sealed class StationRecordingTests
{
    private const float FullScaleHz = 150_000;

    private static (StationReading Reading, JsonElement Truth) Mpx(string name)
    {
        var mpx = RawIq.Wav(Recordings.File("fm", "mpx", name + ".wav"), FullScaleHz);
        var station = StationReceiver.ForMpx(192_000);
        for (var at = 0; at < mpx.Length; at += 1000) station.Process(mpx.AsSpan(at, Math.Min(1000, mpx.Length - at)));
        var reading = station.Read(new Reception(double.NaN, Overload: false, Torn: false, mpx.Length / 192_000.0))!;
        return (reading, Truth(Recordings.File("fm", "mpx", name + ".truth.json")));
    }

    private static JsonElement Truth(string path) => JsonDocument.Parse(File.ReadAllText(path)).RootElement;

    private static double Of(JsonElement truth, string name) => truth.GetProperty(name).GetDouble();

    [RecordingTheory]
    [InlineData("pirate_mono_speech_no_rds_zh", false)]
    [InlineData("programme_ok_75k", false)]
    [InlineData("programme_over_dev_95k", true)]
    [InlineData("programme_weak_rds_noise", false)]
    [InlineData("tone1k_left_only_rds", false)]
    [InlineData("tone400_mono_19k", false)]
    public void A_composite_is_measured_within_the_tolerances_of_the_instrument(string name, bool over)
    {
        var (reading, truth) = Mpx(name);
        reading.PeakDeviationHz.Justified.Should().BeApproximately(Of(truth, "peak_dev_hz"), 2000);
        reading.MpxPowerDbr.Value.Should().BeApproximately(Of(truth, "mpx_power_dbr"), 0.05);
        reading.MpxPowerDbr.IsValid.Should().BeFalse("60 s were not heard");
        reading.PilotDeviationHz.Justified.Should().BeApproximately(Of(truth, "pilot_dev_hz"), 50);
        reading.RdsDeviationHz.Justified.Should().BeApproximately(Of(truth, "rds_peak_dev_hz"), 100);
        reading.RmsDeviationHz.Justified.Should().BeApproximately(Of(truth, "rms_dev_hz"), 100);
        reading.ShareAbove77k.Value.Should().BeApproximately(Of(truth, "share_over_77k"), 2e-4);
        // In 8 s nobody is acquitted.
        reading.OverDeviated.Should().Be(over ? true : null);
        if (Of(truth, "pilot_dev_hz") > 0) reading.PilotHz.Justified.Should().BeApproximately(19_000, 0.05);
        else reading.PilotHz.Value.Should().BeNull();
    }

    [RecordingFact]
    public void A_tone_on_the_left_is_not_heard_on_the_right()
    {
        var (reading, _) = Mpx("tone1k_left_only_rds");
        (reading.LeftDbfs.Value - reading.RightDbfs.Value).Should().BeGreaterThan(45);
        reading.SilenceSeconds.Justified.Should().Be(0);
    }

    [RecordingFact]
    public void A_mono_tone_of_19_kHz_has_its_level_on_both_sides()
    {
        var (reading, _) = Mpx("tone400_mono_19k");
        var expected = 20 * Math.Log10(19.0 / 75) - 10 * Math.Log10(1 + Math.Pow(2 * Math.PI * 400 * 50e-6, 2));
        reading.LeftDbfs.Justified.Should().BeApproximately(expected, 0.05);
        reading.RightDbfs.Justified.Should().Be(reading.LeftDbfs.Value);
    }

    [RecordingTheory]
    [InlineData(97_400_000, false)]
    [InlineData(98_200_000, false)]
    [InlineData(97_800_000, true)]
    [InlineData(98_800_000, null)]
    public void A_station_of_the_band_is_measured_or_said_not_to_be(double hz, bool? over)
    {
        var iq = RawIq.Cu8(Recordings.File("fm", "iq", "band_98M_2400k.sigmf-data"));
        var truth = Truth(Recordings.File("fm", "iq", "band_98M_2400k.truth.json")).GetProperty("stations").EnumerateArray().Single(s => Of(s, "freq_hz") == hz);
        var station = StationReceiver.ForIq(2_400_000, hz - 98_000_000);
        station.Process(iq);
        var reading = station.Read(new Reception(double.NaN, false, false, 3))!;

        // SNR 17 dB: what the noise adds is more than a peak may be wrong by.
        if (over is null) reading.PeakDeviationHz.Should().Match<Measured>(m => m.Justified == null && m.How.En.Contains("noise"));
        else reading.PeakDeviationHz.Justified.Should().BeApproximately(Of(truth, "peak_dev_hz"), 2000);
        reading.OverDeviated.Should().Be(over == true ? true : null);
        reading.RmsDeviationHz.Justified.Should().BeApproximately(Of(truth, "rms_dev_hz"), 200);
        reading.MpxPowerDbr.Value.Should().BeApproximately(Of(truth, "mpx_power_dbr"), 0.2);
        reading.PilotDeviationHz.Justified.Should().BeApproximately(Of(truth, "pilot_dev_hz"), 100);
        reading.RdsDeviationHz.Justified.Should().BeApproximately(Of(truth, "rds_peak_dev_hz"), 150);
    }

    [RecordingFact]
    public void A_station_near_the_noise_keeps_its_pilot_and_its_RDS_and_loses_its_peak()
    {
        var iq = RawIq.Ci16(Recordings.File("fm", "iq", "station_256k_cnr16.sigmf-data"));
        var station = StationReceiver.ForIq(252_000, 0);
        station.Process(iq);
        var reading = station.Read(new Reception(16, false, false, 4))!;
        station.SnrDb.Should().BeApproximately(16, 1);
        station.TakeMeanFrequency().Should().BeApproximately(400, 175);
        reading.PeakDeviationHz.Justified.Should().BeNull();
        reading.PilotDeviationHz.Justified.Should().BeApproximately(6750, 300);
        reading.RdsDeviationHz.Justified.Should().BeApproximately(2500, 300);
        reading.MpxPowerDbr.Value.Should().BeApproximately(2.51, 0.2);
    }
}
