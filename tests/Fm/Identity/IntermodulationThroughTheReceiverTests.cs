using SignalWatch.Fm;
using SignalWatch.Fm.Identity;
using static SignalWatch.Tests.Identity.Scene;

namespace SignalWatch.Tests.Identity;

/// <summary>A receiver that bends (y = x − 0.06 x|x|²) makes a third-order product of two stations; the same frequency with a station of its own is none. From samples to the verdict.</summary>
public sealed class IntermodulationThroughTheReceiverTests
{
    private const double Rate = 1_200_000;
    private const int PiecesEachSecond = 4;

    // A programme whose loudness changes four times a second.
    private sealed class Programme(double hz, double dbfs, int seed)
    {
        private readonly Random random = new(seed);
        private double phase, t;

        public void Add(float[] iq)
        {
            var (amplitude, loud) = (Math.Pow(10, dbfs / 20), 15_000 + 45_000 * random.NextDouble());
            for (var n = 0; n < iq.Length; n += 2, t += 1 / Rate)
            {
                var mpx = loud * (0.6 * Math.Sin(2 * Math.PI * (300 + 37 * seed) * t) + 0.4 * Math.Sin(2 * Math.PI * (3211 + 11 * seed) * t)) + 6750 * Math.Sin(2 * Math.PI * (19_000 + 0.3 * seed) * t);
                phase = (phase + 2 * Math.PI * (hz + mpx) / Rate) % (2 * Math.PI);
                var (sin, cos) = Math.SinCos(phase);
                iq[n] += (float)(amplitude * cos);
                iq[n + 1] += (float)(amplitude * sin);
            }
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_product_of_two_stations_is_explained_and_a_station_there_is_not(bool bends)
    {
        List<Programme> programmes = [new(-400_000 + 60, -10, 1), new(-90, -8, 2)];
        if (!bends) programmes.Add(new Programme(400_000 - 240, -47, 3));
        var identifier = new StationIdentifier(new IdentitySettings { CenterFrequencyHz = 98e6, FrequencyAccuracyPpm = 0.1 });
        var (at, noise) = (Start, new Random(9));
        IReadOnlyList<Identification> last = [];
        var receiver = new FmBandReceiver(new FmBandSettings { SampleRateHz = Rate, CenterFrequencyHz = 98e6, Interval = TimeSpan.FromSeconds(1.0 / PiecesEachSecond) })
        {
            OnReading = reading => last = identifier.Update(reading, at += reading.Length, reading.Length.TotalSeconds,
                (hz, _) => new RegisterAnswer(true, hz is 97_600_000 or 98_000_000 ? Licence(hz / 1e6) : null), _ => ContentFindings.None, (_, _) => null),
        };
        for (var piece = 0; piece < 50; piece++)
        {
            var iq = new float[2 * (int)(Rate / PiecesEachSecond)];
            foreach (var programme in programmes) programme.Add(iq);
            for (var n = 0; n < iq.Length; n += 2)
            {
                var bend = bends ? 1 - 0.06f * (iq[n] * iq[n] + iq[n + 1] * iq[n + 1]) : 1;
                (iq[n], iq[n + 1]) = (iq[n] * bend + (float)(noise.NextDouble() - 0.5) * 1.2e-3f, iq[n + 1] * bend + (float)(noise.NextDouble() - 0.5) * 1.2e-3f);
            }
            receiver.Process(iq, discontinuity: false);
        }
        var suspect = last.Single(i => i.NominalHz == 98_400_000);
        var check = suspect.Exclusions.Single(e => e.Check == "intermodulation");
        (check.Explains, suspect.Status, suspect.Stage).Should().Be(bends ? (true, CarrierStatus.Intermodulation, SuspicionStage.None) : (false, CarrierStatus.Unregistered, SuspicionStage.Candidate), check.Arithmetic.En);
    }
}
