using System.Buffers;
using System.Text.Json;
using SignalWatch.Contracts;

namespace SignalWatch.Probe.Spool;

/// <summary>Keeps observations on disk until the collector has them. Each gets its number when it is written, and is sent only after its fsync:
/// a number that was sent and then lost in a power cut would be given twice, and the second record taken for a duplicate.
/// After a crash what is not acknowledged is sent again: duplicates, never loss. What can't be kept becomes a <c>probe.gap</c>, never silence.</summary>
internal sealed class ObservationSpool : IDisposable
{
    private readonly SpoolSettings settings;
    private readonly TimeProvider time;
    private readonly Func<SpoolGap, Observation> gapObservation;
    private readonly Action<Text> say;
    private readonly Func<string, long, SegmentAppender> openSegment;
    private readonly string folder;

    private readonly Lock gate = new();        // what follows
    private readonly List<Segment> segments;
    private List<Observation> pending = [];
    private long lostInMemory;
    private long acknowledged, durable;
    private long dropped;
    private bool failing;
    private TaskCompletionSource appended = NewSignal(), flushed = NewSignal();

    private readonly Lock writing = new();     // what follows: one flush at a time
    private readonly ArrayBufferWriter<byte> buffer = new(64 * 1024);
    private readonly ArrayBufferWriter<byte> line = new(1024);
    private List<Observation> spare = [];
    private SegmentAppender? appender;
    private long next;

    private long wanted;                       // number of the record to send next; with the reader, the sender's alone
    private SegmentReader? reader;

    /// <summary>Opens the spool in a folder, or begins one.</summary>
    /// <exception cref="ProblemException"><c>spool.unusable</c>: the folder can't be read or written.</exception>
    public ObservationSpool(string folder, SpoolSettings settings, TimeProvider time, Func<SpoolGap, Observation> gapObservation, Action<Text> say, Func<string, long, SegmentAppender>? openSegment = null)
    {
        (this.folder, this.settings, this.time, this.gapObservation, this.say) = (folder, settings, time, gapObservation, say);
        this.openSegment = openSegment ?? ((file, length) => new SegmentAppender(file, length));
        SpoolRecovery found;
        try { found = SpoolRecovery.Of(folder); }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new ProblemException(Texts.SpoolUnusable(folder, failure.Message), failure);
        }
        (Boot, segments, next, acknowledged) = (found.Boot, found.Segments, found.Next, found.Acknowledged);
        (durable, wanted) = (next - 1, acknowledged + 1);
        foreach (var gap in found.Gaps) Lose(gap);
        Forget();
    }

    /// <summary>The life of this spool: a new one where the folder was new or unreadable.</summary>
    public Guid Boot { get; }

    /// <summary>How far the collector has acknowledged.</summary>
    public long Acknowledged { get { lock (gate) return acknowledged; } }

    /// <summary>How far <see cref="Read"/> has given records out.</summary>
    public long Sent { get { lock (gate) return wanted - 1; } }

    public SpoolFigures Figures
    {
        get { lock (gate) return new(durable - acknowledged + pending.Count, segments.Sum(s => s.Bytes), dropped, failing); }
    }

    /// <summary>Takes an observation. Never blocks and never fails; it is on disk after the next flush.</summary>
    public void Append(Observation observation)
    {
        lock (gate)
        {
            if (pending.Count >= settings.MemoryRecords)
            {
                pending.RemoveRange(0, pending.Count / 10); // a tenth at once: moving the whole list for each record would cost more than keeping it
                lostInMemory += settings.MemoryRecords / 10;
                dropped += settings.MemoryRecords / 10;
            }
            pending.Add(observation);
            if (pending.Count >= settings.FlushRecords) appended.TrySetResult();
        }
    }

    /// <summary>Flushes by the settings until it is cancelled, and once more then.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested)
        {
            Task full;
            lock (gate) full = appended.Task;
            using (var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancel))
            {
                await Task.WhenAny(full, Task.Delay(failing ? settings.RetryEvery : settings.FlushEvery, time, waiting.Token)).ConfigureAwait(false);
                await waiting.CancelAsync().ConfigureAwait(false);
            }
            Flush();
        }
        Flush();
    }

    /// <summary>Writes what waits, with fsync.</summary>
    /// <returns>False where the disk did not take it: it is kept in memory.</returns>
    public bool Flush()
    {
        lock (writing)
        {
            List<Observation> batch;
            lock (gate)
            {
                appended = NewSignal();
                if (lostInMemory > 0 && pending.Count > 0) pending.Insert(0, gapObservation(new SpoolGap(null, null, lostInMemory, Texts.GapMemory)));
                if (pending.Count == 0) return true;
                (batch, pending) = (pending, spare); // never one list in both places: what is appended now would be cleared with what was written
            }
            try
            {
                Write(batch);
            }
            // Mostly the disk's doing; a surprise must not end the loop that keeps the evidence either.
            catch (Exception failure)
            {
                KeepInMemory(batch, failure.Message);
                return false;
            }
            batch.Clear();
            spare = batch;
            return true;
        }
    }

    /// <summary>Waits until there is something to send.</summary>
    public Task WaitAsync(CancellationToken cancel)
    {
        lock (gate) return wanted <= durable ? Task.CompletedTask : flushed.Task.WaitAsync(cancel);
    }

    /// <summary>The next records in order, only such as are on disk; null where there is none. For one sender.</summary>
    /// <exception cref="IOException">The disk can't be read just now.</exception>
    public SpoolBatch? Read(int most)
    {
        while (true)
        {
            long end, last;
            lock (gate)
            {
                var holding = wanted <= durable ? segments.Find(s => s.Last >= wanted) : null;
                if (holding is null) return null;
                wanted = Math.Max(wanted, holding.First);
                if (reader?.Segment != holding || reader.Number > wanted) reader = new SegmentReader(holding);
                (end, last) = (holding.Bytes, holding.Last);
            }
            var lines = new ArrayBufferWriter<byte>(64 * 1024);
            if (!reader.TryRead(end, last, wanted, most, lines)) PassOver(reader.Segment);
            if (lines.WrittenCount == 0) continue;
            var batch = new SpoolBatch(wanted, reader.Number - 1, lines.WrittenMemory);
            wanted = reader.Number;
            return batch;
        }
    }

    /// <summary>Begins to read again behind what is acknowledged. For the one sender.</summary>
    public void Rewind()
    {
        lock (gate) (wanted, reader) = (acknowledged + 1, null);
    }

    /// <summary>The collector has all numbers up to this one: they may go.</summary>
    public void Acknowledge(long through)
    {
        lock (gate)
        {
            if (through <= acknowledged) return;
            acknowledged = Math.Min(through, durable);
        }
        Cursor.TryWrite(Path.Combine(folder, "cursor"), acknowledged);
        Forget();
    }

    public void Dispose()
    {
        lock (writing) appender?.Dispose();
    }

    private void Write(List<Observation> batch)
    {
        buffer.ResetWrittenCount();
        var opened = OpenSegment();
        var first = next;
        try
        {
            foreach (var observation in batch)
            {
                line.ResetWrittenCount();
                using (var json = new Utf8JsonWriter(line, new JsonWriterOptions { Encoder = WireJson.Options.Encoder, SkipValidation = true }))
                    JsonSerializer.Serialize(json, new SpooledObservation(Boot, next, observation), WireJson.Options);
                SegmentFile.WriteRecord(buffer, next++, line.WrittenSpan);
            }
            appender!.Append(buffer.WrittenSpan);
        }
        catch
        {
            next = first;
            appender!.TryCut(opened.Bytes);
            throw;
        }
        lock (gate)
        {
            if (opened.Bytes == 0) segments.Add(opened);
            opened.Bytes += buffer.WrittenCount;
            (opened.Last, durable) = (next - 1, next - 1);
            lostInMemory = 0;
            if (failing) say(Texts.SpoolWorksAgain);
            failing = false;
            flushed.TrySetResult();
            flushed = NewSignal();
        }
        StayWithinCapacity();
    }

    // The segment to append to: the newest, unless it is full or the last write to it failed.
    private Segment OpenSegment()
    {
        Segment? newest;
        lock (gate) newest = segments.Count > 0 ? segments[^1] : null;
        if (appender is not null && newest is not null && newest.Bytes < settings.SegmentBytes) return newest;
        appender?.Dispose();
        appender = null;
        var file = Path.Combine(folder, SegmentFile.Name(next));
        appender = openSegment(file, 0);
        SegmentFile.WriteHeader(buffer, Boot, next);
        return new Segment(file, next, next - 1, 0);
    }

    private void KeepInMemory(List<Observation> batch, string why)
    {
        appender?.Dispose();
        appender = null;
        lock (gate)
        {
            if (lostInMemory > 0) batch.RemoveAt(0); // the gap is said anew when the disk works again
            batch.AddRange(pending);
            pending.Clear();
            spare = pending;
            pending = batch;
            if (!failing) say(Texts.SpoolFails(folder, why, settings.MemoryRecords));
            failing = true;
        }
    }

    // A flipped bit: from here on the segment's records can't be told apart from rubbish.
    private void PassOver(Segment damaged)
    {
        long from, to;
        lock (gate)
        {
            if (!segments.Contains(damaged)) return; // it went meanwhile, to make room, and that was told
            (from, to) = (Math.Max(wanted, reader!.Number), damaged.Last);
            damaged.Damaged = true;
            wanted = to + 1;
        }
        CloseSegment(damaged);
        Lose(new SpoolGap(from, to, to - from + 1, Texts.GapDamaged));
    }

    // What is appended to a damaged segment could not be read again.
    private void CloseSegment(Segment damaged)
    {
        lock (writing)
        {
            bool isNewest;
            lock (gate) isNewest = segments[^1] == damaged;
            if (!isNewest) return;
            appender?.Dispose();
            appender = null;
        }
    }

    private void Lose(SpoolGap gap)
    {
        lock (gate)
        {
            dropped += gap.Count;
            pending.Add(gapObservation(gap));
        }
        say(Texts.SpoolLost(gap));
    }

    private void StayWithinCapacity()
    {
        while (true)
        {
            SpoolGap? gap = null;
            lock (gate)
            {
                if (segments.Count < 2 || segments.Sum(s => s.Bytes) <= settings.Capacity) return;
                var oldest = segments[0];
                segments.RemoveAt(0);
                Remove(oldest);
                var from = Math.Max(oldest.First, acknowledged + 1);
                if (from <= oldest.Last) gap = new SpoolGap(from, oldest.Last, oldest.Last - from + 1, Texts.GapFull);
            }
            if (gap is not null) Lose(gap);
        }
    }

    // The newest segment stays even when all of it is acknowledged: its records carry the boot and the number on.
    private void Forget()
    {
        lock (gate)
        {
            while (segments.Count > 1 && segments[0].Last <= acknowledged)
            {
                Remove(segments[0]);
                segments.RemoveAt(0);
            }
        }
    }

    private static void Remove(Segment segment)
    {
        if (segment.Damaged)
        {
            SpoolRecovery.SetAside(segment.File);
            return;
        }
        try { File.Delete(segment.File); }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException) { /* found again at the next start, and sent again: duplicates */ }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
