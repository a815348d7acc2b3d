using SignalWatch.Tests;

namespace SignalWatch.TransportStream.Tests;

/// <summary>Broadcasts that decoders play must not be accused.</summary>
public sealed class BuffersRecordingTests
{
    // Units: the test must not pass by following nothing; three files have tables and packets without PES. Rates are those that TSDuck's analysis of the file gives; of the synthetic ones the truth says them.
    [RecordingTheory]
    [InlineData("real", "rai_mux_8svc", 22_394_117, 230)]
    [InlineData("real", "avc_eac3_clear", 7_200_000, 40)]
    [InlineData("real", "mpeg2_tdt_dvbsub", 3_250_000, 130)]
    [InlineData("real", "hevc_scte35_5svc", 9_762_000, 25)]
    [InlineData("real", "hevc_small", 211_000, 25)]
    [InlineData("real", "dttv_cc_errors_a", 4_960_000, 80)]
    [InlineData("real", "teletext_fr", 3_000_000, 0)]
    [InlineData("synth", "tr290_faults", 376_000, 1600)]
    [InlineData("synth", "cn_si", 1_000_000, 0)]
    [InlineData("synth", "pcr_metrology", 601_600, 0)]
    public void A_recorded_broadcast_keeps_to_the_buffer_model(string folder, string name, double bitrate, int leastUnits)
    {
        var recording = new BuffersRecording(Recordings.File("ts", folder, name + ".ts"), bitrate, Level);
        recording.Run();
        recording.Faults.Should().BeEmpty();
        recording.Units.Should().BeGreaterThanOrEqualTo(leastUnits);
    }

    [RecordingFact]
    public void FFmpeg_sends_sound_half_a_second_early_which_no_buffer_of_the_standard_holds()
    {
        var recording = new BuffersRecording(Recordings.File("ts", "real", "pcr_jitter.ts"), 1_640_000, Level);
        recording.Run();
        recording.Faults.Should().OnlyContain(f => f.Pid == 257 && f.Fault.Fault == BufferFault.ElementaryOverflow).And.NotBeEmpty();
    }

    [RecordingFact]
    public void Time_stamps_of_another_clock_are_counted_and_nothing_is_said_by_them()
    {
        // Sound on PID 697 is stamped 6.5 hours ahead of its programme's clock.
        var recording = new BuffersRecording(Recordings.File("ts", "real", "rai_mux_8svc.ts"), 22_394_117, Level);
        recording.Run();
        recording.Unusable.Should().Be(23);
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
