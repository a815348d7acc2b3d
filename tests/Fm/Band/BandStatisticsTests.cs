using SignalWatch.Fm;

namespace SignalWatch.Tests;

/// <summary>What is counted over many intervals.</summary>
public sealed class BandStatisticsTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void An_empty_band_has_no_carrier_in_ten_thousand_intervals()
    {
        // The spectrum of one interval of 1 s at 1.2 MS/s by its statistics: each bin a sum of 390 blocks' exponential powers, near normal. Neighbours are independent here,
        // under Hann's window they are not: 390 blocks count as 200.
        const int Bins = 2048;
        const double Rate = 1_200_000;
        var settings = new FmBandSettings { SampleRateHz = Rate, CenterFrequencyHz = 98e6 };
        var spectrum = new BandSpectrum(Bins, Rate, 0.9);
        var snapshots = new BandSnapshots(Bins, 1);
        var survey = new CarrierSurvey(spectrum, new ImageCoherence(Bins), new CarrierResidue(snapshots, new DcSpike(Rate, 1536), Bins, Rate), settings);
        var random = new Random(5);
        var pool = new float[1 << 18];
        for (var n = 0; n < pool.Length; n++) pool[n] = 1 + (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()) / Math.Sqrt(200));
        var (alarms, worst) = (0, 0.0);
        for (var interval = 0; interval < 10_000; interval++)
        {
            spectrum.Set(pool.AsSpan(random.Next(pool.Length - Bins), Bins), 1e-8, null);
            survey.Run(_ => false);
            alarms += survey.Found.Count + survey.Masked.Count;
            worst = Math.Max(worst, spectrum.PowerOverNoise(-100_000, 100_000) / spectrum.NoisePower(-100_000, 100_000));
        }
        alarms.Should().Be(0);
        // 6 dB are wanted; what noise reaches is 20 dB less.
        (10 * Math.Log10(worst)).Should().BeLessThan(-14);
    }

    [Fact]
    public void Occupancy_counts_what_was_observed_over_three_times()
    {
        var settings = new FmBandSettings { SampleRateHz = 2_400_000, CenterFrequencyHz = 98e6 };
        var table = new OccupancyTable(87_000_000, 108_000_000, settings);
        // 26 hours, a sample each 10 s: on for the last 10 min only, in the last hour for 20 min.
        for (var s = 0; s < 26 * 3600; s += 10)
        {
            var left = 26 * 3600 - s;
            CarrierReading carrier = new() { NominalHz = 98_200_000, OnAir = left <= 600 || left is > 1800 and <= 2400, OffsetHz = 0, LevelDbfs = -30, SnrDb = 20, OnAirSeconds = 0 };
            table.Add(Start.AddSeconds(s), new FmBandReading(TimeSpan.FromSeconds(1), -110, false, [carrier], []), 97_000_000, 99_000_000);
            table.Add(Start.AddSeconds(s), new FmBandReading(TimeSpan.FromSeconds(1), -110, true, [], []), 97_000_000, 99_000_000);
        }
        var snapshot = table.Snapshot(Start.AddSeconds(26 * 3600 - 1));
        snapshot.Windows.Select(w => w.Channels.Count).Should().Equal(21, 21, 21);
        var shares = snapshot.Windows.Select(w => w.Channels.Single(c => c.FrequencyHz == 98_200_000)).ToList();
        shares[0].Share.Should().BeApproximately(10.0 / 15, 0.001);
        shares[1].Share.Should().BeApproximately(20.0 / 60, 0.001);
        shares[2].Share.Should().BeApproximately(20.0 / 1440, 0.0001);
        shares.Select(s => s.Samples).Should().Equal(90, 360, 8640);
        shares[2].RevisitSeconds.Should().BeApproximately(10, 0.001);
        snapshot.Windows[0].BandOccupancy.Should().BeApproximately(10.0 / 15 / 21, 0.001);
        snapshot.Windows[0].Channels.Should().NotContain(c => c.FrequencyHz == 96_900_000);
        snapshot.Method.En.Should().Contain("6 dB");
    }

    [Fact]
    public void A_narrow_peak_among_aircraft_is_said_after_30_s_and_a_wide_or_short_one_never()
    {
        var survey = new SpuriousSurvey();
        var floor = new NoiseFloorCurve(108_000_000, 100_000, [-110f, -110f]);
        var quiet = -110 + 10 * Math.Log10(900);
        for (var s = 0; s < 60; s += 10)
        {
            var mean = Enumerable.Repeat((float)quiet, 40_000).ToArray();
            (mean[19_999], mean[20_000], mean[20_001]) = ((float)quiet + 14, (float)quiet + 20, (float)quiet + 14);
            if (s is 10 or 20) mean[5000] = (float)quiet + 30;
            Array.Fill(mean, (float)quiet + 15, 30_000, 200);
            mean[35_000] = (float)quiet + 9;
            var peaks = survey.Update(new BandSpectra(s, 9, 108_000_000, 600, 900, mean, mean, mean), floor);
            if (s < 30)
            {
                peaks.Should().BeEmpty();
                continue;
            }
            var peak = peaks.Should().ContainSingle().Which;
            peak.FrequencyHz.Should().BeApproximately(108_000_000 + 20_000 * 600, 1);
            (peak.AboveNoiseDb, peak.SinceSeconds, peak.HeldSeconds).Should().Match<(double, double, double)>(p => Math.Abs(p.Item1 - 20) < 0.01 && p.Item2 == 0 && p.Item3 == s + 9);
            peak.BandwidthHz.Should().Be(900);
        }
    }

    [Fact]
    public void A_hold_has_the_highest_the_lowest_and_the_mean_of_its_time()
    {
        var hold = new SpectrumHold();
        hold.Held.Should().BeNull();
        hold.Add(new BandSpectra(10, 1, 98e6, 600, 900, [-50f], [-40f], [-60f]));
        hold.Add(new BandSpectra(11, 3, 98e6, 600, 900, [-60f], [-45f], [-70f]));
        var held = hold.Held!;
        (held.StartSeconds, held.LengthSeconds, held.MaxDbfs[0], held.MinDbfs[0]).Should().Be((10, 4, -40f, -70f));
        held.MeanDbfs[0].Should().BeApproximately((float)(10 * Math.Log10((1e-5 + 3e-6) / 4)), 0.001f);
    }

    [Fact]
    public void Forty_stations_are_found_by_one_worker_as_by_three()
    {
        const double Rate = 20_480_000;
        var band = new SyntheticBand(Rate, 0.45).Noise(-115);
        AddStations(band.Iq, Rate);
        var readings = new List<FmBandReading>[] { [], [] };
        for (var run = 0; run < 2; run++)
        {
            var receiver = new FmBandReceiver(new FmBandSettings { SampleRateHz = Rate, CenterFrequencyHz = 98e6, Interval = TimeSpan.FromSeconds(0.2), Workers = 1 + 2 * run }) { OnReading = readings[run].Add };
            receiver.Process(band.Iq, discontinuity: false);
        }
        readings[0].Should().HaveCount(2);
        readings[0][1].Carriers.Should().HaveCount(40).And.AllSatisfy(c => c.OffRaster.Should().BeFalse());
        readings[0][1].Carriers[7].LevelDbfs.Should().BeApproximately(-46, 0.3);
        readings[1][1].Carriers.Select(c => (c.NominalHz, c.LevelDbfs, c.OffsetHz, c.Station?.RmsDeviationHz.Value))
            .Should().Equal(readings[0][1].Carriers.Select(c => (c.NominalHz, c.LevelDbfs, c.OffsetHz, c.Station?.RmsDeviationHz.Value)));
    }

    // All frequencies and tones close up in 1 ms: one is computed, and repeated.
    private static void AddStations(float[] iq, double rate)
    {
        var period = new float[2 * (int)(rate / 1000)];
        for (var c = 0; c < 40; c++)
        {
            var amplitude = Math.Pow(10, (-40 - c % 5 * 3) / 20.0);
            for (var n = 0; n < period.Length / 2; n++)
            {
                var t = n / rate;
                var (sin, cos) = Math.SinCos(2 * Math.PI * (c - 19.5) * 400_000 * t + 40 * Math.Sin(2 * Math.PI * 1000 * t + c));
                period[2 * n] += (float)(amplitude * cos);
                period[2 * n + 1] += (float)(amplitude * sin);
            }
        }
        for (var n = 0; n < iq.Length; n++) iq[n] += period[n % period.Length];
    }
}
