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
    public static async Task<IqInput> OpenAsync(IqAddress address, IqOptions options, TimeProvider time, CancellationToken cancel) => address.Kind switch
    {
        IqKind.SigMf => OfSigMf(SigMfSource.Open(address.Target, new SigMfOptions { RealTime = false, ExpectedSampleRateHz = options.RateHz, Time = time })),
        IqKind.Wav => OfWav(WavIqSource.Open(address.Target, new WavIqOptions { RealTime = false, CenterFrequencyHz = options.CenterHz, ExpectedSampleRateHz = options.RateHz, Time = time })),
        IqKind.Raw => OfRaw(RawIqSource.Open(address.Target, Raw(address, options, time))),
        IqKind.RtlTcp => Live(await ConnectAsync(address, options, time, cancel).ConfigureAwait(false)),
        IqKind.RtlSdr => Live(RtlSdrSource.Open(ReceiverAddress.RtlSdr(address.Target, options), time)),
        IqKind.Soapy => Live(SoapySource.Open(ReceiverAddress.Soapy(address.Target, options), time)),
        IqKind.City => Live(City.BuiltIn(time).OpenFmBand()) with { Warnings = [FmTexts.Simulated] },
        _ => throw new ProblemException(FmTexts.NotIq(address.Written)),
    };

    public ValueTask DisposeAsync() => Source.DisposeAsync();

    private static IqInput OfSigMf(SigMfSource source) => new(source, source.Length, source.RecordedAt, source.Warnings);

    private static IqInput OfWav(WavIqSource source) => new(source, source.Length, source.RecordedAt, source.Warnings);

    private static IqInput OfRaw(RawIqSource source) => new(source, source.Length, null, source.Warnings);

    private static IqInput Live(IIqSource source) => new(source, null, null, []);

    private static async Task<RtlTcpSource> ConnectAsync(IqAddress address, IqOptions options, TimeProvider time, CancellationToken cancel)
    {
        var (host, port, settings) = ReceiverAddress.RtlTcp(address.Target, options);
        return await RtlTcpSource.ConnectAsync(host, port, settings, time, cancel).ConfigureAwait(false);
    }

    private static RawIqOptions Raw(IqAddress address, IqOptions options, TimeProvider time) => new()
    {
        SampleRateHz = options.RateHz ?? throw new ProblemException(FmTexts.Needs(address.Written, "--rate")),
        CenterFrequencyHz = options.CenterHz ?? throw new ProblemException(FmTexts.Needs(address.Written, "--center")),
        Format = SigMfName(options.Format ?? Path.GetExtension(address.Target).TrimStart('.').ToLowerInvariant()) ?? throw new ProblemException(FmTexts.Needs(address.Written, "--format cu8|cs8|cs16|cf32")),
        RealTime = false,
        Time = time,
    };

    // As SigMF writes what receivers' programs call so.
    private static string? SigMfName(string format) => format switch { "cu8" => "cu8", "cs8" => "ci8", "cs16" => "ci16_le", "cf32" => "cf32_le", _ => null };
}
