using SignalWatch.Contracts;
using SignalWatch.Probe.Analysis;
using SignalWatch.Probe.Configuration;
using SignalWatch.TransportStream;

namespace SignalWatch.Probe.Watches;

/// <summary>What became of a clip.</summary>
/// <param name="Kept">It is on the disk; else it had to go, or could not be written.</param>
/// <param name="File">Its name, or null where it has none.</param>
/// <param name="Sha256">Of its bytes, where it was written.</param>
/// <param name="Checks">What occurred in it.</param>
/// <param name="Seconds">Its length.</param>
/// <param name="DeletedSoFar">Clips that had to go since the probe began.</param>
/// <param name="Reason">Why it is not kept.</param>
internal sealed record ClipNews(bool Kept, string? File, string? Sha256, string? Checks, double? Seconds, long DeletedSoFar, Text? Reason);

/// <summary>Records a watched stream around its alarms into a folder that stays within its bounds. A full disk costs the clip, never the watch.</summary>
internal sealed class ClipRecorder : IDisposable
{
    private readonly EvidenceFolder folder;
    private readonly AlarmRecorder recorder;

    /// <param name="configuration">What is recorded, and how much.</param>
    /// <param name="folder">Where.</param>
    /// <param name="source">For the clip's description.</param>
    /// <param name="zone">In which its times are written.</param>
    /// <param name="dropped">What this machine dropped so far.</param>
    public ClipRecorder(RecordConfiguration configuration, EvidenceFolder folder, string source, TimeZoneInfo zone, Func<long?> dropped)
    {
        this.folder = folder;
        folder.Clean();
        var chosen = configuration.Checks;
        var usual = new AlarmRecorderSettings
        {
            Folder = folder.Path, Source = source, HasWallClock = true, Zone = zone, Dropped = dropped,
            Before = configuration.Before, After = configuration.After, MostClipBytes = configuration.MaxBytes / 2, // the one before it stays while it is written
        };
        recorder = new AlarmRecorder(chosen is null ? usual : usual with { Chosen = chosen.Contains });
    }

    public void Push(ReadOnlySpan<byte> bytes, DateTimeOffset at) => recorder.Push(bytes, at, 0);

    public void Tick(DateTimeOffset at) => recorder.Tick(at);

    public void Occurred(in TransportStreamOccurrence occurrence) => recorder.Occurred(occurrence);

    public void Finish(DateTimeOffset at) => recorder.Finish(at);

    /// <summary>What became of clips since the last call; and makes room.</summary>
    public IReadOnlyList<ClipNews> Take()
    {
        var (clips, problems) = recorder.Take();
        if (clips.Count == 0 && problems.Count == 0 && !recorder.IsRecording) return [];
        var gone = folder.Trim();
        return
        [
            .. clips.Select(c => new ClipNews(true, c.File, c.Sha256, string.Join(' ', c.Rules), c.EndSeconds - c.StartSeconds, folder.Deleted, null)),
            .. problems.Select(p => new ClipNews(false, null, null, null, null, folder.Deleted, p.OneLine())),
            .. gone.Select(name => new ClipNews(false, name, null, null, null, folder.Deleted, Texts.ClipMadeRoom)),
        ];
    }

    public void Dispose() => recorder.Dispose();
}
