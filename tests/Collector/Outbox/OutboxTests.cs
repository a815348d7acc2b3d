using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using SignalWatch.Collector.Journal;
using SignalWatch.Collector.Outbox;
using SignalWatch.Contracts;

namespace SignalWatch.Collector.Tests.Outbox;

public sealed class OutboxTests : IDisposable
{
    private const string Secret = "0123456789abcdef0123456789abcdef";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private const int Refusals = 3; // until a message is given up
    private readonly Receiver receiver = new();

    public void Dispose() => receiver.Dispose();

    [Fact]
    public async Task An_alarm_and_its_end_go_out_as_a_pair_signed_and_in_order()
    {
        await using var collector = await Start(Webhook(receiver.Port, Secret));
        await Report(collector, 1, onAir: true);
        await Until(collector, () => Changes(receiver).Count > 0);
        await Report(collector, 2, onAir: false);
        await Until(collector, () => Changes(receiver).Count == 2);
        Changes(receiver).Should().Equal("raise", "clear");
        var first = receiver.Taken.First();
        var (stamp, signature) = first.Signature!.Split(',') is [var t, var v] ? (t[2..], v[3..]) : default;
        signature.Should().Be(Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), Encoding.UTF8.GetBytes($"{stamp}.{first.Text}"))));
        first.Delivery.Should().Be("duty-1");
        using var body = JsonDocument.Parse(first.Body);
        body.RootElement.GetProperty("alarm").GetProperty("subject").GetString().Should().Be("frequency:440106/97800000");
        body.RootElement.GetProperty("drill").GetBoolean().Should().BeFalse();
    }

    [Fact]
    public async Task What_happened_while_the_receiver_was_down_is_told_in_its_order_when_it_is_back_and_after_a_restart()
    {
        receiver.Dispose();
        await using var collector = await Start(Webhook(receiver.Port));
        for (var i = 1; i <= 4; i++)
        {
            await Report(collector, i, onAir: i % 2 == 1);
            await Until(collector, () => Decided(collector) == i);
        }
        await Until(collector, () => Status(collector) is { Failures: > 1, State: "retrying" });
        await collector.Restart();
        Decided(collector).Should().Be(4);
        using var back = new Receiver(receiver.Port);
        await Until(collector, () => Status(collector).Waiting == 0);
        Changes(back).Should().Equal("raise", "clear", "raise", "clear");
        back.Taken.Select(t => t.Delivery).Should().Equal(Enumerable.Range(1, back.Taken.Count).Select(i => $"duty-{i}"));
    }

    [Fact]
    public async Task A_receiver_that_answers_500_is_tried_again_and_holds_up_nobody_else()
    {
        using var other = new Receiver();
        receiver.Answer = () => 500;
        await using var collector = await Start(Webhook(receiver.Port), Webhook(other.Port) with { Name = "other" });
        await Report(collector, 1, onAir: true);
        await Until(collector, () => receiver.Requests >= 3 && Changes(other).Count > 0);
        receiver.Taken.Should().BeEmpty();
        receiver.Answer = () => 200;
        await Until(collector, () => Changes(receiver).Count > 0 && Status(collector).Failures == 0);
        Changes(receiver).Should().Equal("raise");
        Changes(other).Should().Equal("raise");
    }

    [Fact]
    public async Task An_alarm_whose_beginning_was_refused_has_no_end_for_that_receiver_and_the_next_occurrence_goes_out()
    {
        receiver.Answer = () => receiver.Requests < Refusals ? 422 : 200;
        await using var collector = await Start(Webhook(receiver.Port));
        await Report(collector, 1, onAir: true);
        await Until(collector, () => Status(collector) is { GivenUp: >= 1, Waiting: 0 }); // more where the alarm became unknown before the third refusal
        await Report(collector, 2, onAir: true);
        await Report(collector, 3, onAir: false);
        await collector.Restart();
        Status(collector).Should().Match<OutboxStatus>(s => s.Waiting == 0 && s.Sent == 0 && s.GivenUp >= 1, "who never heard of it is told neither that it goes on nor that it is over");
        await Report(collector, 4, onAir: true);
        await Report(collector, 5, onAir: false);
        await Until(collector, () => Changes(receiver).Count == 2);
        Changes(receiver).Should().Equal("raise", "clear");
        (await collector.Client.GetStringAsync("/metrics")).Should().MatchRegex("signalwatch_outbox_given_up_total\\{target=\"duty\"\\} [1-9]");
    }

    [Fact]
    public async Task What_waits_behind_a_beginning_that_is_refused_is_given_up_with_it()
    {
        receiver.Answer = () => 500;
        await using var collector = await Start(Webhook(receiver.Port));
        await Report(collector, 1, onAir: true);
        await Report(collector, 2, onAir: false);
        await Report(collector, 3, onAir: true);
        await Until(collector, () => Decided(collector) == 3);
        var refused = 0; // counted here: while the answer is changed another request may be on its way
        receiver.Answer = () => refused++ < Refusals ? 422 : 200;
        await Until(collector, () => Status(collector).Waiting == 0);
        Changes(receiver).Should().Equal("raise");
        Status(collector).GivenUp.Should().BeGreaterThanOrEqualTo(2);
    }

    [Fact]
    public async Task A_redirect_leads_nowhere()
    {
        using var elsewhere = new Receiver();
        (receiver.Answer, receiver.Location) = (() => 302, elsewhere.Address.ToString());
        await using var collector = await Start(Webhook(receiver.Port, Secret));
        await Report(collector, 1, onAir: true);
        await Until(collector, () => Status(collector).GivenUp >= 1);
        elsewhere.Requests.Should().Be(0);
    }

    [Fact]
    public async Task A_drill_goes_only_to_whom_asked_for_drills()
    {
        using var drills = new Receiver();
        await using var collector = await Start(Webhook(receiver.Port), Webhook(drills.Port) with { Name = "drills", Drills = true });
        await collector.Deliver(RunningCollector.Line(1).Replace("\"live\"", "\"simulated\"", StringComparison.Ordinal));
        await Until(collector, () => Changes(drills).Count > 0);
        using var body = JsonDocument.Parse(drills.Taken.First().Body);
        body.RootElement.GetProperty("drill").GetBoolean().Should().BeTrue();
        receiver.Requests.Should().Be(0);
        Status(collector).Waiting.Should().Be(0);
    }

    [Fact]
    public async Task What_the_outbox_knows_is_what_the_journal_comes_to()
    {
        receiver.Answer = () => receiver.Requests == 0 ? 200 : 500;
        await using var collector = await Start(Webhook(receiver.Port));
        await Report(collector, 1, onAir: true);
        await Until(collector, () => Status(collector).Sent >= 1);
        await Report(collector, 2, onAir: false);
        await Report(collector, 3, onAir: true);
        await Until(collector, () => Decided(collector) == 2);
        var folded = new OutboxBook(new(new()));
        using (var view = collector.Get<SignalWatch.Collector.Storage.IStore>().OpenView())
        {
            foreach (var row in view.Entries(new(Kinds: [EntryKind.Outbox]))) folded.Replay(row);
            foreach (var kind in folded.Kinds)
                folded.Documents(kind).Select(d => (d.Id, Encoding.UTF8.GetString(d.Body.Span))).OrderBy(d => d.Id, StringComparer.Ordinal)
                    .Should().Equal(view.Documents(kind).Select(d => (d.Id, Encoding.UTF8.GetString(d.Body.Span))), kind);
        }
    }

    [Theory]
    [InlineData("targets: [{name: a, type: webhook, url: 'http://h/'}, {name: a, type: cap, url: 'http://h/'}]", "a × 2")]
    [InlineData("targets: [{name: a, type: fax, url: 'http://h/'}]", "type")]
    [InlineData("targets: [{name: a, type: webhook, url: 'file:///etc/passwd'}]", "url")]
    [InlineData("targets: [{name: a, type: webhook, url: 'http://169.254.169.254/'}]", "url")]
    [InlineData("targets: [{name: a, type: webhook, url: 'http://h/', priorty: 2}]", "priorty")]
    [InlineData("targets: [{name: 'a b', type: webhook, url: 'http://h/'}]", "name")]
    [InlineData("targets: [", "2:1")]
    public void Settings_that_are_wrong_are_refused_with_the_place(string yaml, string why)
    {
        var file = Path.GetTempFileName();
        File.WriteAllText(file, yaml);
        FluentActions.Invoking(() => OutboxSettings.Read(file)).Should().Throw<ProblemException>().Which.Problem.Title.En.Should().Contain(why);
        File.Delete(file);
    }

    [Fact]
    public void Settings_name_targets_with_all_that_they_may_say()
    {
        var (file, secret) = (Path.GetTempFileName(), Path.GetTempFileName());
        File.WriteAllText(secret, Secret + "\n");
        File.WriteAllText(file, $"targets:\n  - name: centre\n    type: msg\n    url: https://10.0.0.1/up\n    secret-file: {secret}\n    priority: 2\n    drills: true\n    sender: 440000G01\n    receiver: 440000C01\n    codes: {{FM-01: '30'}}\n");
        var target = OutboxSettings.Read(file).Single();
        (target.Name, target.Type, target.Url.Host, target.Secret, target.Priority, target.Drills, target.Sender, target.Receiver).Should().Be(("centre", "msg", "10.0.0.1", Secret, 2, true, "440000G01", "440000C01"));
        target.Codes.Should().Contain("FM-01", "30");
        File.Delete(file);
        File.Delete(secret);
    }

    private static Task<RunningCollector> Start(params OutboxTarget[] targets) => RunningCollector.Start(adjust: o => o with { Outputs = targets });

    private static OutboxTarget Webhook(int port, string? secret = null) => new() { Name = "duty", Type = "webhook", Url = new($"http://127.0.0.1:{port}/alarms"), Secret = secret };

    private static Task<IngestReply> Report(RunningCollector collector, long sequence, bool onAir) =>
        collector.Deliver(RunningCollector.Line(sequence, onAir: onAir, at: new DateTimeOffset(2026, 3, 14, 22, 0, (int)sequence, TimeSpan.FromHours(8))));

    private static OutboxStatus Status(RunningCollector collector) => collector.Get<OutboxSenders>().Status[0];

    /// <summary>Beginnings and ends. While the clock runs no data comes, so that an alarm also becomes unknown at some time, which is an update.</summary>
    private static List<string> Changes(Receiver from) => [.. from.Taken.Select(t => JsonSerializer.Deserialize<JsonElement>(t.Body).GetProperty("change").GetString()!).Where(c => c != "update")];

    /// <summary>Beginnings and ends that wait.</summary>
    private static int Decided(RunningCollector collector)
    {
        using var view = collector.Get<SignalWatch.Collector.Storage.IStore>().OpenView();
        return view.Documents("outbox.message").Count(d => JsonSerializer.Deserialize<OutboxMessage>(d.Body.Span, WireJson.Options)!.Change != OutboxChange.Update);
    }

    /// <summary>Moves the collector's clock, so that what waits goes on.</summary>
    private static async Task Until(RunningCollector collector, Func<bool> holds)
    {
        var started = Stopwatch.GetTimestamp();
        while (!holds())
        {
            Stopwatch.GetElapsedTime(started).Should().BeLessThan(Patience, collector.Get<OutboxSenders>().Status[0].ToString());
            collector.Time.Advance(TimeSpan.FromMilliseconds(200));
            using var answered = await collector.Client.GetAsync("/healthz"); // gives the others their turn
        }
    }
}
