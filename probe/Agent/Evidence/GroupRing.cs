using SignalWatch.Fm;

namespace SignalWatch.Probe.Evidence;

/// <summary>A group of RDS and when it was complete.</summary>
internal readonly record struct TimedGroup(long Ticks, RdsGroup Group);

/// <summary>The last minutes of one carrier's RDS groups. It grows as they come, up to what 11.4 groups a second make of its time.</summary>
internal sealed class GroupRing(TimeSpan length)
{
    // 1187.5 bit/s over 104 bits a group (EN 50067 §1.6, §2.1).
    private const double GroupsPerSecond = 1187.5 / 104;

    private readonly int most = (int)Math.Ceiling(length.TotalSeconds * GroupsPerSecond);
    private readonly Queue<TimedGroup> groups = new();

    public int Count => groups.Count;

    public void Add(in TimedGroup group)
    {
        while (groups.Count > 0 && (groups.Count >= most || groups.Peek().Ticks < group.Ticks - length.Ticks)) groups.Dequeue();
        groups.Enqueue(group);
    }

    public TimedGroup[] ToArray() => [.. groups];
}
