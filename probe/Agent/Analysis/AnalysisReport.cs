using System.Globalization;
using SignalWatch.Contracts;
using SignalWatch.TransportStream;

namespace SignalWatch.Probe.Analysis;

/// <summary>The document, for a person at a terminal.</summary>
internal sealed class AnalysisReport(TextWriter output, Language language, TerminalStyle style)
{
    public void Write(AnalysisDocument document)
    {
        Line(style.Heading(document.Source.Name));
        Source(document.Source);
        if (document.Streams.Count > 0) Streams(document.Streams);
        if (document.Packets is not null) Stream(document);
        foreach (var stream in document.Streams.Where(s => s.Analysis is not null && !ReferenceEquals(s.Analysis, document) && document.Packets is null))
        {
            Line();
            Line(style.Heading(string.Create(CultureInfo.InvariantCulture, $"{ReportTexts.Stream.In(language)} {stream.Number}  {stream.Source} → {stream.Destination}  {stream.Protocol}")));
            Stream(stream.Analysis!);
        }
        if (document.Packets is null) Warnings(document.Warnings);
    }

    private void Source(SourceDocument source)
    {
        var parts = new List<string> { string.Create(CultureInfo.InvariantCulture, $"{source.Bytes:N0} {ReportTexts.Bytes.In(language)}") };
        if (source.Start is { } start) parts.Add(start.ToString("yyyy-MM-dd HH:mm:ss zzz", CultureInfo.InvariantCulture));
        if (source.Sha256 is { } digest) parts.Add($"SHA-256 {digest}");
        Line("  " + string.Join("  ", parts));
    }

    private void Stream(StreamDocument stream)
    {
        Summary(stream);
        ServiceReportSection(stream.Services);
        foreach (var inner in stream.InnerStreams) Inner(inner);
        new MeasurementSection(output, language, style).Write(stream);
        Clocks(stream);
        Pids(stream);
        Template(stream);
        Warnings(stream.Warnings);
    }

    private void Summary(StreamDocument s)
    {
        var state = s.Packets == 0 ? style.Bad(ReportTexts.NothingCame.In(language)) : s.InSync == true ? style.Good(ReportTexts.InSync.In(language)) : style.Bad(ReportTexts.OutOfSync.In(language));
        Line(string.Create(CultureInfo.InvariantCulture, $"  {s.Packets:N0} {ReportTexts.Packets.In(language)} × {s.PacketSize}  {Rate(s.Bitrate)}  {Seconds(s.DurationSeconds)}  {state}"));
        var ids = new List<string>();
        if (s.TransportStreamId is { } tsid) ids.Add(string.Create(CultureInfo.InvariantCulture, $"TSID {tsid} (0x{tsid:X4})"));
        if (s.OriginalNetworkId is { } onid) ids.Add(string.Create(CultureInfo.InvariantCulture, $"ONID {onid} (0x{onid:X4})"));
        if (s.NetworkName is { } name) ids.Add($"{ReportTexts.Network.In(language)} {name}");
        if (ids.Count > 0) Line("  " + string.Join("  ", ids));
        if (s.TimeBase is { } time) Line("  " + style.Faint($"{ReportTexts.Times.In(language)}{time.Method}"));
    }

    private void Inner(InnerStreamDocument inner)
    {
        Line();
        Line(style.Heading(string.Create(CultureInfo.InvariantCulture, $"T2-MI  PID {inner.Pid}  PLP {inner.Plp}  {inner.Packets:N0} {ReportTexts.Packets.In(language)}")));
        if (inner.NetworkName is { } name) Line($"  {ReportTexts.Network.In(language)} {name}");
        ServiceReportSection(inner.Services);
    }

    private void ServiceReportSection(IReadOnlyList<ServiceDocument> services)
    {
        Heading(ReportTexts.Services, services.Count);
        var table = new TextTable([.. ReportTexts.ServiceColumns.Select(c => c.In(language))]) { Right = { 0, 3, 4, 5, 6 } };
        foreach (var s in services)
            table.Add(Number(s.Id), s.Name, s.Provider, s.Type is { } type ? $"0x{type:X2}" : "", Number(s.PmtPid), Number(s.PcrPid), Rate(s.Bitrate), Scrambling(s), s.CcErrors > 0 ? Number(s.CcErrors) : "", State(s));
        Lines(table);
        var components = new TextTable([.. ReportTexts.ComponentColumns.Select(c => c.In(language))]) { Right = { 0, 1, 2, 6 } };
        foreach (var s in services)
            foreach (var c in s.Components)
                components.Add(Number(s.Id), Number(c.Pid), $"0x{c.StreamType:X2}", Codec(c), Picture(c), c.Language, Rate(c.Bitrate), c.Scrambling.TransportBits > 0 ? ReportTexts.Scrambled.In(language) : "");
        if (components.IsEmpty) return;
        Heading(ReportTexts.Components, services.Sum(s => s.Components.Count));
        Lines(components);
    }

    private string State(ServiceDocument s) => s.Present ? s.Availability is { } share and < 1 ? string.Create(CultureInfo.InvariantCulture, $"{share:P3}") : "" : ReportTexts.Absent.In(language);

    private string Scrambling(ServiceDocument s) => (s.Scrambling.Scrambled, s.Scrambling.Signalled, s.Scrambling.Payload) switch
    {
        (true, _, _) => ReportTexts.Scrambled.In(language),
        (false, _, true) => ReportTexts.LooksScrambled.In(language),
        (false, true, _) => ReportTexts.SignalledClear.In(language),
        _ => ReportTexts.Clear.In(language),
    };

    private string Codec(ComponentDocument c) => string.Join(" ", ((string?[])[c.Codec ?? (c.Kind == ComponentKind.Unknown ? null : ReportTexts.Kind(c.Kind).In(language)), c.Profile, c.Level is { } level ? $"@{level}" : null]).Where(p => p is { Length: > 0 }));

    private static string Picture(ComponentDocument c)
    {
        if (c.Width is { } width)
            return string.Join(" ", ((string?[])[string.Create(CultureInfo.InvariantCulture, $"{width}×{c.Height}{(c.Interlaced switch { true => "i", false => "p", _ => "" })}{c.FrameRate:0.###}"), c.AspectRatio, c.DynamicRange is { } range && range != "SDR" ? range : null]).Where(p => p is { Length: > 0 }));
        return c.SampleRate is { } rate ? string.Create(CultureInfo.InvariantCulture, $"{rate / 1000.0:0.###} kHz {c.Layout}").TrimEnd() : "";
    }

    private void Clocks(StreamDocument stream)
    {
        if (stream.Pcr.Count == 0) return;
        Heading(ReportTexts.Clocks, stream.Pcr.Count);
        var table = new TextTable([.. ReportTexts.ClockColumns.Select(c => c.In(language))]) { Right = { 0, 1, 2, 3, 4, 5, 6, 7 } };
        foreach (var c in stream.Pcr)
            table.Add(Number(c.Pid), Number(c.Count), Figure(c.LongestIntervalMs, "F1"), Figure(c.AccuracyNs.Max, "F0"), Figure(c.AccuracyNs.P99, "F0"), Figure(c.OffsetPpm, "F3"), Figure(c.OverallJitterNs, "F0"), Figure(c.DriftMilliHertzPerSecond, "F1"));
        Lines(table);
        foreach (var method in stream.Pcr.SelectMany(c => (string[])[c.Method, c.Methods["offsetPpm"]]).Where(m => m.Length > 0).Distinct()) Line("  " + style.Faint(method));
    }

    private void Pids(StreamDocument stream)
    {
        if (stream.Pids.Count == 0) return;
        Heading(ReportTexts.Pids, stream.Pids.Count);
        var table = new TextTable([.. ReportTexts.PidColumns.Select(c => c.In(language))]) { Right = { 0, 1, 4, 5, 6, 7, 8 } };
        foreach (var p in stream.Pids)
            table.Add(Number(p.Pid), $"0x{p.Pid:X4}", ReportTexts.Role(p.Role).In(language), string.Join(" ", p.Services.Take(4)) + (p.Services.Count > 4 ? " …" : ""), string.Create(CultureInfo.InvariantCulture, $"{p.Packets:N0}"), Rate(p.Bitrate),
                Some(p.Discontinuities), Some(p.Duplicates), Some(p.TransportErrors), p.Scrambled > 0 ? ReportTexts.Scrambled.In(language) : "");
        Lines(table);
    }

    private void Template(StreamDocument stream)
    {
        if (stream.Template is { } template)
        {
            Heading(ReportTexts.Template, template.Drifts.Count);
            if (template.Drifts.Count == 0) Line("  " + style.Good(ReportTexts.NoDrift.In(language)));
            foreach (var drift in template.Drifts) Line("  " + style.Warn("• ") + drift.Sentence);
        }
        if (stream.RetransmissionMarks.Count > 0)
        {
            Heading(ReportTexts.Marks, stream.RetransmissionMarks.Count);
            foreach (var mark in stream.RetransmissionMarks) Line(string.Create(CultureInfo.InvariantCulture, $"  • {mark.Reason} ({mark.Weight:0.0})"));
            Line("  " + style.Faint(ReportTexts.MarksNote.In(language)));
        }
        if (stream.Clips.Count == 0) return;
        Heading(ReportTexts.Clips, stream.Clips.Count);
        foreach (var clip in stream.Clips) Line(string.Create(CultureInfo.InvariantCulture, $"  {clip.File}  {clip.StartSeconds:F1}–{clip.EndSeconds:F1} s  {string.Join(" ", clip.Rules)}"));
    }

    private void Streams(IReadOnlyList<CapturedStreamDocument> streams)
    {
        Heading(ReportTexts.Streams, streams.Count);
        var table = new TextTable([.. ReportTexts.StreamColumns.Select(c => c.In(language))]) { Right = { 0, 5, 6, 7, 8, 9, 10 } };
        foreach (var s in streams)
            table.Add(Number(s.Number), s.Source, s.Destination, s.Protocol, s.Vlans.Count > 0 ? string.Join(".", s.Vlans) : "", string.Create(CultureInfo.InvariantCulture, $"{s.Datagrams:N0}"), Rate(s.Analysis?.Bitrate ?? s.BitrateBps),
                Number(s.Rtp?.Lost ?? s.Srt?.Lost), s.Rtp is { } order ? Number(order.Reordered) : "", s.Rtp is { } fec ? Number(fec.Recovered) : "", s.Mdi.Count > 0 ? string.Create(CultureInfo.InvariantCulture, $"{s.Mdi.Max(m => m.DfMs) ?? 0:F1}") : "");
        Lines(table);
    }

    private void Warnings(IReadOnlyList<WarningDocument> warnings)
    {
        if (warnings.Count == 0) return;
        Heading(ReportTexts.Warnings, warnings.Count);
        foreach (var warning in warnings) Line("  " + style.Warn("! ") + warning.Text);
    }

    private void Heading(Text title, int count)
    {
        Line();
        Line(style.Heading(string.Create(CultureInfo.InvariantCulture, $"{title.In(language)} ({count})")));
    }

    private void Lines(TextTable table)
    {
        if (table.IsEmpty)
        {
            Line("  " + style.Faint(ReportTexts.None.In(language)));
            return;
        }
        var titles = true;
        foreach (var line in table.Lines())
        {
            Line(titles ? style.Faint(line) : line);
            titles = false;
        }
    }

    private void Line(string text = "") => output.WriteLine(text);

    private static string Number(long? value) => value?.ToString(CultureInfo.InvariantCulture) ?? "";

    private static string Some(long value) => value > 0 ? value.ToString("N0", CultureInfo.InvariantCulture) : "";

    private static string Figure(double? value, string format) => value?.ToString(format, CultureInfo.InvariantCulture) ?? "—";

    private static string Seconds(double? value) => value is { } seconds ? string.Create(CultureInfo.InvariantCulture, $"{seconds:F3} s") : "";

    private static string Rate(double? bitsPerSecond) => bitsPerSecond switch
    {
        null => "",
        >= 1e6 => string.Create(CultureInfo.InvariantCulture, $"{bitsPerSecond / 1e6:F3} Mb/s"),
        >= 1e3 => string.Create(CultureInfo.InvariantCulture, $"{bitsPerSecond / 1e3:F1} kb/s"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bitsPerSecond:F0} b/s"),
    };
}
