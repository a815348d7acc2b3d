namespace SignalWatch.Probe.Analysis;

/// <summary>A first look at a file: the size of its packets, and its rate by its own clocks. Not more than the first 64 MB.</summary>
internal sealed class FileScan
{
    private const int MostBytes = 64 << 20;
    private const int BlockBytes = 4 << 20;
    private const int MostPids = 64; // programmes with a clock of their own
    private const double RoundBps = 100; // what head-ends are set to
    private const int LargestPacket = PacketGrid.ParityBytes;

    private readonly SortedDictionary<int, PcrTrain> trains = [];

    private FileScan()
    {
    }

    /// <summary>Where its first packets are; null where there is no transport stream in what was looked at.</summary>
    public PacketGrid? Grid { get; private set; }

    /// <summary>The rate by its PCRs; null where they give none.</summary>
    public PcrFit? Fit { get; private set; }

    /// <summary>Looks at a file.</summary>
    public static FileScan Of(FileBytes file)
    {
        var scan = new FileScan();
        var buffer = new byte[BlockBytes];
        long position = 0; // of the buffer's first byte
        var filled = 0;
        while (position < MostBytes)
        {
            var read = file.Read(buffer.AsSpan(filled), position + filled);
            filled += read;
            var used = scan.Walk(buffer.AsSpan(0, filled), position, read == 0);
            if (read == 0) break;
            buffer.AsSpan(used, filled - used).CopyTo(buffer);
            (position, filled) = (position + used, filled - used);
        }
        file.EndLook();
        scan.Fit = scan.Choose();
        return scan;
    }

    // A round rate first: a stream is made at one, and of several clocks only the one that is right shows it. Else the clock with the most to say.
    private PcrFit? Choose()
    {
        var fits = trains.Values.Where(t => t.Count >= 2).Select(t => t.Fit()).OfType<PcrFit>().ToList();
        return fits.Select(f => Rounded(f, fits.Count)).OfType<PcrFit>().FirstOrDefault() ?? fits.Where(f => f.IsConstant).MaxBy(f => f.Clocks) ?? fits.MaxBy(f => f.Clocks);
    }

    // Within its error, and the error so small that hardly one file in a hundred would come so near by chance.
    private static PcrFit? Rounded(PcrFit fit, int clocks)
    {
        if (fit is not { IsConstant: true, ErrorBps: { } error }) return null;
        var round = Math.Round(fit.BitrateBps / RoundBps) * RoundBps;
        var near = Math.Max(3 * error, fit.BitrateBps * 1e-9);
        return round > 0 && 2 * near * clocks / RoundBps < 0.01 && Math.Abs(fit.BitrateBps - round) <= near ? fit with { BitrateBps = round, IsRound = true } : null;
    }

    /// <returns>Bytes that are done with.</returns>
    private int Walk(ReadOnlySpan<byte> bytes, long position, bool last)
    {
        var at = 0;
        while (bytes.Length - at >= PacketGrid.TransportBytes)
        {
            if (Grid is { } grid && bytes[at] == PacketGrid.SyncByte)
            {
                if (bytes.Length - at < grid.PacketBytes && !last) return at;
                Take(bytes.Slice(at, PacketGrid.TransportBytes), (position + at - grid.FirstSync) / (double)grid.PacketBytes);
                at += grid.PacketBytes;
                continue;
            }
            var found = PacketGrid.Find(bytes[at..]);
            if (found is not { } next) return last ? bytes.Length : Math.Max(at, bytes.Length - 5 * LargestPacket);
            foreach (var train in trains.Values) train.Break();
            Grid ??= next with { FirstSync = position + at + next.FirstSync };
            at += (int)next.FirstSync;
        }
        return Math.Min(at, bytes.Length);
    }

    private void Take(ReadOnlySpan<byte> packet, double index)
    {
        if (!PacketClock.TryRead(packet, out var pid, out var clock, out var discontinuity)) return;
        if (!trains.TryGetValue(pid, out var train))
        {
            if (trains.Count == MostPids) return;
            trains.Add(pid, train = new PcrTrain(pid));
        }
        train.Add(index, clock, discontinuity);
    }
}
