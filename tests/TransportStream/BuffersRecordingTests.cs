using FluentAssertions;
using SignalWatch.Tests;
using Xunit;
using Xunit.Abstractions;

namespace SignalWatch.TransportStream.Tests;

public sealed class BuffersRecordingTests(ITestOutputHelper output)
{
    // Rates are those that TSDuck's analysis of the file gives; of the synthetic ones the truth says them.
    [RecordingTheory]
    [InlineData("real", "rai_mux_8svc", 22_394_117)]
    [InlineData("real", "avc_eac3_clear", 7_200_000)]
    [InlineData("real", "mpeg2_tdt_dvbsub", 3_250_000)]
    [InlineData("real", "hevc_scte35_5svc", 9_762_000)]
    [InlineData("real", "hevc_small", 211_000)]
    [InlineData("real", "dttv_cc_errors_a", 4_960_000)]
    [InlineData("real", "teletext_fr", 3_000_000)]
    [InlineData("synth", "tr290_faults", 376_000)]
    [InlineData("synth", "cn_si", 1_000_000)]
    [InlineData("synth", "pcr_metrology", 601_600)]
    public void A_recorded_broadcast_keeps_to_the_buffer_model(string folder, string name, double bitrate)
    {
        var recording = new BuffersRecording(Recordings.File("ts", folder, name + ".ts"), bitrate, Level);
        recording.Run();
        foreach (var line in recording.Describe()) output.WriteLine(line);
        foreach (var group in recording.Faults.GroupBy(f => (f.Pid, f.Fault.Fault))) output.WriteLine($"FAULT {group.Key} x{group.Count()} first {group.First()}");
        output.WriteLine($"units {recording.Units} unusable {recording.Unusable}");
        recording.Faults.Should().BeEmpty();
    }

    // Main level for MPEG-2, 4.1 for H.264 and HEVC: what sequence headers of these recordings say, or less.
    private static ComponentFormat Level(ComponentFormat format) => format.Codec switch
    {
        "MPEG-2 Video" => format with { MaxBitrateBps = 15_000_000, DecoderBufferBits = 1_835_008 },
        "H.264" => format with { MaxBitrateBps = 62_500_000, DecoderBufferBits = 78_125_000 },
        "HEVC" => format with { MaxBitrateBps = 20_000_000, DecoderBufferBits = 20_000_000 },
        _ => format,
    };
}
