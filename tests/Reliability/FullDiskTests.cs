using System.Net;
using System.Text.Json;

namespace SignalWatch.Reliability;

/// <summary>A disk that is really full: a small file system that only the collector's process sees, and that the kernel removes with it.</summary>
public sealed class FullDiskTests : IDisposable
{
    private readonly string data = Directory.CreateTempSubdirectory("signalwatch-full-").FullName;

    public void Dispose() => Directory.Delete(data, recursive: true);

    [MountFact]
    public async Task On_a_full_disk_nothing_is_acknowledged_or_lost_and_it_goes_on_when_there_is_room()
    {
        using var collector = await CollectorProcess.StartOnSmallDisk(data, CollectorProcess.FreePort(), megabytes: 8, takenMegabytes: 3);
        using var wall = await LiveWall.Open(collector.Client.BaseAddress!);
        var sender = new SpoolingSender("GZ-01");
        await sender.SendUntilGone(collector.Client);
        using var refused = await sender.Offer(collector.Client);
        using var problem = JsonDocument.Parse(await refused.Content.ReadAsStringAsync());
        (refused.StatusCode, problem.RootElement.GetProperty("code").GetString()).Should().Be((HttpStatusCode.ServiceUnavailable, "storage.full"));
        using (var health = await collector.Client.GetAsync("/healthz")) health.StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
        await Heartbeat(wall, storageFull: true);
        (await CollectorKillTests.Stored(collector.Client, sender.Probe)).Should().Equal(Enumerable.Range(1, (int)sender.Sent).Select(i => (long)i), "what was refused is not half stored");

        collector.MakeRoom();
        await Heartbeat(wall, storageFull: false);
        (await sender.Send(collector.Client)).Duplicates.Should().Be(0);
        var (check, output) = await collector.RunBeside("check", "--data", data, "--lang", "en");
        check.Should().Be(0, output);
        (await collector.Terminate()).ExitCode.Should().Be(0);
    }

    private static async Task Heartbeat(LiveWall wall, bool storageFull)
    {
        for (var i = 0; i < 30; i++)
            if ((await wall.Next("heartbeat")).GetProperty("storageFull").GetBoolean() == storageFull) return;
        throw new InvalidOperationException($"no heartbeat said storageFull={storageFull} within 30 s");
    }
}
