using SignalWatch.Contracts;
using SignalWatch.TransportStream;

namespace SignalWatch.Probe.Watches;

/// <summary>One transport stream at work: its analyser, its line-up, its clips, and each second what there is to say of it. Times come with the bytes; one thread at a time.</summary>
internal sealed class WatchedStream : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    // What a socket dropped was dropped behind all that waits in its buffer: a second at 200 Mb/s, and a second for a busy machine.
    private static readonly TimeSpan DropAhead = TimeSpan.FromSeconds(2);

    private readonly TransportStreamAnalyzer analyzer;
    private readonly LineupFile remembered;
    private readonly MultiplexObservations observations;
    private readonly DriftObserver drifts;
    private readonly ClipRecorder? clips;
    private readonly LossAccount losses = new();
    private Lineup? known;
    private DateTimeOffset? reported;
    private DateTimeOffset tornAt = DateTimeOffset.MinValue;

    /// <param name="settings">How its analyser works; its line-up is the remembered one.</param>
    /// <param name="remembered">Keeps its line-up over restarts.</param>
    /// <param name="observations">Makes what is said of it.</param>
    /// <param name="template">What it is expected to be, or null.</param>
    /// <param name="clips">Records its alarms, or null.</param>
    public WatchedStream(TransportStreamSettings settings, LineupFile remembered, MultiplexObservations observations, MultiplexTemplate? template, ClipRecorder? clips)
    {
        (this.remembered, this.observations, this.clips) = (remembered, observations, clips);
        known = remembered.Read();
        analyzer = new TransportStreamAnalyzer(settings with { Lineup = known, KeepTables = template is not null });
        analyzer.Occurred += Take;
        drifts = new DriftObserver(template, () => analyzer.Tables, settings.DefaultCharset);
    }

    /// <summary>Its subject so far.</summary>
    public Subject Subject => observations.Subject;

    /// <summary>Bytes of it, as they arrived.</summary>
    public void Push(ReadOnlySpan<byte> bytes, DateTimeOffset at)
    {
        reported ??= at;
        clips?.Push(bytes, at);
        analyzer.Push(bytes, at);
        losses.Pass(bytes, at);
    }

    /// <summary>Packets are missing before what is pushed next, and not by the broadcaster's fault.</summary>
    public void Tear(DateTimeOffset at) => losses.Lose(at, TimeSpan.Zero);

    /// <summary>Time passed.</summary>
    public void Tick(DateTimeOffset at)
    {
        reported ??= at;
        analyzer.Tick(at);
        clips?.Tick(at);
    }

    /// <summary>A second is over since the last report.</summary>
    public bool IsDue(DateTimeOffset at) => at - reported >= Interval;

    /// <summary>Says what there is to say, and begins the next second.</summary>
    public void Report(DateTimeOffset at, in Delivery delivery)
    {
        reported = at;
        if (delivery.Dropped > 0) losses.Lose(at, DropAhead);
        // A loss is felt in the second behind it too: a table that was lost is absent until it comes again.
        var isSound = !delivery.IsTorn && !delivery.IsBehind && at - tornAt > Interval * 1.5;
        if (delivery.IsTorn) tornAt = at;
        var report = analyzer.Report(at);
        observations.Tell(report, delivery, losses, isSound);
        if (isSound) observations.Tell(drifts.Update(report), report.At);
        if (clips is not null) observations.Tell(clips.Take(), report.At);
        losses.StartInterval();
        if (analyzer.Lineup != known) remembered.Write(known = analyzer.Lineup);
    }

    /// <summary>It ended, or is no longer watched: an open clip becomes whole.</summary>
    public void Finish(DateTimeOffset at)
    {
        if (clips is null) return;
        clips.Finish(at);
        observations.Tell(clips.Take(), at);
    }

    public void Dispose() => clips?.Dispose();

    private void Take(TransportStreamOccurrence occurrence)
    {
        var isExplained = occurrence is { Change: not OccurrenceChange.Clear, Pid: { } pid } && occurrence.Check == Checks.ContinuityError && losses.Explains(pid);
        if (!isExplained) clips?.Occurred(occurrence); // a clip is evidence against somebody
    }
}
