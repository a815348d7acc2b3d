using System.Net;
using SignalWatch.Collector.Journal;
using SignalWatch.Collector.Storage;
using SignalWatch.Contracts;
using static SignalWatch.Collector.Tests.RunningCollector;

namespace SignalWatch.Collector.Tests.Storage;

/// <summary>What "on disk" means: the power goes, or the disk answers with an error, at any call. What was acknowledged is there, once, and the collector starts.</summary>
public sealed class PowerCutTests
{
    private static readonly int Rounds = Environment.GetEnvironmentVariable("SIGNALWATCH_LONG") == "1" ? 200 : 12;

    [Fact]
    public async Task When_the_power_is_cut_at_any_call_nothing_acknowledged_is_lost()
    {
        for (var round = 0; round < Rounds; round++)
        {
            var seed = Random.Shared.Next();
            var random = new Random(seed);
            var folder = Directory.CreateTempSubdirectory("signalwatch-cut-").FullName;
            var after = Directory.CreateTempSubdirectory("signalwatch-cut-").FullName;
            using var disk = new FaultyDisk(folder, seed);
            var acknowledged = new List<long>();
            await using (var collector = await Start(folder: folder))
            {
                disk.CutPowerIn(random.Next(1, round % 4 == 0 ? 4_000 : 400)); // the long ones reach past checkpoints
                await DeliverUntilRefused(collector, random, acknowledged);
            }
            disk.IsDead.Should().BeTrue($"seed {seed}");
            disk.WriteSurvivors(after);

            await using var next = await Start(folder: after);
            await HasAll(next, acknowledged, seed);
        }
    }

    [Theory]
    [InlineData(FaultyDisk.Full, "storage.full")]
    [InlineData(FaultyDisk.WriteFailed, "storage.failed")]
    [InlineData(FaultyDisk.SyncFailed, "storage.failed")]
    public async Task An_error_at_any_call_refuses_that_group_and_the_next_one_is_stored(int error, string code)
    {
        foreach (var at in (int[])[1, 2, 3, 5, 8, 13])
        {
            var folder = Directory.CreateTempSubdirectory("signalwatch-fault-").FullName;
            using var disk = new FaultyDisk(folder, at);
            await using var collector = await Start(folder: folder);
            var acknowledged = new List<long>();
            await Offer(collector, 1, 5, acknowledged);
            disk.FailIn(at, 3, error);
            for (var i = 0; i < 40; i++)
            {
                collector.Time.Advance(TimeSpan.FromSeconds(1)); // after a failure one offer a second is let through
                using var answer = await Offer(collector, acknowledged.Count + 1, 5, acknowledged);
                if (answer.StatusCode != HttpStatusCode.OK) (answer.StatusCode, await IngestTests.Code(answer)).Should().Be((HttpStatusCode.ServiceUnavailable, code), $"call {at}");
            }
            acknowledged.Should().HaveCountGreaterThan(100, "it goes on");
            await HasAll(collector, acknowledged, at);
            await collector.Restart();
            await HasAll(collector, acknowledged, at);
        }
    }

    private static async Task DeliverUntilRefused(RunningCollector collector, Random random, List<long> acknowledged)
    {
        while (true)
        {
            using var answer = await Offer(collector, acknowledged.Count + 1, random.Next(1, 60), acknowledged);
            if (answer.StatusCode != HttpStatusCode.OK) return;
        }
    }

    private static async Task<HttpResponseMessage> Offer(RunningCollector collector, long first, int count, List<long> acknowledged)
    {
        long[] numbers = [.. Enumerable.Range(0, count).Select(i => first + i)];
        var answer = await collector.Post([.. numbers.Select(n => Line(n, onAir: n % 7 != 0))]);
        if (answer.StatusCode == HttpStatusCode.OK) acknowledged.AddRange(numbers);
        return answer;
    }

    private static async Task HasAll(RunningCollector collector, List<long> acknowledged, int seed)
    {
        using var view = collector.Get<IStore>().OpenView();
        var check = JournalCheck.Run(view);
        check.Faults.Should().BeEmpty($"seed {seed}");
        if (acknowledged.Count == 0) return;
        var report = (await collector.Read<List<SequenceReport>>("/api/v1/journal/sequences?probe=GZ-03")).Single();
        report.Missing.Should().BeEmpty($"seed {seed}");
        report.Last.Should().BeGreaterThanOrEqualTo(acknowledged.Count, $"seed {seed}: what was acknowledged is there");
    }
}
