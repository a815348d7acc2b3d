using System.Globalization;
using SignalWatch.Contracts;
using SignalWatch.Probe.Analysis;

namespace SignalWatch.Probe.FmAnalysis;

/// <summary>How far a long analysis is, in time of signal, on one line of a terminal that is written over and over.</summary>
internal sealed class SignalProgress : IDisposable
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(250);

    private readonly TextWriter error;
    private readonly Language language;
    private readonly TimeProvider time;
    private TimeSpan? total;
    private long began;
    private long shown;
    private bool any;

    private SignalProgress(TextWriter error, Language language, TimeProvider time) => (this.error, this.language, this.time) = (error, language, time);

    /// <summary>Null where nobody looks.</summary>
    public static SignalProgress? OnTerminal(TextWriter error, Language language, TimeProvider time) =>
        Console.IsErrorRedirected || !ReferenceEquals(error, Console.Error) ? null : new SignalProgress(error, language, time);

    /// <summary>The signal begins.</summary>
    /// <param name="length">How long it is; null where only Ctrl-C ends it.</param>
    public void Begin(TimeSpan? length) => (total, began, shown) = (length, time.GetTimestamp(), time.GetTimestamp());

    public void Update(TimeSpan done)
    {
        var now = time.GetTimestamp();
        if (time.GetElapsedTime(shown, now) < Every) return;
        (shown, any) = (now, true);
        var speed = done / time.GetElapsedTime(began, now);
        var share = total is { } all && all > TimeSpan.Zero ? string.Create(CultureInfo.InvariantCulture, $"{done / all:P0}  ") : "";
        error.Write(string.Create(CultureInfo.InvariantCulture, $"\r\u001b[K{share}{done.TotalSeconds:N1} s  ×{speed:F1}{(total is null ? ReportTexts.EndWithCtrlC.In(language) : "")}"));
    }

    public void Dispose()
    {
        if (any) error.Write("\r\u001b[K");
    }
}
