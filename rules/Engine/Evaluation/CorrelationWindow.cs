namespace SignalWatch.Rules.Evaluation;

/// <summary>Something that happened in a window: when, how often, and for distinct values which.</summary>
internal readonly record struct WindowEvent(DateTimeOffset At, long Weight, string? Value) : IComparable<WindowEvent>
{
    /// <summary>By time; equal times in an order that does not depend on which came first.</summary>
    public int CompareTo(WindowEvent other)
    {
        var order = At.CompareTo(other.At);
        if (order == 0) order = string.CompareOrdinal(Value, other.Value);
        return order != 0 ? order : Weight.CompareTo(other.Weight);
    }
}

/// <summary>The newest events of one strand, as many as the rule can ever need: whether there are five in ten minutes depends on the newest five alone.</summary>
internal sealed class CorrelationWindow
{
    private const int MostCharacters = 256; // a fact longer than this is told from others by its beginning; memory stays bounded

    private readonly List<WindowEvent> events = []; // oldest first

    public IReadOnlyList<WindowEvent> Events => events;

    /// <summary>Adds what happened <paramref name="weight"/> times at <paramref name="at"/>, which may be older than what is there.</summary>
    /// <param name="at">Event time.</param>
    /// <param name="weight">How often.</param>
    /// <param name="most">The most that the rule ever asks for.</param>
    public void Add(DateTimeOffset at, long weight, int most)
    {
        Insert(new(at, Math.Min(weight, most), null));
        var rest = 0L;
        var first = events.Count;
        while (first > 0 && rest < most) rest += events[--first].Weight;
        if (first > 0) events.RemoveRange(0, first);
    }

    /// <summary>Adds a value seen at <paramref name="at"/>; of each value only the newest time is kept.</summary>
    public void Add(DateTimeOffset at, string value, int most)
    {
        if (value.Length > MostCharacters) value = value[..MostCharacters];
        for (var i = 0; i < events.Count; i++)
        {
            if (!string.Equals(events[i].Value, value, StringComparison.Ordinal)) continue;
            if (events[i].At >= at) return;
            events.RemoveAt(i);
            break;
        }
        Insert(new(at, 1, value));
        if (events.Count > most) events.RemoveAt(0);
    }

    /// <summary>How much happened in the span that ends at <paramref name="newest"/>.</summary>
    public long Total(DateTimeOffset newest, TimeSpan within)
    {
        var total = 0L;
        for (var i = events.Count - 1; i >= 0 && newest - events[i].At < within; i--) total += events[i].Weight;
        return total;
    }

    /// <summary>Takes back an event as it was stored.</summary>
    public void Restore(WindowEvent stored) => Insert(stored);

    private void Insert(WindowEvent added)
    {
        var index = events.Count;
        while (index > 0 && events[index - 1].CompareTo(added) > 0) index--;
        events.Insert(index, added);
    }
}

/// <summary>How far a sequence has come: for each step, the newest start of a chain that ends with it. Steps at equal times do not follow each other, so their order of arrival decides nothing.</summary>
internal sealed class SequenceState(int steps)
{
    /// <summary>Chains that ended before <see cref="At"/>; UTC ticks of their start, 0 for none.</summary>
    public long[] Before { get; } = new long[steps];

    /// <summary>Chains that end at <see cref="At"/>.</summary>
    public long[] Now { get; } = new long[steps];

    /// <summary>Time of the newest observation.</summary>
    public DateTimeOffset At { get; set; }

    public bool IsComplete(TimeSpan within) => IsWithin(Math.Max(Before[^1], Now[^1]), At, within);

    /// <summary>Moves to <paramref name="at"/>, which is not before <see cref="At"/>.</summary>
    public void Move(DateTimeOffset at)
    {
        if (at <= At) return;
        for (var i = 0; i < Before.Length; i++)
        {
            Before[i] = Math.Max(Before[i], Now[i]);
            Now[i] = 0;
        }
        At = at;
    }

    /// <summary>Whether the step before <paramref name="step"/> has been done, so that this one may follow now.</summary>
    public bool MayFollow(int step, TimeSpan within) => step == 0 || IsWithin(Before[step - 1], At, within);

    public void Do(int step) => Now[step] = Math.Max(Now[step], step == 0 ? At.UtcTicks : Before[step - 1]);

    private static bool IsWithin(long start, DateTimeOffset at, TimeSpan within) => start != 0 && at.UtcTicks - start < within.Ticks;
}
