namespace SignalWatch.TransportStream;

/// <summary>The transport streams inside T2-MI components (TS 102 773), each with an analyser of its own.</summary>
internal sealed class InnerStreams(TransportStreamSettings settings)
{
    private const int MostStreams = 32;

    private readonly SortedDictionary<int, T2MiReader> readers = [];
    private readonly SortedDictionary<(int Pid, int Plp), TransportStreamAnalyzer> analyzers = [];
    private readonly TransportStreamSettings inner = settings with { Lineup = null, NominalBitrateBps = null };
    private DateTimeOffset now;

    /// <summary>Takes packets of an inner stream: PID of the T2-MI, physical layer pipe, whole packets.</summary>
    public event InnerPackets? Unwrapped;

    /// <summary>Takes the payload of a packet of a T2-MI component.</summary>
    public void Push(int pid, ReadOnlySpan<byte> payload, bool unitStart, DateTimeOffset at)
    {
        now = at;
        if (!readers.TryGetValue(pid, out var reader)) readers.Add(pid, reader = new T2MiReader((plp, packets) => Take(pid, plp, packets)));
        reader.Push(payload, unitStart);
    }

    /// <summary>Packets of the PID are missing.</summary>
    public void Lose(int pid)
    {
        if (readers.TryGetValue(pid, out var reader)) reader.Loss();
    }

    /// <summary>What each was like since the last report.</summary>
    public IReadOnlyList<InnerStreamReport> Report(DateTimeOffset at) =>
        [.. analyzers.Select(a => new InnerStreamReport(a.Key.Pid, a.Key.Plp, readers[a.Key.Pid].PacketsLost, readers[a.Key.Pid].CrcErrors, a.Value.Report(at)))];

    private void Take(int pid, int plp, ReadOnlySpan<byte> packets)
    {
        Unwrapped?.Invoke(pid, plp, packets);
        if (!analyzers.TryGetValue((pid, plp), out var analyzer))
        {
            if (analyzers.Count >= MostStreams) return;
            analyzers.Add((pid, plp), analyzer = new TransportStreamAnalyzer(inner));
        }
        analyzer.Push(packets, now);
    }
}
