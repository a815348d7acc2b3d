using SignalWatch.Contracts;
using SignalWatch.Hardware.Iq;

namespace SignalWatch.Tests;

/// <summary>Calibrations: what they say of levels, where they say nothing, and what is told of bad ones.</summary>
public sealed class ReceiverCalibrationTests : IDisposable
{
    private const string Good = """
        {
          // made against a signal generator
          "id": "FM-07-2026-01", "calibratedAt": "2026-01-15T00:00:00+08:00", "expiresAt": "2027-01-15T00:00:00+08:00", "receiver": "RTL-SDR V3 00000001", "antenna": "discone, 12 m", "gainDb": 29.7,
          "points": [
            { "frequencyHz": 88e6, "dbmAtFullScale": -20, "antennaFactorDb": 8, "cableLossDb": 1 },
            { "frequencyHz": 98e6, "dbmAtFullScale": -21, "antennaFactorDb": 9, "cableLossDb": 1.5 },
            { "frequencyHz": 108e6, "dbmAtFullScale": -23, "antennaFactorDb": 10, "cableLossDb": null }
          ]
        }
        """;

    private readonly string folder = Directory.CreateTempSubdirectory("calibration").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private ReceiverCalibration Read(string json)
    {
        var path = Path.Combine(folder, "c.json");
        File.WriteAllText(path, json);
        return ReceiverCalibration.Read(path);
    }

    [Fact]
    public void Between_its_points_it_is_a_straight_line_and_beyond_them_nothing_is_made_up()
    {
        var calibration = Read(Good);
        (calibration.Id, calibration.Receiver, calibration.Antenna, calibration.GainDb).Should().Be(("FM-07-2026-01", "RTL-SDR V3 00000001", "discone, 12 m", 29.7));
        calibration.DbmAtFullScale(88e6).Should().BeApproximately(-20, 1e-9);
        calibration.DbmAtFullScale(93e6).Should().BeApproximately(-20.5, 1e-9);
        calibration.DbmAtFullScale(103e6).Should().BeApproximately(-22, 1e-9);
        // 5 % of 20 MHz is 1 MHz.
        calibration.DbmAtFullScale(87e6).Should().BeApproximately(-19.9, 1e-9);
        calibration.DbmAtFullScale(86.9e6).Should().BeNull();
        calibration.DbmAtFullScale(109.1e6).Should().BeNull();
        calibration.DbmAtFullScale(double.NaN).Should().BeNull();
    }

    [Fact]
    public void Field_strength_wants_antenna_factor_and_cable_loss()
    {
        var calibration = Read(Good);
        // −60 dBm + 107 + 8.5 + 1.25
        calibration.FieldDbuvm(-60, 93e6).Should().BeApproximately(56.75, 1e-9);
        calibration.FieldDbuvm(-60, 103e6).Should().BeNull("the cable's loss was not measured up there");
        calibration.FieldDbuvm(-60, 80e6).Should().BeNull();
    }

    [Fact]
    public void It_expires_and_belongs_to_one_gain()
    {
        var calibration = Read(Good);
        var end = new DateTimeOffset(2027, 1, 15, 0, 0, 0, TimeSpan.FromHours(8));
        calibration.IsExpired(end.AddSeconds(-1)).Should().BeFalse();
        calibration.IsExpired(end).Should().BeTrue();
        calibration.IsExpired(calibration.CalibratedAt.AddSeconds(-1)).Should().BeTrue();
        calibration.FitsGain(29.7).Should().BeTrue();
        calibration.FitsGain(29.6).Should().BeTrue();
        calibration.FitsGain(28).Should().BeFalse();
        calibration.FitsGain(null).Should().BeFalse("the tuner chose its own");
    }

    [Fact]
    public void A_single_point_holds_for_its_frequency_alone()
    {
        var calibration = Read("""{ "id": "a", "calibratedAt": "2026-01-15T00:00:00Z", "expiresAt": "2027-01-15T00:00:00Z", "receiver": "r", "points": [ { "frequencyHz": 98e6, "dbmAtFullScale": -21 } ] }""");
        calibration.DbmAtFullScale(98e6).Should().Be(-21);
        calibration.DbmAtFullScale(98.1e6).Should().BeNull();
        calibration.FitsGain(null).Should().BeTrue();
    }

    [Fact]
    public void All_errors_are_told_at_once_with_their_places()
    {
        var problem = FluentActions.Invoking(() => Read("""
            { "id": "", "calibratedAt": "2026-01-15", "expiresAt": "2027-01-15T00:00:00", "gainDb": "auto",
              "points": [ { "frequencyHz": 98e6, "dbmAtFullScale": -21 }, { "frequencyHz": 98e6, "dbmAtFullScale": 2100 }, 5, { "frequencyHz": 90e6, "dbmAtFullScale": -20, "cableLossDb": "1" } ] }
            """)).Should().Throw<ProblemException>().Which.Problem;
        problem.Code.Should().Be("calibration.invalid");
        foreach (var place in (string[])["id", "calibratedAt", "expiresAt", "receiver", "gainDb", "points[1].dbmAtFullScale", "points[2]", "points[3].frequencyHz", "points[3].cableLossDb"])
        {
            problem.Detail.En.Should().Contain(place);
            problem.Detail.Zh.Should().Contain(place);
        }
    }

    [Fact]
    public void What_is_no_calibration_is_refused()
    {
        string Code(Action act) => FluentActions.Invoking(act).Should().Throw<ProblemException>().Which.Problem.Code;
        Code(() => ReceiverCalibration.Read(Path.Combine(folder, "none.json"))).Should().Be("calibration.missing");
        Code(() => Read("[]")).Should().Be("calibration.invalid");
        Code(() => Read("")).Should().Be("calibration.invalid");
        Code(() => Read(Good.Replace("2027-01-15", "2025-01-15", StringComparison.Ordinal))).Should().Be("calibration.invalid");
        FluentActions.Invoking(() => Read("{\n  \"id\": x\n}")).Should().Throw<ProblemException>().Which.Problem.Detail.En.Should().Contain("line 2, column 9");
    }

    [Fact]
    public void Any_text_is_read_or_refused_never_worse()
    {
        var random = new Random(9);
        for (var n = 0; n < 500; n++)
        {
            var text = Good.ToCharArray();
            for (var k = 0; k < 3; k++) text[random.Next(text.Length)] = (char)random.Next(32, 127);
            try
            {
                Read(new string(text)).Points.Should().NotBeEmpty();
            }
            catch (ProblemException e)
            {
                e.Problem.Code.Should().Be("calibration.invalid");
            }
        }
    }
}
