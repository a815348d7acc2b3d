using System.Globalization;
using System.Text;
using SignalWatch.Contracts;
using SignalWatch.Hardware;
using SignalWatch.Probe.Analysis;
using SignalWatch.TransportStream;

namespace SignalWatch.Probe.Commands;

/// <summary>One analysis, from the source to what is printed.</summary>
internal sealed class TsRun(TsRequest request, Language language, TextWriter output, TextWriter error, TimeProvider time)
{
    private readonly (string File, MultiplexTemplate Expected)? template = request.Template is { } file ? (file, MultiplexTemplateJson.ReadFile(file)) : null;

    /// <returns>The document, whatever was printed of it.</returns>
    /// <exception cref="ProblemException">Nothing could be analysed, or nothing written.</exception>
    public async Task<AnalysisDocument> RunAsync(CancellationToken cancel)
    {
        if (request is { MakeTemplate: { } made, Force: false } && File.Exists(made)) throw new ProblemException(TsTexts.FileIsThere(made));
        var document = request.Source.Kind switch
        {
            SourceKind.Http => await NetworkAsync(await HttpTransportStreamSource.OpenAsync(request.Source.Target, new HttpTransportStreamOptions(), time, cancel).ConfigureAwait(false), cancel).ConfigureAwait(false),
            SourceKind.Datagrams => await FromDatagramsAsync(cancel).ConfigureAwait(false),
            // Not on the thread that started it: Ctrl-C is heard once the command has returned its task.
            SourceKind.CaptureFile or SourceKind.Interface => await Task.Run(() => FromCapture(cancel), CancellationToken.None).ConfigureAwait(false),
            _ => await Task.Run(() => FromFile(cancel), CancellationToken.None).ConfigureAwait(false),
        };
        Print(document);
        return document;
    }

    private AnalysisDocument FromFile(CancellationToken cancel)
    {
        using var file = FileAnalysis.Open(request.Source.Target, request.BitrateBps);
        using var recorder = Recorder(request.RecordTo, hasWallClock: false, () => 0);
        var log = request.Output == TsOutput.Events ? new EventLog(output, language, isLive: false, file.TimeBase.IsKnown) : null;
        var analysis = Analysis(log, recorder, file.IsStamped ? TsTexts.ClockStamps : null);
        using (var progress = ProgressLine.OnTerminal(error, language, time, file.Length)) file.Run(analysis, request.Duration, progress is null ? null : progress.Update, cancel);
        var result = analysis.Finish();
        if (result.Report.Packets == 0) throw new ProblemException(file.BrokeOff ?? TsTexts.NotTransportStream(request.Source.Written, file.Read));
        var warnings = new List<Problem>();
        if (file.BrokeOff is { } broke) warnings.Add(broke);
        if (cancel.IsCancellationRequested) warnings.Add(TsTexts.Interrupted(result.Duration.TotalSeconds));
        if (!file.TimeBase.IsKnown) warnings.Add(TsTexts.NoClock(file.Clock.BitrateBps));
        if (result.Report.SkippedBytes > 0) warnings.Add(TsTexts.Skipped(result.Report.SkippedBytes));
        var stream = Describe(result, file.TimeBase, recorder, warnings);
        return Document(stream, new SourceDocument(request.Source.Written, "file", file.Read, file.Sha256, null, 0));
    }

    private async Task<AnalysisDocument> NetworkAsync(HttpTransportStreamSource source, CancellationToken cancel)
    {
        await using var _ = source.ConfigureAwait(false);
        using var recorder = Recorder(request.RecordTo, hasWallClock: true, () => source.Dropped);
        var log = request.Output == TsOutput.Events ? new EventLog(output, language, isLive: true, hasTimes: true) : null;
        var analysis = Analysis(log, recorder, TsTexts.ClockArrival);
        var live = new LiveAnalysis(source);
        using (var progress = ProgressLine.OnTerminal(error, language, time, null))
            await live.RunAsync(analysis, request.Duration, progress is null ? null : progress.Update, cancel).ConfigureAwait(false);
        var result = analysis.Finish();
        if (result.Report.Packets == 0) throw new ProblemException(live.BrokeOff ?? TsTexts.NoPacketArrived(request.Source.Written, live.Watched.TotalSeconds));
        var warnings = new List<Problem>();
        if (live.BrokeOff is { } broke) warnings.Add(broke);
        if (source.Dropped is { } dropped and > 0) warnings.Add(TsTexts.DroppedHere(dropped));
        if (result.Report.SkippedBytes > 0) warnings.Add(TsTexts.Skipped(result.Report.SkippedBytes));
        var stream = Describe(result, new TimeBase("arrival", null, TsTexts.ClockArrival), recorder, warnings);
        return Document(stream, new SourceDocument(request.Source.Written, "network", live.Bytes, null, analysis.First is { } first ? TimeZoneInfo.ConvertTime(first, time.LocalTimeZone) : null, source.Dropped));
    }

    private async Task<AnalysisDocument> FromDatagramsAsync(CancellationToken cancel)
    {
        using var receiver = UdpReceiver.Open(request.Source.Target, time);
        using var recorder = Recorder(request.RecordTo, hasWallClock: true, () => receiver.Dropped);
        var log = request.Output == TsOutput.Events ? new EventLog(output, language, isLive: true, hasTimes: true) : null;
        var analysis = Analysis(log, recorder, TsTexts.ClockArrival);
        var live = new DatagramAnalysis(receiver, analysis, time);
        using (var progress = ProgressLine.OnTerminal(error, language, time, null))
            await live.RunAsync(request.Duration, progress is null ? null : progress.Update, cancel).ConfigureAwait(false);
        if (live.Stream is not { } stream) throw new ProblemException(live.BrokeOff ?? TsTexts.NoPacketArrived(request.Source.Written, live.Watched.TotalSeconds));
        var warnings = new List<Problem>();
        if (live.BrokeOff is { } broke) warnings.Add(broke);
        if (receiver.Dropped is { } dropped and > 0) warnings.Add(TsTexts.DroppedHere(dropped));
        if (stream.LostOnTheWay is > 0 and var lost) warnings.Add(TsTexts.LostOnTheWay(lost));
        var described = stream.Describe(live.Listed(request.Source.Target), live.FirstNs, (_, result) =>
            result.Report.Packets > 0 ? Describe(result, new TimeBase("arrival", null, TsTexts.ClockArrival), recorder, warnings) : throw new ProblemException(TsTexts.NotTransportStream(request.Source.Written, live.Bytes)));
        var start = TimeZoneInfo.ConvertTime(CaptureAnalysis.At(live.FirstNs), time.LocalTimeZone);
        return AnalysisDocument.Of(described.Analysis!, new ToolDocument("SignalWatch", StreamDescription.Version), new SourceDocument(request.Source.Written, "network", live.Bytes, null, start, receiver.Dropped), [described]);
    }

    private Text CaptureClock => request.Source.IsLive ? TsTexts.ClockKernel : TsTexts.ClockCapture;

    private AnalysisDocument FromCapture(CancellationToken cancel)
    {
        var rates = KnownRates(cancel);
        using var source = OpenCapture();
        var isLive = source.Origin == Origin.Live;
        var log = request.Output == TsOutput.Events ? new EventLog(output, language, isLive, hasTimes: true) : null;
        using var extract = request is { Extract: { } wanted, ExtractTo: { } path } ? new ExtractedStream(wanted, path, request.Force) : null;
        using var capture = new CaptureAnalysis(request.Stream is { } chosen ? StreamChoice.Parse(chosen) : null, extract, stream => Watch(stream, log, source), rates);
        using (var progress = ProgressLine.OnTerminal(error, language, time, isLive ? null : new FileInfo(request.Source.Target).Length))
            capture.Run(source, request.Duration, progress is null ? null : progress.Update, time, cancel);
        if (extract is { Bytes: 0 }) throw new ProblemException(TsTexts.NoSuchStream($"{extract.Number}", capture.Streams.Count));
        extract?.Complete();
        var warnings = capture.Warnings(source, request.Source.Written);
        if (cancel.IsCancellationRequested) warnings.Add(TsTexts.Interrupted(capture.Duration.TotalSeconds));
        var streams = capture.Describe(Describe).Concat(capture.Others()).ToList();
        if (request.Stream is { } name && capture.Streams.All(s => !s.IsAnalysed)) throw new ProblemException(TsTexts.NoSuchStream(name, capture.Streams.Count));
        var only = streams.Where(s => s.Analysis is not null).ToList();
        var top = only.Count == 1 ? only[0].Analysis! with { Warnings = [.. StreamDescription.Warnings(warnings, language), .. only[0].Analysis!.Warnings] } : new StreamDocument { Warnings = StreamDescription.Warnings(warnings, language) };
        var start = capture.FirstNs is { } first ? TimeZoneInfo.ConvertTime(CaptureAnalysis.At(first), time.LocalTimeZone) : (DateTimeOffset?)null;
        var statistics = source.Statistics;
        return AnalysisDocument.Of(top, new ToolDocument("SignalWatch", StreamDescription.Version),
            new SourceDocument(request.Source.Written, "capture", statistics.Bytes, null, start, statistics.DroppedByKernel is { } dropped ? dropped + (statistics.DroppedByInterface ?? 0) : null), streams);
    }

    private IReadOnlyDictionary<FlowKey, KnownRate> KnownRates(CancellationToken cancel)
    {
        if (request.Source.Kind == SourceKind.Interface) return new Dictionary<FlowKey, KnownRate>();
        using var source = OpenCapture();
        return CaptureAnalysis.RatesOf(source, cancel);
    }

    private IPacketSource OpenCapture() => request.Source.Kind == SourceKind.Interface
        ? LibpcapSource.Open(request.Source.Target, new LibpcapOptions { Filter = request.Filter })
        : CaptureFileSource.Open(request.Source.Target, new CaptureFileOptions { Filter = request.Filter });

    private (StreamAnalysis Analysis, AlarmRecorder? Recorder) Watch(CapturedStream stream, EventLog? log, IPacketSource source)
    {
        var folder = request.RecordTo is { } root ? Path.Combine(root, string.Create(CultureInfo.InvariantCulture, $"stream{stream.Number}")) : null;
        var recorder = Recorder(folder, hasWallClock: true, () => source.Statistics.DroppedByKernel);
        var number = stream.Number;
        return (new StreamAnalysis(Settings(CaptureClock), log is null ? null : (occurrence, seconds) => log.Write(occurrence, seconds, number), recorder), recorder);
    }

    private StreamDocument Describe(CapturedStream stream, StreamResult result) =>
        Describe(result, new TimeBase("arrival", null, CaptureClock), stream.Recorder, stream.LostOnTheWay is > 0 and var lost ? [TsTexts.LostOnTheWay(lost)] : []);

    private TransportStreamSettings Settings(Text? arrivalClock) => new()
    {
        DefaultCharset = request.Charset, Profile = request.Profile, NominalBitrateBps = request.BitrateBps, ArrivalClock = arrivalClock, KeepTables = true,
    };

    private StreamAnalysis Analysis(EventLog? log, AlarmRecorder? recorder, Text? arrivalClock) => new(Settings(arrivalClock), log is null ? null : (occurrence, seconds) => log.Write(occurrence, seconds, null), recorder);

    private AlarmRecorder? Recorder(string? folder, bool hasWallClock, Func<long?> dropped) => folder is not null
        ? new AlarmRecorder(new AlarmRecorderSettings { Folder = folder, Source = request.Source.Written, HasWallClock = hasWallClock, Zone = time.LocalTimeZone, Dropped = dropped })
        : null;

    private StreamDocument Describe(StreamResult result, TimeBase timeBase, AlarmRecorder? recorder, List<Problem> warnings)
    {
        if (request.Output == TsOutput.Tables) PrintTables(result.Tables);
        warnings.AddRange(recorder?.Problems ?? []);
        if (recorder?.Suppressed > 0) warnings.Add(TsTexts.ClipsSuppressed(recorder.Suppressed));
        if (request.MakeTemplate is { } file) WholeFile.Write(file, request.Force, MultiplexTemplateJson.Write(MultiplexTemplate.From(result.Report, signalling: result.Signalling)));
        return StreamDescription.Describe(result, new DescriptionContext(request.Profile, timeBase, language, template), recorder?.Clips ?? [], warnings);
    }

    private void PrintTables(IReadOnlyList<TableVersion> tables)
    {
        if (!request.TablesAsJson)
        {
            TableXml.Write(tables, output, request.Charset);
            output.WriteLine();
            return;
        }
        using var bytes = new MemoryStream();
        TableJson.Write(tables, bytes, request.Charset);
        output.WriteLine(Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length));
    }

    private static AnalysisDocument Document(StreamDocument stream, SourceDocument source) => AnalysisDocument.Of(stream, new ToolDocument("SignalWatch", StreamDescription.Version), source, []);

    private void Print(AnalysisDocument document)
    {
        switch (request.Output)
        {
            case TsOutput.Json:
                output.WriteLine(document.ToJson());
                break;
            case TsOutput.Report:
                new AnalysisReport(output, language, TerminalStyle.ForOutput()).Write(document);
                break;
            default:
                // The occurrences or tables are printed already; what a person must know goes beside them.
                foreach (var warning in document.Warnings) error.WriteLine(warning.Text);
                break;
        }
    }
}
