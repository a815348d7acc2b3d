using System.Xml.Linq;
using SignalWatch.Tests;

namespace SignalWatch.TransportStream.Tests;

/// <summary>Against TSDuck 3.40's XML of the same recordings: every table, every field. Its PIDs are those of PSI, NIT, SDT and BAT; its default for texts is ISO 6937.</summary>
public sealed class TablesReferenceTests
{
    [RecordingTheory]
    [InlineData("avc_eac3_clear")]
    [InlineData("avc_eac3_csa_scrambled")]
    [InlineData("dttv_cc_errors_a")]
    [InlineData("eit_tei_cc")]
    [InlineData("epg_fr")]
    [InlineData("hevc_scte35_5svc")]
    [InlineData("hevc_small")]
    [InlineData("mpeg2_tdt_dvbsub")]
    [InlineData("pcr_jitter")]
    [InlineData("rai_mux_8svc")]
    [InlineData("teletext_fr")]
    public void Every_table_of_a_recording_equals_the_reference(string name)
    {
        var walker = TablesWalker.Of(Recordings.File("ts", "real", name + ".ts"), 0, 1, 2, 0x10, 0x11);
        using var xml = new StringWriter();
        TableXml.Write(walker.Archive.Tables, xml, DvbCharset.Iso6937);
        var reference = XDocument.Load(Recordings.File("ts", "ref", name + ".ts.tsduck340.tables.xml"));
        TablesComparison.Differences(XDocument.Parse(xml.ToString()).Root!, reference.Root!).Should().BeEmpty();
    }
}
