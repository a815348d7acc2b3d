using System.Net;
using Microsoft.Data.Sqlite;
using SignalWatch.Collector.Ingest;
using SignalWatch.Collector.Journal;
using SignalWatch.Collector.Metrics;
using SignalWatch.Collector.Storage.Sqlite;
using SignalWatch.Contracts;
using static SignalWatch.Collector.Tests.RunningCollector;

namespace SignalWatch.Collector.Tests;

public sealed class StorageTests
{
    [Fact]
    public async Task A_full_disk_acknowledges_nothing_says_so_and_recovers_by_itself()
    {
        await using var collector = await Start();
        using var viewer = await collector.Connect();
        var sent = 0L;
        await collector.Deliver(Line(++sent));
        ((SqliteWriter)collector.Get<GroupCommit>().Writer).Execute("PRAGMA max_page_count = 60"); // as a full disk: SQLITE_FULL at the next page

        HttpResponseMessage refused;
        var acknowledged = sent;
        while ((refused = await collector.Post([.. Enumerable.Range(1, 50).Select(i => Line(acknowledged + i))])).StatusCode == HttpStatusCode.OK) acknowledged += 50;
        (refused.StatusCode, await IngestTests.Code(refused)).Should().Be((HttpStatusCode.ServiceUnavailable, "storage.full"));
        refused.Headers.RetryAfter.Should().NotBeNull();
        using (var health = await collector.Client.GetAsync("/healthz")) health.StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
        collector.Time.Advance(TimeSpan.FromSeconds(1));
        while (!(await viewer.Next<WallHeartbeat>("heartbeat")).StorageFull) collector.Time.Advance(TimeSpan.FromSeconds(1));
        (await collector.Read<List<SequenceReport>>("/api/v1/journal/sequences?probe=GZ-03"))[0].Last.Should().Be(acknowledged, "what was not acknowledged is not half stored");

        ((SqliteWriter)collector.Get<GroupCommit>().Writer).Execute("PRAGMA max_page_count = 1000000");
        collector.Time.Advance(TimeSpan.FromSeconds(2)); // its own retry, no probe needed
        while ((await viewer.Next<WallHeartbeat>("heartbeat")).StorageFull) collector.Time.Advance(TimeSpan.FromSeconds(1));
        var again = await collector.Deliver([.. Enumerable.Range(1, 50).Select(i => Line(acknowledged + i))]);
        (again.Stored, again.Duplicates).Should().Be((50, 0));
        AlarmTests.Check(collector).Faults.Should().BeEmpty();
    }

    [Fact]
    public async Task Engine_state_and_alarms_go_on_where_they_were()
    {
        await using var collector = await Start();
        await collector.Deliver(Line(1), Line(2));
        await collector.Restart();
        await collector.Deliver(Line(3, at: collector.Time.GetUtcNow().AddSeconds(6)));
        (await collector.Read<List<AlarmRow>>("/api/v1/alarms"))[0].Occurrences.Should().Be(3, "the engine counts in its state");
    }

    [Fact]
    public async Task The_check_finds_an_alarm_that_was_edited_and_a_row_that_was_removed()
    {
        await using var collector = await Start();
        await collector.Deliver(Line(1), Line(2));
        AlarmTests.Check(collector).Sound.Should().BeTrue();
        Tamper(collector.Folder, "UPDATE documents SET body = CAST(replace(CAST(body AS TEXT), '\"active\":true', '\"active\":false') AS BLOB) WHERE kind = 'alarm'");
        AlarmTests.Check(collector).Faults.Should().ContainSingle().Which.En.Should().Contain("is not what the journal says");
        Tamper(collector.Folder, "UPDATE documents SET body = 'no JSON' WHERE kind = 'alarm'");
        AlarmTests.Check(collector).Faults.Should().ContainSingle().Which.En.Should().Contain("is not what the journal says");
        Tamper(collector.Folder, "DELETE FROM journal WHERE sequence = 1");
        AlarmTests.Check(collector).Faults.Should().HaveCountGreaterThan(1);
    }

    [Fact]
    public async Task Two_collectors_never_write_to_one_folder()
    {
        await using var collector = await Start();
        var second = () => SqliteStore.Open(collector.Folder, collector.Time.GetUtcNow());
        second.Should().Throw<ProblemException>().Which.Problem.Code.Should().Be("data.locked");
    }

    [Fact]
    public void A_folder_that_is_a_file_is_refused_with_its_reason()
    {
        var file = Path.GetTempFileName();
        var open = () => SqliteStore.Open(file, DateTimeOffset.UnixEpoch);
        open.Should().Throw<ProblemException>().Which.Problem.Code.Should().Be("data.unusable");
        File.Delete(file);
    }

    [Fact]
    public async Task A_store_of_another_version_is_not_guessed_at()
    {
        await using var collector = await Start();
        Tamper(collector.Folder, "PRAGMA user_version = 99");
        var restart = () => collector.Restart();
        (await restart.Should().ThrowAsync<ProblemException>()).Which.Problem.Code.Should().Be("data.schema");
        Tamper(collector.Folder, "PRAGMA user_version = 3");
        await collector.Restart();
    }

    [Fact]
    public async Task The_queue_is_bounded_and_a_full_one_answers_429()
    {
        await using var collector = await Start();
        using var held = new SqliteConnection($"Data Source={Journal(collector.Folder)};Pooling=False");
        held.Open();
        using var writerBlocked = held.BeginTransaction(deferred: false); // as a disk that does not answer
        // A batch that is a whole group: what comes after it stays in the queue, however fast the writer reads.
        var group = collector.Post([.. Enumerable.Range(1, ObservationBatch.MaxLines).Select(i => Line(i))]);
        while (collector.Get<CollectorMetrics>().QueueDepth() < ObservationBatch.MaxLines && !group.IsCompleted) await Task.Yield();
        var waiting = new List<Task<HttpResponseMessage>>();
        for (var i = 0; i < 1_200; i++) waiting.Add(collector.Post(Line(ObservationBatch.MaxLines + i + 1)));
        var first = await await Task.WhenAny(waiting);
        (first.StatusCode, await IngestTests.Code(first)).Should().Be((HttpStatusCode.TooManyRequests, "ingest.busy"));
        writerBlocked.Rollback();
        var answers = await Task.WhenAll(waiting);
        (await group).StatusCode.Should().Be(HttpStatusCode.OK);
        var stored = ObservationBatch.MaxLines + answers.Count(a => a.StatusCode == HttpStatusCode.OK);
        (await collector.Read<List<SequenceReport>>("/api/v1/journal/sequences?probe=GZ-03"))[0].Count.Should().Be(stored);
        answers.Should().OnlyContain(a => a.StatusCode == HttpStatusCode.OK || a.StatusCode == HttpStatusCode.TooManyRequests);
    }

    private static string Journal(string folder) => Directory.GetFiles(folder, "journal-*.db").Max()!;

    private static void Tamper(string folder, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Journal(folder)};Pooling=False");
        connection.Open();
        SqliteFile.Execute(connection, sql);
    }
}
