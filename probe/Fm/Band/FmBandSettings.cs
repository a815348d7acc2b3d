namespace SignalWatch.Fm;

/// <summary>What a <see cref="FmBandReceiver"/> is to do.</summary>
public sealed record FmBandSettings
{
    /// <summary>Complex samples a second, 240 kS/s to 25 MS/s.</summary>
    public required double SampleRateHz { get; init; }

    /// <summary>The frequency at the middle of the band, Hz.</summary>
    public required double CenterFrequencyHz { get; init; }

    /// <summary>Distance of the frequencies that stations are licensed on, Hz. China: 100 kHz.</summary>
    public double RasterHz { get; init; } = 100_000;

    /// <summary>Time of signal for each <see cref="FmBandReading"/>.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Waterfall lines a second of signal.</summary>
    public int SpectrumLinesPerSecond { get; init; } = 5;

    /// <summary>Most bins of a waterfall line: a power of two. Neighbouring bins are averaged to keep it.</summary>
    public int MaxSpectrumBins { get; init; } = 2048;

    /// <summary>Share of the band that is used, about its middle: towards the edges receivers roll off and fold.</summary>
    public double UsableShare { get; init; } = 0.9;

    /// <summary>Signal-to-noise ratio in 200 kHz from which on a carrier is reported, dB.</summary>
    public double AppearsAtSnrDb { get; init; } = 6;

    /// <summary>Signal-to-noise ratio in 200 kHz under which a carrier has vanished, dB.</summary>
    public double VanishesAtSnrDb { get; init; } = 3;

    /// <summary>How long a carrier that has vanished is still reported as off the air.</summary>
    public TimeSpan RemembersVanished { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Threads that share the carriers, the caller's among them, 1 to 64. With more than one, a carrier's tap is called on any of them:
    /// never on two at once for the same carrier, and only while <see cref="FmBandReceiver.Process"/> runs. Results don't depend on it.</summary>
    public int Workers { get; init; } = 1;

    /// <summary>Whether carriers are looked for; without, readings have spectra and noise only.</summary>
    public bool MeasureStations { get; init; } = true;
}
