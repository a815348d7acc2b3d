using SignalWatch.Contracts;
using SignalWatch.Hardware;
using SignalWatch.Tests;

namespace SignalWatch.TransportStream.Tests;

/// <summary>A recording played over and over, seen by the analyser: the seam adds no error, and every recorded one stays.</summary>
public sealed class ReplayTests
{
    [RecordingTheory]
    [InlineData("dttv_cc_errors_a", 17, 0)]
    [InlineData("rai_mux_8svc", 0, 0)]
    [InlineData("avc_eac3_clear", 0, 0)]
    [InlineData("avc_eac3_csa_scrambled", 0, 0)]
    [InlineData("mpeg2_tdt_dvbsub", 0, 0)]
    [InlineData("epg_fr", 0, 1)] // an EIT with a wrong CRC was recorded
    [InlineData("hevc_scte35_5svc", 0, 0)]
    [InlineData("teletext_fr", 0, 0)]
    public async Task Three_loops_have_three_times_the_errors_of_one(string name, int ccErrors, int crcErrors)
    {
        await using var source = FileTransportStreamSource.Open(Recordings.File("ts", "real", name + ".ts"), new() { Loops = 3, BitrateBps = 8_000_000 }, paced: false, new ManualTime());
        var analyzer = new TransportStreamAnalyzer(new());
        List<TransportStreamOccurrence> errors = [];
        analyzer.Occurred += o =>
        {
            if (o.Change != OccurrenceChange.Clear && (o.Check == Checks.ContinuityError || o.Check == Checks.CrcError)) errors.Add(o);
        };
        var report = await Play(source, analyzer);
        report.CcErrors.Should().Be(3 * ccErrors);
        report.CrcErrors.Should().Be(3 * crcErrors);
        report.BadSections.Should().Be(0);
        errors.Should().HaveCount(3 * (ccErrors + crcErrors));
    }

    [RecordingFact]
    public async Task A_healthy_multiplex_stays_healthy_over_many_loops()
    {
        await using var source = FileTransportStreamSource.Open(Recordings.File("ts", "real", "rai_mux_8svc.ts"), new() { Loops = 30 }, paced: false, new ManualTime());
        var bytes = await ReadAll(source);
        var analyzer = new TransportStreamAnalyzer(new());
        List<string> errors = [];
        analyzer.Occurred += o =>
        {
            // That the recording has a PID without reference and tables at their own pace is its own doing.
            if (o.Change != OccurrenceChange.Clear && o.Check.Priority != CheckPriority.Third) errors.Add($"{(o.At - Broadcast.Start).TotalSeconds:F3} s {o.Describe().En}");
        };
        analyzer.Push(bytes, Broadcast.Start, 22_394_313);
        errors.Should().BeEmpty();
        var report = analyzer.Report(Broadcast.Start.AddSeconds(41));
        report.Clocks.Should().OnlyContain(c => c.AccuracyMaxNs.Value < 300);
        report.Services.Where(s => s.AudioLeadMs is not null).Should().OnlyContain(s => Math.Abs(s.AudioLeadMs!.Value) < 2000);
    }

    [RecordingTheory]
    [InlineData("rai_mux_8svc")]
    [InlineData("mpeg2_tdt_dvbsub")]
    public async Task Clocks_go_on_from_loop_to_loop(string name)
    {
        await using var often = FileTransportStreamSource.Open(Recordings.File("ts", "real", name + ".ts"), new() { Loops = 4 }, paced: false, new ManualTime());
        var bytes = await ReadAll(often);
        var packets = bytes.Length / 188;
        Dictionary<int, (long Clock, int Index)> last = [];
        List<double> ofFirst = [], ofOthers = [];
        for (var i = 0; i < packets; i++)
        {
            var packet = bytes.AsSpan(i * 188, 188);
            if ((packet[3] & 0x20) == 0 || packet[4] < 7 || (packet[5] & 0x10) == 0) continue;
            var pid = (packet[1] & 0x1F) << 8 | packet[2];
            var clock = ((long)packet[6] << 25 | (long)packet[7] << 17 | (long)packet[8] << 9 | (long)packet[9] << 1 | (long)packet[10] >> 7) * 300 + ((packet[10] & 1) << 8 | packet[11]);
            if (last.TryGetValue(pid, out var before)) (i < packets / 4 ? ofFirst : ofOthers).Add((i - before.Index) * 1504 * 27e6 / (clock - before.Clock));
            last[pid] = (clock, i);
        }
        ofOthers.Count.Should().BeGreaterThan(3 * ofFirst.Count, "the seams are steps too");
        ofOthers.Should().OnlyContain(r => r > ofFirst.Min() * 0.99 && r < ofFirst.Max() * 1.01, "no step of a clock, seams included, strays further than those of the recording");
    }

    [RecordingFact]
    public async Task The_Arte_recording_twice_over_UDP_has_twice_its_seventeen_errors()
    {
        var port = FreePort();
        await using var source = UdpTransportStreamSource.Open($"udp://127.0.0.1:{port}", Origin.Replay, TimeProvider.System);
        using var replay = TransportStreamReplay.Open(Recordings.File("ts", "real", "dttv_cc_errors_a.ts"), $"udp://127.0.0.1:{port}", new() { Loops = 2, BitrateBps = 40_000_000 }, TimeProvider.System);
        var analyzer = new TransportStreamAnalyzer(new() { SyncLossAfter = TimeSpan.FromSeconds(30) }); // a busy machine may pause for a second
        var seen = 0L;
        analyzer.Tick(TimeProvider.System.GetUtcNow());
        using var limit = new CancellationTokenSource(Hang.Limit);
        var played = replay.RunAsync(limit.Token);
        var buffer = new byte[1 << 17];
        while (seen < 2 * 1_316_000)
        {
            var read = await source.ReadAsync(buffer, limit.Token);
            analyzer.Push(buffer.AsSpan(0, read.Bytes), read.At);
            seen += read.Bytes;
        }
        await played;
        var report = analyzer.Report(TimeProvider.System.GetUtcNow());
        report.Packets.Should().Be(14_000);
        report.CcErrors.Should().Be(34);
        report.Services.Should().ContainSingle().Which.Should().BeEquivalentTo(new { Name = "Arte", CcErrors = 34 });
    }

    private static int FreePort()
    {
        using var socket = new System.Net.Sockets.UdpClient(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0));
        return ((System.Net.IPEndPoint)socket.Client.LocalEndPoint!).Port;
    }

    private static async Task<MultiplexReport> Play(FileTransportStreamSource source, TransportStreamAnalyzer analyzer)
    {
        var bytes = await ReadAll(source);
        analyzer.Push(bytes, default);
        return analyzer.Report(default);
    }

    private static async Task<byte[]> ReadAll(FileTransportStreamSource source)
    {
        using var all = new MemoryStream();
        var buffer = new byte[1 << 16];
        while (true)
        {
            var read = await source.ReadAsync(buffer, CancellationToken.None);
            all.Write(buffer, 0, read.Bytes);
            if (read.Ended) return all.ToArray();
        }
    }
}
