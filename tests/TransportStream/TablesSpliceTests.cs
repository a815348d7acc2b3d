using System.Globalization;
using System.Text;
using System.Text.Json;
using SignalWatch.Tests;

namespace SignalWatch.TransportStream.Tests;

/// <summary>48 published SCTE 35 cues, each with its decoded form (two of them with a wrong CRC), and commands that no sample has.</summary>
public sealed class TablesSpliceTests
{
    private const double Clock = 90_000; // of pts_time and durations

    [RecordingFact]
    public void Every_published_cue_says_what_its_decoded_form_says()
    {
        var cues = JsonDocument.Parse(File.ReadAllText(Recordings.File("content", "scte35", "cues.json"))).RootElement;
        var compared = 0;
        foreach (var cue in cues.EnumerateArray())
        {
            var table = Read(Convert.FromBase64String(cue.GetProperty("b64").GetString()!));
            var json = cue.GetProperty("json");
            table.Name.Should().Be("splice_information_table", cue.ToString());
            Header(table, json.GetProperty("info_section"));
            Command(table, json.GetProperty("command"));
            var descriptors = table.Children.Where(child => child.Name.EndsWith("_descriptor", StringComparison.Ordinal)).ToList();
            descriptors.Should().HaveCount(json.GetProperty("descriptors").GetArrayLength(), cue.ToString());
            for (var i = 0; i < descriptors.Count; i++) Descriptor(descriptors[i], json.GetProperty("descriptors")[i]);
            compared++;
        }
        compared.Should().Be(48);
    }

    [Fact]
    public void A_schedule_has_its_events_with_breaks_and_components()
    {
        var table = Read(Section(0x04, [
            2,
            0x12, 0x34, 0x56, 0x78, 0x7F, 0b1110_0000 | 0x1F, 0x5A, 0xE6, 0x22, 0x82, 0xFE, 0x00, 0x00, 0xFC, 0x35, 0x45, 0x62, 1, 2,
            0x12, 0x34, 0x56, 0x79, 0x7F, 0b0001_1111, 1, 7, 0x5A, 0xE6, 0x22, 0x83, 0x45, 0x62, 0, 0,
        ]));
        var events = table.Named("splice_schedule").Single().Named("splice_event").ToList();
        events.Should().HaveCount(2);
        events[0]["utc_splice_time"].Should().Be("1,525,031,554");
        events[0]["unique_program_id"].Should().Be("0x4562");
        events[0].Named("break_duration").Single()["duration"].Should().Be("64,565");
        events[0].Named("break_duration").Single()["auto_return"].Should().Be("true");
        events[1].Named("component").Single()["utc_splice_time"].Should().Be("1,525,031,555");
    }

    [Fact]
    public void A_private_command_keeps_its_bytes()
    {
        var command = Read(Section(0xFF, [0xDE, 0xAD, 0xBE, 0xEF, 1, 2])).Named("private_command").Single();
        command["identifier"].Should().Be("0xDEADBEEF");
        command.Text.Should().Be("01 02");
    }

    [Fact]
    public void A_cue_with_a_wrong_CRC_is_counted_and_not_kept()
    {
        var section = Section(0x00, []);
        var archive = new TableArchive();
        archive.Add(0x1F0, section, 0, 0).Should().BeTrue();
        section[^1] ^= 1;
        archive.Add(0x1F0, section, 1, 1).Should().BeFalse();
        archive.BadSplices.Should().Be(1);
        archive.Tables.Should().ContainSingle();
    }

    private static TableElement Read(byte[] section) =>
        new TableVersion(0x1F0, section[0], null, null, true, 0, 0, [section]).Read(DvbCharset.Utf8);

    private static byte[] Section(byte type, byte[] command)
    {
        byte[] body = [0, 0, 0, 0, 0, 0, 0, 0xFF, (byte)(0xF0 | command.Length >> 8), (byte)command.Length, type, .. command, 0, 0];
        byte[] section = [0xFC, 0x30, (byte)(body.Length + 4), .. body];
        var crc = Crc32Mpeg.Compute(section);
        return [.. section, (byte)(crc >> 24), (byte)(crc >> 16), (byte)(crc >> 8), (byte)crc];
    }

    private static void Header(TableElement table, JsonElement expected)
    {
        Number(table, "protocol_version").Should().Be(expected.GetProperty("protocol_version").GetInt64());
        Seconds(table, "pts_adjustment").Should().BeApproximately(expected.GetProperty("pts_adjustment").GetDouble(), 1e-5);
        Number(table, "tier").Should().Be(Hex(expected.GetProperty("tier")));
    }

    private static void Command(TableElement table, JsonElement expected)
    {
        var name = expected.GetProperty("name").GetString()!.ToLowerInvariant().Replace(' ', '_');
        var command = table.Named(name).Should().ContainSingle().Subject;
        if (expected.TryGetProperty("pts_time", out var time)) Seconds(command, "pts_time").Should().BeApproximately(time.GetDouble(), 1e-5);
        else command["pts_time"].Should().BeNull();
        if (name != "splice_insert") return;
        Number(command, "splice_event_id").Should().Be(expected.GetProperty("splice_event_id").GetInt64());
        Number(command, "unique_program_id").Should().Be(expected.GetProperty("unique_program_id").GetInt64());
        foreach (var (ours, theirs) in (ReadOnlySpan<(string, string)>)[("splice_event_cancel", "splice_event_cancel_indicator"), ("out_of_network", "out_of_network_indicator"), ("splice_immediate", "splice_immediate_flag")])
            command[ours].Should().Be(expected.GetProperty(theirs).GetBoolean() ? "true" : "false");
        foreach (var count in (ReadOnlySpan<string>)["avail_num", "avails_expected"]) Number(command, count).Should().Be(expected.GetProperty(count).GetInt64());
        var breaks = command.Named("break_duration").ToList();
        breaks.Should().HaveCount(expected.GetProperty("duration_flag").GetBoolean() ? 1 : 0);
        if (breaks.Count == 0) return;
        Seconds(breaks[0], "duration").Should().BeApproximately(expected.GetProperty("break_duration").GetDouble(), 1e-5);
        breaks[0]["auto_return"].Should().Be(expected.GetProperty("break_auto_return").GetBoolean() ? "true" : "false");
    }

    private static void Descriptor(TableElement descriptor, JsonElement expected)
    {
        Number(descriptor, "identifier").Should().Be(0x43554549); // CUEI
        switch (expected.GetProperty("tag").GetInt32())
        {
            case 0:
                Number(descriptor, "provider_avail_id").Should().Be(expected.GetProperty("provider_avail_id").GetInt64());
                break;
            case 1:
                Number(descriptor, "preroll").Should().Be(expected.GetProperty("preroll").GetInt64());
                descriptor["DTMF"].Should().Be(string.Concat(expected.GetProperty("dtmf_chars").EnumerateArray().Select(character => character.GetString())));
                break;
            default:
                Segmentation(descriptor, expected);
                break;
        }
    }

    private static void Segmentation(TableElement descriptor, JsonElement expected)
    {
        descriptor.Name.Should().Be("splice_segmentation_descriptor");
        Number(descriptor, "segmentation_event_id").Should().Be(Hex(expected.GetProperty("segmentation_event_id")));
        if (expected.GetProperty("segmentation_event_cancel_indicator").GetBoolean()) return;
        foreach (var name in (ReadOnlySpan<string>)["segmentation_type_id", "segment_num", "segments_expected"]) Number(descriptor, name).Should().Be(expected.GetProperty(name).GetInt64(), name);
        if (expected.TryGetProperty("segmentation_duration", out var duration)) Seconds(descriptor, "segmentation_duration").Should().BeApproximately(duration.GetDouble(), 1e-5);
        if (!expected.GetProperty("delivery_not_restricted_flag").GetBoolean())
            foreach (var name in (ReadOnlySpan<string>)["web_delivery_allowed", "no_regional_blackout", "archive_allowed"])
                descriptor[name].Should().Be(expected.GetProperty(name + "_flag").GetBoolean() ? "true" : "false");
        var upid = descriptor.Named("segmentation_upid").Single();
        Number(upid, "type").Should().Be(expected.GetProperty("segmentation_upid_type").GetInt64());
        var bytes = upid.Text is null ? [] : Convert.FromHexString(upid.Text.Replace(" ", "", StringComparison.Ordinal));
        bytes.Should().HaveCount(expected.GetProperty("segmentation_upid_length").GetInt32());
        if (Number(upid, "type") == 0x09) Encoding.ASCII.GetString(bytes).Should().Be(expected.GetProperty("segmentation_upid").GetString()); // ADI is text
        if (Number(upid, "type") == 0x08) Convert.ToHexString(bytes).ToLowerInvariant().Should().Be(expected.GetProperty("segmentation_upid").GetString()!.Replace("0x", "", StringComparison.Ordinal).PadLeft(16, '0')); // TI is a number
    }

    private static double Seconds(TableElement element, string name) => Number(element, name) / Clock;

    private static long Number(TableElement element, string name) => element.Attributes.Single(attribute => attribute.Name == name).Value.Number;

    private static long Hex(JsonElement text) => long.Parse(text.GetString()!.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
