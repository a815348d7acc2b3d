namespace SignalWatch.Fm;

/// <summary>A narrow peak in a band where FM stations must leave nothing.</summary>
/// <param name="FrequencyHz">Middle of its power, Hz.</param>
/// <param name="BandwidthHz">Distance of the frequencies where it is 6 dB under its peak, not less than the resolution, Hz.</param>
/// <param name="LevelDbfs">Its power over the noise, dB of full scale.</param>
/// <param name="AboveNoiseDb">Its peak over the noise in the same resolution bandwidth, dB.</param>
/// <param name="SinceSeconds">When it was first seen, on the clock of the spectra, s.</param>
/// <param name="HeldSeconds">How long it has been there, s.</param>
public sealed record SpuriousPeak(double FrequencyHz, double BandwidthHz, double LevelDbfs, double AboveNoiseDb, double SinceSeconds, double HeldSeconds);

/// <summary>Watches 108 to 137 MHz for narrow peaks that stay: an FM transmitter's spurious emissions there disturb aircraft. Peaks of aeronautical stations are peaks as well; whose one is, others have to say.</summary>
public sealed class SpuriousSurvey
{
    /// <summary>The band: aeronautical radionavigation and communication.</summary>
    public const double FromHz = 108_000_000, ToHz = 137_000_000;

    private const double ThresholdDb = 10;
    private const double WidthDb = 6;
    private const double HoldsSeconds = 30;

    // One sweep that misses a peak which fades is not its end.
    private const double ForgetsAfterSeconds = 25;
    private const double WidestHz = 50_000;
    private const double SameHz = 5_000;
    private const int MostPeaks = 500;

    private readonly List<Track> tracks = [];
    private readonly List<(double Hz, double Width, double Dbfs, double Above)> peaks = [];

    /// <summary>Peaks that were not followed because there were more than 500.</summary>
    public long Dropped { get; private set; }

    /// <summary>The peaks of the last look, also those that have not been there for 30 s yet, by frequency.</summary>
    public IReadOnlyList<SpuriousPeak> Seen { get; private set; } = [];

    /// <summary>Takes a look at the band.</summary>
    /// <param name="spectra">Spectra of it, or of a part.</param>
    /// <param name="floor">The noise under them.</param>
    /// <returns>The peaks that have been there for 30 s, by frequency.</returns>
    public IReadOnlyList<SpuriousPeak> Update(BandSpectra spectra, NoiseFloorCurve floor)
    {
        ArgumentNullException.ThrowIfNull(spectra);
        ArgumentNullException.ThrowIfNull(floor);
        Find(spectra, floor);
        var now = spectra.StartSeconds + spectra.LengthSeconds;
        // The strongest are followed first: with too many of them, the weakest are left out.
        peaks.Sort((a, b) => b.Above.CompareTo(a.Above));
        foreach (var peak in peaks) Follow(peak, spectra.StartSeconds, now, Math.Max(SameHz, 2 * spectra.StepHz));
        tracks.RemoveAll(t => now - t.LastSeconds > ForgetsAfterSeconds);
        tracks.Sort((a, b) => a.Hz.CompareTo(b.Hz));
        var all = tracks.ConvertAll(t => (t.LastSeconds, Peak: new SpuriousPeak(t.Hz, t.Width, t.Dbfs, t.Above, t.SinceSeconds, t.LastSeconds - t.SinceSeconds)));
        Seen = [.. all.Where(t => t.LastSeconds == now).Select(t => t.Peak)];
        return [.. all.Select(t => t.Peak).Where(p => p.HeldSeconds >= HoldsSeconds)];
    }

    private void Find(BandSpectra spectra, NoiseFloorCurve floor)
    {
        peaks.Clear();
        var mean = spectra.MeanDbfs;
        var resolution = 10 * Math.Log10(spectra.ResolutionHz);
        for (var n = 0; n < mean.Count; n++)
        {
            var hz = spectra.StartHz + n * spectra.StepHz;
            var noise = floor.At(hz) + resolution;
            if (hz is < FromHz or > ToHz || mean[n] < noise + ThresholdDb) continue;
            var (from, to) = (n, n);
            while (to + 1 < mean.Count && mean[to + 1] >= noise + ThresholdDb) to++;
            if ((to - from + 1) * spectra.StepHz <= WidestHz) peaks.Add(Describe(spectra, from, to, noise));
            n = to;
        }
    }

    private static (double Hz, double Width, double Dbfs, double Above) Describe(BandSpectra spectra, int from, int to, double noise)
    {
        var mean = spectra.MeanDbfs;
        var best = from;
        for (var n = from; n <= to; n++) if (mean[n] > mean[best]) best = n;
        double sum = 0, moment = 0;
        for (var n = Math.Max(0, from - 1); n <= Math.Min(mean.Count - 1, to + 1); n++)
        {
            var power = Math.Pow(10, mean[n] / 10) - Math.Pow(10, noise / 10);
            (sum, moment) = (sum + power, moment + power * n);
        }
        int low = best, high = best;
        while (low > 0 && mean[low - 1] > mean[best] - WidthDb) low--;
        while (high < mean.Count - 1 && mean[high + 1] > mean[best] - WidthDb) high++;
        // A step's value is the power in the resolution bandwidth: steps nearer than that hold the same power more than once.
        var level = 10 * Math.Log10(Math.Max(sum, 1e-30) * spectra.StepHz / spectra.ResolutionHz);
        return (spectra.StartHz + moment / sum * spectra.StepHz, Math.Max(spectra.ResolutionHz, (high - low + 1) * spectra.StepHz), level, mean[best] - noise);
    }

    private void Follow((double Hz, double Width, double Dbfs, double Above) peak, double start, double now, double sameHz)
    {
        var track = tracks.Find(t => Math.Abs(t.Hz - peak.Hz) < sameHz);
        if (track is null)
        {
            if (tracks.Count == MostPeaks)
            {
                Dropped++;
                return;
            }
            tracks.Add(track = new Track { SinceSeconds = start });
        }
        (track.Hz, track.Width, track.Dbfs, track.Above, track.LastSeconds) = (peak.Hz, peak.Width, peak.Dbfs, peak.Above, now);
    }

    private sealed class Track
    {
        public double Hz, Width, Dbfs, Above, SinceSeconds, LastSeconds;
    }
}
