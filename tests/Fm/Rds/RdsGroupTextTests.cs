using FsCheck;
using FsCheck.Fluent;
using SignalWatch.Fm;

namespace SignalWatch.Tests;

public sealed class RdsGroupTextTests
{
    [Theory]
    [InlineData("3ABC E751 6573 3401", "3ABC E751 6573 3401")]
    [InlineData("3ABC E752 6E6F ----", "3ABC E752 6E6F ----")]
    [InlineData("3abc----6e6f3401", "3ABC ---- 6E6F 3401")]
    [InlineData("  ---- ---- ---- ----\t", "---- ---- ---- ----")]
    [InlineData("6403 ---- ---- CD46 @0540", "6403 ---- ---- CD46")]
    [InlineData("3ABC E751 6573 3401 @2019/05/04 22:36:19.09", "3ABC E751 6573 3401 @2019/05/04 22:36:19.09")]
    public void A_line_of_a_group_is_read_and_written(string line, string written)
    {
        RdsGroupText.TryParse(line, out var group, out var at).Should().BeTrue();
        RdsGroupText.Write(group, at).Should().Be(written);
    }

    [Theory]
    [InlineData("")]
    [InlineData("3ABC E751 6573")]
    [InlineData("3ABC E751 6573 34")]
    [InlineData("3ABC E751 6573 340G")]
    [InlineData("3ABC E751 6573 3401 x")]
    [InlineData("3ABC E751 6573 -401")]
    [InlineData("% RDS hexgroups")]
    public void Other_lines_are_none_of_a_group(string line) => RdsGroupText.TryParse(line, out _, out _).Should().BeFalse();

    [Fact]
    public void What_is_written_is_read_back() => Prop.ForAll(ArbMap.Default.ArbFor<(ushort A, ushort B, ushort C, ushort D)>(), ArbMap.Default.ArbFor<byte>(), (blocks, lost) =>
    {
        var group = new RdsGroup((lost & 1) != 0 ? null : blocks.A, (lost & 2) != 0 ? null : blocks.B, (lost & 4) != 0 ? null : blocks.C, (lost & 8) != 0 ? null : blocks.D);
        return RdsGroupText.TryParse(RdsGroupText.Write(group), out var back, out _) && back == group;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Any_text_is_read_to_its_end() =>
        Prop.ForAll(ArbMap.Default.ArbFor<string?>(), text => RdsLogFile.Read(new StringReader(text ?? "")).Groups.Count <= (text?.Length ?? 0) / 16).QuickCheckThrowOnFailure();

    [Fact]
    public void A_log_says_when_and_on_which_frequency()
    {
        var spy = RdsLogFile.Read(new StringReader("<recorder=\"RDS Spy\" date=\"2019-05-04\" time=\"22-36-23\" source=\"1\">\r\n3ABC E751 6573 3401 @2019/05/04 22:36:19.09\r\n\r\nnonsense\r\n"));
        (spy.Date, spy.FrequencyHz, spy.OtherLines).Should().Be((new DateTime(2019, 5, 4, 22, 36, 23), null, 1));
        spy.Groups.Should().Equal((new RdsGroup(0x3ABC, 0xE751, 0x6573, 0x3401), new DateTime(2019, 5, 4, 22, 36, 19, 90)));
        var rds = RdsLogFile.Read(new StringReader("% RDS hexgroups\n% Freq 94000, date=2018/09/05 15:15:59.566\n6403 0441 4441 4520 @0748\n<recorder=\"cut"));
        (rds.Date, rds.FrequencyHz, rds.Groups.Count, rds.OtherLines).Should().Be((new DateTime(2018, 9, 5, 15, 15, 59, 566), 94_000_000L, 1, 0));
    }

    [RecordingFact]
    public void Every_line_of_the_real_logs_is_understood()
    {
        foreach (var log in RdsLogs.All())
        {
            var file = RdsLogs.Read(log);
            file.OtherLines.Should().Be(0, log);
            file.Date.Should().NotBeNull(log);
            file.Groups.Count.Should().BeGreaterThan(200, log);
        }
    }
}
