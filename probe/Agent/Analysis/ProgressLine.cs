using System.Globalization;
using SignalWatch.Contracts;

namespace SignalWatch.Probe.Analysis;

/// <summary>How far a long analysis is, on one line of a terminal that is written over and over.</summary>
internal sealed class ProgressLine : IDisposable
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(250);

    private readonly TextWriter error;
    private readonly Language language;
    private readonly TimeProvider time;
    private readonly long? total;
    private readonly long began;
    private long shown;
    private bool any;

    private ProgressLine(TextWriter error, Language language, TimeProvider time, long? total)
    {
        (this.error, this.language, this.time, this.total) = (error, language, time, total);
        shown = began = time.GetTimestamp();
    }

    /// <summary>Null where nobody looks: a log full of carriage returns helps nobody.</summary>
    public static ProgressLine? OnTerminal(TextWriter error, Language language, TimeProvider time, long? total) =>
        Console.IsErrorRedirected || !ReferenceEquals(error, Console.Error) ? null : new ProgressLine(error, language, time, total);

    public void Update(long bytes)
    {
        var now = time.GetTimestamp();
        if (time.GetElapsedTime(shown, now) < Every) return;
        (shown, any) = (now, true);
        var seconds = time.GetElapsedTime(began, now).TotalSeconds;
        var share = total is { } all and > 0 ? string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)all:P0}  ") : "";
        error.Write(string.Create(CultureInfo.InvariantCulture, $"\r\u001b[K{share}{bytes / 1e6:N1} MB  {seconds:F0} s  {bytes * 8 / seconds / 1e6:N1} Mb/s{(total is null ? ReportTexts.EndWithCtrlC.In(language) : "")}"));
    }

    public void Dispose()
    {
        if (any) error.Write("\r\u001b[K");
    }
}
