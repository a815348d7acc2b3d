using SignalWatch.Contracts;

namespace SignalWatch.Probe.FmAnalysis;

/// <summary>Takes samples.</summary>
/// <param name="interleaved">I, Q, I, Q …</param>
/// <param name="discontinuity">Samples are missing before the first one.</param>
/// <param name="end">Time of the last one.</param>
/// <returns>Whether more are wanted.</returns>
internal delegate bool IqTaker(ReadOnlySpan<float> interleaved, bool discontinuity, DateTimeOffset end);

/// <summary>Reads a source until it ends, a time is over, a taker has enough, or a person ends it.</summary>
internal sealed class IqPump(IqInput input, TimeSpan? duration)
{
    // What a taker gets at once: within it a receiver completes at most one interval, so that it can be stopped at that.
    private const int PieceSamples = 1024;
    private const double ReadSeconds = 0.05;

    private readonly double rate = input.Source.Stream.SampleRateHz;

    /// <summary>Complex samples read.</summary>
    public long Samples { get; private set; }

    /// <summary>Samples that the source says are missing.</summary>
    public long Lost { get; private set; }

    /// <summary>Time of the first sample: of reception where it is known, else of this reading.</summary>
    public DateTimeOffset? Start { get; private set; }

    /// <summary>Why it ended before a person wished it to, or null.</summary>
    public Problem? BrokeOff { get; private set; }

    /// <summary>Time of signal that was read.</summary>
    public TimeSpan Length => TimeSpan.FromSeconds(Samples / rate);

    /// <summary>Reads.</summary>
    /// <exception cref="ProblemException">The source failed before a sample came.</exception>
    public async Task RunAsync(IqTaker take, Action<TimeSpan>? progress, CancellationToken cancel)
    {
        var buffer = new float[2 * Math.Max(PieceSamples, (int)(rate * ReadSeconds))];
        DateTimeOffset? expected = null;
        try
        {
            while (true)
            {
                cancel.ThrowIfCancellationRequested();
                var wanted = duration is { } limit ? (int)Math.Min(buffer.Length / 2, (long)(limit.TotalSeconds * rate) - Samples) : buffer.Length / 2;
                if (wanted <= 0) return;
                var read = await input.Source.ReadAsync(buffer.AsMemory(0, 2 * wanted), cancel).ConfigureAwait(false);
                if (read.Samples == 0) return;
                var at = input.RecordedAt is { } recorded ? recorded + Length : read.At;
                Start ??= at;
                if (read.Discontinuity && expected is { } due && read.At > due) Lost += (long)((read.At - due).TotalSeconds * rate);
                expected = read.At + TimeSpan.FromSeconds(read.Samples / rate);
                if (!Give(buffer.AsSpan(0, 2 * read.Samples), read.Discontinuity, at, take)) return;
                progress?.Invoke(Length);
            }
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // Ctrl-C: the result so far is what the person wants to see.
        }
        catch (ProblemException failed) when (Samples > 0)
        {
            BrokeOff = failed.Problem;
        }
    }

    private bool Give(ReadOnlySpan<float> samples, bool discontinuity, DateTimeOffset at, IqTaker take)
    {
        for (var from = 0; from < samples.Length; from += 2 * PieceSamples)
        {
            var piece = samples[from..Math.Min(samples.Length, from + 2 * PieceSamples)];
            Samples += piece.Length / 2;
            if (!take(piece, discontinuity && from == 0, at + TimeSpan.FromSeconds((from + piece.Length) / 2 / rate))) return false;
        }
        return true;
    }
}
