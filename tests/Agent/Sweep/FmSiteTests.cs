using SignalWatch.Contracts;
using SignalWatch.Probe;
using SignalWatch.Probe.Configuration;
using SignalWatch.Probe.Watches;
using SignalWatch.Rules;

namespace SignalWatch.Tests.Probe.Sweep;

public sealed class FmSiteTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("site").FullName;
    private readonly List<Text> said = [];

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData(29.7, true)]
    [InlineData(20.7, false)]
    [InlineData(null, false)]
    public void A_calibration_of_another_gain_does_not_count_and_the_log_says_so(double? gainDb, bool counts)
    {
        var file = Path.Combine(folder, "calibration.json");
        File.WriteAllText(file, """{ "id": "C-1", "calibratedAt": "2026-01-15T00:00:00+08:00", "expiresAt": "2027-01-15T00:00:00+08:00", "receiver": "R", "gainDb": 29.7, "points": [ { "frequencyHz": 98000000, "dbmAtFullScale": -21 } ] }""");
        var mint = new ObservationMint(new ProbeId("GZ-03"), "440106", Language.Chinese);
        var site = new FmSite(folder, mint, null, () => FmRegister.None, new ManualTime(), said.Add);
        var calibration = site.Calibration(new FmBandConfiguration(new("fm"), new("rtl_tcp", "//127.0.0.1:1234")) { CalibrationFile = file, GainDb = gainDb });
        (calibration?.Id).Should().Be(counts ? "C-1" : null);
        if (counts) said.Should().BeEmpty();
        else said.Should().ContainSingle().Which.En.Should().Contain("29.7 dB").And.Contain("not used");
    }
}
