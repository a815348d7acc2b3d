using System.Text.Json;
using SignalWatch.Tests;
using static SignalWatch.Probe.Tests.TsProgram;

namespace SignalWatch.Probe.Tests;

/// <summary>Captures through the command, against their truth files and what TSDuck's tspcap says of them.</summary>
public sealed class TsCaptureTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("ts-capture").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static async Task<JsonElement> TruthAsync(string name) => JsonDocument.Parse(await File.ReadAllTextAsync(Recordings.File("ts", "synth", $"{name}.truth.json"))).RootElement;

    [RecordingFact]
    public async Task Losses_reorders_duplicates_and_delivery_of_an_impaired_stream_are_as_the_truth_says()
    {
        var document = await DocumentAsync($"pcap:{Recordings.File("ts", "synth", "rtp_impaired.pcap")}");
        var truth = await TruthAsync("rtp_impaired");

        var stream = document.GetProperty("streams").EnumerateArray().Should().ContainSingle().Which;
        stream.GetProperty("protocol").GetString().Should().Be("rtp");
        stream.GetProperty("destination").GetString().Should().Be($"{truth.GetProperty("group").GetString()}:{truth.GetProperty("port").GetInt32()}");
        var rtp = stream.GetProperty("rtp");
        rtp.GetProperty("lost").GetInt64().Should().Be(truth.GetProperty("lost_rtp_packets").GetInt64());
        rtp.GetProperty("reordered").GetInt64().Should().Be(truth.GetProperty("reordered_seq").GetArrayLength());
        rtp.GetProperty("duplicate").GetInt64().Should().Be(truth.GetProperty("duplicated_seq").GetArrayLength());
        rtp.GetProperty("recovered").GetInt64().Should().Be(0);
        var mdi = stream.GetProperty("mdi").EnumerateArray().ToDictionary(s => s.GetProperty("second").GetInt64());
        foreach (var second in truth.GetProperty("mdi_per_second").EnumerateArray())
        {
            var ours = mdi[second.GetProperty("second").GetInt64()];
            ours.GetProperty("dfMs").GetDouble().Should().BeApproximately(second.GetProperty("DF_ms").GetDouble(), 1);
            ours.GetProperty("packets").GetInt64().Should().Be(second.GetProperty("packets").GetInt64());
        }
        document.GetProperty("services").GetArrayLength().Should().Be(1, "the only stream stands at the top too");
        stream.GetProperty("analysis").GetProperty("packets").GetInt64().Should().Be(document.GetProperty("packets").GetInt64());
    }

    [RecordingFact]
    public async Task Error_correction_gives_back_what_can_be_given_back_and_the_stream_is_written()
    {
        var truth = await TruthAsync("rtp_fec_2022_1");
        var capture = $"pcap:{Recordings.File("ts", "synth", "rtp_fec_2022_1.pcap")}";
        var file = Path.Combine(folder, "one.ts");

        var document = await DocumentAsync(capture, "--extract", "1", "-o", file);

        var rtp = document.GetProperty("streams")[0].GetProperty("rtp");
        rtp.GetProperty("lost").GetInt64().Should().Be(truth.GetProperty("lost_media_seq").GetArrayLength());
        rtp.GetProperty("recovered").GetInt64().Should().Be(truth.GetProperty("recoverable_seq").GetArrayLength());
        rtp.GetProperty("lostAfterFec").GetInt64().Should().Be(truth.GetProperty("unrecoverable_seq").GetArrayLength());
        new FileInfo(file).Length.Should().Be(document.GetProperty("packets").GetInt64() * 188);
        (await DocumentAsync(file)).GetProperty("packets").GetInt64().Should().Be(document.GetProperty("packets").GetInt64());
        File.Exists(file + ".part").Should().BeFalse();

        (await RunAsync(capture, "--extract", "1", "-o", file)).Code.Should().Be(1, "it is there already");
        (await RunAsync(capture, "--extract", "1", "-o", file, "--force")).Code.Should().Be(0);
    }

    [RecordingFact]
    public async Task The_stream_inside_a_VLAN_is_written_byte_by_byte()
    {
        var file = Path.Combine(folder, "vlan.ts");
        var document = await DocumentAsync($"pcap:{Recordings.File("ts", "pcap", "udp_vlan123.pcap")}", "--extract", "1", "-o", file);

        document.GetProperty("streams")[0].GetProperty("vlans").EnumerateArray().Select(v => v.GetInt32()).Should().Contain(123);
        (await File.ReadAllBytesAsync(file)).Should().Equal(await File.ReadAllBytesAsync(Recordings.File("ts", "ref", "test-162.1.ts")));
    }

    [RecordingFact]
    public async Task A_stream_is_chosen_by_number_or_by_destination_and_a_stranger_is_told()
    {
        var capture = $"pcap:{Recordings.File("ts", "synth", "rtp_fec_2022_1.pcap")}";

        (await DocumentAsync(capture, "--stream", "1")).GetProperty("packets").GetInt64().Should().BePositive();
        (await DocumentAsync(capture, "--stream", "239.2.1.1:5000")).GetProperty("packets").GetInt64().Should().BePositive();
        foreach (var stranger in (string[])["7", "239.9.9.9:5000"])
        {
            var (code, text, error) = await RunAsync(capture, "--stream", stranger, "--lang", "en");
            code.Should().Be(1);
            text.Should().BeEmpty();
            error.Should().Contain(stranger);
        }
        var missing = Path.Combine(folder, "none.ts");
        (await RunAsync(capture, "--extract", "9", "-o", missing)).Code.Should().Be(1);
        Directory.GetFiles(folder).Should().BeEmpty();
        (await RunAsync(capture, "--stream", "first")).Code.Should().Be(2);
    }

    [RecordingFact]
    public async Task A_capture_is_known_without_its_prefix_and_events_name_their_stream()
    {
        var (code, text, _) = await RunAsync(Recordings.File("ts", "synth", "rtp_impaired.pcap"), "--events");

        code.Should().Be(0);
        text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l).RootElement).Should().NotBeEmpty().And.OnlyContain(e => e.GetProperty("stream").GetInt32() == 1);
    }

    [RecordingTheory]
    [InlineData("srt_stream")]
    [InlineData("srt_loss10")]
    public async Task SRT_is_recognised_and_its_loss_counted(string recording)
    {
        var document = await DocumentAsync($"pcap:{Recordings.File("ts", "pcap", $"{recording}.pcap")}");

        var srt = document.GetProperty("streams").EnumerateArray().Where(s => s.GetProperty("protocol").GetString() == "srt").Select(s => s.GetProperty("srt")).ToList();
        srt.Should().NotBeEmpty();
        srt.Max(s => s.GetProperty("packets").GetInt64()).Should().BePositive();
        if (recording == "srt_loss10") srt.Sum(s => s.GetProperty("recovered").GetInt64() + s.GetProperty("lost").GetInt64() + s.GetProperty("retransmitted").GetInt64()).Should().BePositive();
    }

    [Fact]
    public async Task Captures_that_hold_nothing_or_are_none_are_told_apart()
    {
        var empty = Path.Combine(folder, "empty.pcap");
        await File.WriteAllBytesAsync(empty, [0xD4, 0xC3, 0xB2, 0xA1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 0, 0, 1, 0, 0, 0]);
        (await DocumentAsync($"pcap:{empty}")).GetProperty("warnings").EnumerateArray().Should().Contain(w => w.GetProperty("code").GetString() == "ts.no-streams");

        var text = Path.Combine(folder, "text.pcap");
        await File.WriteAllTextAsync(text, "no capture at all, but long enough to hold a header of one");
        (await RunAsync($"pcap:{text}")).Code.Should().Be(1);
        (await RunAsync($"pcap:{Path.Combine(folder, "nowhere.pcap")}")).Code.Should().Be(1);
    }
}
