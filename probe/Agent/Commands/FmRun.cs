using SignalWatch.Contracts;
using SignalWatch.Probe.Analysis;
using SignalWatch.Probe.FmAnalysis;

namespace SignalWatch.Probe.Commands;

/// <summary>One analysis of FM, from the source to what is printed.</summary>
internal sealed class FmRun(FmRequest request, Language language, TextWriter output, TextWriter error, TimeProvider time)
{
    // Long enough for a name by RDS; a person who wants more says so.
    private static readonly TimeSpan UsualLive = TimeSpan.FromSeconds(10);

    private readonly RegisterFile? register = request.Licences is { } path ? RegisterFile.Read(path, request.Area) : null;

    /// <summary>Runs it.</summary>
    /// <exception cref="ProblemException">Nothing could be analysed.</exception>
    public async Task RunAsync(CancellationToken cancel)
    {
        // Not on the thread that started it: Ctrl-C is heard once the command has returned its task.
        var document = await Task.Run(() => AnalyseAsync(cancel), CancellationToken.None).ConfigureAwait(false);
        if (request.Json) await output.WriteLineAsync(document.ToJson()).ConfigureAwait(false);
        else new FmReport(output, language, TerminalStyle.ForOutput()).Write(document);
    }

    private async Task<FmDocument> AnalyseAsync(CancellationToken cancel) => MpxRun.Fits(request.Source) ? Mpx(cancel) : await BandAsync(cancel).ConfigureAwait(false);

    private FmDocument Mpx(CancellationToken cancel)
    {
        if (register is not null) throw new ProblemException(FmTexts.NotForMpx("--licences"));
        var summary = new MpxSummary();
        var run = new MpxRun(request.Source, request.Options, request.Duration) { OnReading = summary.Add };
        using (var progress = SignalProgress.OnTerminal(error, language, time)) run.Run(progress, cancel);
        if (run.Length < BandSummary.Short) run.Warnings.Add(FmTexts.ShortObservation(run.Length.TotalSeconds));
        return Document(new FmSourceDocument(request.Source.Written, "mpx", Name(Origin.Replay), run.SampleRateHz, null, null), run.Length, run.Warnings) with
        {
            Carriers = [new FmDescription(language, null).Station(summary.Station, summary.Rds, summary.BlockErrorRate)],
        };
    }

    private async Task<FmDocument> BandAsync(CancellationToken cancel)
    {
        var summary = new BandSummary(register);
        BandRun? run = null;
        run = new BandRun(request.Source, request.Options, request.Duration ?? (request.Source.IsFile ? null : UsualLive), time)
        {
            OnReading = (reading, at) =>
            {
                summary.Add(reading, at, run!.Stream.CenterFrequencyHz);
                return true;
            },
        };
        using (var progress = SignalProgress.OnTerminal(error, language, time)) await run.RunAsync(progress, cancel).ConfigureAwait(false);
        var warnings = run.Warnings.Concat(register?.Warnings ?? []).Concat(summary.Warnings(run.Length, register is not null)).ToList();
        var description = new FmDescription(language, run.Stream.DbmAtFullScale);
        return Document(new FmSourceDocument(request.Source.Written, "iq", Name(run.Stream.Origin), run.Stream.SampleRateHz, run.Stream.CenterFrequencyHz, run.Start), run.Length, warnings) with
        {
            NoiseFloorDbfsPerHz = summary.NoiseFloorDbfsPerHz,
            Overload = summary.Overload,
            SamplesLost = run.Lost,
            Carriers = [.. summary.Carriers.Select(c => description.Carrier(c, summary.Identity.GetValueOrDefault(c.Last.NominalHz)))
                .Concat(summary.Images.Select(i => description.Image(i.Peak, i.Who))).OrderBy(c => c.FrequencyHz)],
            Masked = [.. summary.Masked.Select(FmDescription.Masked)],
        };
    }

    private FmDocument Document(FmSourceDocument source, TimeSpan length, IReadOnlyList<Problem> warnings) => new()
    {
        Tool = new ToolDocument("SignalWatch", StreamDescription.Version),
        Source = source,
        DurationSeconds = Math.Round(length.TotalSeconds, 6),
        Register = register is null ? null : new RegisterDocument(register.Path, register.Digest, register.Entries),
        Warnings = StreamDescription.Warnings(warnings, language),
    };

    private static string Name(Origin origin) => origin.ToString().ToLowerInvariant();
}
