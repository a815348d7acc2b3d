using System.Globalization;
using SignalWatch.Contracts;
using SignalWatch.Fm;
using SignalWatch.Probe.FmAnalysis;

namespace SignalWatch.Probe.Commands;

/// <summary>What a person asks of <c>listen</c>.</summary>
internal sealed record ListenRequest
{
    public required IqAddress Source { get; init; }

    public required IqOptions Options { get; init; }

    /// <summary>The station; null where the source has only one.</summary>
    public double? FrequencyHz { get; init; }

    /// <summary>A file, or <c>-</c>.</summary>
    public required string Out { get; init; }

    public bool Mono { get; init; }

    public bool Force { get; init; }

    public TimeSpan? Duration { get; init; }
}

/// <summary>A station's sound, from the source to the file.</summary>
internal sealed class ListenRun(ListenRequest request, Language language, TextWriter output, TextWriter error, TimeProvider time)
{
    // A receiver that stays for ever where nothing is helps nobody; a recording is searched to its end.
    private const int PatienceReadings = 5;

    private readonly SoundLevel level = new();
    private ISoundFile? file;

    /// <summary>Runs it.</summary>
    /// <exception cref="ProblemException">There is no such station, or nothing could be written.</exception>
    public async Task RunAsync(CancellationToken cancel)
    {
        if (request is { Out: not "-", Force: false } && File.Exists(request.Out)) throw new ProblemException(TsTexts.FileIsThere(request.Out));
        if (request.Out != "-" && !IsFlac && !Ends(".wav")) throw new ProblemException(FmTexts.UnknownSoundFile(request.Out));
        var warnings = await Task.Run(() => ListenAsync(cancel), CancellationToken.None).ConfigureAwait(false);
        // Where the sound goes to standard output, words must not.
        var told = request.Out == "-" ? error : output;
        await told.WriteLineAsync(FmTexts.Heard(request.Out, level.Seconds, level.LeftDbfs, level.RightDbfs, level.PeakDbfs).In(language)).ConfigureAwait(false);
        foreach (var warning in warnings) await error.WriteLineAsync(warning.OneLine().In(language)).ConfigureAwait(false);
    }

    private bool IsFlac => Ends(".flac");

    private bool Ends(string ending) => request.Out.EndsWith(ending, StringComparison.OrdinalIgnoreCase);

    private async Task<IReadOnlyList<Problem>> ListenAsync(CancellationToken cancel)
    {
        try
        {
            if (MpxRun.Fits(request.Source)) return ListenToMpx(cancel);
            var stations = new StationChoice(request.FrequencyHz, request.Source.IsFile ? null : PatienceReadings);
            var run = new BandRun(request.Source, request.Options, request.Duration, time)
            {
                TapFor = hz => stations.TapFor(hz, new StationTap { OnSound = (left, right) => Hear(left, right, hz) }),
                OnSurvey = stations.Read,
                OnReading = (reading, _) => stations.Read(reading),
            };
            using (var progress = SignalProgress.OnTerminal(error, language, time)) await run.RunAsync(progress, cancel).ConfigureAwait(false);
            if (level.Seconds == 0) throw new ProblemException(stations.NotThere(run.Stream) ?? FmTexts.NoSound(stations.ChosenHz));
            file?.Complete();
            return [.. run.Warnings, .. stations.Warnings];
        }
        catch (IOException failed)
        {
            throw new ProblemException(FmTexts.CantWriteSound(request.Out, failed.Message, level.Seconds), failed);
        }
        finally
        {
            file?.Dispose();
        }
    }

    private List<Problem> ListenToMpx(CancellationToken cancel)
    {
        if (request.FrequencyHz is not null) throw new ProblemException(FmTexts.OneStation(request.Source.Written));
        var run = new MpxRun(request.Source, request.Options, request.Duration) { Tap = new StationTap { OnSound = (left, right) => Hear(left, right, null) } };
        using (var progress = SignalProgress.OnTerminal(error, language, time)) run.Run(progress, cancel);
        if (level.Seconds == 0) throw new ProblemException(FmTexts.NoSound(null));
        file?.Complete();
        return run.Warnings;
    }

    private void Hear(ReadOnlySpan<float> left, ReadOnlySpan<float> right, long? hz)
    {
        // Not before there is sound: a wrong frequency leaves no empty file, nor empties one that was there.
        file ??= Create(hz);
        file.Write(left, right);
        level.Add(left, right);
    }

    private ISoundFile Create(long? hz)
    {
        if (request.Out == "-") return new WavSound(Console.OpenStandardOutput(), hasHeader: false, request.Mono);
        try
        {
            var stream = new FileStream(request.Out, request.Force ? FileMode.Create : FileMode.CreateNew, FileAccess.ReadWrite);
            return IsFlac
                ? new FlacSound(stream, request.Mono, string.Create(CultureInfo.InvariantCulture, $"{(hz is { } f ? $"{f / 1e6:0.0##} MHz, " : "")}{request.Source.Written}"), request.Source.Kind == IqKind.City ? "simulated" : request.Source.IsFile ? "replay" : "live")
                : new WavSound(stream, hasHeader: true, request.Mono);
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            throw new ProblemException(TsTexts.CantWrite(request.Out, failed.Message), failed);
        }
    }
}

/// <summary>How loud a sound was.</summary>
internal sealed class SoundLevel
{
    private double left;
    private double right;
    private float peak;
    private long samples;

    public double Seconds => samples / (double)WavSound.SampleRateHz;

    /// <summary>RMS, dBFS: a sine that reaches full scale, 75 kHz deviation, has 0, as in the measurements.</summary>
    public double LeftDbfs => Decibels(2 * left / Math.Max(1, samples));

    /// <summary>RMS, dBFS, likewise.</summary>
    public double RightDbfs => Decibels(2 * right / Math.Max(1, samples));

    public double PeakDbfs => Decibels((double)peak * peak);

    public void Add(ReadOnlySpan<float> l, ReadOnlySpan<float> r)
    {
        for (var n = 0; n < l.Length; n++)
        {
            left += l[n] * l[n];
            right += r[n] * r[n];
            peak = Math.Max(peak, Math.Max(Math.Abs(l[n]), Math.Abs(r[n])));
        }
        samples += l.Length;
    }

    private static double Decibels(double power) => 10 * Math.Log10(Math.Max(power, 1e-20));
}
