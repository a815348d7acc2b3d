using System.Diagnostics;
using SignalWatch.Collector.Outbox;
using SignalWatch.Contracts;

namespace SignalWatch.Collector.Tests.Outbox;

public sealed class MailTests : IDisposable
{
    private readonly MailServer server = new();

    public void Dispose() => server.Dispose();

    [Fact]
    public async Task An_alarm_and_its_end_are_one_thread_in_both_languages()
    {
        await using var collector = await Start(Target());
        await Report(collector, 1, onAir: true);
        await Until(collector, () => !server.Taken.IsEmpty);
        await Report(collector, 2, onAir: false);
        await Until(collector, () => server.Taken.Any(t => t.Mail.Subject!.Contains("告警解除", StringComparison.Ordinal)));
        var (raise, recipients) = server.Taken.First();
        var over = server.Taken.Last().Mail;
        recipients.Should().Equal("duty@gd.example", "chief@gd.example");
        raise.Subject!.Should().StartWith("[P2] 告警 ").And.Contain(" / Alarm: ");
        raise.TextBody.Should().Contain("内容：").And.Contain("What: ").And.Contain("+08:00").And.Contain("frequency:440106/97800000");
        raise.Headers["Auto-Submitted"].Should().Be("auto-generated");
        (raise.InReplyTo, raise.References.Count).Should().Be((null, 0));
        over.References.First().Should().Be(raise.MessageId);
        over.InReplyTo.Should().Be(over.References.Last(), "it answers the mail before it");
    }

    [Fact]
    public async Task An_address_that_is_gone_keeps_the_mail_from_nobody_else()
    {
        server.Recipient = command => command.Contains("duty", StringComparison.Ordinal) ? "550 no such mailbox" : "250 ok";
        await using var collector = await Start(Target());
        await Report(collector, 1, onAir: true);
        await Until(collector, () => !server.Taken.IsEmpty);
        server.Taken.First().Recipients.Should().Equal("chief@gd.example");
    }

    [Fact]
    public async Task A_mail_that_nobody_may_have_is_given_up_and_a_busy_server_is_tried_again()
    {
        server.Recipient = _ => "451 later";
        await using var collector = await Start(Target());
        await Report(collector, 1, onAir: true);
        await Until(collector, () => Status(collector) is { Failures: > 3, GivenUp: 0 });
        server.Recipient = _ => "550 no such mailbox";
        await Until(collector, () => Status(collector).GivenUp >= 1);
        server.Taken.Should().BeEmpty();
    }

    [Fact]
    public async Task Nothing_goes_in_the_clear_to_a_server_that_has_no_TLS_unless_the_settings_say_so()
    {
        await using var collector = await Start(Target() with { Unencrypted = false });
        await Report(collector, 1, onAir: true);
        await Until(collector, () => Status(collector).Failures > 1);
        Status(collector).Problem.Should().Contain("STARTTLS");
        server.Commands.Should().NotContain(c => c.StartsWith("MAIL", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public void A_text_of_a_broadcast_adds_no_line_to_a_mail()
    {
        const string Evil = "97.8\r\nBcc: thief@example\r\n\r\n停播";
        var alarm = new OutboxAlarm(new("A-1"), new("FM-01"), new(SubjectKind.Frequency, "4401/97800000"), 1, new(Evil, Evil), new(Evil, Evil), true, false, DateTimeOffset.UnixEpoch, null, Origin.Simulated, [new("GZ-03")], 1);
        using var mail = MailMessage.Write(new("on-call", 7, OutboxChange.Raise, alarm, DateTimeOffset.UnixEpoch, [new(5, DateTimeOffset.UnixEpoch)]), Target());
        using var bytes = new MemoryStream();
        mail.WriteTo(bytes);
        bytes.Position = 0;
        using var read = MimeKit.MimeMessage.Load(bytes);
        read.Bcc.Count.Should().Be(0);
        read.Subject.Should().StartWith("【演练 DRILL】[P1] ").And.NotContain("\n");
        read.TextBody!.Split('\n').Should().NotContain(line => line.StartsWith("Bcc", StringComparison.Ordinal));
        (read.MessageId, read.InReplyTo).Should().Be(("on-call.7.0@gd.example", "on-call.5.0@gd.example"));
    }

    [Theory]
    [InlineData("sender: nobody, to: [a@b.c], url: 'smtp://h'", "sender")]
    [InlineData("sender: a@b.c, url: 'smtp://h'", "to")]
    [InlineData("sender: a@b.c, to: [a@b.c], url: 'http://h'", "url")]
    [InlineData("sender: a@b.c, to: [a@b.c], url: 'smtp://h', user: u", "secret-file")]
    [InlineData("sender: a@b.c, to: [a@b.c], url: 'smtps://h', unencrypted: true", "unencrypted")]
    [InlineData("sender: a@b.c, to: [a@b.c], url: 'smtp://h', user: u, secret-file: /nowhere/secret", "/nowhere/secret")]
    public void Settings_that_are_wrong_are_refused_with_the_place(string target, string why) =>
        FluentActions.Invoking(() => Read(target)).Should().Throw<ProblemException>().Which.Problem.Title.En.Should().Contain(why);

    [Theory]
    [InlineData("smtp://mail.gd.example", 587)]
    [InlineData("smtps://mail.gd.example", 465)]
    [InlineData("smtp://mail.gd.example:25", 25)]
    public void A_port_is_the_usual_one_where_none_is_given(string url, int port) => Read($"sender: a@b.c, to: [a@b.c], url: '{url}'").Url.Port.Should().Be(port);

    private static OutboxTarget Read(string target)
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, $"targets: [{{name: on-call, type: mail, {target}}}]");
            return OutboxSettings.Read(file).Single();
        }
        finally
        {
            File.Delete(file);
        }
    }

    private OutboxTarget Target() => new()
    {
        Name = "on-call", Type = OutboxSettings.Mail, Url = new($"smtp://127.0.0.1:{server.Port}"), Sender = "signalwatch@gd.example", To = ["duty@gd.example", "chief@gd.example"], Unencrypted = true,
    };

    private static Task<RunningCollector> Start(OutboxTarget target) => RunningCollector.Start(adjust: o => o with { Outputs = [target] });

    private static Task<IngestReply> Report(RunningCollector collector, long sequence, bool onAir) =>
        collector.Deliver(RunningCollector.Line(sequence, onAir: onAir, at: new DateTimeOffset(2026, 3, 14, 22, 0, (int)sequence, TimeSpan.FromHours(8))));

    private static OutboxStatus Status(RunningCollector collector) => collector.Get<OutboxSenders>().Status[0];

    /// <summary>Moves the collector's clock, so that what waits goes on.</summary>
    private static async Task Until(RunningCollector collector, Func<bool> holds)
    {
        var started = Stopwatch.GetTimestamp();
        while (!holds())
        {
            Stopwatch.GetElapsedTime(started).Should().BeLessThan(TimeSpan.FromSeconds(60), Status(collector).ToString());
            collector.Time.Advance(TimeSpan.FromMilliseconds(200));
            using var answered = await collector.Client.GetAsync("/healthz"); // gives the others their turn
        }
    }
}
