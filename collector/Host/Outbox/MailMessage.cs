using System.Globalization;
using System.Text;
using MimeKit;
using SignalWatch.Contracts;

namespace SignalWatch.Collector.Outbox;

/// <summary>A message as an e-mail: plain text, Chinese first. What follows an alarm answers its first mail (RFC 5322, 3.6.4), so that a mail program shows one thread.</summary>
internal static class MailMessage
{
    public static MimeMessage Write(OutboxMessage message, OutboxTarget target)
    {
        var from = MailboxAddress.Parse(target.Sender);
        var mail = new MimeMessage { Subject = Subject(message), Date = message.At.ToOffset(TimeSpan.FromHours(8)), MessageId = Id(message.Number, message.At) };
        mail.From.Add(from);
        mail.To.AddRange(target.To.Select(MailboxAddress.Parse));
        foreach (var earlier in message.Earlier) mail.References.Add(Id(earlier.Number, earlier.At));
        if (message.Earlier.Count > 0) mail.InReplyTo = Id(message.Earlier[^1].Number, message.Earlier[^1].At);
        mail.Headers.Add("Auto-Submitted", "auto-generated"); // RFC 3834: no absence notice comes back
        if (message.Alarm.Priority == 1 && message.Change != OutboxChange.Clear) mail.Importance = MessageImportance.High;
        mail.Body = new TextPart("plain") { Text = Body(message) };
        return mail;

        // With the time in it: numbers begin anew where a journal does, and an old thread must not take up a new alarm.
        string Id(long number, DateTimeOffset at) => string.Create(CultureInfo.InvariantCulture, $"{target.Name}.{number}.{at.ToUnixTimeMilliseconds()}@{from.Domain}");
    }

    private static string Subject(OutboxMessage message)
    {
        var (change, title) = (OutboxTexts.Change(message.Change), message.Alarm.Title);
        return OneLine($"{OutboxTexts.Drill(message.Alarm.Origin)}[P{message.Alarm.Priority}] {change.Zh} {title.Zh} / {change.En}: {title.En}");
    }

    private static string Body(OutboxMessage message)
    {
        var text = new StringBuilder();
        foreach (var language in (Language[])[Language.Chinese, Language.English])
        {
            foreach (var (name, value) in Lines(message, language)) text.Append(name.In(language)).Append(language == Language.Chinese ? "：" : ": ").Append(OneLine(value)).Append("\r\n");
            text.Append("\r\n");
        }
        return text.ToString();
    }

    private static IEnumerable<(Text Name, string Value)> Lines(OutboxMessage message, Language language)
    {
        var alarm = message.Alarm;
        yield return (new("状态", "State"), OutboxTexts.Drill(alarm.Origin) + OutboxTexts.Change(message.Change).In(language) + (alarm.Unknown ? language == Language.Chinese ? "（数据中断，现状不明）" : " (its data stopped: nobody knows)" : ""));
        yield return (new("告警", "Alarm"), alarm.Title.In(language));
        yield return (new("内容", "What"), alarm.Sentence.In(language));
        yield return (new("级别", "Priority"), $"P{alarm.Priority}");
        yield return (new("对象", "Subject"), alarm.Subject.ToString());
        yield return (new("规则", "Rule"), alarm.Rule.Value);
        yield return (new("发生时间", "Since"), Time(alarm.RaisedAt));
        if (message.Change == OutboxChange.Clear && alarm.ClearedAt is { } cleared) yield return (new("恢复时间", "Until"), Time(cleared));
        if (alarm.Witnesses.Count > 0) yield return (new("探针", "Probes"), string.Join(' ', alarm.Witnesses));
        yield return (new("编号", "Number"), alarm.Id.Value);
    }

    private static string Time(DateTimeOffset at) => at.ToOffset(TimeSpan.FromHours(8)).ToString("yyyy-MM-dd HH:mm:ss zzz", CultureInfo.InvariantCulture);

    /// <summary>A text of a broadcast may hold anything, but no line of ours.</summary>
    private static string OneLine(string text) => string.Concat(text.Select(c => char.IsControl(c) || c is '\u2028' or '\u2029' ? ' ' : c));
}
