using SignalWatch.Contracts;

namespace SignalWatch.Hardware;

/// <summary>Gives complex baseband samples: a receiver, a recording or the simulated city. A recording gives exactly what a receiver would have given.</summary>
public interface IIqSource : IAsyncDisposable
{
    /// <summary>What the samples are.</summary>
    IqStream Stream { get; }

    /// <summary>Reads the next samples, at the source's own pace.</summary>
    /// <param name="interleaved">Where they go: I, Q, I, Q …, full scale ±1. Its length is even.</param>
    /// <param name="cancel">Ends the wait.</param>
    /// <returns>What was read. <see cref="IqRead.Samples"/> is 0 only at the end of a source that has one.</returns>
    /// <exception cref="ProblemException">The source failed: what, and what to do.</exception>
    ValueTask<IqRead> ReadAsync(Memory<float> interleaved, CancellationToken cancel);
}

/// <summary>What the samples of a source are.</summary>
/// <param name="Name">For people: the file's name or the receiver's.</param>
/// <param name="SampleRateHz">Complex samples a second.</param>
/// <param name="CenterFrequencyHz">The frequency at 0 Hz of the baseband.</param>
/// <param name="Origin">Live, replayed or simulated.</param>
/// <param name="DbmAtFullScale">Input power in dBm that gives 0 dBFS; null where the receiver is not calibrated.</param>
public sealed record IqStream(string Name, double SampleRateHz, double CenterFrequencyHz, Origin Origin, double? DbmAtFullScale = null);

/// <summary>One read.</summary>
/// <param name="Samples">Complex samples read.</param>
/// <param name="At">Time of the first of them.</param>
/// <param name="Discontinuity">Samples are missing before the first one, or a recording began anew: filters and loops start afresh.</param>
public readonly record struct IqRead(int Samples, DateTimeOffset At, bool Discontinuity);
