namespace SignalWatch.Hardware;

/// <summary>Flows in the order in which they were heard of last. Linked through the flows themselves, because they move with every datagram.</summary>
internal sealed class FlowList
{
    private TapStream? first;
    private TapStream? last;

    public int Count { get; private set; }

    public void Add(TapStream flow)
    {
        (flow.Older, flow.Newer) = (last, null);
        if (last is null) first = flow;
        else last.Newer = flow;
        last = flow;
        Count++;
    }

    public void Remove(TapStream flow)
    {
        if (flow.Older is null) first = flow.Newer;
        else flow.Older.Newer = flow.Newer;
        if (flow.Newer is null) last = flow.Older;
        else flow.Newer.Older = flow.Older;
        (flow.Older, flow.Newer) = (null, null);
        Count--;
    }

    public void MoveToEnd(TapStream flow)
    {
        if (flow == last) return;
        Remove(flow);
        Add(flow);
    }

    /// <summary>Takes out the one that was not heard of for the longest time.</summary>
    public TapStream RemoveFirst()
    {
        var flow = first!;
        Remove(flow);
        return flow;
    }
}
