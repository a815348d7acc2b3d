using System.Collections.Concurrent;

namespace SignalWatch.Collector.Ingest;

/// <summary>Readers that are not in use: what one remembers of names and texts serves the next batch. No more than batches were ever read at once.</summary>
internal sealed class ObservationReaders
{
    private readonly ConcurrentBag<ObservationReader> idle = [];

    /// <summary>Reads a batch, see <see cref="ObservationBatch.Parse"/>.</summary>
    public ObservationBatch Read(ReadOnlyMemory<byte> body)
    {
        if (!idle.TryTake(out var reader)) reader = new();
        try
        {
            return ObservationBatch.Parse(body, reader);
        }
        finally
        {
            idle.Add(reader);
        }
    }
}
