namespace SignalWatch.Probe.Evidence;

/// <summary>How much is kept.</summary>
internal sealed record EvidenceSettings
{
    /// <summary>Sound before the suspicion.</summary>
    public TimeSpan Before { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Sound from the suspicion on, at least; and the length of one file of it.</summary>
    public TimeSpan AtLeast { get; init; } = TimeSpan.FromSeconds(1200);

    /// <summary>A dossier ends here even if the suspicion stands; the next may begin.</summary>
    public TimeSpan Longest { get; init; } = TimeSpan.FromHours(1);

    /// <summary>IQ of the channel.</summary>
    public TimeSpan Iq { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Spectra before the suspicion.</summary>
    public TimeSpan SpectraBefore { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>RDS groups before the suspicion.</summary>
    public TimeSpan GroupsBefore { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>What is written is on the disk after this time: so much the plug can cost.</summary>
    public TimeSpan FlushEvery { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Bytes of all dossiers; the oldest go. One takes at most half.</summary>
    public long MostBytes { get; init; } = 20L << 30;

    /// <summary>Bytes that may wait for the disk; what comes beyond is a gap.</summary>
    public long MostQueuedBytes { get; init; } = 64 << 20;

    /// <summary>Carriers whose last seconds are remembered.</summary>
    public int MostCarriers { get; init; } = 60;

    /// <summary>Dossiers at a time.</summary>
    public int MostOpen { get; init; } = 8;
}
