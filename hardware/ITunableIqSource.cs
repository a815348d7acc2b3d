using SignalWatch.Contracts;

namespace SignalWatch.Hardware;

/// <summary>A receiver whose frequency can be changed while it runs: what a sweep needs.</summary>
public interface ITunableIqSource : IIqSource
{
    /// <summary>Lowest centre frequency, Hz.</summary>
    double MinHz { get; }

    /// <summary>Highest centre frequency, Hz.</summary>
    double MaxHz { get; }

    /// <summary>Changes the centre frequency. On return samples of the old frequency and those of the settling are gone: the next read gives samples of the new one alone,
    /// with <see cref="IqRead.Discontinuity"/> set, and <see cref="IIqSource.Stream"/> names the frequency that the receiver was given.
    /// Where it is cancelled, the receiver still goes to the new frequency, and the next read still waits for settled samples.</summary>
    /// <param name="centerHz">The new centre frequency, Hz, within <see cref="MinHz"/> … <see cref="MaxHz"/>.</param>
    /// <param name="cancel">Ends the wait.</param>
    /// <exception cref="ProblemException"><c>receiver.frequency-range</c>, or the receiver failed.</exception>
    ValueTask TuneAsync(double centerHz, CancellationToken cancel);
}
