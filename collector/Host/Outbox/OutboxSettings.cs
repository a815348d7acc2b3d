using System.Net;
using MimeKit;
using SignalWatch.Contracts;
using YamlDotNet.Core;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace SignalWatch.Collector.Outbox;

/// <summary>Someone who is told of alarms.</summary>
internal sealed record OutboxTarget
{
    /// <summary>Names it for people and in the journal: letters, digits, hyphens.</summary>
    public required string Name { get; init; }

    /// <summary><c>webhook</c> (JSON), <c>cap</c> (OASIS CAP 1.2), <c>msg</c> (the GB2312 XML of probes' interfaces) or <c>mail</c>.</summary>
    public required string Type { get; init; }

    /// <summary>Where messages are posted; nothing else is ever called.</summary>
    public required Uri Url { get; init; }

    /// <summary>Signs what goes to a webhook, or opens the mail server to <see cref="User"/>; null for none.</summary>
    public string? Secret { get; init; }

    /// <summary>The least urgent priority that goes out, 1 to 4.</summary>
    public int Priority { get; init; } = 4;

    /// <summary>Whether drills and replays go out too, marked as such.</summary>
    public bool Drills { get; init; }

    /// <summary>Whom a mail server lets in; null where it asks nobody.</summary>
    public string? User { get; init; }

    /// <summary>Addresses that get the mail.</summary>
    public IReadOnlyList<string> To { get; init; } = [];

    /// <summary>Mail goes in the clear: somebody has said that the way to the server is safe. Never with a password.</summary>
    public bool Unencrypted { get; init; }

    /// <summary>Who sends: <c>sender</c> of CAP, <c>SrcCode</c> of Msg, the address of a mail.</summary>
    public string Sender { get; init; } = "signalwatch";

    /// <summary>Who receives: <c>DstCode</c> of Msg.</summary>
    public string Receiver { get; init; } = "";

    /// <summary>The receiver's alarm code for each rule (<c>Type</c> of Msg).</summary>
    public IReadOnlyDictionary<string, string> Codes { get; init; } = new Dictionary<string, string>();
}

/// <summary>Reads <c>outputs.yaml</c>: <code>
/// targets:
///   - name: duty-room
///     type: webhook
///     url: https://10.1.2.3/alarms
///     secret-file: /etc/signalwatch/webhook.secret
///     priority: 2
///   - name: on-call
///     type: mail
///     url: smtp://10.1.2.4:587
///     user: signalwatch
///     secret-file: /etc/signalwatch/mail.secret
///     sender: signalwatch@gd.example
///     to: [duty@gd.example]
/// </code></summary>
internal static class OutboxSettings
{
    /// <summary>The type of a target that gets e-mail.</summary>
    public const string Mail = "mail";

    private const int MostTargets = 50;
    private const int MostRecipients = 50;
    private const int ShortestSecret = 16;
    private static readonly string[] Types = ["webhook", "cap", "msg", Mail];

    /// <summary>The targets in a file.</summary>
    /// <exception cref="ProblemException">It can't be read, or something in it is wrong: nothing of it holds.</exception>
    public static IReadOnlyList<OutboxTarget> Read(string file)
    {
        try
        {
            var written = new DeserializerBuilder().WithNamingConvention(HyphenatedNamingConvention.Instance).Build().Deserialize<FileAsWritten?>(File.ReadAllText(file));
            List<OutboxTarget> targets = [.. (written?.Targets ?? []).Select((t, i) => Target(t ?? new(), i + 1, file))];
            if (targets.Count > MostTargets) throw Bad(file, $"targets > {MostTargets}");
            if (targets.GroupBy(t => t.Name).FirstOrDefault(g => g.Count() > 1) is { } twice) throw Bad(file, $"name: {twice.Key} × 2");
            return targets;
        }
        catch (YamlException wrong)
        {
            throw Bad(file, $"{wrong.Start.Line}:{wrong.Start.Column} {wrong.InnerException?.Message ?? wrong.Message}", wrong);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new ProblemException(Texts.FileUnreadable(file, failure.Message), failure);
        }
    }

    private static OutboxTarget Target(TargetAsWritten written, int number, string file)
    {
        var name = written.Name ?? "";
        if (name.Length is 0 or > 40 || !name.All(c => char.IsAsciiLetterOrDigit(c) || c == '-')) throw Bad(file, $"targets[{number}].name: {name}");
        if (!Types.Contains(written.Type, StringComparer.Ordinal)) throw Bad(file, $"{name}: type: {string.Join(" | ", Types)}");
        string[] schemes = written.Type == Mail ? ["smtp", "smtps"] : ["http", "https"];
        if (!Uri.TryCreate(written.Url, UriKind.Absolute, out var url) || !schemes.Contains(url.Scheme) || url.Host.Length == 0 || url.UserInfo.Length > 0 || IsMetadata(url.Host)) throw Bad(file, $"{name}: url");
        if (written.Priority is < 1 or > 4) throw Bad(file, $"{name}: priority: 1-4");
        if (written.Type == Mail) CheckMail(written, url, name, file);
        return new()
        {
            Name = name,
            Type = written.Type!,
            Url = written.Type == Mail && url.Port < 0 ? new UriBuilder(url) { Port = url.Scheme == "smtps" ? 465 : 587 }.Uri : url, // RFC 8314, 3.3 and RFC 6409
            Secret = written.SecretFile is { } secret ? Secret(secret, written.Type == Mail ? 1 : ShortestSecret, name, file) : null,
            User = written.User,
            To = written.To ?? [],
            Unencrypted = written.Unencrypted,
            Priority = written.Priority,
            Drills = written.Drills,
            Sender = Code(written.Sender ?? "signalwatch", file, name),
            Receiver = Code(written.Receiver ?? "", file, name),
            Codes = written.Codes ?? [],
        };
    }

    private static void CheckMail(TargetAsWritten written, Uri url, string name, string file)
    {
        if (!MailboxAddress.TryParse(written.Sender, out var from) || string.IsNullOrEmpty(from.Domain)) throw Bad(file, $"{name}: sender: mailbox@domain");
        if (written.To is not { Count: > 0 and <= MostRecipients } || written.To.Find(to => !MailboxAddress.TryParse(to, out _)) is not null) throw Bad(file, $"{name}: to: [mailbox@domain, …], 1-{MostRecipients}");
        if ((written.User is null) != (written.SecretFile is null)) throw Bad(file, $"{name}: user, secret-file");
        if (written.Unencrypted && (written.User is not null || url.Scheme == "smtps")) throw Bad(file, $"{name}: unencrypted + user | smtps");
    }

    private static string Secret(string secretFile, int shortest, string name, string file)
    {
        try
        {
            return File.ReadAllText(secretFile).Trim() is var secret && secret.Length >= shortest ? secret : throw Bad(file, $"{name}: secret-file: < {shortest}");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new ProblemException(Texts.FileUnreadable(secretFile, failure.Message), failure); // that file, not the one that names it
        }
    }

    /// <summary>CAP 1.2, 3.2.1: no spaces, commas or the characters &lt; and &amp; in a sender.</summary>
    private static string Code(string text, string file, string name) => text.All(c => c is > ' ' and not (',' or '<' or '&') && !char.IsControl(c)) && text.Length <= 100 ? text : throw Bad(file, $"{name}: sender, receiver");

    /// <summary>The address at which clouds give out credentials is never a receiver of alarms.</summary>
    private static bool IsMetadata(string host) => IPAddress.TryParse(host, out var address) && (address.IsIPv6LinkLocal || address.MapToIPv4().GetAddressBytes() is [169, 254, ..]);

    private static ProblemException Bad(string file, string why, Exception? cause = null) => new(OutboxTexts.BadSettings(file, why), cause);

    private sealed class FileAsWritten
    {
        public List<TargetAsWritten?>? Targets { get; set; }
    }

    private sealed class TargetAsWritten
    {
        public string? Name { get; set; }
        public string? Type { get; set; }
        public string? Url { get; set; }
        public string? SecretFile { get; set; }
        public string? User { get; set; }
        public List<string>? To { get; set; }
        public bool Unencrypted { get; set; }
        public int Priority { get; set; } = 4;
        public bool Drills { get; set; }
        public string? Sender { get; set; }
        public string? Receiver { get; set; }
        public Dictionary<string, string>? Codes { get; set; }
    }
}
