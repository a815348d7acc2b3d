using System.Globalization;
using System.Text;
using System.Xml;
using SignalWatch.Contracts;

namespace SignalWatch.Collector.Outbox;

/// <summary>A message as an alert of the Common Alerting Protocol (OASIS CAP 1.2, clause 3.2; the order of elements is the schema's).</summary>
internal static class CapMessage
{
    public const string Namespace = "urn:oasis:names:tc:emergency:cap:1.2";

    public static byte[] Write(OutboxMessage message, OutboxTarget target)
    {
        using var bytes = new MemoryStream();
        using (var xml = XmlWriter.Create(bytes, new XmlWriterSettings { Encoding = new UTF8Encoding(false), Indent = true, CheckCharacters = true }))
        {
            xml.WriteStartElement("alert", Namespace);
            Element(xml, "identifier", Identifier(target, message.Number));
            Element(xml, "sender", target.Sender);
            Element(xml, "sent", Time(message.At));
            Element(xml, "status", message.Alarm.Origin switch { Origin.Live => "Actual", Origin.Simulated => "Exercise", _ => "Test" });
            Element(xml, "msgType", message.Change switch { OutboxChange.Raise => "Alert", OutboxChange.Update => "Update", _ => "Cancel" });
            Element(xml, "scope", "Restricted");
            Element(xml, "restriction", "For the broadcast regulator and whom it names. 仅供广播电视监管部门及其指定单位使用。"); // 3.2.1: required where the scope is restricted
            // 3.2.1: sender,identifier,sent of each earlier message, separated by whitespace.
            if (message.Earlier.Count > 0) Element(xml, "references", string.Join(' ', message.Earlier.Select(e => $"{target.Sender},{Identifier(target, e.Number)},{Time(e.At)}")));
            Element(xml, "incidents", message.Alarm.Id.Value);
            foreach (var (language, code) in ((Language, string)[])[(Language.Chinese, "zh-CN"), (Language.English, "en-US")]) Info(xml, message, language, code);
            xml.WriteEndElement();
        }
        return bytes.ToArray();
    }

    private static void Info(XmlWriter xml, OutboxMessage message, Language language, string code)
    {
        var alarm = message.Alarm;
        xml.WriteStartElement("info", Namespace);
        Element(xml, "language", code);
        Element(xml, "category", "Infra"); // 3.2.2: utility, telecommunication, other non-transport infrastructure
        Element(xml, "event", alarm.Title.In(language));
        Element(xml, "urgency", message.Change == OutboxChange.Clear ? "Past" : alarm.Priority switch { 1 => "Immediate", 2 => "Expected", _ => "Unknown" });
        Element(xml, "severity", alarm.Priority switch { 1 => "Extreme", 2 => "Severe", 3 => "Moderate", _ => "Minor" });
        // Where its data stopped nobody observes it any more.
        Element(xml, "certainty", alarm.Unknown ? "Unknown" : "Observed");
        Element(xml, "onset", Time(alarm.RaisedAt));
        Element(xml, "headline", alarm.Title.In(language));
        Element(xml, "description", alarm.Sentence.In(language));
        Parameter(xml, "rule", alarm.Rule.Value);
        Parameter(xml, "subject", alarm.Subject.ToString());
        Parameter(xml, "occurrences", alarm.Occurrences.ToString(CultureInfo.InvariantCulture));
        if (alarm.Witnesses.Count > 0) Parameter(xml, "witnesses", string.Join(' ', alarm.Witnesses));
        if (message.Change == OutboxChange.Clear && alarm.ClearedAt is { } cleared) Parameter(xml, "cleared", Time(cleared));
        xml.WriteStartElement("area", Namespace);
        Element(xml, "areaDesc", alarm.Subject.ToString());
        xml.WriteEndElement();
        xml.WriteEndElement();
    }

    private static void Parameter(XmlWriter xml, string name, string value)
    {
        xml.WriteStartElement("parameter", Namespace);
        Element(xml, "valueName", name);
        Element(xml, "value", value);
        xml.WriteEndElement();
    }

    /// <summary>A text of a broadcast may hold what XML can't: that must not keep an alarm from going out.</summary>
    private static void Element(XmlWriter xml, string name, string text) => xml.WriteElementString(name, Namespace, XmlText.Clean(text));

    private static string Identifier(OutboxTarget target, long number) => string.Create(CultureInfo.InvariantCulture, $"{target.Sender}.{target.Name}.{number}");

    /// <summary>3.2.1 DateTime: whole seconds, an offset, never "Z".</summary>
    private static string Time(DateTimeOffset at) => at.ToOffset(TimeSpan.FromHours(8)).ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture);
}

/// <summary>Texts for XML 1.0.</summary>
internal static class XmlText
{
    /// <summary>Without the characters that XML 1.0 (2.2) has no place for.</summary>
    public static string Clean(string text)
    {
        var clean = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (XmlConvert.IsXmlChar(text[i])) clean.Append(text[i]);
            else if (i + 1 < text.Length && XmlConvert.IsXmlSurrogatePair(text[i + 1], text[i])) clean.Append(text[i]).Append(text[++i]);
            else clean.Append('\uFFFD');
        }
        return clean.ToString();
    }
}
