using System.Text.Json;
using SignalWatch.Contracts;
using SignalWatch.Fm.Identity;

namespace SignalWatch.Probe.Evidence;

/// <summary><c>evidence.json</c>: what a dossier is of, and how far it can be relied on. It is there from the first second, says <c>recording</c> until the end, and has the digests of all files then.</summary>
internal sealed record EvidenceManifest
{
    public const string Name = "evidence.json";

    public int Version { get; init; } = 1;

    public required DossierState State { get; init; }

    /// <summary>Why it ended, where it did.</summary>
    public Text? Ending { get; init; }

    public required EvidenceStanding Standing { get; init; }

    public required long FrequencyHz { get; init; }

    public required Text Reason { get; init; }

    /// <summary>When the suspicion began.</summary>
    public required DateTimeOffset Begin { get; init; }

    /// <summary>When the carrier was given up last; null while the suspicion stands.</summary>
    public DateTimeOffset? SuspicionEnd { get; init; }

    /// <summary>Time of the last sample that went into it.</summary>
    public required DateTimeOffset Last { get; init; }

    public required string Zone { get; init; }

    public required Text Clock { get; init; }

    /// <summary>Times are exact to this, s: samples are stamped by the block.</summary>
    public double TimeResolutionSeconds { get; init; } = 0.1;

    public required Origin Origin { get; init; }

    public required string Probe { get; init; }

    public required string Watch { get; init; }

    public required string Area { get; init; }

    public required string Receiver { get; init; }

    public EvidencePosition? Position { get; init; }

    public EvidenceCalibration? Calibration { get; init; }

    public double? DbmAtFullScale { get; init; }

    public string? RegisterDigest { get; init; }

    public Identification? Identification { get; init; }

    public required string Software { get; init; }

    public required IReadOnlyList<SoundPart> Sound { get; init; }

    public IqPart? Iq { get; init; }

    public SpectraPart? Spectra { get; init; }

    public required long RdsGroups { get; init; }

    /// <summary>What is missing, and why.</summary>
    public required IReadOnlyList<EvidenceGap> Gaps { get; init; }

    /// <summary>Gaps beyond those that are listed.</summary>
    public long GapsNotListed { get; init; }

    /// <summary>Seconds missing in all.</summary>
    public required double SecondsMissing { get; init; }

    /// <summary>Every other file of the folder, but the lists of digests.</summary>
    public IReadOnlyList<EvidenceFile> Files { get; init; } = [];

    public static JsonSerializerOptions Json { get; } = new(WireJson.Options) { WriteIndented = true };
}

internal enum DossierState
{
    Recording,
    Complete,

    /// <summary>The program or the machine fell while it was recorded.</summary>
    Interrupted,
}

/// <summary>What it may be used for.</summary>
/// <param name="Use">Evidence only where it was received live, and levels are calibrated.</param>
/// <param name="Why">Why not more.</param>
internal sealed record EvidenceStanding(EvidenceUse Use, IReadOnlyList<Text> Why)
{
    public static EvidenceStanding Of(EvidenceReceiver receiver, DateTimeOffset at)
    {
        List<Text> why = [];
        if (receiver.Calibration is null) why.Add(EvidenceTexts.Uncalibrated);
        else if (receiver.Calibration.Expires < at) why.Add(EvidenceTexts.CalibrationExpired(receiver.Calibration));
        if (receiver.Origin == Origin.Live) return new(why.Count == 0 ? EvidenceUse.Evidence : EvidenceUse.LeadOnly, why);
        why.Insert(0, receiver.Origin == Origin.Replay ? EvidenceTexts.Replayed : EvidenceTexts.Simulated);
        return new(EvidenceUse.None, why);
    }
}

internal enum EvidenceUse
{
    Evidence,
    LeadOnly,
    None,
}

/// <summary>One file of sound.</summary>
/// <param name="File">Its name.</param>
/// <param name="From">Time of its first sample.</param>
/// <param name="Samples">Of each channel.</param>
/// <param name="SampleRateHz">Samples a second.</param>
/// <param name="ChannelsDiffer">Left and right are not the same throughout.</param>
/// <param name="FullScaleDeviationHz">The deviation that full scale is, Hz.</param>
internal sealed record SoundPart(string File, DateTimeOffset From, long Samples, int SampleRateHz, bool ChannelsDiffer, double FullScaleDeviationHz);

/// <summary>The recording of the channel.</summary>
/// <param name="File">The data.</param>
/// <param name="From">Time of its first sample.</param>
/// <param name="Samples">Complex samples.</param>
/// <param name="SampleRateHz">Samples a second.</param>
/// <param name="Gain">They were multiplied by this.</param>
/// <param name="Clipped">Parts that did not fit.</param>
internal sealed record IqPart(string File, DateTimeOffset From, long Samples, double SampleRateHz, float Gain, long Clipped);

/// <summary>The spectra.</summary>
/// <param name="File">Levels, a byte each, a row a second.</param>
/// <param name="Rows">Seconds.</param>
/// <param name="Bins">Levels of a row.</param>
/// <param name="StartHz">Centre of the first, Hz.</param>
/// <param name="StepHz">Distance, Hz.</param>
/// <param name="FloorDbfs">Level of byte 0, dBFS.</param>
/// <param name="StepDb">Level of one step, dB.</param>
/// <param name="RowsSkipped">Seconds in which the receiver was tuned elsewhere.</param>
internal sealed record SpectraPart(string File, long Rows, int Bins, double StartHz, double StepHz, float FloorDbfs, float StepDb, long RowsSkipped);

/// <summary>Something is missing.</summary>
/// <param name="What"><c>sound</c>, <c>iq</c>, <c>rds</c> or <c>spectra</c>; <c>all</c> where the receiver lost samples.</param>
/// <param name="At">Where it begins.</param>
/// <param name="Seconds">How long.</param>
/// <param name="Why">Why.</param>
internal sealed record EvidenceGap(string What, DateTimeOffset At, double Seconds, Text Why);

/// <summary>One file of a dossier.</summary>
/// <param name="Name">Its name.</param>
/// <param name="What">What it is.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Sha256">Lower-case hex.</param>
/// <param name="Sha512">Lower-case hex.</param>
internal sealed record EvidenceFile(string Name, Text What, long Bytes, string Sha256, string Sha512);
