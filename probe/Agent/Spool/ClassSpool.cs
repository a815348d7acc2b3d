using System.Globalization;
using System.Text.RegularExpressions;
using SignalWatch.Contracts;

namespace SignalWatch.Probe.Spool;

/// <summary>The spools of one class. What is observed goes into the live one; what an outage left behind is history: closed, with its own boot and numbers, oldest first.
/// Each has a numbered folder, and the highest is the live one, so that closing is the making of a folder: no crash finds it half done.</summary>
internal sealed partial class ClassSpool : IDisposable
{
    private readonly ObservationPriority priority;
    private readonly string folder;
    private readonly SpoolSettings settings;
    private readonly Func<SpoolGap, Observation> gapObservation;
    private readonly Action<Text> say;
    private readonly Func<string, long, SegmentAppender>? openSegment;
    private readonly Action<Observation> tellGap;

    private readonly Lock gate = new(); // what follows
    private readonly List<ObservationSpool> history = [];
    private readonly List<Observation> early = [];
    private ObservationSpool? live;
    private long newest;
    private long droppedBefore;

    /// <param name="priority">The class.</param>
    /// <param name="folder">Its folder.</param>
    /// <param name="settings">How it behaves.</param>
    /// <param name="gapObservation">Makes a <c>probe.gap</c>.</param>
    /// <param name="say">For the log.</param>
    /// <param name="openSegment">Opens a segment to append to; null: a file.</param>
    /// <param name="tellGap">Where gaps are told; null: among what is live here.</param>
    /// <exception cref="ProblemException"><c>spool.unusable</c>.</exception>
    public ClassSpool(ObservationPriority priority, string folder, SpoolSettings settings, Func<SpoolGap, Observation> gapObservation, Action<Text> say, Func<string, long, SegmentAppender>? openSegment, Action<Observation>? tellGap)
    {
        (this.priority, this.folder, this.settings, this.gapObservation, this.say, this.openSegment) = (priority, folder, settings, gapObservation, say, openSegment);
        this.tellGap = tellGap ?? Tell;
        var numbers = Numbers(folder);
        newest = numbers.Count > 0 ? numbers[^1] : 1;
        foreach (var number in numbers.SkipLast(1)) history.Add(Open(number));
        live = Open(newest);
        foreach (var gap in early) live.Append(gap);
        early.Clear();
        Tidy();
    }

    /// <summary>Where observations go.</summary>
    public ObservationSpool Live { get { lock (gate) return live!; } }

    /// <summary>The oldest history that has something to send, or null.</summary>
    public ObservationSpool? History { get { lock (gate) return history.Find(h => h.HasUnsent); } }

    public SpoolFigures Figures => Sum([.. All()]);

    /// <summary>What is in the histories alone.</summary>
    public SpoolFigures HistoryFigures => Sum(Closed());

    /// <inheritdoc cref="ObservationSpool.Append"/>
    public bool Append(Observation observation)
    {
        lock (gate) return live!.Append(observation);
    }

    /// <summary>Writes what waits, with fsync, and keeps within the capacity.</summary>
    /// <returns>False where the disk did not take all: it is kept in memory.</returns>
    public bool Flush()
    {
        var good = true;
        foreach (var spool in All()) good &= spool.Flush();
        while (Figures.Bytes > settings.Capacity && DropOldest() > 0) { }
        return good;
    }

    /// <inheritdoc cref="ObservationSpool.Settle"/>
    public void Settle()
    {
        foreach (var spool in All()) spool.Settle();
        Tidy();
    }

    /// <summary>Makes history of what waits: it is closed, and a fresh live spool begins. Nothing happens where nothing waits.</summary>
    /// <returns>False where the disk took no new folder: what waits is where it was.</returns>
    public bool CloseBacklog()
    {
        if (Live.IsDelivered) return true;
        ObservationSpool fresh;
        try { fresh = Open(newest + 1); }
        catch (ProblemException)
        {
            return false; // the disk's trouble is told where it is written to, each second; here it is tried again with the next delivery
        }
        lock (gate)
        {
            history.Add(live!);
            (live, newest) = (fresh, newest + 1);
        }
        return true;
    }

    /// <summary>Removes histories that the collector has wholly.</summary>
    public void Tidy()
    {
        while (true)
        {
            ObservationSpool? done;
            lock (gate)
            {
                done = history.Find(h => h.IsDelivered);
                if (done is null) return;
                history.Remove(done);
                droppedBefore += done.Figures.Dropped;
            }
            Remove(done);
        }
    }

    /// <summary>Lets the oldest segment of the class go, for what matters more: a gap, which is told.</summary>
    /// <returns>Bytes freed; 0 where there is nothing left to give.</returns>
    public long DropOldest()
    {
        foreach (var closed in Closed())
        {
            var freed = closed.DropOldest(evenNewest: true);
            if (freed > 0) return freed;
        }
        return Live.DropOldest(evenNewest: false);
    }

    public void Dispose()
    {
        foreach (var spool in All()) spool.Dispose();
    }

    private ObservationSpool[] Closed()
    {
        lock (gate) return [.. history];
    }

    private ObservationSpool[] All()
    {
        lock (gate) return [.. history, live!];
    }

    private SpoolFigures Sum(ObservationSpool[] spools)
    {
        var figures = Array.ConvertAll(spools, s => s.Figures);
        return new(figures.Sum(f => f.Entries), figures.Sum(f => f.Bytes), figures.Sum(f => f.Dropped) + droppedBefore, figures.Any(f => f.Failing));
    }

    private ObservationSpool Open(long number) =>
        new(Path.Combine(folder, Name(number)), settings, gap => gapObservation(gap with { Priority = priority }), say, openSegment, tellGap);

    private void Tell(Observation gap)
    {
        lock (gate)
        {
            if (live is null) early.Add(gap);
            else live.Append(gap);
        }
    }

    // What was damaged is evidence of what happened to the disk: it stays, beside.
    private static void Remove(ObservationSpool done)
    {
        done.Dispose();
        try
        {
            foreach (var damaged in Directory.GetFiles(done.Folder, "*.damaged"))
                File.Move(damaged, $"{done.Folder}-{Path.GetFileName(damaged)}", overwrite: true);
            Directory.Delete(done.Folder, recursive: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // Found again at the next start, with nothing to send in it.
        }
    }

    /// <summary>Numbers of the folders that there are, rising.</summary>
    /// <exception cref="ProblemException"><c>spool.unusable</c>.</exception>
    public static List<long> Numbers(string folder)
    {
        try
        {
            return !Directory.Exists(folder) ? [] : [.. Directory.GetDirectories(folder).Select(Path.GetFileName).OfType<string>().Where(n => NumberShape().IsMatch(n)).Select(n => long.Parse(n, CultureInfo.InvariantCulture)).Order()];
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new ProblemException(Texts.SpoolUnusable(folder, failure.Message), failure);
        }
    }

    /// <summary>Name of the folder of that number: names sort as their numbers do.</summary>
    public static string Name(long number) => number.ToString("D10", CultureInfo.InvariantCulture);

    [GeneratedRegex("^[0-9]{10}$")]
    private static partial Regex NumberShape();
}
