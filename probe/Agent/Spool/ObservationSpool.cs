using System.Buffers;
using System.Text.Json;
using SignalWatch.Contracts;

namespace SignalWatch.Probe.Spool;

/// <summary>Keeps observations of one boot on disk until the collector has them. Each gets its number when it is written, and is sent only after its fsync:
/// a number that was sent and then lost in a power cut would be given twice, and the second record taken for a duplicate.
/// After a crash what is not acknowledged is sent again: duplicates, never loss. What can't be kept becomes a <c>probe.gap</c>, never silence.</summary>
internal sealed class ObservationSpool : IDisposable
{
    private readonly SpoolSettings settings;
    private readonly Func<SpoolGap, Observation> gapObservation;
    private readonly Action<Observation> tellGap;
    private readonly bool tellsHere;
    private readonly Action<Text> say;
    private readonly Func<string, long, SegmentAppender> openSegment;
    private readonly string folder;

    private readonly Lock gate = new();        // what follows
    private readonly List<Segment> segments;
    private List<Observation> pending = [];
    private long lostInMemory;
    private long acknowledged, durable;
    private long dropped;
    private bool failing, untold;

    private readonly Lock writing = new();     // what follows: one flush at a time
    private readonly ArrayBufferWriter<byte> buffer = new(64 * 1024);
    private readonly ArrayBufferWriter<byte> line = new(1024);
    private List<Observation> spare = [];
    private SegmentAppender? appender;
    private long next;

    private long wanted;                       // number of the record to send next; with the reader, the sender's alone
    private SegmentReader? reader;

    /// <summary>Opens the spool in a folder, or begins one.</summary>
    /// <param name="folder">Its own.</param>
    /// <param name="settings">How it behaves.</param>
    /// <param name="gapObservation">Makes a <c>probe.gap</c>.</param>
    /// <param name="say">For the log.</param>
    /// <param name="openSegment">Opens a segment to append to; null: a file.</param>
    /// <param name="tellGap">Where the gaps of numbers are told; null: here. What was lost before it got a number is always told here, where it is missing.</param>
    /// <exception cref="ProblemException"><c>spool.unusable</c>: the folder can't be read or written.</exception>
    public ObservationSpool(string folder, SpoolSettings settings, Func<SpoolGap, Observation> gapObservation, Action<Text> say, Func<string, long, SegmentAppender>? openSegment = null,
        Action<Observation>? tellGap = null)
    {
        (this.folder, this.settings, this.gapObservation, this.say, this.tellGap, tellsHere) = (folder, settings, gapObservation, say, tellGap ?? Pend, tellGap is null);
        this.openSegment = openSegment ?? ((file, length) => new SegmentAppender(file, length));
        SpoolRecovery found;
        try { found = SpoolRecovery.Of(folder); }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new ProblemException(Texts.SpoolUnusable(folder, failure.Message), failure);
        }
        (Boot, segments, next, acknowledged) = (found.Boot, found.Segments, found.Next, found.Acknowledged);
        (durable, wanted) = (segments.Count > 0 ? segments[^1].Last : next - 1, acknowledged + 1);
        foreach (var gap in found.Gaps) Lose(gap);
        Forget();
    }

    /// <summary>The life of this spool: a new one where the folder was new or unreadable.</summary>
    public Guid Boot { get; }

    public string Folder => folder;

    /// <summary>How far the collector has acknowledged, or that is lost and told.</summary>
    public long Acknowledged { get { lock (gate) return acknowledged; } }

    /// <summary>How far <see cref="Read"/> has given records out.</summary>
    public long Sent { get { lock (gate) return wanted - 1; } }

    public SpoolFigures Figures
    {
        get { lock (gate) return new(Math.Max(0, durable - acknowledged) + pending.Count, segments.Sum(s => s.Bytes), dropped, failing); }
    }

    /// <summary>There is something for <see cref="Read"/>.</summary>
    public bool HasUnsent { get { lock (gate) return wanted <= durable; } }

    /// <summary>Something waits in memory for the next flush.</summary>
    public bool HasUnwritten { get { lock (gate) return pending.Count > 0; } }

    /// <summary>The collector has all that was ever taken in, or was told that it is lost.</summary>
    public bool IsDelivered { get { lock (gate) return acknowledged >= durable && pending.Count == 0 && lostInMemory == 0 && !untold; } }

    /// <summary>Takes an observation. Never blocks and never fails; it is on disk after the next flush.</summary>
    /// <returns>True where so many wait that a flush is due now.</returns>
    public bool Append(Observation observation)
    {
        lock (gate)
        {
            if (pending.Count >= settings.MemoryRecords)
            {
                var gone = Math.Max(1, pending.Count / 10); // a tenth at once: moving the whole list for each record would cost more than keeping it
                pending.RemoveRange(0, gone);
                lostInMemory += gone;
                dropped += gone;
            }
            pending.Add(observation);
            return pending.Count >= settings.FlushRecords;
        }
    }

    /// <summary>Writes what waits, with fsync.</summary>
    /// <returns>False where the disk did not take it: it is kept in memory.</returns>
    public bool Flush()
    {
        lock (writing)
        {
            List<Observation> batch;
            long lost;
            lock (gate)
            {
                if (pending.Count == 0) return true; // where memory lost something, it is full
                lost = lostInMemory;
                if (lost > 0) pending.Insert(0, gapObservation(new SpoolGap(null, null, lost, Texts.GapMemory)));
                (batch, pending) = (pending, spare); // never one list in both places: what is appended now would be cleared with what was written
            }
            try
            {
                Write(batch, lost);
            }
            // Mostly the disk's doing; a surprise must not end the loop that keeps the evidence either.
            catch (Exception failure)
            {
                KeepInMemory(batch, lost, failure.Message);
                return false;
            }
            batch.Clear();
            spare = batch;
            if (tellsHere) Settle();
            return true;
        }
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
            through = Math.Min(through, durable);
            if (through <= acknowledged) return;
            acknowledged = through;
        }
        KeepCursor();
        Forget();
    }

    /// <summary>What is lost was told, and that is on disk: it need not be found again at the next start.</summary>
    public void Settle()
    {
        lock (gate)
        {
            if (!untold) return;
            untold = false;
            DroppedSegment.Forget(folder);
        }
        KeepCursor();
    }

    /// <summary>Lets the oldest segment go, for what matters more: a gap, which is told.</summary>
    /// <param name="evenNewest">Nothing is appended any more: the newest may go too.</param>
    /// <returns>Bytes freed; 0 where there is none to give.</returns>
    public long DropOldest(bool evenNewest)
    {
        lock (writing)
        {
            SpoolGap? gap;
            Segment oldest;
            lock (gate)
            {
                if (segments.Count < (evenNewest ? 1 : 2)) return 0;
                oldest = segments[0];
                if (segments.Count == 1) CloseAppender();
                gap = Drop();
            }
            if (gap is not null) Lose(gap);
            return oldest.Bytes;
        }
    }

    /// <summary>When the oldest record was made that waits on disk; null where none waits, or it can't be read.</summary>
    public DateTimeOffset? WaitingSince()
    {
        try
        {
            if (Read(1) is not { } head) return null;
            return JsonSerializer.Deserialize<SpooledObservation>(head.Lines.Span[..^1], WireJson.Options)?.Observation.At;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
        finally
        {
            Rewind();
        }
    }

    public void Dispose()
    {
        lock (writing) CloseAppender();
    }

    private void Write(List<Observation> batch, long lost)
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
            lostInMemory -= lost; // more may be lost by now than was told
            if (failing) say(Texts.SpoolWorksAgain);
            failing = false;
        }
        StayWithinCapacity();
    }

    // The segment to append to: the newest, unless it is full or the last write to it failed.
    private Segment OpenSegment()
    {
        Segment? newest;
        lock (gate) newest = segments.Count > 0 ? segments[^1] : null;
        if (appender is not null && newest is not null && newest.Bytes < settings.SegmentBytes) return newest;
        CloseAppender();
        var file = Path.Combine(folder, SegmentFile.Name(next));
        appender = openSegment(file, 0);
        SegmentFile.WriteHeader(buffer, Boot, next);
        return new Segment(file, next, next - 1, 0);
    }

    private void KeepInMemory(List<Observation> batch, long lost, string why)
    {
        CloseAppender();
        lock (gate)
        {
            if (lost > 0) batch.RemoveAt(0); // the gap is said anew when the disk works again
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
            if (acknowledged >= from - 1) acknowledged = to; // nothing can follow that would carry it on, where this is the last of a closed spool
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
            lock (gate) isNewest = segments.Count > 0 && segments[^1] == damaged;
            if (isNewest) CloseAppender();
        }
    }

    private void CloseAppender()
    {
        appender?.Dispose();
        appender = null;
    }

    private void Lose(SpoolGap gap)
    {
        lock (gate)
        {
            dropped += gap.Count;
            untold = true;
        }
        tellGap(gapObservation(gap with { Boot = Boot }));
        say(Texts.SpoolLost(gap));
    }

    // A cursor beyond what is lost would hide it, until the gap is on disk.
    private void KeepCursor()
    {
        long through;
        lock (gate)
        {
            if (untold) return;
            through = acknowledged;
        }
        Cursor.TryWrite(Path.Combine(folder, Cursor.Name), Boot, through);
    }

    private void Pend(Observation observation)
    {
        lock (gate) pending.Add(observation);
    }

    private void StayWithinCapacity()
    {
        while (true)
        {
            SpoolGap? gap;
            lock (gate)
            {
                if (segments.Count < 2 || segments.Sum(s => s.Bytes) <= settings.Capacity) return;
                gap = Drop();
            }
            if (gap is not null) Lose(gap);
        }
    }

    private SpoolGap? Drop()
    {
        var oldest = segments[0];
        segments.RemoveAt(0);
        var from = Math.Max(oldest.First, acknowledged + 1);
        if (from > oldest.Last)
        {
            Remove(oldest);
            return null;
        }
        DroppedSegment.Make(oldest, from);
        acknowledged = oldest.Last;
        wanted = Math.Max(wanted, acknowledged + 1);
        return new SpoolGap(from, oldest.Last, oldest.Last - from + 1, Texts.GapFull);
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
}
