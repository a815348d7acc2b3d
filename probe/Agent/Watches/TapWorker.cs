using System.Collections.Concurrent;

namespace SignalWatch.Probe.Watches;

/// <summary>Analyses its share of a link's streams on a thread of its own. Datagrams are copied into blocks, because a frame is valid only until the next; blocks are used again, and there are so many and no more.
/// A stream stays with one worker, so what is found in it does not depend on the threads.</summary>
internal sealed class TapWorker : IDisposable
{
    private const int Blocks = 16;

    private readonly BlockingCollection<TapBlock> work = new(Blocks + 1);
    private readonly BlockingCollection<TapBlock> free = new(Blocks + 1);
    private readonly List<DatagramStream> streams = [];
    private readonly Thread thread;
    private readonly bool waits;
    private TapBlock? filling;
    private Exception? failure;

    /// <param name="waits">The source waits while all blocks are full; else what comes then is dropped, and counted.</param>
    public TapWorker(bool waits)
    {
        this.waits = waits;
        for (var i = 0; i < Blocks; i++) free.Add(new TapBlock());
        thread = new Thread(Run) { IsBackground = true, Name = "tap" };
        thread.Start();
    }

    /// <summary>Datagrams that were dropped because the analysis did not keep up.</summary>
    public long Dropped { get; private set; }

    /// <summary>What the link dropped so far, as the reader knows it.</summary>
    public long LinkDropped { get; set; }

    /// <summary>What was dropped before the datagrams that are analysed now: the reader is ahead of them.</summary>
    public long DroppedBefore { get; private set; }

    /// <summary>Gives it a datagram.</summary>
    public void Push(DatagramStream stream, bool isFec, ReadOnlySpan<byte> payload, long timeNs)
    {
        if (Room(payload.Length) is { } block) block.Add(stream, isFec, payload, timeNs);
        else Dropped++;
    }

    /// <summary>Time passed: what was given is analysed, and absence is found.</summary>
    public void Tick(long nowNs)
    {
        if (Room(0) is not { } block) return; // it has more than time to work on
        block.TickNs = nowNs;
        HandOver();
    }

    /// <summary>Waits until all that was given is analysed. Until the next call that gives something, its streams may be asked and changed from here.</summary>
    /// <exception cref="InvalidOperationException">The analysis failed.</exception>
    public void Settle()
    {
        HandOver();
        using var done = new ManualResetEventSlim();
        var last = free.Take();
        (last.Done, last.DroppedBefore) = (done, LinkDropped + Dropped);
        work.Add(last);
        done.Wait();
        if (failure is not null) throw new InvalidOperationException(failure.Message, failure);
    }

    /// <summary>A stream of its own from now on; only after <see cref="Settle"/>.</summary>
    public void Add(DatagramStream stream) => streams.Add(stream);

    /// <summary>No longer; only after <see cref="Settle"/>.</summary>
    public void Remove(DatagramStream stream) => streams.Remove(stream);

    public void Dispose()
    {
        work.CompleteAdding();
        thread.Join();
        work.Dispose();
        free.Dispose();
    }

    private TapBlock? Room(int bytes)
    {
        if (filling is not null && !filling.Fits(bytes)) HandOver();
        if (filling is null)
        {
            if (waits) filling = free.Take();
            else free.TryTake(out filling);
        }
        return filling;
    }

    private void HandOver()
    {
        if (filling is null) return;
        filling.DroppedBefore = LinkDropped + Dropped;
        work.Add(filling);
        filling = null;
    }

    private void Run()
    {
        foreach (var block in work.GetConsumingEnumerable())
        {
            try
            {
                if (failure is null) Analyse(block);
            }
            // It is told by who settles: an exception on this thread would end the probe.
            catch (Exception surprise)
            {
                failure = surprise;
            }
            var done = block.Done;
            block.Clear();
            free.Add(block);
            done?.Set();
        }
    }

    private void Analyse(TapBlock block)
    {
        DroppedBefore = block.DroppedBefore;
        foreach (ref readonly var datagram in block.Datagrams)
        {
            var payload = block.Payload(datagram);
            if (datagram.IsFec) datagram.Stream.PushFec(payload, datagram.TimeNs);
            else datagram.Stream.Push(payload, datagram.TimeNs);
        }
        if (block.TickNs is not { } now) return;
        foreach (var stream in streams) stream.Tick(now);
    }
}

/// <summary>Datagrams on their way to a worker.</summary>
internal sealed class TapBlock
{
    private const int BlockBytes = 256 << 10;
    private const int MostDatagrams = 1024;

    private readonly byte[] bytes = new byte[BlockBytes];
    private readonly Entry[] entries = new Entry[MostDatagrams];
    private int filled;
    private int count;

    /// <summary>After the datagrams time has come to this; null says nothing.</summary>
    public long? TickNs { get; set; }

    /// <summary>Is set once the block is analysed.</summary>
    public ManualResetEventSlim? Done { get; set; }

    /// <summary>What was dropped before its last datagram.</summary>
    public long DroppedBefore { get; set; }

    public ReadOnlySpan<Entry> Datagrams => entries.AsSpan(0, count);

    // An IP datagram has less than 64 KiB, so an empty block takes any.
    public bool Fits(int more) => count < MostDatagrams && filled + more <= BlockBytes;

    public void Add(DatagramStream stream, bool isFec, ReadOnlySpan<byte> payload, long timeNs)
    {
        payload.CopyTo(bytes.AsSpan(filled));
        entries[count++] = new Entry(stream, isFec, filled, payload.Length, timeNs);
        filled += payload.Length;
    }

    public ReadOnlySpan<byte> Payload(in Entry entry) => bytes.AsSpan(entry.Start, entry.Length);

    public void Clear()
    {
        entries.AsSpan(0, count).Clear(); // a stream that ended is not held
        (filled, count, TickNs, Done) = (0, 0, null, null);
    }

    public readonly record struct Entry(DatagramStream Stream, bool IsFec, int Start, int Length, long TimeNs);
}
