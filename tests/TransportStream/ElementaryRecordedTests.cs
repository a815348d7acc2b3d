using System.Text.Json;
using SignalWatch.Tests;

namespace SignalWatch.TransportStream.Tests;

/// <summary>Elementary streams of the recordings against what TSDuck 3.40 says of them (`ts/ref`).</summary>
public sealed class ElementaryRecordedTests
{
    public static TheoryData<string> Streams =>
    [
        "avc_eac3_clear", "avc_eac3_csa_scrambled", "dttv_cc_errors_a", "hevc_scte35_5svc", "hevc_small", "mpeg2_tdt_dvbsub", "pcr_jitter", "rai_mux_8svc", "teletext_fr",
    ];

    [RecordingTheory]
    [MemberData(nameof(Streams))]
    public void Dump(string name)
    {
        var replay = Replay(name);
        foreach (var (pid, c) in replay.Components)
            Console.WriteLine($"{name} {pid} {c.StreamType:X2} pes={c.CarriesPes} lang={c.Declared.Language} pts={c.Clock.PtsCount}/{c.Clock.DtsCount} bad={c.BadHeaders} ch={c.FormatChanges} scr={c.Reader.LooksScrambled} {JsonSerializer.Serialize(c.Reader.Format)}");
    }

    private static ElementaryReplay Replay(string name) => ElementaryReplay.Of(File.ReadAllBytes(Recordings.File("ts", "real", name + ".ts")));
}
