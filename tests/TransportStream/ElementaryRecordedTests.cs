using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using SignalWatch.Tests;

namespace SignalWatch.TransportStream.Tests;

/// <summary>Elementary streams of the recordings against what TSDuck 3.40 says of them (`ts/ref`).</summary>
public sealed partial class ElementaryRecordedTests
{
    private static readonly string[] Names =
    [
        "avc_eac3_clear", "avc_eac3_csa_scrambled", "dttv_cc_errors_a", "hevc_scte35_5svc", "hevc_small", "mpeg2_tdt_dvbsub", "pcr_jitter", "rai_mux_8svc", "teletext_fr",
    ];

    public static TheoryData<string> Streams => [.. Names];

    [RecordingTheory]
    [MemberData(nameof(Streams))]
    public void Kinds_codecs_and_languages_are_those_of_the_analysis(string name)
    {
        var replay = Replay(name);
        var seen = 0;
        foreach (var (pid, component, description) in Described(replay, name))
        {
            seen++;
            var (kind, codecs) = description.Split('(')[0].Trim() switch
            {
                "AVC video" => (ComponentKind.Video, new[] { "H.264" }),
                "HEVC video" => (ComponentKind.Video, ["HEVC"]),
                "MPEG-2 Video" => (ComponentKind.Video, ["MPEG-2 Video"]),
                "MPEG-1 Audio" or "MPEG-2 Audio" => (ComponentKind.Audio, ["MPEG-1 Layer II", "MPEG-2 Audio"]), // what the frames say, or where none came the PMT
                "MPEG-2 AAC Audio" => (ComponentKind.Audio, ["AAC"]),
                "E-AC-3 Audio" => (ComponentKind.Audio, ["E-AC-3"]),
                "Subtitles" => (ComponentKind.Subtitle, [null!]),
                "Teletext" => (ComponentKind.Teletext, [null!]),
                "SCTE 35 Splice Info" => (ComponentKind.SpliceCue, [null!]),
                "MPEG-2 Private sections" => (description.Contains("AIT", StringComparison.Ordinal) ? ComponentKind.Application : ComponentKind.Data, [null!]),
                _ => (ComponentKind.Data, [null!]),
            };
            component.Reader.Format.Kind.Should().Be(kind, "PID {0}: {1}", pid, description);
            codecs.Should().Contain(component.Reader.Format.Codec, "PID {0}: {1}", pid, description);
            if (Language().Match(description) is { Success: true } language) component.Declared.Language.Should().Be(language.Groups[1].Value);
        }
        seen.Should().BePositive();
    }

    [RecordingTheory]
    [MemberData(nameof(Streams))]
    public void Pictures_and_sound_are_those_of_the_analysis(string name)
    {
        foreach (var (pid, component, description) in Described(Replay(name), name))
        {
            var format = component.Reader.Format;
            if (Size().Match(description) is { Success: true } size)
            {
                format.Video.Should().NotBeNull("PID {0}: {1}", pid, description);
                // The reference prints the coded width of hevc_small, 856; two samples are cropped (conf_win_right_offset 1).
                (format.Video!.Width, format.Video.Height).Should().Be((name == "hevc_small" ? 854 : Number(size.Groups[1]), Number(size.Groups[2])));
                if (size.Groups[3].Success) format.Video.Interlaced.Should().BeTrue();
                format.Video.Chroma.Should().Be("4:2:0");
                description.Should().Contain(format.Video.Chroma);
                if (description.Contains("16:9", StringComparison.Ordinal)) format.Video.AspectRatio.Should().Be("16:9");
            }
            if (Level().Match(description) is { Success: true } level)
            {
                format.Level.Should().Be(level.Groups[2].Value);
                // hevc_small has general_profile_idc 1 and is compatible with Main 10 as every Main stream is: the reference prints what it is compatible with.
                var profile = name == "hevc_small" ? "main" : level.Groups[1].Value;
                format.Profile!.ToLowerInvariant().Replace("constrained ", "", StringComparison.Ordinal).Should().Be(profile);
            }
            if (PictureRate().Match(description) is { Success: true } rate) format.Video!.FrameRate.Should().Be(Number(rate.Groups[1]));
            if (SampleRate().Match(description) is { Success: true } samples) format.Audio!.SampleRate.Should().Be(Number(samples.Groups[1]));
            if (BitRate().Match(description) is { Success: true } bits) format.Audio!.BitrateBps.Should().Be(1000 * Number(bits.Groups[1]));
            if (description.Contains("stereo", StringComparison.Ordinal)) (format.Audio!.Channels, format.Audio.Layout).Should().Be((2, "2.0"));
            if (description.Contains("single channel", StringComparison.Ordinal)) (format.Audio!.Channels, format.Audio.Layout).Should().Be((1, "mono"));
        }
    }

    [RecordingTheory]
    [MemberData(nameof(Streams))]
    public void Time_stamps_are_as_many_as_in_the_analysis(string name)
    {
        var replay = Replay(name);
        using var reference = Reference(name);
        foreach (var pid in reference.RootElement.GetProperty("pids").EnumerateArray())
        {
            if (!replay.Components.TryGetValue(pid.GetProperty("id").GetInt32(), out var component) || !component.CarriesPes) continue;
            var packets = pid.GetProperty("packets");
            (component.Clock.PtsCount, component.Clock.DtsCount).Should().Be((packets.GetProperty("pts").GetInt64(), packets.GetProperty("dts").GetInt64()), "of PID {0}", pid.GetProperty("id"));
            component.BadHeaders.Should().Be(0);
        }
    }

    [RecordingTheory]
    [MemberData(nameof(Streams))]
    public void A_format_is_found_once_and_does_not_change(string name)
    {
        foreach (var (pid, component) in Replay(name).Components)
            component.FormatChanges.Should().Be(component.Reader.Format.Video is null && component.Reader.Format.Audio is null ? 0 : 1, "of PID {0}", pid);
    }

    [RecordingFact]
    public void Headers_that_only_real_streams_have_are_read()
    {
        var rai = Replay("rai_mux_8svc").Components;
        rai[500].Reader.Format.Should().BeEquivalentTo(new { Codec = "HEVC", Profile = "Main 10", Level = "5.1", MaxBitrateBps = 44_000_000L, DecoderBufferBits = 44_000_000L });
        rai[500].Reader.Format.Video.Should().BeEquivalentTo(new { Width = 1280, Height = 720, FrameRate = 50.0, Interlaced = false, BitDepth = 10, AspectRatio = "16:9" });
        rai[520].Reader.Format.DecoderBufferBits.Should().Be(105 * 16 * 1024, "its vbv_buffer_size is below the level's 112");
        var arte = Replay("dttv_cc_errors_a").Components[320].Reader.Format;
        arte.Should().BeEquivalentTo(new { Profile = "High", Level = "4.0", MaxBitrateBps = 30_000_000L, DecoderBufferBits = 37_500_000L });
        arte.Video.Should().BeEquivalentTo(new { Interlaced = true, FrameRate = 25.0, AspectRatio = "16:9", ColourPrimaries = "BT.709", Transfer = "BT.709", Matrix = "BT.709", DynamicRange = "SDR" });
    }

    [RecordingTheory]
    [InlineData("content", "qc", "qc60_open.ts")]
    [InlineData("content", "ott_pkg", "hls/s000.ts")]
    [InlineData("content", "ott_pkg", "hls/s005.ts")]
    public void Streams_of_the_content_recordings_are_as_their_manifest_says(params string[] path)
    {
        // The MPD of the same programme: 640x360, 25/1, stereo at 48 kHz (its sar is of a new encoding; this one's SPS has none); its HLS packaging has MPEG-1 Layer II.
        var components = ElementaryReplay.Of(File.ReadAllBytes(Recordings.File(path))).Components.Values;
        var video = components.Single(c => c.Reader.Format.Kind == ComponentKind.Video).Reader.Format.Video;
        video.Should().BeEquivalentTo(new { Width = 640, Height = 360, FrameRate = 25.0, Interlaced = false });
        var audio = components.Single(c => c.Reader.Format.Kind == ComponentKind.Audio).Reader.Format;
        audio.Codec.Should().Be("MPEG-1 Layer II");
        audio.Audio.Should().BeEquivalentTo(new { SampleRate = 48000, Channels = 2 });
    }

    [RecordingFact]
    public void A_scrambled_service_is_told_from_a_clear_one_by_its_payload_alone()
    {
        var scrambled = ElementaryReplay.Of(File.ReadAllBytes(Recordings.File("ts", "real", "avc_eac3_csa_scrambled.ts")), clearTransportBits: true).Components;
        var clear = ElementaryReplay.Of(File.ReadAllBytes(Recordings.File("ts", "real", "avc_eac3_clear.ts")), clearTransportBits: true).Components;
        foreach (var pid in new[] { 120, 130, 131, 132 })
        {
            scrambled[pid].Reader.LooksScrambled.Should().BeTrue("PID {0} is CSA-2", pid);
            clear[pid].Reader.LooksScrambled.Should().BeFalse("PID {0} is clear", pid);
        }
        scrambled[142].Reader.LooksScrambled.Should().BeFalse("the subtitles were left clear");
    }

    [RecordingFact]
    public void Nothing_else_in_the_recordings_looks_scrambled()
    {
        foreach (var name in Names.Where(name => name != "avc_eac3_csa_scrambled"))
            foreach (var (pid, component) in Replay(name).Components)
                component.Reader.LooksScrambled.Should().NotBe(true, "PID {0} of {1}", pid, name);
    }

    [RecordingFact]
    public void Packets_allocate_nothing_once_the_formats_are_known()
    {
        var file = File.ReadAllBytes(Recordings.File("ts", "real", "rai_mux_8svc.ts"));
        var replay = ElementaryReplay.Of(file);
        var packets = ElementaryReplay.Packets(file).Where(p => replay.Components.TryGetValue(ElementaryReplay.Pid(p), out var c) && c.CarriesPes).ToArray();
        long time = 100_000_000_000;
        Allocated.Bytes(() =>
        {
            foreach (var packet in packets) ElementaryReplay.Take(replay.Components[ElementaryReplay.Pid(packet)], packet, time += ElementaryReplay.PacketNs);
        }).Should().Be(0);
    }

    private static ElementaryReplay Replay(string name) => ElementaryReplay.Of(File.ReadAllBytes(Recordings.File("ts", "real", name + ".ts")));

    private static IEnumerable<(int Pid, ReplayedComponent Component, string Description)> Described(ElementaryReplay replay, string name)
    {
        using var reference = Reference(name);
        foreach (var pid in reference.RootElement.GetProperty("pids").EnumerateArray())
            if (replay.Components.TryGetValue(pid.GetProperty("id").GetInt32(), out var component))
                yield return (pid.GetProperty("id").GetInt32(), component, pid.GetProperty("description").GetString()!);
    }

    private static int Number(Group group) => int.Parse(group.Value, NumberStyles.AllowThousands, CultureInfo.InvariantCulture);

    private static JsonDocument Reference(string name) => JsonDocument.Parse(File.ReadAllBytes(Recordings.File("ts", "ref", name + ".ts.tsduck340.analyze.json")));

    [GeneratedRegex(@"(\d+)x(\d+)(i)?,")]
    private static partial Regex Size();

    [GeneratedRegex(@", ([a-z 0-9]+) profile, level ([\d.]+)")]
    private static partial Regex Level();

    [GeneratedRegex(@"@(\d+) Hz, \d+:\d+")]
    private static partial Regex PictureRate();

    [GeneratedRegex(@"@(\d+,\d+) Hz")]
    private static partial Regex SampleRate();

    [GeneratedRegex(@", (\d+) kb/s")]
    private static partial Regex BitRate();

    [GeneratedRegex(@"^(?:MPEG-\d Audio|E-AC-3 Audio|MPEG-2 AAC Audio|Subtitles|Teletext) \(([A-Za-z]{3})[,)]")]
    private static partial Regex Language();
}
