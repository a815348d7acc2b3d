using SignalWatch.Contracts;

namespace SignalWatch.Probe.Evidence;

/// <summary>One thing to be written.</summary>
internal readonly record struct EvidenceWork
{
    public EvidenceWorkKind Kind { get; init; }

    public Dossiered? Dossier { get; init; }

    public short[]? Left { get; init; }

    public short[]? Right { get; init; }

    public float[]? Re { get; init; }

    public float[]? Im { get; init; }

    public byte[]? Bytes { get; init; }

    /// <summary>How much of the arrays counts.</summary>
    public int Count { get; init; }

    /// <summary>When the last of it was received.</summary>
    public long Ticks { get; init; }

    /// <summary>Seconds; of IQ, samples a second.</summary>
    public double Seconds { get; init; }

    public TimedGroup Group { get; init; }

    public TimedGroup[]? Groups { get; init; }

    public SpectrumAxis Axis { get; init; }

    public SpectrumLines? Lines { get; init; }

    public string? What { get; init; }

    public Text Text { get; init; }

    public TaskCompletionSource? Done { get; init; }

    /// <summary>Bytes that it takes in the queue.</summary>
    public int Cost { get; init; }
}

internal enum EvidenceWorkKind
{
    Begin,
    Sound,
    Iq,
    Group,
    Spectrum,
    Lost,
    Overflow,
    Suspicion,
    Flush,
    Complete,
    Mark,
}

/// <summary>A dossier as the samples' thread sees it.</summary>
internal sealed class Dossiered(EvidenceOccasion occasion)
{
    private volatile bool lost;

    public EvidenceOccasion Occasion => occasion;

    /// <summary>When the suspicion ended, in 100 ns; null while it stands.</summary>
    public long? SuspicionEnd { get; set; }

    /// <summary>IQ handed over so far.</summary>
    public double IqSeconds { get; set; }

    /// <summary>What found no room in the queue, since when and how much.</summary>
    public Dictionary<string, (long Ticks, double Seconds)> Unwritten { get; } = [];

    /// <summary>The writer has given it up or ended it. It is set by the writer and read by the samples' thread: seen a little late, some work too much is thrown away, no more.</summary>
    public bool IsLost
    {
        get => lost;
        set => lost = value;
    }

    /// <summary>Why it ends now, or null.</summary>
    public Text? Ending(long now, EvidenceSettings settings)
    {
        var since = now - occasion.At.UtcTicks;
        if (since >= settings.Longest.Ticks) return EvidenceTexts.LongestReached;
        if (IsLost) return EvidenceTexts.LargestReached;
        return SuspicionEnd is not null && since >= settings.AtLeast.Ticks ? EvidenceTexts.SuspicionOver : null;
    }
}
