using System.Globalization;
using System.Text.Json;
using SignalWatch.Contracts;
using SignalWatch.Tests;

namespace SignalWatch.TransportStream.Tests;

/// <summary>Clocks of the recordings: made ones against their truth files, real ones against what their bytes say.</summary>
public sealed class ClocksRecordingTests
{
    private static readonly Text NoArrival = new("无", "none");

    [RecordingTheory]
    [InlineData(null)]
    [InlineData(601_600.0)]
    public void Metrology_is_that_of_the_truth(double? nominal)
    {
        var meters = ClocksRecording.Read(Recordings.File("ts", "synth", "pcr_metrology.ts"));
        var leader = ClockMeter.Lead([.. meters.Values]);
        leader!.Pid.Should().Be(257);
        using var truth = JsonDocument.Parse(File.ReadAllBytes(Recordings.File("ts", "synth", "pcr_metrology.truth.json")));
        foreach (var expected in truth.RootElement.GetProperty("pcr").EnumerateArray())
        {
            var pid = expected.GetProperty("pid").GetInt32();
            var report = meters[pid].Report(new ClockReference(nominal, leader, false, NoArrival));
            report.Count.Should().Be(expected.GetProperty("count").GetInt32());
            report.OffsetPpm.Value.Should().BeApproximately(expected.GetProperty("frequency_offset_ppm").GetDouble(), 0.5);
            var peak = expected.GetProperty("injected_white_ac_ns_peak").GetDouble();
            report.AccuracyMaxNs.Value.Should().BeApproximately(peak, 0.2 * peak + 20);
            report.AccuracyP99Ns.Value.Should().BeLessThanOrEqualTo(report.AccuracyMaxNs.Value!.Value);
            (report.AccuracyMaxNs.Value > 500).Should().Be(expected.GetProperty("pcr_accuracy_error_expected").GetBoolean());
            (Math.Abs(report.OffsetPpm.Value!.Value) > 30).Should().Be(expected.GetProperty("frequency_out_of_spec").GetBoolean());
            var swing = expected.GetProperty("sinusoidal_jitter_ns_peak").GetDouble();
            report.WanderNs.Value.Should().BeApproximately(swing, 0.15 * swing + 150);
            report.OverallJitterNs.Value.Should().BeNull();
        }
    }

    [RecordingFact]
    public void Injected_clock_faults_are_found_at_their_packets_and_no_others()
    {
        List<(long Packet, ClockStep Step)> steps = [];
        List<(long Packet, double Ns)> inaccurate = [];
        var meters = ClocksRecording.Read(Recordings.File("ts", "synth", "tr290_faults.ts"), (pid, sample, packet) =>
        {
            if (sample.Step is ClockStep.Jump or ClockStep.Signalled) steps.Add((packet, sample.Step));
            if (Math.Abs(sample.AccuracyNs) > 500) inaccurate.Add((sample.JudgedByteIndex / 188, sample.AccuracyNs));
        });
        var leader = ClockMeter.Lead([.. meters.Values]);
        foreach (var m in meters.Values) m.Report(new ClockReference(null, leader, false, NoArrival)).OffsetPpm.Value.Should().BeApproximately(0, 0.001);
        inaccurate.Should().ContainSingle().Which.Packet.Should().Be(5560);
        inaccurate[0].Ns.Should().BeApproximately(4000, 20);
        steps.Select(s => s.Step).Should().Equal(ClockStep.Signalled, ClockStep.Signalled, ClockStep.Jump); // the second one signals a jump of the continuity counter alone
        (steps[0].Packet / 250.0).Should().BeInRange(16.168, 16.368);
        (steps[1].Packet / 250.0).Should().BeInRange(35.708, 35.828);
        (steps[2].Packet / 250.0).Should().BeInRange(46.283, 46.383);
    }

    [RecordingTheory]
    [InlineData("avc_eac3_clear")]
    [InlineData("dttv_cc_errors_a")]
    [InlineData("hevc_scte35_5svc")]
    [InlineData("hevc_small")]
    [InlineData("mpeg2_tdt_dvbsub")]
    [InlineData("pcr_jitter")]
    public void A_stream_whose_rate_changes_between_PCRs_is_not_measured_against_byte_positions(string name)
    {
        List<(long Packet, ClockSample)> samples = [];
        var meters = ClocksRecording.Read(Recordings.File("ts", "real", name + ".ts"), (_, sample, packet) => samples.Add((packet, sample)));
        foreach (var m in meters.Values)
        {
            var report = m.Report(new ClockReference(null, ClockMeter.Lead([.. meters.Values]), false, NoArrival));
            report.AccuracyMaxNs.Value.Should().BeNull();
            report.OffsetPpm.Value.Should().BeNull();
            report.WanderNs.Value.Should().BeNull();
            report.AccuracyMaxNs.Method.Zh.Should().StartWith("无法测量");
        }
        samples.Where(s => s.Item2.Step == ClockStep.Jump).Should().BeEmpty();
        samples.Where(s => !double.IsNaN(s.Item2.AccuracyNs)).Should().BeEmpty();
    }

    [RecordingTheory]
    [InlineData("rai_mux_8svc")]
    [InlineData("dttv_cc_errors_a")]
    [InlineData("mpeg2_tdt_dvbsub")]
    [InlineData("pcr_jitter")]
    public void PCRs_are_those_that_TSDuck_reads(string name)
    {
        var bytes = File.ReadAllBytes(Recordings.File("ts", "real", name + ".ts"));
        var rows = File.ReadLines(Recordings.File("ts", "ref", name + ".ts.tsduck340.pcr.csv")).Skip(1).Select(line => line.Split(',')).Where(row => row[3] == "PCR").ToList();
        rows.Should().NotBeEmpty();
        rows.Select(row => ProgramClock.ReadPcr(bytes.AsSpan(int.Parse(row[1], CultureInfo.InvariantCulture) * 188 + 6, 6)))
            .Should().Equal(rows.Select(row => long.Parse(row[5], CultureInfo.InvariantCulture)));
    }

    [RecordingFact]
    public void The_clocks_of_the_Rai_multiplex_are_accurate_and_run_as_their_transmitter_or_beside_it()
    {
        // The rate of 8 MHz DVB-T with 64-QAM, 3/4 and a guard of 1/4 is 22,394,117.647 b/s. Five clocks hang on it, three run 10 ppm slow, and one 35.
        var meters = ClocksRecording.Read(Recordings.File("ts", "real", "rai_mux_8svc.ts"), (_, sample, _) => sample.Step.Should().BeOneOf(ClockStep.First, ClockStep.Normal));
        var leader = ClockMeter.Lead([.. meters.Values]);
        var expected = new Dictionary<int, double> { [500] = -35, [512] = 0, [513] = 0, [514] = -10.5, [520] = 0, [653] = -1, [654] = -10, [655] = -10, [697] = 0 };
        foreach (var m in meters.Values)
        {
            var report = m.Report(new ClockReference(null, leader, false, NoArrival));
            report.AccuracyMaxNs.Value.Should().BeInRange(10, 250);
            report.OffsetPpm.Value.Should().BeApproximately(expected[m.Pid], 0.15);
            report.OffsetPpm.Method.En.Should().Contain("DVB-T 8 MHz, 64-QAM, 3/4, 1/4");
        }
    }
}
