using System.Buffers;
using System.Collections.Concurrent;
using System.Threading.Channels;
using SignalWatch.Contracts;
using SignalWatch.Fm;

namespace SignalWatch.Probe.Evidence;

/// <summary>Keeps the last seconds of every carrier, and writes a dossier of each that is suspected.
/// <para>It is called from the thread of the samples and never makes it wait: what is to be written is copied into a queue of bounded bytes, and one thread of its own writes.
/// Where that one does not keep up, the manifest says what is missing. All times come with the samples.</para></summary>
internal sealed class FmEvidenceRecorder : IAsyncDisposable
{
    // A carrier that was not heard for so long was away.
    private const long Unheard = 2 * TimeSpan.TicksPerSecond;

    private readonly EvidenceSettings settings;
    private readonly DossierWriter writer;
    private readonly Task writing;
    private readonly Channel<EvidenceWork> queue = Channel.CreateUnbounded<EvidenceWork>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });
    private readonly ConcurrentQueue<EvidenceNews> news = new();
    private readonly Dictionary<long, Feed> feeds = [];
    private readonly List<Dossiered> open = [];
    private readonly SpectrumRing spectra;
    private readonly short[] left = new short[SoundRing.SampleRateHz];
    private readonly short[] right = new short[SoundRing.SampleRateHz];
    private long queuedBytes;
    private long now, flushed;

    /// <param name="folder">Where dossiers are kept. What a fall left half there is finished first.</param>
    /// <param name="settings">How much is kept.</param>
    public FmEvidenceRecorder(string folder, EvidenceSettings settings)
    {
        (this.settings, spectra) = (settings, new SpectrumRing(settings.SpectraBefore));
        writer = new DossierWriter(new DossierFolder(folder, settings.MostBytes), settings, news.Enqueue, bytes => Interlocked.Add(ref queuedBytes, -bytes));
        writing = Task.Factory.StartNew(() => writer.Run(queue.Reader), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>What became of dossiers since the last call.</summary>
    public IReadOnlyList<EvidenceNews> Take()
    {
        List<EvidenceNews> taken = [];
        while (news.TryDequeue(out var one)) taken.Add(one);
        return taken;
    }

    /// <summary>What to hang on a carrier's decoder.</summary>
    public StationTap Tap(long carrierHz) => new()
    {
        OnSound = (one, other) => Sound(carrierHz, one, other),
        OnGroup = group => Group(carrierHz, group),
        OnIq = (re, im, rate) => Iq(carrierHz, re, im, rate),
    };

    /// <summary>Samples up to this time are processed next. To be called before each block.</summary>
    /// <param name="blockEnd">Time of the block's last sample.</param>
    /// <param name="secondsLost">Samples that the receiver lost before it.</param>
    public void Advance(DateTimeOffset blockEnd, double secondsLost = 0)
    {
        if (secondsLost > 0)
        {
            foreach (var one in open) Put(new EvidenceWork { Kind = EvidenceWorkKind.Lost, Dossier = one, Ticks = now, Seconds = secondsLost });
            foreach (var feed in feeds.Values) feed.Sound.Clear(); // sound before a hole does not lead up to what comes after
        }
        now = blockEnd.UtcTicks;
        for (var n = open.Count - 1; n >= 0; n--)
            if (open[n].Ending(now, settings) is { } ending) Complete(open[n], ending);
        if (Math.Abs(now - flushed) < settings.FlushEvery.Ticks) return;
        flushed = now;
        foreach (var one in open) Put(new EvidenceWork { Kind = EvidenceWorkKind.Flush, Dossier = one });
    }

    /// <summary>A line of the waterfall.</summary>
    public void Spectrum(in PowerSpectrum line, DateTimeOffset at)
    {
        if (spectra.Add(line, at) is not { } ticks) return;
        foreach (var one in open)
        {
            if (!Room(one, spectra.Line.Length, "spectra", 1)) continue;
            var bytes = ArrayPool<byte>.Shared.Rent(spectra.Line.Length);
            spectra.Line.CopyTo(bytes);
            Put(new EvidenceWork { Kind = EvidenceWorkKind.Spectrum, Dossier = one, Bytes = bytes, Count = spectra.Line.Length, Axis = spectra.Axis, Ticks = ticks, Cost = spectra.Line.Length });
        }
    }

    /// <summary>A carrier is suspected: a dossier begins, or the one that is open goes on.</summary>
    public void Begin(EvidenceOccasion occasion)
    {
        if (open.Find(o => o.Occasion.FrequencyHz == occasion.FrequencyHz) is { } going)
        {
            going.SuspicionEnd = null;
            Put(new EvidenceWork { Kind = EvidenceWorkKind.Suspicion, Dossier = going });
            return;
        }
        if (open.Count >= settings.MostOpen)
        {
            news.Enqueue(new EvidenceNews(EvidenceEvent.Refused, null, occasion.FrequencyHz, null, null, null, 0, EvidenceTexts.TooMany(open.Count)));
            return;
        }
        var dossier = new Dossiered(occasion);
        open.Add(dossier);
        var work = new EvidenceWork { Kind = EvidenceWorkKind.Begin, Dossier = dossier, Ticks = now, Lines = spectra.Count > 0 ? spectra.ToLines() : null };
        if (feeds.TryGetValue(occasion.FrequencyHz, out var feed) && now - feed.SoundTicks <= Unheard)
        {
            work = work with { Left = new short[feed.Sound.Count], Right = new short[feed.Sound.Count], Count = feed.Sound.Count, Ticks = feed.SoundTicks, Groups = feed.Groups.ToArray() };
            feed.Sound.CopyTo(work.Left, work.Right);
        }
        Put(work with { Cost = 4 * work.Count + (work.Lines?.Levels.Length ?? 0) });
    }

    /// <summary>The carrier is no longer suspected, or gone. The dossier ends when it has its least length; until then it goes on with what comes.</summary>
    public void End(long carrierHz, DateTimeOffset at)
    {
        if (open.Find(o => o.Occasion.FrequencyHz == carrierHz) is not { SuspicionEnd: null } going) return;
        going.SuspicionEnd = at.UtcTicks;
        Put(new EvidenceWork { Kind = EvidenceWorkKind.Suspicion, Dossier = going, Ticks = at.UtcTicks });
    }

    /// <summary>The carrier is gone: its last seconds are forgotten.</summary>
    public void Forget(long carrierHz) => feeds.Remove(carrierHz);

    /// <summary>Waits until all that was handed over is written; for tests and for the end.</summary>
    public Task WrittenAsync()
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return queue.Writer.TryWrite(new EvidenceWork { Kind = EvidenceWorkKind.Mark, Done = done }) ? done.Task : writing;
    }

    /// <summary>Ends every dossier that is open, and waits until all is written.</summary>
    public async ValueTask DisposeAsync()
    {
        while (open.Count > 0) Complete(open[^1], EvidenceTexts.WatchStopped);
        queue.Writer.TryComplete();
        await writing.ConfigureAwait(false);
    }

    private void Sound(long carrierHz, ReadOnlySpan<float> one, ReadOnlySpan<float> other)
    {
        var feed = FeedOf(carrierHz);
        for (var from = 0; from < one.Length; from += left.Length)
        {
            var count = Math.Min(left.Length, one.Length - from);
            SoundRing.Convert(one.Slice(from, count), left);
            SoundRing.Convert(other.Slice(from, count), right);
            if (now - feed.SoundTicks > Unheard) feed.Sound.Clear(); // it was away: the sound before does not lead up to this
            feed.Sound.Push(left.AsSpan(0, count), right.AsSpan(0, count));
            feed.SoundTicks = now;
            if (Recorded(carrierHz) is not { } dossier || !Room(dossier, 4 * count, "sound", count / (double)SoundRing.SampleRateHz)) continue;
            short[] l = ArrayPool<short>.Shared.Rent(count), r = ArrayPool<short>.Shared.Rent(count);
            left.AsSpan(0, count).CopyTo(l);
            right.AsSpan(0, count).CopyTo(r);
            Put(new EvidenceWork { Kind = EvidenceWorkKind.Sound, Dossier = dossier, Left = l, Right = r, Count = count, Ticks = now, Cost = 4 * count });
        }
    }

    private void Group(long carrierHz, RdsGroup group)
    {
        var timed = new TimedGroup(now, group);
        FeedOf(carrierHz).Groups.Add(timed);
        if (Recorded(carrierHz) is { } dossier && Room(dossier, 64, "rds", 104 / 1187.5)) Put(new EvidenceWork { Kind = EvidenceWorkKind.Group, Dossier = dossier, Group = timed, Cost = 64 });
    }

    private void Iq(long carrierHz, ReadOnlySpan<float> re, ReadOnlySpan<float> im, double rate)
    {
        if (Recorded(carrierHz) is not { } dossier || dossier.IqSeconds >= settings.Iq.TotalSeconds) return;
        dossier.IqSeconds += re.Length / rate;
        if (!Room(dossier, 8 * re.Length, "iq", re.Length / rate)) return;
        float[] r = ArrayPool<float>.Shared.Rent(re.Length), i = ArrayPool<float>.Shared.Rent(re.Length);
        re.CopyTo(r);
        im.CopyTo(i);
        Put(new EvidenceWork { Kind = EvidenceWorkKind.Iq, Dossier = dossier, Re = r, Im = i, Count = re.Length, Ticks = now, Seconds = rate, Cost = 8 * re.Length });
    }

    private Dossiered? Recorded(long carrierHz)
    {
        foreach (var one in open)
            if (one.Occasion.FrequencyHz == carrierHz) return one.IsLost ? null : one;
        return null;
    }

    private Feed FeedOf(long carrierHz)
    {
        if (feeds.TryGetValue(carrierHz, out var feed)) return feed;
        if (feeds.Count >= settings.MostCarriers) feeds.Remove(feeds.MinBy(f => f.Value.SoundTicks).Key); // who was silent longest
        return feeds[carrierHz] = new Feed(new SoundRing(settings.Before.TotalSeconds), new GroupRing(settings.GroupsBefore));
    }

    // Also tells of what had no room before: once, when there is room again.
    private bool Room(Dossiered dossier, int bytes, string what, double seconds)
    {
        if (Interlocked.Read(ref queuedBytes) + bytes > settings.MostQueuedBytes)
        {
            if (!dossier.Unwritten.TryGetValue(what, out var gap)) gap = (now, 0);
            dossier.Unwritten[what] = (gap.Ticks, gap.Seconds + seconds);
            return false;
        }
        if (dossier.Unwritten.Count > 0) Tell(dossier);
        return true;
    }

    private void Tell(Dossiered dossier)
    {
        foreach (var (what, (ticks, seconds)) in dossier.Unwritten) Put(new EvidenceWork { Kind = EvidenceWorkKind.Overflow, Dossier = dossier, What = what, Ticks = ticks, Seconds = seconds });
        dossier.Unwritten.Clear();
    }

    private void Complete(Dossiered dossier, Text ending)
    {
        Tell(dossier);
        Put(new EvidenceWork { Kind = EvidenceWorkKind.Complete, Dossier = dossier, Text = ending });
        open.Remove(dossier);
    }

    private void Put(in EvidenceWork work)
    {
        Interlocked.Add(ref queuedBytes, work.Cost);
        queue.Writer.TryWrite(work);
    }

    private sealed class Feed(SoundRing sound, GroupRing groups)
    {
        public SoundRing Sound => sound;

        public GroupRing Groups => groups;

        /// <summary>When its last sound was received.</summary>
        public long SoundTicks { get; set; }
    }
}
