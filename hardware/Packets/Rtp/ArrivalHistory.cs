namespace SignalWatch.Hardware;

/// <summary>What became of a sequence number.</summary>
[Flags]
internal enum ArrivalFlags
{
    None = 0,

    /// <summary>It came by the first path, or the only one.</summary>
    First = 1,

    /// <summary>It came by the second path of a hitless pair.</summary>
    Second = 2,

    /// <summary>It came, by whichever path.</summary>
    Received = First | Second,

    /// <summary>FEC rebuilt it.</summary>
    Recovered = 4,

    /// <summary>It was given up.</summary>
    Lost = 8,

    /// <summary>On the first path it was overtaken.</summary>
    OvertakenFirst = 16,

    /// <summary>On the second path it was overtaken.</summary>
    OvertakenSecond = 32,
}

/// <summary>One sequence number.</summary>
internal struct Arrival
{
    public long Sequence;
    public long TimeNs;
    public ArrivalFlags Flags;
    public int Depth;

    public readonly bool Has(ArrivalFlags any) => (Flags & any) != 0;
}

/// <summary>What became of the latest sequence numbers: tells a duplicate from a late packet and the second copy of a pair from both.</summary>
internal sealed class ArrivalHistory
{
    private const int OnePath = 2048;
    private const int TwoPaths = 8192; // 450 ms at 190 Mb/s, or 2.2 s at 38 Mb/s

    private Arrival[] arrivals = new Arrival[OnePath];

    public int Capacity => arrivals.Length;

    /// <summary>The record of a sequence number. One that was not seen yet takes the room of a number that is <see cref="Capacity"/> older: ask for recent ones only.</summary>
    public ref Arrival this[long sequence]
    {
        get
        {
            ref var arrival = ref arrivals[(int)(sequence & (arrivals.Length - 1))];
            if (arrival.Sequence != sequence) arrival = new Arrival { Sequence = sequence };
            return ref arrival;
        }
    }

    /// <summary>A copy of the record; an empty one where nothing is known. Changes nothing.</summary>
    public Arrival Peek(long sequence)
    {
        var arrival = arrivals[(int)(sequence & (arrivals.Length - 1))];
        return arrival.Sequence == sequence ? arrival : default;
    }

    /// <summary>Remembers as long as the skew of a pair may be.</summary>
    public void ForTwoPaths()
    {
        if (arrivals.Length == TwoPaths) return;
        var before = arrivals;
        arrivals = new Arrival[TwoPaths];
        foreach (var arrival in before)
            if (arrival.Sequence != 0) arrivals[(int)(arrival.Sequence & (TwoPaths - 1))] = arrival;
    }
}
