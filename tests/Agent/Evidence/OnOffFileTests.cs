using SignalWatch.Fm.Identity;
using SignalWatch.Probe.Evidence;

namespace SignalWatch.Tests.Evidence;

/// <summary>When carriers came and went: what survives a restart, a tear and a month.</summary>
public sealed class OnOffFileTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 3, 14, 15, 4, 0, 123, TimeSpan.Zero);
    private readonly string folder = Directory.CreateTempSubdirectory("on-off").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private string File_ => Path.Combine(folder, "history", "on-off.csv");

    private static OnOffEdge Edge(double hours, bool on = true, long hz = 98_000_000) => new(hz, Now.AddHours(hours), on);

    [Fact]
    public void Edges_come_back_after_a_restart()
    {
        OnOffEdge[] edges = [Edge(-3), Edge(-2, false), Edge(-1, hz: 101_230_000) with { AfterGap = true }];
        var file = OnOffFile.Open(File_, Now);
        file.Edges.Should().BeEmpty();
        file.Append(edges[..2]);
        file.Append(edges[2..]);
        OnOffFile.Open(File_, Now).Edges.Should().Equal(edges);
        File.ReadAllLines(File_)[0].Should().Be("2026-03-14T12:04:00.1230000Z,98000000,on");
    }

    [Fact]
    public void A_torn_last_line_costs_that_edge_alone_also_of_what_comes_later()
    {
        OnOffFile.Open(File_, Now).Append([Edge(-3), Edge(-2, false)]);
        using (var torn = File.OpenWrite(File_)) torn.SetLength(torn.Length - 3);
        var file = OnOffFile.Open(File_, Now);
        file.Edges.Should().Equal(Edge(-3));
        file.Unreadable.Should().Be(1);
        file.Append([Edge(-1)]);
        OnOffFile.Open(File_, Now).Edges.Should().Equal(Edge(-3), Edge(-1));
    }

    [Theory]
    [InlineData("2026-03-14T12:04:00.1230000Z,98000000")]
    [InlineData("2026-03-14T12:04:00.1230000Z,98000000,maybe")]
    [InlineData("yesterday,98000000,on")]
    [InlineData("2026-03-14T12:04:00.1230000Z,-1,on")]
    [InlineData("2026-03-14T12:04:00.1230000Z,99999999999999999999,on")]
    [InlineData("\0\0\0\0\0\0\0\0")]
    [InlineData("")]
    public void A_line_that_is_none_is_counted_and_left_out(string line)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(File_)!);
        File.WriteAllText(File_, $"2026-03-14T12:04:00.1230000Z,98000000,on\n{line}\n2026-03-14T13:04:00.1230000Z,98000000,off\n");
        var file = OnOffFile.Open(File_, Now);
        file.Edges.Should().Equal(Edge(-3), Edge(-2, false));
        file.Unreadable.Should().Be(1);
    }

    [Fact]
    public void What_is_older_than_thirty_days_goes_at_the_start_and_once_a_day()
    {
        var file = OnOffFile.Open(File_, Now.AddDays(-40));
        file.Append([Edge(-24 * 40), Edge(-24 * 29)]);
        OnOffFile.Open(File_, Now).Edges.Should().Equal(Edge(-24 * 29));
        File.ReadAllLines(File_).Should().HaveCount(1);
        file = OnOffFile.Open(File_, Now);
        file.Append([Edge(24 * 2)]);
        File.ReadAllLines(File_).Should().HaveCount(1, "two days later the first is older than 30 days too");
    }

    [Fact]
    public void What_the_disk_does_not_take_waits()
    {
        var file = OnOffFile.Open(File_, Now);
        File.Delete(File_);
        Directory.CreateDirectory(File_); // a folder is in its place: nothing can be appended
        file.Append([Edge(-1)]);
        file.Waiting.Should().Be(1);
        Directory.Delete(File_);
        file.Append([]);
        file.Waiting.Should().Be(0);
        OnOffFile.Open(File_, Now).Edges.Should().Equal(Edge(-1));
    }

    [Fact]
    public void A_carrier_that_flickers_does_not_fill_the_disk()
    {
        var file = OnOffFile.Open(File_, Now);
        for (var n = 0; n < 5; n++) file.Append([.. Enumerable.Range(0, 100_000).Select(k => new OnOffEdge(98_000_000, Now.AddMilliseconds(100_000 * n + k), k % 2 == 0))]);
        OnOffFile.Open(File_, Now).Edges.Should().HaveCount(200_000).And.Contain(e => e.At == Now.AddMilliseconds(499_999));
    }
}
