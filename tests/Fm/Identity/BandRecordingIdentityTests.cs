using SignalWatch.Contracts;
using SignalWatch.Fm;
using SignalWatch.Fm.Identity;
using static SignalWatch.Tests.Identity.Scene;

namespace SignalWatch.Tests.Identity;

/// <summary>The recorded band (three licensed stations, an over-deviated pirate 2.3 kHz off, a bare carrier) from samples to who is who, with the register that fits it (licence/licences.csv).</summary>
public sealed class BandRecordingIdentityTests
{
    [RecordingFact]
    public void The_three_licensed_stations_the_pirate_and_the_bare_carrier_are_told_apart()
    {
        FmLicence[] register = [Licence(97.4, "A203", name: "OE1"), Licence(98.2, "8201", name: "NPO R1"), Licence(98.8, "F201", name: "INTER")];
        var identifier = new StationIdentifier(new IdentitySettings { CenterFrequencyHz = 98e6 });
        var stages = new List<StageChange>();
        identifier.OnStage = stages.Add;
        IReadOnlyList<Identification> last = [];
        var at = Start;
        var receiver = new FmBandReceiver(new FmBandSettings { SampleRateHz = 2_400_000, CenterFrequencyHz = 98_000_000 })
        {
            OnReading = reading => last = identifier.Update(reading, at += reading.Length, reading.Length.TotalSeconds, (hz, _) => new RegisterAnswer(true, register.FirstOrDefault(l => l.FrequencyHz == hz)),
                _ => ContentFindings.None, (_, _) => null),
        };
        var iq = RawIq.Cu8(Recordings.File("fm", "iq", "band_98M_2400k.sigmf-data"));
        for (var pass = 0; pass < 2; pass++) receiver.Process(iq, discontinuity: false);

        last.Where(i => i.Status != CarrierStatus.Image).Select(i => (i.NominalHz, i.Status)).Should().Equal((97_400_000, CarrierStatus.Licensed), (97_800_000, CarrierStatus.Unregistered), (98_200_000, CarrierStatus.Licensed),
            (98_500_000, CarrierStatus.CarrierOnly), (98_800_000, CarrierStatus.Licensed));
        last.Where(i => i.Status == CarrierStatus.Licensed).Should().AllSatisfy(i => i.Reasons.Should().BeEmpty());
        var pirate = last.Single(i => i.NominalHz == 97_800_000);
        pirate.Reasons.Select(r => r.Code).Should().Contain("not-in-register").And.Contain("signature-offset");
        pirate.Stage.Should().Be(SuspicionStage.Candidate);
        pirate.Exclusions.Should().HaveCount(3).And.OnlyContain(e => e.Explains == false);
        stages.Should().ContainSingle().Which.FrequencyHz.Should().Be(97_800_000);
    }
}
