using SignalWatch.Contracts;
using SignalWatch.Tests;

namespace SignalWatch.Ott.Tests;

/// <summary>Live channels: the four recorded sequences, one poll every 4 s, and what the recordings do not have.</summary>
public sealed class HlsMonitorTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 14, 22, 0, 0, TimeSpan.FromHours(8));

    [RecordingTheory]
    [InlineData("good", "", "", "", "", "")]
    [InlineData("stale", "", "", "", "", "stale")] // frozen from the third poll; 1.5 × 4 s are over at the fifth
    [InlineData("mseq_back", "", "", "", "mseq_back", "")]
    [InlineData("seg_renamed", "", "", "", "seg_renamed", "")]
    public void Recorded_sequences_give_the_expected_fault_and_no_other(string name, params string[] faults)
    {
        var monitor = new HlsMonitor();
        var states = Enumerable.Range(0, 5).Select(i => monitor.Poll(Start.AddSeconds(4 * i), File.ReadAllText(Recordings.File("content", "hls_live", name, $"t{i}.m3u8")), null)).ToList();
        states.Select(s => s.FaultCode ?? "").Should().Equal(faults);
        states.Should().OnlyContain(s => s.Available && s.Live == true && s.TargetDurationSeconds == 4 && (s.FaultDetail == null) == (s.Fault == HlsFault.None));
    }

    [RecordingFact]
    public void The_good_sequence_counts_on_and_the_stale_one_says_since_when()
    {
        var monitor = new HlsMonitor();
        Recorded("good", 4, monitor).Should().BeEquivalentTo(new { MediaSequence = 104L, StaleSeconds = 0.0 });
        Recorded("stale", 4, new HlsMonitor()).Should().BeEquivalentTo(new { MediaSequence = 102L, StaleSeconds = 8.0 });
        Recorded("mseq_back", 3, new HlsMonitor()).FaultDetail!.Value.En.Should().Contain("102 → 101");
        Recorded("seg_renamed", 3, new HlsMonitor()).FaultDetail!.Value.Zh.Should().Contain("105").And.Contain("seg_99999.ts");
    }

    [Fact]
    public void A_channel_that_can_not_be_had_is_unavailable_and_its_age_goes_on()
    {
        var monitor = new HlsMonitor();
        monitor.Poll(Start, null, new Text("无", "none")).Should().BeEquivalentTo(new { Available = false, Live = (bool?)null, StaleSeconds = (double?)null, FaultCode = "http" });
        monitor.Poll(Start.AddSeconds(4), Window(10, "a", "b", "c"), null).Fault.Should().Be(HlsFault.None);
        monitor.Poll(Start.AddSeconds(24), null, new Text("无", "none")).Should().BeEquivalentTo(new { Available = false, Live = true, StaleSeconds = 20.0, FaultCode = "http" });
        monitor.Poll(Start.AddSeconds(28), "<html>404</html>", null).FaultCode.Should().Be("not_playlist");
        monitor.Poll(Start.AddSeconds(32), "#EXTM3U\n#EXT-X-TARGETDURATION:4\n", null).FaultCode.Should().Be("empty");
        monitor.Poll(Start.AddSeconds(36), Window(18, "i", "j", "k"), null).Should().BeEquivalentTo(new { Available = true, StaleSeconds = 0.0, FaultCode = (string?)null });
    }

    [Fact]
    public void Tokens_that_change_with_each_poll_are_no_renaming()
    {
        var monitor = new HlsMonitor();
        monitor.Poll(Start, Window(10, "http://a.cdn/s1/a.ts?t=1", "http://a.cdn/s1/b.ts?t=1"), null);
        monitor.Poll(Start.AddSeconds(2), Window(10, "http://b.cdn/s2/a.ts?t=2", "http://b.cdn/s2/b.ts?t=2"), null).Fault.Should().Be(HlsFault.None);
        monitor.Poll(Start.AddSeconds(4), Window(10, "http://b.cdn/s2/a.ts", "http://b.cdn/advert/b.ts"), null).Fault.Should().Be(HlsFault.SegmentRenamed);
    }

    [Fact]
    public void A_live_channel_that_ends_says_so_and_a_recording_on_demand_is_never_stale()
    {
        var live = new HlsMonitor();
        live.Poll(Start, Window(10, "a", "b"), null);
        live.Poll(Start.AddSeconds(4), Window(10, "a", "b") + "#EXT-X-ENDLIST\n", null).Should().BeEquivalentTo(new { Live = false, FaultCode = "ended" });
        var recording = new HlsMonitor();
        recording.Poll(Start, Window(0, "a") + "#EXT-X-ENDLIST\n", null).Fault.Should().Be(HlsFault.None);
        recording.Poll(Start.AddHours(1), Window(0, "a") + "#EXT-X-ENDLIST\n", null).Should().BeEquivalentTo(new { Live = false, StaleSeconds = 0.0, Fault = HlsFault.None });
    }

    [Fact]
    public void After_going_back_the_new_numbers_are_the_measure()
    {
        var monitor = new HlsMonitor();
        monitor.Poll(Start, Window(500, "a", "b"), null);
        monitor.Poll(Start.AddSeconds(4), Window(1, "c", "d"), null).Fault.Should().Be(HlsFault.MediaSequenceBack);
        monitor.Poll(Start.AddSeconds(8), Window(2, "d", "e"), null).Fault.Should().Be(HlsFault.None);
    }

    private static HlsChannelState Recorded(string name, int last, HlsMonitor monitor)
    {
        HlsChannelState? state = null;
        for (var i = 0; i <= last; i++) state = monitor.Poll(Start.AddSeconds(4 * i), File.ReadAllText(Recordings.File("content", "hls_live", name, $"t{i}.m3u8")), null);
        return state!;
    }

    private static string Window(long first, params string[] uris) => $"#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXT-X-MEDIA-SEQUENCE:{first}\n" + string.Concat(uris.Select(u => $"#EXTINF:4,\n{u}\n"));
}
