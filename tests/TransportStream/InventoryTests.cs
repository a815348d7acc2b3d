using System.Text.Json;
using SignalWatch.Tests;

namespace SignalWatch.TransportStream.Tests;

/// <summary>Packets, PIDs and services of every real recording, against TSDuck's analysis.</summary>
public sealed class InventoryTests
{
    public static TheoryData<string> Names => ["avc_eac3_clear", "avc_eac3_csa_scrambled", "dttv_cc_errors_a", "eit_tei_cc", "epg_fr", "hevc_scte35_5svc", "hevc_small", "mpeg2_tdt_dvbsub", "pcr_jitter", "rai_mux_8svc", "teletext_fr"];

    [RecordingTheory]
    [MemberData(nameof(Names))]
    public void Packets_of_each_PID_are_those_of_the_reference(string name)
    {
        var (report, reference) = Analyze(name);
        report.Packets.Should().Be(reference.GetProperty("ts").GetProperty("packets").GetProperty("total").GetInt64());
        var expected = reference.GetProperty("pids").EnumerateArray().Select(p => (Id(p), Count(p, "total"))).Order();
        report.Pids.Select(p => (p.Pid, p.Packets)).Should().Equal(expected);
    }

    [RecordingTheory]
    [MemberData(nameof(Names))]
    public void Discontinuities_and_repetitions_of_each_PID_are_those_of_the_reference(string name)
    {
        var (report, reference) = Analyze(name);
        var expected = reference.GetProperty("pids").EnumerateArray().Where(p => Id(p) != 0x1FFF).Select(p => (Id(p), Count(p, "discontinuities"), Count(p, "duplicated"))).Order();
        report.Pids.Where(p => p.Pid != 0x1FFF).Select(p => (p.Pid, p.Discontinuities, p.Duplicates)).Should().Equal(expected);
    }

    [RecordingTheory]
    [MemberData(nameof(Names))]
    public void Services_are_those_of_the_reference(string name)
    {
        var (report, reference) = Analyze(name);
        var expected = reference.GetProperty("services").EnumerateArray().Select(s => new
        {
            Id = s.GetProperty("id").GetInt32(),
            Name = s.GetProperty("name").GetString()!,
            Provider = s.GetProperty("provider").GetString()!,
            Type = s.GetProperty("type").GetInt32(),
            PmtPid = (int?)s.GetProperty("pmt-pid").GetInt32(),
            PcrPid = s.TryGetProperty("pcr-pid", out var pcr) ? pcr.GetInt32() : (int?)null,
        }).OrderBy(s => s.Id);
        report.Services.Select(s => new { Id = s.ServiceId, Name = Known(s.Name), Provider = Known(s.Provider), Type = s.ServiceType ?? 0, s.PmtPid, s.PcrPid }).Should().Equal(expected);
    }

    private static string Known(string? name) => string.IsNullOrEmpty(name) ? "(unknown)" : name; // as the reference writes it

    private static int Id(JsonElement pid) => pid.GetProperty("id").GetInt32();

    private static long Count(JsonElement pid, string what) => pid.GetProperty("packets").GetProperty(what).GetInt64();

    private static (MultiplexReport Report, JsonElement Reference) Analyze(string name)
    {
        var analyzer = new TransportStreamAnalyzer(new() { DefaultCharset = DvbCharset.Iso6937 });
        analyzer.Push(File.ReadAllBytes(Recordings.File("ts", "real", name + ".ts")), Broadcast.Start);
        using var reference = JsonDocument.Parse(File.ReadAllBytes(Recordings.File("ts", "ref", name + ".ts.tsduck340.analyze.json")));
        return (analyzer.Report(Broadcast.Start), reference.RootElement.Clone());
    }
}
