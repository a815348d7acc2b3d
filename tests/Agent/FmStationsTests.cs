using SignalWatch.Contracts;
using SignalWatch.Fm;
using SignalWatch.Fm.Identity;
using SignalWatch.Probe.Evidence;
using SignalWatch.Probe.Watches;
using SignalWatch.Rules;

namespace SignalWatch.Tests.Probe;

public sealed class FmStationsTests : IDisposable
{
    private const long PirateHz = 98_700_000;
    private static readonly FmRegister Register = FmRegister.Of([new FmLicence(97_400_000, "A203", "OE1", "ORF", LicenceClass.Licensed, "", null, null, null, 75_000, null, null, null, "")]);

    private readonly string folder = Directory.CreateTempSubdirectory("stations").FullName;
    private readonly List<Text> said = [];
    private DateTimeOffset now = new(2026, 3, 14, 15, 0, 0, TimeSpan.Zero);

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task A_restart_does_not_begin_the_300_s_anew()
    {
        (await JudgedAsync(200)).Should().Equal(SuspicionStage.Candidate);
        now += TimeSpan.FromSeconds(3); // the restart
        (await JudgedAsync(99)).Should().BeEmpty();
        (await JudgedAsync(3)).Should().Equal(SuspicionStage.Held);
    }

    [Fact]
    public async Task What_was_learnt_and_is_damaged_is_told_and_learnt_anew_and_the_edges_are_still_known()
    {
        await JudgedAsync(30);
        await JudgedAsync(30, onAir: false);
        await File.WriteAllTextAsync(Path.Combine(folder, "stations.json"), "{\"suspicions\":[{");
        await using var stations = Open();
        said.Should().ContainSingle(t => t.En.Contains("stations.json", StringComparison.Ordinal) && t.Zh.Contains("stations.json", StringComparison.Ordinal));
        stations.Missing(Reading(onAir: null), 97e6, 99e6).Should().Equal(PirateHz);
        stations.Missing(Reading(onAir: null), 99e6, 101e6).Should().BeEmpty("it lies outside of the band that is watched");
    }

    [Fact]
    public async Task A_candidate_has_a_dossier_that_names_register_and_reason()
    {
        await JudgedAsync(5);
        var dossier = Directory.GetDirectories(Path.Combine(folder, "evidence")).Should().ContainSingle().Subject;
        var manifest = await File.ReadAllTextAsync(Path.Combine(dossier, "evidence.json"));
        manifest.Should().Contain(Register.Digest).And.Contain("not-in-register").And.Contain("98700000");
    }

    private FmStations Open() => new(folder, new EvidenceReceiver
    {
        Probe = new("GZ-03"), Watch = new("fm"), Area = "440106", Name = "test", Origin = Origin.Live, Zone = TimeZoneInfo.Utc, Clock = new("本机时钟", "this machine's clock"), Software = "test",
    }, new IdentitySettings(), new EvidenceSettings(), () => Register, () => null, now, said.Add);

    // So many readings of a second each, and the stages that changed; then all is closed, as at the end of the program.
    private async Task<IReadOnlyList<SuspicionStage>> JudgedAsync(int seconds, bool onAir = true)
    {
        var stages = new List<SuspicionStage>();
        await using var stations = Open();
        for (var n = 0; n < seconds; n++)
        {
            now += TimeSpan.FromSeconds(1);
            stations.Advance(now, 0);
            stations.Judge(Reading(onAir), 1, (_, _) => null);
            stages.AddRange(stations.Changes.Select(c => c.To));
        }
        return stages;
    }

    private static FmBandReading Reading(bool? onAir) => new(TimeSpan.FromSeconds(1), -110, Overload: false, onAir is { } on
        ? [new CarrierReading { NominalHz = PirateHz, OnAir = on, OffsetHz = 0, LevelDbfs = on ? -30 : -60, SnrDb = on ? 30 : 0, Modulated = on ? true : null, OnAirSeconds = on ? 1 : 0 }]
        : [], []);
}
