using System.CommandLine;
using System.Globalization;
using SignalWatch.Contracts;
using SignalWatch.Probe.Analysis;
using SignalWatch.TransportStream;

namespace SignalWatch.Probe.Commands;

/// <summary><c>ts</c>: analyses a transport stream, or those of a capture.</summary>
internal static class TsCommand
{
    /// <summary>With <c>--fail-on</c>: an error of that priority or a higher one occurred.</summary>
    public const int FoundErrors = 3;

    public static Command Create(Language language, TextWriter output, TextWriter error)
    {
        Option<T> Of<T>(string name, Text text, params string[] also) => new(name, also) { Description = text.In(language) };
        var source = new Argument<string?>("SOURCE") { Description = TsTexts.SourceOption.In(language), Arity = ArgumentArity.ZeroOrOne };
        var json = Of<bool>("--json", TsTexts.JsonOption);
        var events = Of<bool>("--events", TsTexts.EventsOption);
        var profile = Of<string?>("--profile", TsTexts.ProfileOption);
        profile.AcceptOnlyFromAmong("1.4.1", "1.3");
        var charset = Of<string?>("--charset", TsTexts.CharsetOption);
        charset.AcceptOnlyFromAmong([.. Enum.GetNames<DvbCharset>().Select(n => n.ToLowerInvariant())]);
        var bitrate = Of<string?>("--bitrate", TsTexts.BitrateOption);
        var stream = Of<string?>("--stream", TsTexts.StreamOption);
        var filter = Of<string?>("--filter", TsTexts.FilterOption);
        var duration = Of<string?>("--duration", TsTexts.DurationOption);
        var tables = new Option<string?>("--tables") { Description = TsTexts.TablesOption.In(language), Arity = ArgumentArity.ZeroOrOne };
        tables.AcceptOnlyFromAmong("xml", "json");
        var extract = Of<int?>("--extract", TsTexts.ExtractOption);
        var file = Of<string?>("--output", TsTexts.OutputOption, "-o");
        var force = Of<bool>("--force", TsTexts.ForceOption);
        var template = Of<string?>("--template", TsTexts.TemplateOption);
        var makeTemplate = Of<string?>("--make-template", TsTexts.MakeTemplateOption);
        var record = Of<string?>("--record", TsTexts.RecordOption);
        var explain = Of<string?>("--explain", TsTexts.ExplainOption);
        var failOn = Of<string?>("--fail-on", TsTexts.FailOnOption);
        failOn.AcceptOnlyFromAmong("P1", "P2", "P3");
        var command = new Command("ts", TsTexts.Description.In(language)) { source, json, events, profile, charset, bitrate, stream, filter, duration, tables, extract, file, force, template, makeTemplate, record, explain, failOn };
        command.SetAction(async (parsed, cancel) =>
        {
            var found = false;
            var code = await ProbeCommandLine.GuardAsync(language, error, async () =>
            {
                if (parsed.GetValue(explain) is { } check)
                {
                    new CheckHelp(output, language).Write(check);
                    return;
                }
                var request = new TsRequest
                {
                    Source = SourceAddress.Parse(parsed.GetValue(source) ?? throw new ProblemException(TsTexts.NoSource)),
                    Output = Form(parsed.GetValue(json), parsed.GetValue(events), parsed.GetResult(tables) is not null),
                    TablesAsJson = parsed.GetValue(tables) == "json",
                    Profile = parsed.GetValue(profile) == "1.3" ? MeasurementProfile.V13 : MeasurementProfile.V141,
                    Charset = parsed.GetValue(charset) is { } name ? Enum.Parse<DvbCharset>(name, ignoreCase: true) : DvbCharset.Gb18030,
                    BitrateBps = Positive("--bitrate", parsed.GetValue(bitrate)),
                    Stream = parsed.GetValue(stream),
                    Filter = parsed.GetValue(filter),
                    Duration = Positive("--duration", parsed.GetValue(duration)) is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
                    Extract = parsed.GetValue(extract),
                    ExtractTo = parsed.GetValue(file),
                    Force = parsed.GetValue(force),
                    Template = parsed.GetValue(template),
                    MakeTemplate = parsed.GetValue(makeTemplate),
                    RecordTo = parsed.GetValue(record),
                };
                request.Check();
                var run = new TsRun(request, language, output, error, TimeProvider.System);
                var document = await run.RunAsync(cancel).ConfigureAwait(false);
                found = parsed.GetValue(failOn) is { } worst && HasErrors(document, worst[1] - '0');
            }).ConfigureAwait(false);
            return code == 0 && found ? FoundErrors : code;
        });
        return command;
    }

    private static TsOutput Form(bool json, bool events, bool tables) => (json, events, tables) switch
    {
        (true, true, _) => throw new ProblemException(TsTexts.Conflict("--json", "--events")),
        (true, _, true) => throw new ProblemException(TsTexts.Conflict("--json", "--tables")),
        (_, true, true) => throw new ProblemException(TsTexts.Conflict("--events", "--tables")),
        (true, _, _) => TsOutput.Json,
        (_, true, _) => TsOutput.Events,
        (_, _, true) => TsOutput.Tables,
        _ => TsOutput.Report,
    };

    // As people write them: 376000, 8e6, 38_000_000.
    private static double? Positive(string option, string? text)
    {
        if (text is null) return null;
        return double.TryParse(text.Replace("_", "", StringComparison.Ordinal), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) && number is > 0 and < 1e12
            ? number : throw new ProblemException(TsTexts.BadNumber(option, text));
    }

    private static bool HasErrors(AnalysisDocument document, int priority) =>
        document.Streams.Select(s => s.Analysis).Prepend(document).Any(s => s?.Measurements?.Checks.Any(c => c.Priority <= priority && c.Count > 0) == true);
}
