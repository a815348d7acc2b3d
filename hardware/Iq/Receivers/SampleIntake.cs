using System.Threading.Channels;
using SignalWatch.Contracts;

namespace SignalWatch.Hardware.Iq;

/// <summary>What a receiver's thread hands its bytes to, and what the samples are read from: bounded, with time stamps, and with everything that is lost counted and marked.
/// One thread gives, one reads; tuning may come from any.</summary>
internal sealed class SampleIntake
{
    private const double BlockSeconds = 0.01;

    private readonly Lock gate = new();
    private readonly SampleEncoding encoding;
    private readonly double sampleRateHz;
    private readonly int bytesEach;
    private readonly int blockBytes;
    private readonly int maxBlocks;
    private readonly ArrivalClock clock;
    private readonly Channel<SampleBlock> full;
    private readonly Channel<SampleBlock> free;
    private int madeBlocks;
    private SampleBlock? filling;
    private SampleBlock? reading;
    private int consumed;
    private bool holding;
    private bool discontinuity = true;
    private DateTimeOffset? settledAt;
    private TaskCompletionSource? settled;
    private Exception? failure;
    private int tuning;
    private int filled;
    private long blockStart;

    /// <param name="encoding">Of the bytes that come.</param>
    /// <param name="sampleRateHz">Complex samples a second.</param>
    /// <param name="buffer">How long a reader may stay away before samples are lost.</param>
    public SampleIntake(SampleEncoding encoding, double sampleRateHz, TimeSpan buffer)
    {
        (this.encoding, this.sampleRateHz) = (encoding, sampleRateHz);
        bytesEach = 2 * encoding.Bytes();
        blockBytes = Math.Clamp((int)(BlockSeconds * sampleRateHz), 64, 1 << 20) * bytesEach;
        maxBlocks = Math.Clamp((int)(buffer.TotalSeconds * sampleRateHz * bytesEach / blockBytes), 4, 4096);
        clock = new ArrivalClock(sampleRateHz);
        full = Channel.CreateUnbounded<SampleBlock>(new UnboundedChannelOptions { SingleWriter = true });
        free = Channel.CreateUnbounded<SampleBlock>();
    }

    /// <summary>Samples that arrived.</summary>
    public long Received { get; private set; }

    /// <summary>Samples that are known to be lost, here or before.</summary>
    public long Lost { get; private set; }

    /// <summary>Places where samples are missing, tunings left out.</summary>
    public long Discontinuities { get; private set; }

    /// <summary>Takes bytes from the receiver, in pieces of any size.</summary>
    /// <param name="bytes">Whole values or parts of them.</param>
    /// <param name="at">When the last of them arrived.</param>
    public void Accept(ReadOnlySpan<byte> bytes, DateTimeOffset at)
    {
        lock (gate)
        {
            var samples = (filled % bytesEach + bytes.Length) / bytesEach;
            Received += samples;
            clock.Arrived(samples, at, out var missing);
            if (missing > 0)
            {
                // The clock counts anew: what was filled before these is as far back as it was.
                NoteLoss(missing);
                blockStart = clock.Samples - samples - filled / bytesEach;
            }
            Fill(bytes);
        }
    }

    /// <summary>Samples are missing between those that came and those that come next; both are whole.</summary>
    /// <param name="samples">How many.</param>
    public void Lose(long samples)
    {
        lock (gate)
        {
            NoteLoss(samples);
            clock.Skip(samples);
            DropPartial();
        }
    }

    /// <summary>The receiver's stream broke off: what was begun is dropped, the clock starts afresh with what comes.</summary>
    public void Restart()
    {
        lock (gate)
        {
            NoteLoss(0);
            clock.Restart();
            DropPartial();
        }
    }

    /// <summary>Before a tuning, or a change of the receiver's mode: from now on everything is dropped, also what waits to be read.</summary>
    public void Hold()
    {
        lock (gate)
        {
            tuning++;
            holding = true;
            // Blocks that nobody will read would leave no room for those that are waited for.
            while (full.Reader.TryRead(out var stale)) free.Writer.TryWrite(stale);
        }
    }

    /// <summary>The receiver was given its command: samples count again that were taken at <paramref name="from"/> or later.</summary>
    /// <returns>Completes when the first of them is there.</returns>
    public Task Settle(DateTimeOffset from)
    {
        lock (gate)
        {
            if (failure is not null) return Task.FromException(failure); // nobody would ever complete it
            holding = false;
            settledAt = from;
            settled ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return settled.Task;
        }
    }

    /// <summary>The receiver is gone: whoever reads or waits is told.</summary>
    public void Fail(Exception why)
    {
        lock (gate)
        {
            failure ??= why;
            settled?.TrySetException(why);
            settled = null;
            full.Writer.TryComplete(why);
        }
    }

    /// <summary>Reads samples.</summary>
    /// <exception cref="ProblemException">The receiver failed.</exception>
    public async ValueTask<IqRead> ReadAsync(Memory<float> interleaved, CancellationToken cancel)
    {
        while (true)
        {
            cancel.ThrowIfCancellationRequested();
            reading ??= await NextAsync(cancel).ConfigureAwait(false);
            lock (gate)
            {
                // A block of the frequency before: dropped even where its first part was read.
                if (reading.Tuning != tuning)
                {
                    Return();
                    continue;
                }
            }
            var bytes = Math.Min(blockBytes - consumed, interleaved.Length / 2 * bytesEach);
            encoding.Convert(reading.Bytes.AsSpan(consumed, bytes), interleaved.Span);
            var read = new IqRead(bytes / bytesEach, reading.At + TimeSpan.FromTicks((long)Math.Round(consumed / bytesEach / sampleRateHz * TimeSpan.TicksPerSecond)), reading.Discontinuity && consumed == 0);
            consumed += bytes;
            if (consumed == blockBytes) Return();
            return read;
        }
    }

    private async ValueTask<SampleBlock> NextAsync(CancellationToken cancel)
    {
        try
        {
            return await full.Reader.ReadAsync(cancel).ConfigureAwait(false);
        }
        catch (ChannelClosedException closed) when (closed.InnerException is ProblemException problem)
        {
            throw new ProblemException(problem.Problem, problem);
        }
        catch (ChannelClosedException closed)
        {
            throw new ObjectDisposedException(nameof(SampleIntake), closed);
        }
    }

    private void Return()
    {
        free.Writer.TryWrite(reading!);
        (reading, consumed) = (null, 0);
    }

    private void Fill(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (filled == 0) filling ??= Rent(); // null where there is no room: the whole block is lost, so that I and Q do not change places
            var now = Math.Min(bytes.Length, blockBytes - filled);
            if (filling is not null) bytes[..now].CopyTo(filling.Bytes.AsSpan(filled));
            filled += now;
            bytes = bytes[now..];
            if (filled < blockBytes) return;
            Post(clock.TimeOf(blockStart));
            blockStart += blockBytes / bytesEach;
            filled = 0;
        }
    }

    private void Post(DateTimeOffset at)
    {
        if (holding || at < settledAt) return; // filled again
        if (filling is not { } block)
        {
            NoteLoss(blockBytes / bytesEach);
            return;
        }
        (block.At, block.Tuning, block.Discontinuity) = (at, tuning, discontinuity || settledAt is not null);
        (filling, discontinuity, settledAt) = (null, false, null);
        full.Writer.TryWrite(block);
        settled?.TrySetResult();
        settled = null;
    }

    private SampleBlock? Rent()
    {
        if (!free.Reader.TryRead(out var block))
        {
            if (madeBlocks == maxBlocks) return null;
            madeBlocks++;
            block = new SampleBlock(blockBytes);
        }
        return block;
    }

    private void DropPartial() => (filled, blockStart) = (0, clock.Samples);

    private void NoteLoss(long samples)
    {
        Lost += samples;
        if (!discontinuity) Discontinuities++;
        discontinuity = true;
    }
}
