using System.Text.Json;
using SignalWatch.Tests;

namespace SignalWatch.TransportStream.Tests;

/// <summary>The synthetic stream with known faults: each is found as its own occurrence, what is legal is not, and nothing else is said.</summary>
public sealed class InjectedFaultsTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 14, 22, 0, 0, TimeSpan.FromHours(8));

    [RecordingTheory]
    [InlineData(MeasurementProfile.V141)]
    [InlineData(MeasurementProfile.V13)]
    public void Every_fault_is_found_in_its_time(MeasurementProfile profile)
    {
        var (occurrences, faults, _) = Run(profile);
        var missed = faults.Where(f => !f.Optional && !occurrences.Any(o => f.Explains(o))).ToList();
        missed.Should().BeEmpty();
    }

    [RecordingTheory]
    [InlineData(MeasurementProfile.V141)]
    [InlineData(MeasurementProfile.V13)]
    public void Nothing_else_is_said_after_the_first_second(MeasurementProfile profile)
    {
        var (occurrences, faults, _) = Run(profile);
        occurrences.Where(o => Seconds(o) > 1 && !faults.Exists(f => f.Explains(o))).Select(o => $"{Seconds(o):F3} s {o.Check.Id} PID {o.Pid} {o.Measured}").Should().BeEmpty();
    }

    [RecordingTheory]
    [InlineData(MeasurementProfile.V141)]
    [InlineData(MeasurementProfile.V13)]
    public void What_is_legal_is_no_fault(MeasurementProfile profile)
    {
        var (occurrences, _, legal) = Run(profile);
        occurrences.Where(o => legal.Exists(l => l.Explains(o))).Should().BeEmpty();
    }

    [RecordingFact]
    public void Each_fault_of_a_moment_is_one_occurrence_and_the_burst_is_six()
    {
        var counts = Run(MeasurementProfile.V141).Occurrences.Where(o => Seconds(o) > 1).CountBy(o => o.Check.Id).ToDictionary();
        counts.Should().Contain(new Dictionary<string, int>
        {
            ["1.1"] = 1, ["1.2"] = 7, ["1.3.a/1"] = 1, ["1.3.a/2"] = 1, ["1.3.a/3"] = 1, ["1.3/1"] = 1, ["1.3/2"] = 1, ["1.5.a/1"] = 1, ["1.5.a/2"] = 1, ["1.6"] = 1,
            ["2.1"] = 1, ["2.2"] = 3, ["2.3.a"] = 1, ["2.3.b"] = 1, ["2.4"] = 1, ["2.6/2"] = 1,
            ["3.1.a/1"] = 1, ["3.1.a/2"] = 1, ["3.4.a"] = 1, ["3.5.a/1"] = 1, ["3.6.a/1"] = 1, ["3.7/1"] = 1, ["3.7/2"] = 1, ["3.8/1"] = 1,
        });
    }

    private static double Seconds(TransportStreamOccurrence occurrence) => (occurrence.At - Start).TotalSeconds;

    private static (List<TransportStreamOccurrence> Occurrences, List<Fault> Faults, List<Fault> Legal) Run(MeasurementProfile profile)
    {
        using var truth = JsonDocument.Parse(File.ReadAllBytes(Recordings.File("ts", "synth", "tr290_faults.truth.json")));
        var rate = truth.RootElement.GetProperty("bitrate").GetDouble();
        var analyzer = new TransportStreamAnalyzer(new TransportStreamSettings { Profile = profile, NominalBitrateBps = rate });
        List<TransportStreamOccurrence> occurrences = [];
        analyzer.Occurred += o =>
        {
            if (o.Change != OccurrenceChange.Clear) occurrences.Add(o);
        };
        analyzer.Push(File.ReadAllBytes(Recordings.File("ts", "synth", "tr290_faults.ts")), Start, rate);
        return (occurrences, faults("faults"), faults("must_not_raise"));

        List<Fault> faults(string name) => [.. truth.RootElement.GetProperty(name).EnumerateArray().Select(Fault.Read).Where(f => profile == MeasurementProfile.V13 || !f.Rule.EndsWith("@40ms", StringComparison.Ordinal))];
    }

    private sealed record Fault(string Rule, double From, double To, int? Pid, bool Optional)
    {
        public static Fault Read(JsonElement element) => new(element.GetProperty("rule").GetString()!, element.GetProperty("t0").GetDouble() - 0.1, element.GetProperty("t1").GetDouble() + 1,
            element.TryGetProperty("pid", out var pid) && pid.ValueKind == JsonValueKind.Number ? pid.GetInt32() : null, element.TryGetProperty("optional", out var optional) && optional.GetBoolean());

        public bool Explains(TransportStreamOccurrence o) =>
            o.Check.Id == Rule.Replace("@40ms", "", StringComparison.Ordinal) && (Pid is null || o.Pid is null || o.Pid == Pid) && Seconds(o) >= From && Seconds(o) <= To;
    }
}
