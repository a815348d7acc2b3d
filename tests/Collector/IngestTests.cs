using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using SignalWatch.Collector.Ingest;
using SignalWatch.Collector.Journal;
using SignalWatch.Contracts;
using static SignalWatch.Collector.Tests.RunningCollector;

namespace SignalWatch.Collector.Tests;

public sealed class IngestTests
{
    [Fact]
    public async Task What_is_acknowledged_is_in_the_journal_byte_for_byte()
    {
        await using var collector = await Start();
        var lines = Enumerable.Range(1, 3).Select(i => Line(i)).ToArray();
        var reply = await collector.Deliver(lines);
        (reply.Boot, reply.AcceptedThrough, reply.Stored, reply.Duplicates).Should().Be((Boot, 3L, 3, 0));
        var page = await collector.Read<JournalPage>("/api/v1/journal?probe=GZ-03");
        page.Entries.Select(e => e.Body.GetRawText()).Should().Equal(lines);
        page.Entries.Select(e => e.Sequence).Should().Equal(1, 2, 3);
    }

    [Fact]
    public async Task A_batch_sent_twice_is_stored_once_even_after_a_restart()
    {
        await using var collector = await Start();
        string[] lines = [Line(1), Line(2)];
        await collector.Deliver(lines);
        await collector.Restart();
        var reply = await collector.Deliver([.. lines, Line(3)]);
        (reply.Stored, reply.Duplicates, reply.AcceptedThrough).Should().Be((1, 2, 3L));
        var sequences = await collector.Read<List<SequenceReport>>("/api/v1/journal/sequences?probe=GZ-03");
        sequences.Should().ContainSingle().Which.Should().Match<SequenceReport>(s => s.First == 1 && s.Last == 3 && s.Count == 3 && s.DuplicatesRefused == 2 && s.Missing.Count == 0);
    }

    [Fact]
    public async Task A_hole_in_the_numbers_is_an_event_and_is_filled_when_they_come_after_all()
    {
        await using var collector = await Start();
        (await collector.Deliver(Line(1), Line(5))).AcceptedThrough.Should().Be(5);
        var gap = (await collector.Read<JournalPage>("/api/v1/journal?probe=collector")).Entries.Should().ContainSingle().Subject;
        var facts = gap.Body.GetProperty("observation").GetProperty("facts");
        (gap.Kind, facts.GetProperty("from_sequence").GetInt64(), facts.GetProperty("to_sequence").GetInt64()).Should().Be((EntryKind.Gap, 2L, 4L));

        var late = await collector.Deliver(Line(2), Line(3), Line(4));
        (late.Stored, late.AcceptedThrough).Should().Be((3, 5L));
        (await collector.Read<List<SequenceReport>>("/api/v1/journal/sequences?probe=GZ-03"))[0].Missing.Should().BeEmpty();
    }

    [Fact]
    public async Task Poison_lines_are_kept_with_their_reason_and_hold_up_nothing()
    {
        await using var collector = await Start();
        var reply = await collector.Deliver(Line(1), "{not json", Line(3), Line(4, facts: """{"frequency_hz":1e999}"""), Line(5, facts: """{"on_air":"perhaps"}"""), Line(6), Line(7, at: DateTimeOffset.MaxValue));
        (reply.Stored, reply.AcceptedThrough).Should().Be((3, 7L));
        reply.Rejected.Select(r => r.Line).Should().Equal(2, 4, 5, 7);
        reply.Rejected.Should().OnlyContain(r => r.Reason.Length > 0);
        var sequences = (await collector.Read<List<SequenceReport>>("/api/v1/journal/sequences?probe=GZ-03"))[0];
        (sequences.DeadLetters, sequences.Missing.Count).Should().Be((4L, 0));
        (await collector.Deliver(Line(4))).Duplicates.Should().Be(1, "a dead letter is acknowledged: it must not come again for ever");
    }

    [Fact]
    public async Task Gzip_is_unpacked_and_damaged_gzip_refused()
    {
        await using var collector = await Start();
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionMode.Compress, leaveOpen: true)) gzip.Write(Encoding.UTF8.GetBytes(Line(1)));
        (await PostGzip(collector, packed.ToArray())).StatusCode.Should().Be(HttpStatusCode.OK);
        (await PostGzip(collector, [1, 2, 3, 4])).StatusCode.Should().Be(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_gzip_that_unpacks_to_more_than_a_batch_may_be_is_413()
    {
        await using var collector = await Start();
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionMode.Compress, leaveOpen: true))
            for (var i = 0; i < 9; i++) gzip.Write(new byte[1024 * 1024]);
        (await PostGzip(collector, packed.ToArray())).StatusCode.Should().Be(HttpStatusCode.RequestEntityTooLarge);
    }

    [Fact]
    public async Task Too_many_lines_are_413_and_nothing_of_them_is_stored()
    {
        await using var collector = await Start();
        using var response = await collector.Post([.. Enumerable.Range(1, ObservationBatch.MaxLines + 1).Select(i => Line(i, facts: "{}"))]);
        response.StatusCode.Should().Be(HttpStatusCode.RequestEntityTooLarge);
        (await collector.Read<JournalPage>("/api/v1/journal")).Entries.Should().BeEmpty();
    }

    [Theory]
    [InlineData("ingest.mixed-batch", "GZ-04")]
    [InlineData("ingest.mixed-batch", "collector")]
    public async Task Two_probes_in_a_batch_are_refused_whole(string code, string second)
    {
        await using var collector = await Start();
        using var response = await collector.Post(Line(1), Line(2, probe: second));
        (await Code(response)).Should().Be(code);
        (await collector.Read<JournalPage>("/api/v1/journal")).Entries.Should().BeEmpty();
    }

    [Fact]
    public async Task Nobody_may_speak_as_the_collector()
    {
        await using var collector = await Start();
        using var response = await collector.Post(Line(1, probe: "collector"));
        (await Code(response)).Should().Be("ingest.reserved-probe");
    }

    [Fact]
    public async Task A_body_that_ends_in_the_middle_of_a_line_loses_that_line_to_the_dead_letters_only()
    {
        await using var collector = await Start();
        var reply = await collector.Deliver(Line(1), Line(2)[..40]);
        (reply.Stored, reply.Rejected.Count).Should().Be((1, 1));
    }

    [Fact]
    public void Any_bytes_are_a_batch_or_a_problem()
    {
        var random = new Random(20260314);
        var good = Encoding.UTF8.GetBytes(string.Join('\n', Enumerable.Range(1, 5).Select(i => Line(i))));
        for (var round = 0; round < 3_000; round++)
        {
            var bytes = (byte[])good.Clone();
            for (var i = random.Next(1, 12); i > 0; i--) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            var cut = bytes[..random.Next(bytes.Length + 1)];
            var parse = () => ObservationBatch.Parse(cut);
            try
            {
                parse().Lines.Should().OnlyContain(l => l.Observation != null ^ l.Reason != null);
            }
            catch (ProblemException expected)
            {
                expected.Problem.Status.Should().BeInRange(400, 499);
            }
        }
    }

    internal static async Task<string?> Code(HttpResponseMessage response)
    {
        response.Content.Headers.ContentType!.MediaType.Should().Be("application/problem+json");
        using var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        return problem.RootElement.GetProperty("code").GetString();
    }

    private static async Task<HttpResponseMessage> PostGzip(RunningCollector collector, byte[] packed)
    {
        using var content = new ByteArrayContent(packed);
        content.Headers.ContentEncoding.Add("gzip");
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-ndjson");
        return await collector.Client.PostAsync("/api/v1/observations", content);
    }
}
