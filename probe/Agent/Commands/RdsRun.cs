using SignalWatch.Contracts;
using SignalWatch.Fm;
using SignalWatch.Probe.Analysis;
using SignalWatch.Probe.FmAnalysis;

namespace SignalWatch.Probe.Commands;

/// <summary>What is printed.</summary>
internal enum RdsOutput
{
    /// <summary>For a person, at the end.</summary>
    Report,

    /// <summary>One object a group.</summary>
    Json,

    /// <summary>One line a group.</summary>
    Groups,
}

/// <summary>What a person asks of <c>rds</c>.</summary>
internal sealed record RdsRequest
{
    public required IqAddress Source { get; init; }

    public required IqOptions Options { get; init; }

    /// <summary>The station; null takes the strongest.</summary>
    public double? FrequencyHz { get; init; }

    public RdsOutput Output { get; init; }

    /// <summary>North America's names and call signs.</summary>
    public bool Rbds { get; init; }

    public TimeSpan? Duration { get; init; }
}

/// <summary>The radio data of one station, from the source to what is printed.</summary>
internal sealed class RdsRun(RdsRequest request, Language language, TextWriter output, TextWriter error, TimeProvider time)
{
    private const int PatienceReadings = 5;

    private readonly RdsListener listener = new(request.Rbds, output, request.Output, request.Source.Written);

    /// <summary>Runs it.</summary>
    /// <exception cref="ProblemException">Nothing could be read, or there is no such station. A station without radio data is no failure.</exception>
    public async Task RunAsync(CancellationToken cancel)
    {
        var warnings = await Task.Run(() => ReadAsync(cancel), CancellationToken.None).ConfigureAwait(false);
        if (request.Output == RdsOutput.Report) new RdsReport(output, language, TerminalStyle.ForOutput(), request.Rbds).Write(listener.Result());
        if (listener.Groups == 0) await error.WriteLineAsync(FmTexts.NoRds(request.Source.Written).OneLine().In(language)).ConfigureAwait(false);
        foreach (var warning in warnings) await error.WriteLineAsync(warning.OneLine().In(language)).ConfigureAwait(false);
    }

    private async Task<IReadOnlyList<Problem>> ReadAsync(CancellationToken cancel)
    {
        if (request.Source.Kind == IqKind.Groups) return await ReadLogAsync(cancel).ConfigureAwait(false);
        if (MpxRun.Fits(request.Source)) return ReadMpx(cancel);
        return await ReadBandAsync(cancel).ConfigureAwait(false);
    }

    // Line by line: standard input may be a receiver that goes on for days.
    private async Task<IReadOnlyList<Problem>> ReadLogAsync(CancellationToken cancel)
    {
        if (request.FrequencyHz is not null) throw new ProblemException(FmTexts.OneStation(request.Source.Written));
        long others = 0;
        try
        {
            using var reader = request.Source.Target == "-" ? Console.In : new StreamReader(request.Source.Target);
            while (await reader.ReadLineAsync(cancel).ConfigureAwait(false) is { } line)
            {
                if (RdsGroupText.TryParse(line, out var group, out var at)) listener.Take(group, at);
                else if (line.AsSpan().Trim() is { IsEmpty: false } text && text[0] is not ('%' or '<')) others++;
            }
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // Ctrl-C: the result so far is what the person wants to see.
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            throw new ProblemException(FmTexts.LogUnreadable(request.Source.Written, failed.Message), failed);
        }
        return others > 0 ? [FmTexts.OtherLines(others)] : [];
    }

    private List<Problem> ReadMpx(CancellationToken cancel)
    {
        if (request.FrequencyHz is not null) throw new ProblemException(FmTexts.OneStation(request.Source.Written));
        var run = new MpxRun(request.Source, request.Options, request.Duration)
        {
            Tap = new StationTap { OnGroup = group => listener.Take(group, null) },
            OnReading = (_, rds) => listener.AddErrors(rds),
        };
        using (var progress = SignalProgress.OnTerminal(error, language, time)) run.Run(progress, cancel);
        return run.Warnings;
    }

    private async Task<IReadOnlyList<Problem>> ReadBandAsync(CancellationToken cancel)
    {
        var stations = new StationChoice(request.FrequencyHz, request.Source.IsFile ? null : PatienceReadings);
        var run = new BandRun(request.Source, request.Options, request.Duration, time)
        {
            TapFor = hz => stations.TapFor(hz, new StationTap { OnGroup = group => listener.Take(group, null) }),
            OnSurvey = stations.Read,
            OnReading = (reading, _) =>
            {
                listener.AddErrors(reading.Carriers.FirstOrDefault(c => c.NominalHz == stations.ChosenHz)?.Rds);
                return stations.Read(reading);
            },
        };
        using (var progress = request.Output == RdsOutput.Report ? SignalProgress.OnTerminal(error, language, time) : null) await run.RunAsync(progress, cancel).ConfigureAwait(false);
        if (stations.NotThere(run.Stream) is { } problem) throw new ProblemException(problem);
        listener.FrequencyHz = stations.ChosenHz;
        return [.. run.Warnings, .. stations.Warnings];
    }
}
