using System.Net;
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

    /// <summary><c>webhook</c> (JSON), <c>cap</c> (OASIS CAP 1.2) or <c>msg</c> (the GB2312 XML of probes' interfaces).</summary>
    public required string Type { get; init; }

    /// <summary>Where messages are posted; nothing else is ever called.</summary>
    public required Uri Url { get; init; }

    /// <summary>Signs what goes to a webhook; null for no signature.</summary>
    public string? Secret { get; init; }

    /// <summary>The least urgent priority that goes out, 1 to 4.</summary>
    public int Priority { get; init; } = 4;

    /// <summary>Whether drills and replays go out too, marked as such.</summary>
    public bool Drills { get; init; }

    /// <summary>Who sends: <c>sender</c> of CAP, <c>SrcCode</c> of Msg.</summary>
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
/// </code></summary>
internal static class OutboxSettings
{
    private const int MostTargets = 50;
    private static readonly string[] Types = ["webhook", "cap", "msg"];

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
        if (!Uri.TryCreate(written.Url, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https") || url.UserInfo.Length > 0 || IsMetadata(url.Host)) throw Bad(file, $"{name}: url");
        if (written.Priority is < 1 or > 4) throw Bad(file, $"{name}: priority: 1-4");
        return new()
        {
            Name = name,
            Type = written.Type!,
            Url = url,
            Secret = written.SecretFile is { } secret ? File.ReadAllText(secret).Trim() is { Length: >= 16 } long16 ? long16 : throw Bad(file, $"{name}: secret-file: < 16") : null,
            Priority = written.Priority,
            Drills = written.Drills,
            Sender = Code(written.Sender ?? "signalwatch", file, name),
            Receiver = Code(written.Receiver ?? "", file, name),
            Codes = written.Codes ?? [],
        };
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
        public int Priority { get; set; } = 4;
        public bool Drills { get; set; }
        public string? Sender { get; set; }
        public string? Receiver { get; set; }
        public Dictionary<string, string>? Codes { get; set; }
    }
}
