using SignalWatch.Fm;
using SignalWatch.Probe.Evidence;

namespace SignalWatch.Tests;

/// <summary>rds.spy of a dossier.</summary>
public sealed class GroupFileTests
{
    [Fact]
    public void A_PI_that_was_assumed_is_no_evidence_and_is_written_as_not_received()
    {
        var at = new DateTimeOffset(2026, 3, 14, 23, 4, 0, TimeSpan.Zero);
        var folder = Directory.CreateTempSubdirectory().FullName;
        using (var file = new GroupFile(folder, 98_000_000, at, "1.0", TimeZoneInfo.Utc))
        {
            file.Add(new TimedGroup(at.UtcTicks, new RdsGroup(0x3ABC, 1, 2, 3)));
            file.Add(new TimedGroup(at.UtcTicks, new RdsGroup(0x3ABC, 1, 2, 3) { AssumedA = true }));
        }
        File.ReadAllLines(Path.Combine(folder, GroupFile.Name)).Skip(1).Select(l => l[..19]).Should().Equal("3ABC 0001 0002 0003", "---- 0001 0002 0003");
        Directory.Delete(folder, recursive: true);
    }
}
