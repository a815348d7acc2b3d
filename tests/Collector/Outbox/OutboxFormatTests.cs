using System.Text;
using System.Xml;
using System.Xml.Linq;
using System.Xml.Schema;
using SignalWatch.Collector.Outbox;
using SignalWatch.Contracts;

namespace SignalWatch.Collector.Tests.Outbox;

public sealed class OutboxFormatTests
{
    private static readonly XNamespace Cap = CapMessage.Namespace;
    private static readonly DateTimeOffset At = new(2026, 3, 14, 14, 5, 6, 789, TimeSpan.Zero);
    private static readonly OutboxTarget Target = new() { Name = "centre", Type = "cap", Url = new("http://h/"), Sender = "monitor@gd.example", Receiver = "C01", Codes = new Dictionary<string, string> { ["FM-01"] = "30" } };

    /// <summary>The alert as clause 3.2 of CAP 1.2 has it: order and number of elements, words that are allowed, form of times.</summary>
    private const string Schema = """
        <xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:c="urn:oasis:names:tc:emergency:cap:1.2" targetNamespace="urn:oasis:names:tc:emergency:cap:1.2" elementFormDefault="qualified">
          <xs:simpleType name="time"><xs:restriction base="xs:dateTime"><xs:pattern value="\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[-+]\d\d:\d\d"/></xs:restriction></xs:simpleType>
          <xs:simpleType name="id"><xs:restriction base="xs:string"><xs:pattern value="[^\s,&lt;&amp;]+"/></xs:restriction></xs:simpleType>
          <xs:simpleType name="some"><xs:restriction base="xs:string"><xs:minLength value="1"/></xs:restriction></xs:simpleType>
          <xs:element name="alert"><xs:complexType><xs:sequence>
            <xs:element name="identifier" type="c:id"/><xs:element name="sender" type="c:id"/><xs:element name="sent" type="c:time"/>
            <xs:element name="status"><xs:simpleType><xs:restriction base="xs:string"><xs:enumeration value="Actual"/><xs:enumeration value="Exercise"/><xs:enumeration value="Test"/></xs:restriction></xs:simpleType></xs:element>
            <xs:element name="msgType"><xs:simpleType><xs:restriction base="xs:string"><xs:enumeration value="Alert"/><xs:enumeration value="Update"/><xs:enumeration value="Cancel"/></xs:restriction></xs:simpleType></xs:element>
            <xs:element name="scope" fixed="Restricted"/><xs:element name="restriction" type="c:some"/>
            <xs:element name="references" minOccurs="0" type="c:some"/><xs:element name="incidents" type="c:some"/>
            <xs:element name="info" maxOccurs="unbounded"><xs:complexType><xs:sequence>
              <xs:element name="language" type="xs:language"/><xs:element name="category" fixed="Infra"/><xs:element name="event" type="c:some"/>
              <xs:element name="urgency"><xs:simpleType><xs:restriction base="xs:string"><xs:enumeration value="Immediate"/><xs:enumeration value="Expected"/><xs:enumeration value="Past"/><xs:enumeration value="Unknown"/></xs:restriction></xs:simpleType></xs:element>
              <xs:element name="severity"><xs:simpleType><xs:restriction base="xs:string"><xs:enumeration value="Extreme"/><xs:enumeration value="Severe"/><xs:enumeration value="Moderate"/><xs:enumeration value="Minor"/></xs:restriction></xs:simpleType></xs:element>
              <xs:element name="certainty"><xs:simpleType><xs:restriction base="xs:string"><xs:enumeration value="Observed"/><xs:enumeration value="Unknown"/></xs:restriction></xs:simpleType></xs:element>
              <xs:element name="onset" type="c:time"/><xs:element name="headline" type="c:some"/><xs:element name="description" type="c:some"/>
              <xs:element name="parameter" maxOccurs="unbounded"><xs:complexType><xs:sequence><xs:element name="valueName" type="c:some"/><xs:element name="value" type="c:some"/></xs:sequence></xs:complexType></xs:element>
              <xs:element name="area"><xs:complexType><xs:sequence><xs:element name="areaDesc" type="c:some"/></xs:sequence></xs:complexType></xs:element>
            </xs:sequence></xs:complexType></xs:element>
          </xs:sequence></xs:complexType></xs:element>
        </xs:schema>
        """;

    [Theory]
    [InlineData(OutboxChange.Raise, Origin.Live, "Alert", "Actual")]
    [InlineData(OutboxChange.Update, Origin.Simulated, "Update", "Exercise")]
    [InlineData(OutboxChange.Clear, Origin.Replay, "Cancel", "Test")]
    public void A_CAP_alert_is_valid_and_its_status_never_lets_a_drill_look_real(object change, Origin origin, string type, string status)
    {
        var alert = Validated(CapMessage.Write(Message((OutboxChange)change, origin), Target));
        (alert.Element(Cap + "msgType")!.Value, alert.Element(Cap + "status")!.Value).Should().Be((type, status));
        alert.Elements(Cap + "info").Select(i => i.Element(Cap + "language")!.Value).Should().Equal("zh-CN", "en-US");
    }

    [Fact]
    public void A_CAP_update_refers_to_all_that_was_said_before()
    {
        var first = Validated(CapMessage.Write(Message(OutboxChange.Raise, Origin.Live), Target));
        first.Element(Cap + "references").Should().BeNull();
        var later = Validated(CapMessage.Write(Message(OutboxChange.Clear, Origin.Live) with { Number = 9, Earlier = [new(7, At), new(8, At.AddSeconds(60))] }, Target));
        later.Element(Cap + "references")!.Value.Should().Be("monitor@gd.example,monitor@gd.example.centre.7,2026-03-14T22:05:06+08:00 monitor@gd.example,monitor@gd.example.centre.8,2026-03-14T22:06:06+08:00");
        first.Element(Cap + "identifier")!.Value.Should().Be("monitor@gd.example.centre.7");
    }

    [Fact]
    public void A_text_that_XML_can_not_hold_keeps_no_alarm_from_going_out()
    {
        var message = Message(OutboxChange.Raise, Origin.Live);
        message = message with { Alarm = message.Alarm with { Sentence = new("台名 \u0001<假>\uD800 😀", "name \u0001<false>\uD800 😀") } };
        Validated(CapMessage.Write(message, Target)).Descendants(Cap + "description").First().Value.Should().Be("台名 \uFFFD<假>\uFFFD 😀");
        Parsed(ProbeInterfaceMessage.Write(message, Target)!).Elements().Single().Attribute("Desc")!.Value.Should().Contain("台名 \uFFFD<假>\uFFFD 😀");
    }

    [Fact]
    public void A_Msg_is_GB2312_and_its_value_1_raises_and_2_clears_the_same_alarm()
    {
        var raise = ProbeInterfaceMessage.Write(Message(OutboxChange.Raise, Origin.Live), Target)!;
        Encoding.ASCII.GetString(raise, 0, 60).Should().Contain("encoding=\"gb2312\"");
        raise.AsSpan().IndexOf(CodePagesEncodingProvider.Instance.GetEncoding(936)!.GetBytes("疑似黑广播")).Should().BePositive("Chinese is in the encoding that is named");
        var (first, second) = (Parsed(raise), Parsed(ProbeInterfaceMessage.Write(Message(OutboxChange.Clear, Origin.Live), Target)!));
        first.Attributes().Select(a => $"{a.Name}={a.Value}").Should().Equal("Version=3.0", "MsgID=7", "Type=FMUp", "DateTime=2026-03-14 22:05:06", "SrcCode=monitor@gd.example", "DstCode=C01", "ReplyID=-1");
        var (raised, cleared) = (first.Element("AlarmRFReport")!, second.Element("AlarmRFReport")!);
        (raised.Attribute("Freq")!.Value, raised.Attribute("Type")!.Value, raised.Attribute("Value")!.Value, raised.Attribute("Time")!.Value).Should().Be(("97800000", "30", "1", "2026-03-14 22:00:00"));
        (cleared.Attribute("AlarmID")!.Value, cleared.Attribute("Value")!.Value, cleared.Attribute("Time")!.Value).Should().Be((raised.Attribute("AlarmID")!.Value, "2", "2026-03-14 22:04:00"));
        ProbeInterfaceMessage.Write(Message(OutboxChange.Update, Origin.Live), Target).Should().BeNull("the interface has no word for it");
        Parsed(ProbeInterfaceMessage.Write(Message(OutboxChange.Raise, Origin.Simulated), Target)!).Elements().Single().Attribute("Desc")!.Value.Should().StartWith("【演练】");
    }

    private static OutboxMessage Message(OutboxChange change, Origin origin) => new("centre", 7, change,
        new(new("A-0123456789"), new("FM-01"), Subject.Frequency("440106", 97_800_000), 2, new("疑似黑广播 97.8 MHz", "Suspected pirate 97.8 MHz"), new("未在登记表中", "not in the register"),
            change != OutboxChange.Clear, false, new(2026, 3, 14, 14, 0, 0, TimeSpan.Zero), change == OutboxChange.Clear ? new DateTimeOffset(2026, 3, 14, 14, 4, 0, TimeSpan.Zero) : null, origin, [new("GZ-03")], 3), At, []);

    private static XElement Validated(byte[] xml)
    {
        var schemas = new XmlSchemaSet();
        using var schema = XmlReader.Create(new StringReader(Schema));
        schemas.Add(CapMessage.Namespace, schema);
        var document = XDocument.Load(new MemoryStream(xml));
        document.Validate(schemas, (_, e) => throw e.Exception);
        return document.Root!;
    }

    private static XElement Parsed(byte[] xml)
    {
        using var text = new StreamReader(new MemoryStream(xml), CodePagesEncodingProvider.Instance.GetEncoding(936)!);
        return XDocument.Load(text).Root!;
    }
}
