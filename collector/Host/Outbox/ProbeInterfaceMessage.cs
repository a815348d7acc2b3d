using System.Globalization;
using System.Text;
using System.Xml;
using SignalWatch.Contracts;

namespace SignalWatch.Collector.Outbox;

/// <summary>A message as the <c>Msg</c> of the monitoring interface that is in use between probes and centres: GB2312 XML, unsolicited (<c>ReplyID</c> -1), <c>Value</c> 1 raises and 2 clears the alarm of
/// the same <c>AlarmID</c>. There is no published standard; attributes are those seen in use, and a receiver may want others.</summary>
internal static class ProbeInterfaceMessage
{
    private const int Gb2312 = 936;

    /// <summary>Null for what this interface has no word for: changes between raise and clear.</summary>
    public static byte[]? Write(OutboxMessage message, OutboxTarget target)
    {
        if (message.Change == OutboxChange.Update) return null;
        var alarm = message.Alarm;
        using var bytes = new MemoryStream();
        // Characters that the encoding has not go as character references; the writer does that for the encoding that it is given.
        using (var xml = XmlWriter.Create(bytes, new XmlWriterSettings { Encoding = CodePagesEncodingProvider.Instance.GetEncoding(Gb2312)!, Indent = true }))
        {
            xml.WriteStartElement("Msg");
            Attribute(xml, "Version", "3.0");
            Attribute(xml, "MsgID", message.Number.ToString(CultureInfo.InvariantCulture));
            Attribute(xml, "Type", alarm.Subject.Kind switch { SubjectKind.Frequency => "FMUp", SubjectKind.Multiplex or SubjectKind.Service => "DVBCUp", _ => "MonUp" });
            Attribute(xml, "DateTime", Time(message.At));
            Attribute(xml, "SrcCode", target.Sender);
            Attribute(xml, "DstCode", target.Receiver);
            Attribute(xml, "ReplyID", "-1");
            xml.WriteStartElement(alarm.Subject.Kind switch { SubjectKind.Frequency => "AlarmRFReport", SubjectKind.Multiplex => "AlarmStreamReport", _ => "AlarmChannelReport" });
            if (alarm.Subject.Kind == SubjectKind.Frequency) Attribute(xml, "Freq", alarm.Subject.Key[(alarm.Subject.Key.LastIndexOf('/') + 1)..]);
            if (alarm.Subject.Kind == SubjectKind.Service) Attribute(xml, "ServiceID", alarm.Subject.Key[(alarm.Subject.Key.LastIndexOf('.') + 1)..]);
            Attribute(xml, "AlarmID", alarm.Id.Value);
            if (target.Codes.TryGetValue(alarm.Rule.Value, out var code)) Attribute(xml, "Type", code);
            Attribute(xml, "Value", message.Change == OutboxChange.Raise ? "1" : "2");
            // When the condition began or ended, not when it was told.
            Attribute(xml, "Time", Time(message.Change == OutboxChange.Raise ? alarm.RaisedAt : alarm.ClearedAt ?? message.At));
            Attribute(xml, "Desc", (alarm.Origin == Origin.Live ? "" : alarm.Origin == Origin.Simulated ? "【演练】" : "【回放】") + alarm.Title.Zh + "：" + alarm.Sentence.Zh);
            xml.WriteEndElement();
            xml.WriteEndElement();
        }
        return bytes.ToArray();
    }

    private static void Attribute(XmlWriter xml, string name, string value) => xml.WriteAttributeString(name, XmlText.Clean(value));

    private static string Time(DateTimeOffset at) => at.ToOffset(TimeSpan.FromHours(8)).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}
