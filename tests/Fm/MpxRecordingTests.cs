using SignalWatch.Fm;

namespace SignalWatch.Tests;

/// <summary>The stage from multiplex signal to groups. fm/mpx: synthetic composites that carry groups of real stations, each once through from its beginning.
/// The standard: no fewer groups than redsea's, of the same PI, and none of another one.</summary>
public sealed class MpxRecordingTests
{
    private const double FullScaleHz = 150_000;

    [RecordingTheory]
    [InlineData("programme_ok_75k", 17_574.7, true)]
    [InlineData("programme_over_dev_95k", 22_219.5, true)]
    [InlineData("programme_weak_rds_noise", null, true)]
    [InlineData("tone1k_left_only_rds", 29_631.7, true)]
    [InlineData("pirate_mono_speech_no_rds_zh", 17_055.3, false)]
    [InlineData("tone400_mono_19k", 13_435.0, false)]
    public void Groups_pilot_and_deviation_of_a_composite(string name, double? deviationRmsHz, bool pilot)
    {
        var mpx = RawIq.Wav(Recordings.File("fm", "mpx", name + ".wav"), (float)FullScaleHz);
        var decoder = new MpxDecoder(192_000, tap: null);
        for (var at = 0; at < mpx.Length; at += 1000) decoder.Process(mpx.AsSpan(at, Math.Min(1000, mpx.Length - at)));

        var measured = decoder.Read(new ChannelFilter(double.PositiveInfinity, new("无", "none")), new Reception(double.NaN, false, false, 1))!;
        measured.Stereo.Should().Be(pilot);
        if (deviationRmsHz is { } rms) measured.RmsDeviationHz.Value.Should().BeInRange(0.97 * rms, 1.03 * rms);
        var expected = Redsea.Groups(Recordings.File("fm", "mpx", name + ".wav.redsea.json"));
        decoder.Station.Groups.Should().BeGreaterThanOrEqualTo(expected.Count);
        if (expected.Count == 0) decoder.Station.Pi.Should().BeNull();
        else decoder.Station.Pi.Should().Be(expected[^1].Pi); // programme_ok_75k changes from A203 to A201 half-way
    }
}
