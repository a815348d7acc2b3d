namespace SignalWatch.TransportStream;

/// <summary>Finds PIDs that no table names (TR 101 290 3.4.a). One packet alone is none: a flipped bit in a header would be a stranger.</summary>
internal sealed class UnreferencedPids(PidTable pids, Action<int, bool> stands)
{
    private const long LimitNs = 500_000_000;
    private const long GoneNs = 5_000_000_000;
    private const long WaitForTablesNs = 2_000_000_000;

    private readonly HashSet<int> raised = [];
    private readonly List<int> over = [];
    private long? patSince;
    private long? tablesSince;

    /// <summary>Looks at what was seen.</summary>
    /// <param name="now">ns.</param>
    /// <param name="hasPat">There was a PAT.</param>
    /// <param name="complete">Each PMT of the PAT was read.</param>
    public void Look(long now, bool hasPat, bool complete)
    {
        if (!hasPat) return;
        patSince ??= now;
        if (complete || now - patSince > WaitForTablesNs) tablesSince ??= now;
        if (tablesSince is not { } since) return;
        foreach (var pid in pids.Seen)
        {
            ref var state = ref pids[pid];
            if (state.Role != PidRole.Unreferenced || raised.Contains(pid)) continue;
            var from = Math.Max(state.UnreferencedSince, since);
            if (state.LastAt <= from || state.LastAt == state.UnreferencedSince || now - from < LimitNs) continue;
            raised.Add(pid);
            stands(pid, true);
        }
        foreach (var pid in raised)
            if (pids[pid].Role != PidRole.Unreferenced || now - pids[pid].LastAt > GoneNs) over.Add(pid);
        foreach (var pid in over)
        {
            raised.Remove(pid);
            pids[pid].UnreferencedSince = now;
            stands(pid, false);
        }
        over.Clear();
    }
}
