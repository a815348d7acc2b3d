namespace SignalWatch.TransportStream;

/// <summary>Where an occurrence belongs: an alarm stands for each check, PID and service, and for each section where sections are told apart.</summary>
internal readonly record struct AlarmKey(Check Check, int Pid, int ServiceId, int Part = AlarmKey.None)
{
    public const int None = -1;
}

/// <summary>The alarms of a stream: each occurrence is counted, also while its alarm stands; seconds with an error are counted once each.</summary>
/// <param name="holdNs">A moment's alarm ends after so long without another, ns.</param>
/// <param name="affected">The services that an occurrence on a PID or a service hurts.</param>
/// <param name="told">Takes what happened.</param>
internal sealed class Alarms(long holdNs, Func<int?, int?, int[]> affected, Action<TransportStreamOccurrence> told)
{
    private const long SecondNs = 1_000_000_000;

    private readonly Dictionary<AlarmKey, Alarm> standing = [];
    private readonly Dictionary<Check, Tally> tallies = [];
    private readonly Dictionary<int, Seconds> services = [];
    private readonly List<AlarmKey> over = [];
    private DateTimeOffset latest = DateTimeOffset.MinValue;

    /// <summary>When <see cref="Advance"/> has something to do next, ns.</summary>
    public long NextDue { get; private set; } = long.MaxValue;

    /// <summary>Something occurred.</summary>
    /// <param name="occurrence">What; its <see cref="TransportStreamOccurrence.Change"/> is decided here.</param>
    /// <param name="at">When, ns.</param>
    /// <param name="lasts">It is a state that lasts until <see cref="End"/>, not a moment.</param>
    /// <param name="part">The section, where sections are told apart.</param>
    public void Raise(in TransportStreamOccurrence occurrence, long at, bool lasts, int? part = null)
    {
        var tally = TallyOf(occurrence.Check);
        tally.Count++;
        tally.Seconds.Mark(at / SecondNs);
        var hurt = occurrence.Check.Priority == CheckPriority.First ? affected(occurrence.Pid, occurrence.ServiceId) : [];
        foreach (var service in hurt) SecondsOf(service).Mark(at / SecondNs);
        var key = new AlarmKey(occurrence.Check, occurrence.Pid ?? AlarmKey.None, occurrence.ServiceId ?? AlarmKey.None, part ?? AlarmKey.None);
        var stands = standing.TryGetValue(key, out var alarm);
        if (!stands)
        {
            standing.Add(key, alarm = new Alarm(occurrence, hurt));
            tally.Standing++;
        }
        if (lasts && !alarm!.Lasts)
        {
            alarm.Lasts = true;
            tally.Seconds.Lasting++;
            foreach (var service in alarm.Services) SecondsOf(service).Lasting++;
        }
        alarm!.Until = at + holdNs;
        NextDue = Math.Min(NextDue, Math.Min(alarm.Lasts ? long.MaxValue : alarm.Until, NextSecond(at)));
        Tell(occurrence with { Change = stands ? OccurrenceChange.Repeat : OccurrenceChange.Raise });
    }

    /// <summary>A state that lasted is over.</summary>
    public void End(in AlarmKey key, long at, DateTimeOffset time, long packetIndex)
    {
        if (!standing.TryGetValue(key, out var alarm) || !alarm.Lasts) return;
        Span(at);
        Clear(key, alarm, time, packetIndex);
    }

    /// <summary>Time passed: alarms of moments end when they were quiet for the hold time, and lasting ones make each second an error second.</summary>
    public void Advance(long at, Func<long, DateTimeOffset> clock, long packetIndex)
    {
        if (at < NextDue) return;
        NextDue = long.MaxValue;
        Span(at);
        foreach (var (key, alarm) in standing)
        {
            if (alarm.Lasts) NextDue = Math.Min(NextDue, NextSecond(at));
            else if (alarm.Until <= at) over.Add(key);
            else NextDue = Math.Min(NextDue, alarm.Until);
        }
        if (over.Count > 1) over.Sort((a, b) => standing[a].Until.CompareTo(standing[b].Until));
        foreach (var key in over) Clear(key, standing[key], clock(standing[key].Until), packetIndex);
        over.Clear();
    }

    /// <summary>What became of the checks since the last call.</summary>
    public IReadOnlyList<CheckReport> Take(long at)
    {
        Span(at);
        List<CheckReport> reports = [];
        foreach (var check in Checks.All)
        {
            if (!tallies.TryGetValue(check, out var tally)) continue;
            var seconds = tally.Seconds.Take();
            if (tally.Count > 0 || seconds > 0 || tally.Standing > 0) reports.Add(new CheckReport(check, tally.Count, seconds, tally.Standing));
            tally.Count = 0;
        }
        return reports;
    }

    /// <summary>Seconds in which an alarm of priority 1 stood on a service, since the last call.</summary>
    public int TakeErrorSeconds(int serviceId) => services.TryGetValue(serviceId, out var seconds) ? seconds.Take() : 0;

    // All seconds since the last marked one, which lasting states filled.
    private void Span(long at)
    {
        foreach (var tally in tallies.Values) tally.Seconds.Span(at / SecondNs);
        foreach (var seconds in services.Values) seconds.Span(at / SecondNs);
    }

    private static long NextSecond(long at) => (at / SecondNs + 1) * SecondNs;

    private void Clear(AlarmKey key, Alarm alarm, DateTimeOffset time, long packetIndex)
    {
        standing.Remove(key);
        var tally = TallyOf(key.Check);
        tally.Standing--;
        if (alarm.Lasts)
        {
            tally.Seconds.Lasting--;
            foreach (var service in alarm.Services) SecondsOf(service).Lasting--;
        }
        Tell(new TransportStreamOccurrence { Check = key.Check, Change = OccurrenceChange.Clear, At = time, PacketIndex = packetIndex, Pid = alarm.First.Pid, ServiceId = alarm.First.ServiceId, TableId = alarm.First.TableId });
    }

    // In the order of their times: that a PID is back is noticed up to 0.1 s after its packet, and something else may have been told since.
    private void Tell(TransportStreamOccurrence occurrence)
    {
        if (occurrence.At < latest) occurrence = occurrence with { At = latest };
        latest = occurrence.At;
        told(occurrence);
    }

    private Tally TallyOf(Check check)
    {
        if (!tallies.TryGetValue(check, out var tally)) tallies.Add(check, tally = new Tally());
        return tally;
    }

    private Seconds SecondsOf(int service)
    {
        if (!services.TryGetValue(service, out var seconds)) services.Add(service, seconds = new Seconds());
        return seconds;
    }

    private sealed class Alarm(TransportStreamOccurrence first, int[] services)
    {
        public TransportStreamOccurrence First { get; } = first;

        /// <summary>The services that it hurt when it began.</summary>
        public int[] Services { get; } = services;

        public bool Lasts { get; set; }

        /// <summary>It ends then, unless it lasts or occurs again.</summary>
        public long Until { get; set; }
    }

    private sealed class Tally
    {
        public long Count { get; set; }

        public int Standing { get; set; }

        public Seconds Seconds { get; } = new();
    }

    /// <summary>Seconds with an error, each counted once.</summary>
    private sealed class Seconds
    {
        private long last = -1;
        private int count;

        /// <summary>States that last now.</summary>
        public int Lasting { get; set; }

        public void Mark(long second)
        {
            if (second <= last) return;
            last = second;
            count++;
        }

        public void Span(long second)
        {
            if (Lasting == 0 || second <= last) return;
            count += (int)Math.Min(second - last, int.MaxValue - count);
            last = second;
        }

        public int Take()
        {
            var taken = count;
            count = 0;
            return taken;
        }
    }
}
