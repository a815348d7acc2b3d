using SignalWatch.Contracts;
using SignalWatch.Fm;
using SignalWatch.Hardware;

namespace SignalWatch.Probe.FmAnalysis;

/// <summary>A source, a receiver for all of its band, and the time that it runs.
/// <para>A receiver knows its carriers after its first interval. A file is begun anew then, so that they are demodulated from its first sample on: three seconds of a recording give three seconds of radio data.</para></summary>
internal sealed class BandRun(IqAddress address, IqOptions options, TimeSpan? duration, TimeProvider time)
{
    // What the receiver's filters hold back at the end of a file, and with it the end of the last interval.
    private const double HeldBackSeconds = 0.005;
    private const double ShortestIntervalSeconds = 0.1;
    private const double UsualIntervalSeconds = 1;

    private Action<FmBandReading> onReading = _ => { };

    private delegate void Processor(ReadOnlySpan<float> interleaved, bool discontinuity);

    /// <summary>Asked for each carrier once, by its nominal frequency: what is to be heard of it.</summary>
    public Func<long, StationTap?>? TapFor { get; init; }

    /// <summary>Gets the first interval's reading, before anything is demodulated; ends the run where it says false.</summary>
    public Func<FmBandReading, bool>? OnSurvey { get; init; }

    /// <summary>Gets each reading and the time of its end; ends the run where it says false.</summary>
    public required Func<FmBandReading, DateTimeOffset, bool> OnReading { get; init; }

    /// <summary>What the samples are.</summary>
    public IqStream Stream { get; private set; } = new("", 0, 0, Origin.Replay);

    /// <summary>What is wrong with the source and yet lets it be used.</summary>
    public List<Problem> Warnings { get; } = [];

    /// <summary>Time of the first sample; null where a recording does not tell.</summary>
    public DateTimeOffset? Start { get; private set; }

    /// <summary>Time of signal.</summary>
    public TimeSpan Length { get; private set; }

    /// <summary>Samples lost.</summary>
    public long Lost { get; private set; }

    /// <summary>The source is a recording, read to its end.</summary>
    public bool IsWhole { get; private set; }

    /// <summary>Runs to the end.</summary>
    /// <exception cref="ProblemException">The source can't be opened, failed at once, or is too short.</exception>
    public async Task RunAsync(SignalProgress? progress, CancellationToken cancel)
    {
        var input = await IqInput.OpenAsync(address, options, time, cancel).ConfigureAwait(false);
        try
        {
            Stream = input.Source.Stream;
            Warnings.AddRange(input.Warnings);
            var length = Shorter(input.Length, duration);
            if (length is { } all && all.TotalSeconds < ShortestIntervalSeconds + HeldBackSeconds) throw new ProblemException(FmTexts.TooShort(address.Written, all.TotalSeconds));
            var process = Receiver(TimeSpan.FromSeconds(IntervalSeconds(length)));
            if (address.IsFile)
            {
                if (!await SurveyAsync(process, input, cancel).ConfigureAwait(false)) return;
                await input.DisposeAsync().ConfigureAwait(false);
                input = await IqInput.OpenAsync(address, options, time, cancel).ConfigureAwait(false);
            }
            await MeasureAsync(process, input, length, progress, cancel).ConfigureAwait(false);
        }
        finally
        {
            await input.DisposeAsync().ConfigureAwait(false);
        }
    }

    private Processor Receiver(TimeSpan interval) => Stream.SampleRateHz < NarrowReceiver.BelowHz
        ? new NarrowReceiver(Stream, interval, TapFor) { OnReading = reading => onReading(reading) }.Process
        : new FmBandReceiver(new FmBandSettings { SampleRateHz = Stream.SampleRateHz, CenterFrequencyHz = Stream.CenterFrequencyHz, Interval = interval })
        {
            TapFor = TapFor,
            OnReading = reading => onReading(reading),
        }.Process;

    // Whole intervals to the end of the file: a rest of half a second would be lost.
    private double IntervalSeconds(TimeSpan? length)
    {
        if (length is not { } all || !address.IsFile) return UsualIntervalSeconds;
        var seconds = all.TotalSeconds - HeldBackSeconds;
        return Math.Max(ShortestIntervalSeconds, seconds / Math.Max(1, Math.Round(seconds / UsualIntervalSeconds)));
    }

    private async Task<bool> SurveyAsync(Processor process, IqInput input, CancellationToken cancel)
    {
        FmBandReading? survey = null;
        onReading = reading => survey ??= reading;
        await new IqPump(input, duration).RunAsync((samples, discontinuity, _) =>
        {
            process(samples, discontinuity);
            return survey is null;
        }, null, cancel).ConfigureAwait(false);
        return survey is null || OnSurvey?.Invoke(survey) != false;
    }

    private async Task MeasureAsync(Processor process, IqInput input, TimeSpan? length, SignalProgress? progress, CancellationToken cancel)
    {
        var now = DateTimeOffset.MinValue;
        var (goOn, isFirst) = (true, !address.IsFile);
        onReading = reading =>
        {
            if (isFirst && OnSurvey?.Invoke(reading) == false) goOn = false;
            isFirst = false;
            goOn = OnReading(reading, now) && goOn;
        };
        var pump = new IqPump(input, duration);
        progress?.Begin(length);
        await pump.RunAsync((samples, discontinuity, end) =>
        {
            now = end;
            process(samples, discontinuity);
            return goOn;
        }, progress is null ? null : progress.Update, cancel).ConfigureAwait(false);
        (Length, Lost, IsWhole) = (pump.Length, pump.Lost, address.IsFile && goOn && pump.BrokeOff is null && !cancel.IsCancellationRequested);
        Start = address.IsFile ? input.RecordedAt : pump.Start;
        if (pump.BrokeOff is { } broke) Warnings.Add(broke);
        if (cancel.IsCancellationRequested) Warnings.Add(FmTexts.Interrupted(Length.TotalSeconds));
        if (Lost > 0) Warnings.Add(FmTexts.SamplesLost(Lost, Lost / Stream.SampleRateHz));
    }

    private static TimeSpan? Shorter(TimeSpan? one, TimeSpan? other) => one is { } a && other is { } b ? (a < b ? a : b) : one ?? other;
}
