using System.Text.Json;
using System.Xml.Linq;

namespace SignalWatch.TransportStream.Tests;

/// <summary>Tables that no recording has, and the two forms of a document.</summary>
public sealed class TablesDocumentTests
{
    [Theory]
    [InlineData("707004ED0A1100", """<generic_short_table table_id="0x70" private="true"><metadata/>ED 0A 11 00</generic_short_table>""")] // a byte short
    [InlineData("707005ED0A110000", """<TDT UTC_time="2025-01-07 11:00:00"><metadata/></TDT>""")]
    [InlineData("717009" + "1238" + "5493" + "5634" + "A673" + "FA", """<RST><metadata/><event transport_stream_id="0x1238" original_network_id="0x5493" service_id="0x5634" event_id="0xA673" running_status="starting"/></RST>""")]
    [InlineData("7E7001FF", """<discontinuity_information_table transition="true"><metadata/></discontinuity_information_table>""")]
    [InlineData("9B7003010203", """<generic_short_table table_id="0x9B" private="true"><metadata/>01 02 03</generic_short_table>""")]
    public void A_table_of_one_short_section(string bytes, string xml)
    {
        var section = Convert.FromHexString(bytes);
        Check(new TableVersion(0x14, section[0], null, null, true, 0, 0, [section]), xml);
    }

    [Theory]
    [InlineData(0x03, "47025431", """<TSDT version="1" current="true"><metadata/><bouquet_name_descriptor bouquet_name="T1"/></TSDT>""")]
    [InlineData(0x7F, "F000" + "0465" + "C003" + "520107", """<selection_information_table version="1" current="true"><metadata/><service service_id="0x0465" running_status="running"><stream_identifier_descriptor component_tag="0x07"/></service></selection_information_table>""")]
    [InlineData(0x4A, "F004" + "47024231" + "F009" + "00010002F003" + "410100", """<BAT version="1" current="true" bouquet_id="0x0101"><metadata/><bouquet_name_descriptor bouquet_name="B1"/><transport_stream transport_stream_id="0x0001" original_network_id="0x0002" preferred_section="0"><generic_descriptor tag="0x41">00</generic_descriptor></transport_stream></BAT>""")]
    [InlineData(0x4C, "123456" + "00" + "F000" + "F003140101" + "F000", """<INT version="1" current="true" action_type="0x01" processing_order="0x00" platform_id="0x00123456"><metadata/><device><target><ISP_access_mode_descriptor access_mode="dialup"/></target><operational/></device></INT>""")]
    [InlineData(0x74, "F000" + "F00C" + "0000000A" + "0001" + "01" + "F003160105", """<AIT version="1" current="true" test_application_flag="false" application_type="0x0101"><metadata/><application control_code="0x01"><application_identifier organization_id="0x0000000A" application_id="0x0001"/><application_usage_descriptor usage_type="0x05"/></application></AIT>""")]
    [InlineData(0x4F, "00010002" + "00" + "4F" + "0007" + "FFFFFFFFFF" + "FFFFFF" + "8000", """<EIT type="pf" version="1" current="true" actual="false" service_id="0x0101" transport_stream_id="0x0001" original_network_id="0x0002" last_table_id="0x4F"><metadata/><event event_id="0x0007" start_time="undefined" duration="undefined" running_status="running" CA_mode="false"/></EIT>""")]
    [InlineData(0x5B, "00010002" + "00" + "5B", """<EIT type="11" version="1" current="true" actual="true" service_id="0x0101" transport_stream_id="0x0001" original_network_id="0x0002" last_table_id="0x5B"><metadata/></EIT>""")]
    [InlineData(0x02, "FFFFF000" + "D4E101F000", """<PMT version="1" current="true" service_id="0x0101"><metadata/><component elementary_PID="0x0101" stream_type="0xD4"/></PMT>""")]
    [InlineData(0x02, "FFFFF000" + "D4E101F0", """<generic_long_table table_id="0x02" table_id_ext="0x0101" version="1" current="true" private="false"><metadata/><section>FF FF F0 00 D4 E1 01 F0</section></generic_long_table>""")]
    [InlineData(0xC3, "0102", """<generic_long_table table_id="0xC3" table_id_ext="0x0101" version="1" current="true" private="false"><metadata/><section>01 02</section></generic_long_table>""")]
    public void A_table_of_a_long_section(int tableId, string body, string xml)
    {
        var section = StreamBuilder.Long(tableId, 0x0101, 1, Convert.FromHexString(body));
        Check(new TableVersion(0x100, tableId, 0x0101, 1, true, 0, 0, [section]), xml);
    }

    [Fact]
    public void A_document_in_JSON_has_names_members_and_nodes()
    {
        var pat = StreamBuilder.Long(0x00, 0x0438, 12, [0, 0, 0xE0, 0x10, 0x22, 0x61, 0xE0, 0x64]);
        using var bytes = new MemoryStream();
        TableJson.Write([new TableVersion(0, 0, 0x0438, 12, true, 1234, 1300, [pat])], bytes, DvbCharset.Gb18030);
        var table = JsonDocument.Parse(bytes.ToArray()).RootElement.GetProperty("#nodes")[0];
        table.GetProperty("#name").GetString().Should().Be("PAT");
        table.GetProperty("version").GetInt32().Should().Be(12);
        table.GetProperty("current").GetBoolean().Should().BeTrue();
        table.GetProperty("network_PID").GetInt32().Should().Be(0x10);
        table.GetProperty("#nodes")[0].GetProperty("first_ts_packet").GetInt64().Should().Be(1234);
        table.GetProperty("#nodes")[1].GetProperty("service_id").GetInt32().Should().Be(0x2261);
    }

    [Fact]
    public void A_document_in_XML_says_UTF8_and_breaks_bytes_into_lines_of_sixteen()
    {
        var section = StreamBuilder.Long(0xC3, 0x0101, 1, [.. Enumerable.Range(0, 18).Select(value => (byte)value)]);
        using var text = new StringWriter();
        TableXml.Write([new TableVersion(0x1ABC, 0xC3, 0x0101, 1, true, 0, 1234567, [section])], text, DvbCharset.Gb18030);
        text.ToString().Should().Be("""
            <?xml version="1.0" encoding="UTF-8"?>
            <tsduck>
              <generic_long_table table_id="0xC3" table_id_ext="0x0101" version="1" current="true" private="false">
                <metadata PID="6,844" first_ts_packet="0" last_ts_packet="1,234,567" />
                <section>
                  00 01 02 03 04 05 06 07 08 09 0A 0B 0C 0D 0E 0F
                  10 11
                </section>
              </generic_long_table>
            </tsduck>
            """.ReplaceLineEndings("\n"));
    }

    private static void Check(TableVersion table, string xml)
    {
        using var text = new StringWriter();
        TableXml.Write([table], text, DvbCharset.Utf8);
        var ours = XDocument.Parse(text.ToString()).Root!.Elements().Single();
        ours.Element("metadata")!.RemoveAttributes();
        TablesComparison.Differences(ours, XElement.Parse(xml)).Should().BeEmpty();
    }
}
