using System.Text.Json;
using SignalWatch.Fm.Identity;
using SignalWatch.Probe.Analysis;

namespace SignalWatch.Probe.FmAnalysis;

/// <summary>What <c>probe fm --json</c> prints: one document. What can't be justified is null, never 0.</summary>
internal sealed record FmDocument
{
    public required ToolDocument Tool { get; init; }

    public required FmSourceDocument Source { get; init; }

    /// <summary>Time of signal that was measured.</summary>
    public required double DurationSeconds { get; init; }

    /// <summary>Mean over the time.</summary>
    public double? NoiseFloorDbfsPerHz { get; init; }

    /// <summary>The receiver was overloaded at some time; null where there is no receiver: of a multiplex signal.</summary>
    public bool? Overload { get; init; }

    /// <summary>Samples that the receiver or this machine lost.</summary>
    public long? SamplesLost { get; init; }

    public RegisterDocument? Register { get; init; }

    public IReadOnlyList<CarrierDocument> Carriers { get; init; } = [];

    public IReadOnlyList<MaskedDocument> Masked { get; init; } = [];

    public IReadOnlyList<WarningDocument> Warnings { get; init; } = [];

    public string ToJson() => JsonSerializer.Serialize(this, AnalysisDocument.Options);
}

/// <summary>What was analysed.</summary>
/// <param name="Name">As the person wrote it.</param>
/// <param name="Kind"><c>iq</c> or <c>mpx</c>.</param>
/// <param name="Origin"><c>live</c>, <c>replay</c> or <c>simulated</c>.</param>
/// <param name="SampleRateHz">Samples a second.</param>
/// <param name="CenterFrequencyHz">The frequency in the middle; null for a multiplex signal.</param>
/// <param name="Start">Time of the first sample; null where a recording does not tell.</param>
internal sealed record FmSourceDocument(string Name, string Kind, string Origin, double SampleRateHz, double? CenterFrequencyHz, DateTimeOffset? Start);

/// <summary>What carriers were compared with.</summary>
internal sealed record RegisterDocument(string File, string Digest, int Entries);

/// <summary>One carrier; of a multiplex signal the station, without what a carrier has.</summary>
internal sealed record CarrierDocument
{
    /// <summary>Nominal frequency.</summary>
    public long? FrequencyHz { get; init; }

    /// <summary>Mean frequency less the nominal one.</summary>
    public double? OffsetHz { get; init; }

    /// <summary>More than 15 kHz off each frequency of the raster.</summary>
    public bool? OffRaster { get; init; }

    /// <summary>In the sidebands of a stronger carrier: the level is good to 2 dB, and within 150 kHz of it the frequency to some kHz only, with nothing said of the modulation.</summary>
    public bool? BesideStronger { get; init; }

    /// <summary>On the air at the end.</summary>
    public bool? OnAir { get; init; }

    /// <summary>Input power; null where the receiver is not calibrated.</summary>
    public double? LevelDbm { get; init; }

    /// <summary>Level against full scale: no figure of the field, but of this receiver alone.</summary>
    public double? LevelDbfs { get; init; }

    public double? SnrDb { get; init; }

    /// <summary>Bandwidth that holds 99 % of the power (SM.443).</summary>
    public double? OccupiedHz { get; init; }

    public CarrierStatus? Status { get; init; }

    public LicenceDocument? Licence { get; init; }

    public IReadOnlyList<ReasonDocument> Reasons { get; init; } = [];

    public IReadOnlyList<ExclusionDocument> Exclusions { get; init; } = [];

    /// <summary>0 to 100; null where nothing was compared.</summary>
    public int? Score { get; init; }

    public SuspicionStage? Stage { get; init; }

    public bool? Modulated { get; init; }

    public bool? Stereo { get; init; }

    /// <summary>Deviation by the pilot.</summary>
    public double? PilotHz { get; init; }

    public double? PilotFrequencyHz { get; init; }

    public RdsDocument? Rds { get; init; }

    public DeviationDocument? Deviation { get; init; }

    /// <summary>MPX power over what there is of 60 s; <see cref="MpxDocument.Valid"/> says whether it is all of them.</summary>
    public double? MpxPowerDbr { get; init; }

    public MpxDocument? Mpx { get; init; }

    /// <summary>Half width of the filter in front of the discriminator.</summary>
    public double? FilterHz { get; init; }

    public string? FilterWhy { get; init; }

    public AudioDocument? Audio { get; init; }
}

/// <summary>The entry of the register that a carrier was compared with.</summary>
internal sealed record LicenceDocument(long FrequencyHz, string? Pi, string Name, string Licensee, string Class, string Area);

/// <summary>One reason of the score.</summary>
internal sealed record ReasonDocument(string Code, int Points, string Text);

/// <summary>One check whether it is no carrier of its own.</summary>
internal sealed record ExclusionDocument(string Check, bool? Explains, string Text);

/// <summary>Radio data.</summary>
/// <param name="Pi">Four hexadecimal digits; null until heard twice.</param>
/// <param name="Ps">Name, eight characters, confirmed.</param>
/// <param name="PartialPs">What of it was heard, not confirmed.</param>
/// <param name="Rt">Radio text.</param>
/// <param name="Groups">Groups received, in whole or in part.</param>
/// <param name="BlockErrorRate">Share of blocks with errors.</param>
/// <param name="DeviationHz">Peak deviation of the subcarrier.</param>
/// <param name="Pty">Programme type code.</param>
/// <param name="Tp">Traffic programme.</param>
/// <param name="Af">Alternative frequencies, Hz.</param>
internal sealed record RdsDocument(string? Pi, string? Ps, string? PartialPs, string? Rt, int Groups, double BlockErrorRate, double? DeviationHz, int? Pty, bool? Tp, IReadOnlyList<long> Af);

/// <summary>Deviation by SM.1268-5.</summary>
internal sealed record DeviationDocument
{
    public double? PeakHz { get; init; }

    public double? P99999Hz { get; init; }

    public double? ShareAbove77k { get; init; }

    public double? ShareAbove75k { get; init; }

    public double? RmsHz { get; init; }

    /// <summary>Reception, filter and time allow a claim about the peak.</summary>
    public bool Valid { get; init; }

    /// <summary>Over what is allowed; null where neither can be said.</summary>
    public bool? Exceeds { get; init; }

    public double Seconds { get; init; }

    public string How { get; init; } = "";
}

/// <summary>How far the MPX power holds.</summary>
internal sealed record MpxDocument(bool Valid, double Seconds, double? WorstDbr, string How);

/// <summary>Sound, RMS.</summary>
internal sealed record AudioDocument(double? LeftDbfs, double? RightDbfs, double? SilenceSeconds);

/// <summary>A peak that is no carrier.</summary>
internal sealed record MaskedDocument(double FrequencyHz, double LevelDbfs, string Reason, double CausedByHz);
