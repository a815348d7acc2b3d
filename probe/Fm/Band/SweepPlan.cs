using SignalWatch.Contracts;

namespace SignalWatch.Fm;

/// <summary>What a narrow receiver is to sweep.</summary>
public sealed record SweepSettings
{
    /// <summary>Complex samples a second.</summary>
    public required double SampleRateHz { get; init; }

    /// <summary>The lowest frequency, Hz.</summary>
    public double FromHz { get; init; } = 87_000_000;

    /// <summary>The highest, Hz.</summary>
    public double ToHz { get; init; } = 108_000_000;

    /// <summary>Time for a whole sweep, retuning included.</summary>
    public TimeSpan Period { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Time that the tuner needs for each hop; what it delivers meanwhile is for nobody.</summary>
    public TimeSpan Settling { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Share of the receiver's band that is left unused, half of it at each edge: there it rolls off and folds.</summary>
    public double CropShare { get; init; } = 0.2;

    /// <summary>Distance of the frequencies that stations are licensed on, Hz.</summary>
    public double RasterHz { get; init; } = 100_000;

    /// <summary>Whether stations are looked for and measured; without, there are spectra only (108 to 137 MHz).</summary>
    public bool MeasureStations { get; init; } = true;

    /// <summary>Whether each channel is heard whole at two tunings in each sweep: what the receiver makes itself, its spike and its images, lies elsewhere at the other one, and is told apart from what is on the air.</summary>
    public bool Twice { get; init; }
}

/// <summary>One position of the tuner.</summary>
/// <param name="Index">Its number, from 0 on.</param>
/// <param name="CenterHz">Where the tuner is set to, Hz.</param>
/// <param name="FromHz">The lowest frequency that is used of it, Hz.</param>
/// <param name="ToHz">The highest, Hz.</param>
/// <param name="Dwell">Time of signal that it gets, without the settling.</param>
public sealed record SweepHop(int Index, double CenterHz, double FromHz, double ToHz, TimeSpan Dwell);

/// <summary>Where a narrow receiver is tuned to, one after the other, so that every channel of a band is heard whole once a sweep.</summary>
public sealed class SweepPlan
{
    // A channel is 100 kHz to both sides of its middle: neighbouring hops share one, so that each is whole in one of them. 50 kHz more, because centres are rounded.
    private const double HalfChannelHz = CarrierSurvey.HalfChannelHz;
    private const int MostHops = 1000;

    // Under a third of that for each look, noise in 200 kHz is not steady enough, nor is a pilot found.
    private static readonly TimeSpan LeastDwell = TimeSpan.FromMilliseconds(300);

    private SweepPlan(SweepSettings settings, IReadOnlyList<SweepHop> hops) => (Settings, Hops) = (settings, hops);

    /// <summary>What was asked for.</summary>
    public SweepSettings Settings { get; }

    /// <summary>The hops, from the lowest frequency up.</summary>
    public IReadOnlyList<SweepHop> Hops { get; }

    /// <summary>Plans a sweep. Centres lie between two channels of the raster: there the receiver's spike at its middle is in no carrier.</summary>
    /// <exception cref="ProblemException"><c>fm.sweep</c>: the receiver is too narrow for the band in that time; <c>fm.setting</c>: a setting is out of range.</exception>
    public static SweepPlan For(SweepSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        Check(settings);
        var rounding = settings.RasterHz / 2;
        var usable = settings.SampleRateHz * (1 - settings.CropShare);
        var step = (usable - 2 * (HalfChannelHz + rounding)) / (settings.Twice ? 2 : 1);
        if (step <= 0) throw new ProblemException(BandTexts.SweepTooNarrow(settings.SampleRateHz));
        // Half a hop more at both ends, or the outermost channels would lie in one hop alone.
        var more = settings.Twice ? step : 0;
        var span = settings.ToHz - settings.FromHz + 2 * (HalfChannelHz + rounding + more);
        var count = 1 + Math.Ceiling(Math.Max(0, span - usable) / step);
        var dwell = settings.Period / count - settings.Settling;
        if (count > MostHops || dwell < LeastDwell) throw new ProblemException(BandTexts.SweepTooShort(count, settings.Period, settings.Settling + LeastDwell));
        var first = count == 1 ? (settings.FromHz + settings.ToHz) / 2 : settings.FromHz - HalfChannelHz - rounding - more + usable / 2;
        var distance = count == 1 ? 0 : (span - usable) / (count - 1);
        var hops = new List<SweepHop>();
        for (var n = 0; n < count; n++)
        {
            var centre = (Math.Floor((first + n * distance) / settings.RasterHz) + 0.5) * settings.RasterHz;
            hops.Add(new SweepHop(n, centre, centre - usable / 2, centre + usable / 2, dwell));
        }
        return new SweepPlan(settings, hops);
    }

    private static void Check(SweepSettings settings)
    {
        if (settings.SampleRateHz is not (>= 240_000 and <= 25_000_000)) throw new ProblemException(Texts.SampleRate(settings.SampleRateHz));
        if (!(settings.FromHz > 0 && settings.ToHz > settings.FromHz && settings.ToHz < 1e10)) throw new ProblemException(Texts.Setting(nameof(settings.ToHz)));
        if (settings.Period <= TimeSpan.Zero || settings.Period > TimeSpan.FromHours(1)) throw new ProblemException(Texts.Setting(nameof(settings.Period)));
        if (settings.Settling < TimeSpan.Zero || settings.Settling > settings.Period) throw new ProblemException(Texts.Setting(nameof(settings.Settling)));
        if (settings.CropShare is not (>= 0 and < 0.9)) throw new ProblemException(Texts.Setting(nameof(settings.CropShare)));
        if (settings.RasterHz is not (>= 10_000 and <= 1_000_000)) throw new ProblemException(Texts.Setting(nameof(settings.RasterHz)));
    }
}
