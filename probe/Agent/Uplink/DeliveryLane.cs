using SignalWatch.Probe.Spool;

namespace SignalWatch.Probe.Uplink;

/// <summary>One of the ways that observations go to the collector: what is live of a class, or its history.</summary>
/// <param name="spools">The class.</param>
/// <param name="isHistory">Which of the two.</param>
/// <param name="perSecond">Most observations a second; null: no limit of our own.</param>
/// <param name="random">Spreads the waits.</param>
internal sealed class DeliveryLane(ClassSpool spools, bool isHistory, double? perSecond, Random random)
{
    private const int MostRecords = 1000;

    private int records = MostRecords;
    private DateTimeOffset? waitingSince;
    private double? wished;

    public ClassSpool Spools => spools;

    public bool IsHistory => isHistory;

    public BackOff BackOff { get; } = new(random);

    /// <summary>Nothing is sent before this time.</summary>
    public DateTimeOffset NotBefore { get; private set; }

    /// <summary>What is sent next, or null.</summary>
    public ObservationSpool? Next => isHistory ? spools.History : spools.Live is { HasUnsent: true } live ? live : null;

    /// <summary>Most records of the next batch.</summary>
    public int Most => Rate is { } rate ? (int)Math.Clamp(rate, 1, records) : records;

    private double? Rate => !isHistory ? null : wished is { } wish && !(wish > perSecond) ? wish : perSecond;

    /// <summary>Looks whether something waits.</summary>
    /// <param name="now">The time.</param>
    /// <param name="since">Since when, where that is known better.</param>
    public void Look(DateTimeOffset now, DateTimeOffset? since = null)
    {
        if (Next is null) waitingSince = null;
        else waitingSince ??= since ?? now;
    }

    /// <summary>What waits waited so long that it is history. A clock that was set back says nothing of how long: then it may be.</summary>
    public bool IsStale(DateTimeOffset now, TimeSpan outage) => !isHistory && waitingSince is { } since && (now - since).Duration() > outage;

    public void Hold(DateTimeOffset until)
    {
        if (until > NotBefore) NotBefore = until;
    }

    public void Halve() => records = Math.Max(1, records / 2);

    public bool CanHalve => records > 1;

    /// <summary>The collector took a batch.</summary>
    public void Delivered(DateTimeOffset sentAt, DateTimeOffset now, int count)
    {
        (records, waitingSince) = (MostRecords, Next is null ? null : now);
        BackOff.Reset();
        NotBefore = Rate is { } rate ? sentAt + TimeSpan.FromSeconds(count / rate) : sentAt;
    }

    /// <summary>What the collector wants of history, observations a second. It may slow a probe, not stop it: what is never sent is lost in the end.</summary>
    public void Wish(double? rate) => wished = rate is { } asked && double.IsFinite(asked) ? Math.Max(1, asked) : null;
}
