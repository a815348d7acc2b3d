using SignalWatch.Contracts;

namespace SignalWatch.Hardware.Iq;

/// <summary>What a recording of IQ samples says of itself (SigMF 1.2, "SigMF Metadata Format").</summary>
public sealed record RecordingDescription
{
    /// <summary>Complex samples a second.</summary>
    public required double SampleRateHz { get; init; }

    /// <summary>The frequency at 0 Hz of the baseband, Hz.</summary>
    public required double CenterFrequencyHz { get; init; }

    /// <summary>Time of the first sample.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Live, replayed or simulated: said plainly in the file.</summary>
    public required Origin Origin { get; init; }

    /// <summary>How samples are kept.</summary>
    public RecordingFormat Format { get; init; } = RecordingFormat.Ci16;

    /// <summary>Samples are multiplied by this before they are kept, so that a weak carrier does not drown in the rounding of 16 bits; the file says it.</summary>
    public float Gain { get; init; } = 1;

    /// <summary>Input power in dBm that gave 0 dBFS at the receiver, before <see cref="Gain"/>; null where it is not calibrated.</summary>
    public double? DbmAtFullScale { get; init; }

    /// <summary>The receiver.</summary>
    public string? Hardware { get; init; }

    /// <summary>The program that records, with its version.</summary>
    public string? Recorder { get; init; }

    /// <summary>What is recorded and why.</summary>
    public string? Description { get; init; }

    /// <summary>Where the antenna is, WGS-84, degrees; null where it is not known.</summary>
    public (double Latitude, double Longitude)? Position { get; init; }

    /// <summary>What is heard in it, for the whole of its length.</summary>
    public IReadOnlyList<RecordingAnnotation> Annotations { get; init; } = [];
}

/// <summary>Something that is heard in a recording.</summary>
/// <param name="LowerHz">Its lower edge, Hz on the air.</param>
/// <param name="UpperHz">Its upper edge.</param>
/// <param name="Label">What it is; SigMF recommends up to 20 characters.</param>
/// <param name="Comment">More of it, or null.</param>
public sealed record RecordingAnnotation(double LowerHz, double UpperHz, string Label, string? Comment = null);

/// <summary>A recording that is whole.</summary>
/// <param name="Samples">Complex samples in it.</param>
/// <param name="Clipped">Real and imaginary parts that did not fit and were clipped.</param>
/// <param name="Gaps">Places where samples are missing.</param>
/// <param name="Sha512">Of the data file, lower-case hex; the meta file says it too.</param>
public sealed record FinishedRecording(long Samples, long Clipped, int Gaps, string Sha512);
