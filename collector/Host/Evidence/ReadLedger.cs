namespace SignalWatch.Collector.Evidence;

/// <summary>A player asks for many ranges of one file: that is one reading, as long as the same person goes on within ten minutes. Forgets on a restart: then it is recorded once more.</summary>
internal sealed class ReadLedger(TimeProvider time)
{
    private const int MostReaders = 10_000;
    private static readonly TimeSpan OneReading = TimeSpan.FromMinutes(10);

    private readonly Dictionary<(string Sha256, string Actor), DateTimeOffset> last = [];
    private readonly Lock gate = new();

    /// <summary>True where the custody record has to have it.</summary>
    public bool IsNew(string sha256, string actor)
    {
        lock (gate)
        {
            var now = time.GetUtcNow();
            if (last.TryGetValue((sha256, actor), out var before) && now - before < OneReading) return false;
            if (last.Count >= MostReaders) last.Clear();
            last[(sha256, actor)] = now;
            return true;
        }
    }
}
