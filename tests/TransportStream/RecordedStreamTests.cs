using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using SignalWatch.Tests;

namespace SignalWatch.TransportStream.Tests;

/// <summary>Real streams of the recordings against what TSDuck 3.40 says of them (`ts/ref`).</summary>
public sealed partial class RecordedStreamTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 14, 22, 0, 0, TimeSpan.FromHours(8));

    private static readonly string[] Names =
    [
        "dttv_cc_errors_a", "rai_mux_8svc", "avc_eac3_clear", "avc_eac3_csa_scrambled", "eit_tei_cc", "epg_fr", "hevc_scte35_5svc", "hevc_small", "mpeg2_tdt_dvbsub", "pcr_jitter", "teletext_fr",
    ];

    public static TheoryData<string> Streams => [.. Names];

    [RecordingTheory]
    [MemberData(nameof(Streams))]
    public void Continuity_errors_are_those_of_the_log(string name)
    {
        var (_, occurrences) = Analyze(name);
        var found = occurrences.Where(o => o.Check == Checks.ContinuityError).Select(o => (o.PacketIndex, o.Pid!.Value, o.MissingPackets!.Value));
        found.Should().Equal(ContinuityLog(name));
    }

    [RecordingTheory]
    [MemberData(nameof(Streams))]
    public void Packets_services_and_their_pids_are_those_of_the_analysis(string name)
    {
        var (report, occurrences) = Analyze(name);
        using var reference = Reference(name);
        var stream = reference.RootElement.GetProperty("ts");
        report.Packets.Should().Be(stream.GetProperty("packets").GetProperty("total").GetInt64());
        report.TransportErrors.Should().Be(stream.GetProperty("packets").GetProperty("transport-errors").GetInt32());
        occurrences.Count(o => o.Check == Checks.TransportError).Should().Be(report.TransportErrors);
        report.TransportStreamId.Should().Be(stream.GetProperty("id").GetInt32());
        report.InSync.Should().BeTrue();
        report.SkippedBytes.Should().Be(0);

        var expected = reference.RootElement.GetProperty("services").EnumerateArray().Where(s => s.TryGetProperty("pmt-pid", out var pmt) && pmt.GetInt32() != 0).ToList();
        report.Services.Select(s => s.ServiceId).Should().Equal(expected.Select(s => s.GetProperty("id").GetInt32()).Order());
        foreach (var service in expected)
        {
            var ours = report.Services.Single(s => s.ServiceId == service.GetProperty("id").GetInt32());
            Known(ours.Name).Should().Be(service.GetProperty("name").GetString());
            Known(ours.Provider).Should().Be(service.GetProperty("provider").GetString());
            ours.PmtPid.Should().Be(service.GetProperty("pmt-pid").GetInt32());
            ours.Scrambled.Should().Be(service.GetProperty("is-scrambled").GetBoolean());
            ours.Pids.Should().BeSubsetOf(service.GetProperty("pids").EnumerateArray().Select(p => p.GetInt32()));
        }
    }

    [RecordingTheory]
    [InlineData("rai_mux_8svc")]
    [InlineData("dttv_cc_errors_a")]
    [InlineData("avc_eac3_clear")]
    [InlineData("mpeg2_tdt_dvbsub")]
    [InlineData("hevc_scte35_5svc")]
    public void The_bit_rate_by_PCR_is_within_a_thousandth(string name)
    {
        var (report, _) = Analyze(name);
        using var reference = Reference(name);
        report.BitrateSource.Should().Be(BitrateSource.Pcr);
        var expected = reference.RootElement.GetProperty("ts").GetProperty("bitrate").GetDouble();
        report.BitrateBps.Should().BeApproximately(expected, expected * 0.001);
    }

    [RecordingFact]
    public void Rates_of_the_services_of_the_Rai_multiplex_are_those_of_the_analysis()
    {
        var (report, _) = Analyze("rai_mux_8svc");
        using var reference = Reference("rai_mux_8svc");
        foreach (var service in reference.RootElement.GetProperty("services").EnumerateArray())
        {
            var expected = service.GetProperty("bitrate").GetDouble();
            report.Services.Single(s => s.ServiceId == service.GetProperty("id").GetInt32()).BitrateBps.Should().BeApproximately(expected, expected * 0.001 + 1);
        }
        report.Services.Single(s => s.ServiceId == 3401).Should().BeEquivalentTo(new { Name = "Rai 1", Provider = "Rai", ServiceType = 1, Present = true, InLineup = true, Scrambled = false, PcrPid = 512 });
        report.Services.Single(s => s.ServiceId == 3401).Components.Should().HaveCount(10);
    }

    [RecordingFact]
    public void Every_error_of_the_Arte_recording_belongs_to_Arte()
    {
        var (report, _) = Analyze("dttv_cc_errors_a");
        report.CcErrors.Should().Be(17);
        report.Services.Should().ContainSingle().Which.Should().BeEquivalentTo(new { ServiceId = 1031, Name = "Arte", CcErrors = 17 });
        report.OriginalNetworkId.Should().Be(8442);
    }

    [RecordingFact]
    public void Chinese_names_are_those_of_the_truth_in_all_six_encodings()
    {
        var report = Analyze(Recordings.File("ts", "synth", "cn_si.ts"), new TransportStreamSettings()).Report;
        using var truth = JsonDocument.Parse(File.ReadAllBytes(Recordings.File("ts", "synth", "cn_si.truth.json")));
        var expected = truth.RootElement.GetProperty("services").EnumerateArray().Select(s => (s.GetProperty("service_id").GetInt32(), s.GetProperty("name").GetString(), s.GetProperty("provider").GetString(), s.GetProperty("service_type").GetInt32()));
        report.Services.Select(s => (s.ServiceId, s.Name, s.Provider, s.ServiceType!.Value)).Should().Equal(expected);
        report.NetworkName.Should().Be(truth.RootElement.GetProperty("network").GetProperty("name").GetString());
        report.TransportStreamId.Should().Be(truth.RootElement.GetProperty("transport_stream_id").GetInt32());
        report.OriginalNetworkId.Should().Be(truth.RootElement.GetProperty("original_network_id").GetInt32());
        report.CrcErrors.Should().Be(0);
    }

    [RecordingFact]
    public void Injected_faults_are_found_each_as_its_own_occurrence_and_legal_exceptions_are_not()
    {
        var (report, occurrences) = Analyze(Recordings.File("ts", "synth", "tr290_faults.ts"), new TransportStreamSettings());
        long[] Indices(Check kind) => [.. occurrences.Where(o => o.Check == kind).Select(o => o.PacketIndex)];
        // Packets of the truth file: 2.2 three times, 2.1 once, 1.1 once, 1.2 six in the burst and one alone.
        occurrences.Where(o => o.Check == Checks.CrcError).Select(o => (o.Pid, o.TableId)).Should().Equal((17, 0x42), (18, 0x4E), (256, 0x02));
        Indices(Checks.TransportError).Should().Equal(6690);
        Indices(Checks.SyncLost).Should().Equal(10449);
        report.SyncByteErrors.Should().Be(7);
        // 1.4: one lost; two swapped with one between them; three times the same; and the packet with the single bad sync byte is missed.
        Indices(Checks.ContinuityError).Should().Equal(8588, 9296, 9300, 9304, 9308, 10838, 11180);
    }

    private static (MultiplexReport Report, List<TransportStreamOccurrence> Occurrences) Analyze(string name) =>
        Analyze(Recordings.File("ts", "real", name + ".ts"), new TransportStreamSettings { DefaultCharset = DvbCharset.Iso6937 });

    private static (MultiplexReport Report, List<TransportStreamOccurrence> Occurrences) Analyze(string path, TransportStreamSettings settings)
    {
        var analyzer = new TransportStreamAnalyzer(settings);
        List<TransportStreamOccurrence> occurrences = [];
        analyzer.Occurred += o =>
        {
            if (o.Change != OccurrenceChange.Clear) occurrences.Add(o);
        };
        analyzer.Push(File.ReadAllBytes(path), Start);
        return (analyzer.Report(Start), occurrences);
    }

    private static string Known(string? name) => string.IsNullOrEmpty(name) ? "(unknown)" : name; // as the reference writes it

    private static JsonDocument Reference(string name) => JsonDocument.Parse(File.ReadAllBytes(Recordings.File("ts", "ref", name + ".ts.tsduck340.analyze.json")));

    private static IEnumerable<(long Index, int Pid, int Missing)> ContinuityLog(string name) =>
        from line in File.ReadLines(Recordings.File("ts", "ref", name + ".ts.tsduck340.continuity.log"))
        let match = LogLine().Match(line)
        select (long.Parse(match.Groups[1].Value, NumberStyles.AllowThousands, CultureInfo.InvariantCulture), int.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture), int.Parse(match.Groups[3].Value, CultureInfo.InvariantCulture));

    [GeneratedRegex(@"packet index: ([\d,]+), PID: 0x[0-9A-F]{4} \((\d+)\), missing (\d+) packets")]
    private static partial Regex LogLine();
}
