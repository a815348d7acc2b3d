using SignalWatch.Contracts;
using SignalWatch.Hardware;
using SignalWatch.Hardware.Iq;
using SignalWatch.Simulation;

namespace SignalWatch.Probe.FmAnalysis;

/// <summary>A source of IQ that is open.</summary>
/// <param name="Source">Gives the samples.</param>
/// <param name="Length">How long it is; null for a live one.</param>
/// <param name="RecordedAt">When its first sample was received; null where nobody knows.</param>
/// <param name="Warnings">What is wrong with it and yet lets it be used.</param>
internal sealed record IqInput(IIqSource Source, TimeSpan? Length, DateTimeOffset? RecordedAt, IReadOnlyList<Problem> Warnings) : IAsyncDisposable
{
    /// <summary>Opens what an address names; a file is read as fast as it can be.</summary>
    /// <exception cref="ProblemException">It can't be opened: why, and what to do.</exception>
    public static async Task<IqInput> OpenAsync(IqAddress address, IqOptions options, TimeProvider time, CancellationToken cancel)
    {
        await Task.CompletedTask;
        cancel.ThrowIfCancellationRequested();
        return address.Kind switch
        {
            IqKind.SigMf => OfSigMf(SigMfSource.Open(address.Target, new SigMfOptions { RealTime = false, ExpectedSampleRateHz = options.RateHz, Time = time })),
            IqKind.City => new IqInput(City.BuiltIn(time).OpenFmBand(), null, null, [FmTexts.Simulated]),
            _ => throw new ProblemException(FmTexts.NotIq(address.Written)),
        };
    }

    public ValueTask DisposeAsync() => Source.DisposeAsync();

    private static IqInput OfSigMf(SigMfSource source) => new(source, source.Length, null, source.Warnings);
}
