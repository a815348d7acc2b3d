using System.Runtime.ExceptionServices;

namespace SignalWatch.Fm;

/// <summary>Lets several threads share a block's carriers. The caller's thread works too, and waits only for carriers that another thread has begun:
/// with no thread to spare, it does all of them. Nothing is allocated for a block; which thread takes a carrier has no influence on what comes out.</summary>
internal sealed class CarrierWorkers
{
    private readonly Helper[] helpers;
    private readonly List<CarrierTrack> tracks;

    // The number of carriers of the block in the upper half, the next one to take in the lower: one word, so that nobody takes a carrier of another block by the count of this one.
    private long state;
    private int unfinished;
    private Exception? failure;

    public CarrierWorkers(int workers, List<CarrierTrack> tracks)
    {
        this.tracks = tracks;
        helpers = new Helper[workers - 1];
        for (var n = 0; n < helpers.Length; n++) helpers[n] = new Helper(this);
    }

    /// <summary>Every carrier takes the channelizer's present block.</summary>
    public void ProcessBlock()
    {
        if (helpers.Length == 0 || tracks.Count < 2)
        {
            foreach (var track in tracks) track.ProcessBlock();
            return;
        }
        Volatile.Write(ref unfinished, tracks.Count);
        Volatile.Write(ref state, (long)tracks.Count << 32);
        foreach (var helper in helpers) helper.Call();
        Work();
        var wait = default(SpinWait);
        while (Volatile.Read(ref unfinished) > 0) wait.SpinOnce(sleep1Threshold: -1);
        // What a tap threw belongs to the caller, as it would without helpers.
        if (Interlocked.Exchange(ref failure, null) is { } thrown) ExceptionDispatchInfo.Throw(thrown);
    }

    private void Work()
    {
        while (true)
        {
            var seen = Volatile.Read(ref state);
            var next = (int)seen;
            if (next >= (int)(seen >> 32)) return;
            if (Interlocked.CompareExchange(ref state, seen + 1, seen) != seen) continue;
            try
            {
                tracks[next].ProcessBlock();
            }
            catch (Exception e)
            {
                Interlocked.CompareExchange(ref failure, e, null);
            }
            Interlocked.Decrement(ref unfinished);
        }
    }

    private sealed class Helper(CarrierWorkers workers) : IThreadPoolWorkItem
    {
        private int called;

        // One that has not come yet from the last block comes for this one.
        public void Call()
        {
            if (Interlocked.Exchange(ref called, 1) == 0) ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }

        public void Execute()
        {
            Volatile.Write(ref called, 0);
            workers.Work();
        }
    }
}
