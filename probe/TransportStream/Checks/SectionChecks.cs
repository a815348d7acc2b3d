namespace SignalWatch.TransportStream;

/// <summary>What TR 101 290 asks of sections: which may be on a PID (1.3, 2.6, 3.1 to 3.8), how often each is due, and how close two may be.</summary>
internal sealed class SectionChecks
{
    private const int MaxWatched = 2048; // sections of other networks, streams and bouquets: a stream of ever new ones does not fill the memory
    private const long MsNs = 1_000_000;
    private const long BouquetNs = 10_000 * MsNs; // TR 101 211 4.4
    private const long TimeOffsetNs = 30_000 * MsNs;
    private const double TooSoonMs = 25;

    private readonly Deadlines deadlines;
    private readonly Raise raise;
    private readonly Action<AlarmKey> end;
    private readonly Deadline pat;
    private readonly Deadline nit;
    private readonly Deadline sdt;
    private readonly Deadline tdt;
    private readonly MeasurementProfile profile;
    private readonly Deadline eit;
    private Deadline? cat;
    private readonly Dictionary<int, long> lastOfTable = [];               // packet index, by table_id and extension
    private readonly Dictionary<long, Repeating> repeating = [];           // by table_id, extension and section number
    private readonly Dictionary<int, EventPair> pairs = [];                // by table_id and service

    /// <summary>Says that something occurred on a PID.</summary>
    public delegate void Raise(Check check, int pid, int tableId, double? measured, bool lasts, int? serviceId);

    public SectionChecks(Deadlines deadlines, long from, MeasurementProfile profile, Raise raise, Action<AlarmKey> end)
    {
        (this.deadlines, this.profile, this.raise, this.end) = (deadlines, profile, raise, end);
        pat = due(Checks.PatAbsent, Pids.ProgramAssociation, TableIds.ProgramAssociation);
        nit = due(Checks.NitAbsent, Pids.Network, TableIds.NetworkActual);
        sdt = due(Checks.SdtAbsent, Pids.Service, TableIds.ServiceActual);
        tdt = due(Checks.TdtAbsent, Pids.Time, TableIds.Time);
        eit = due(Checks.EitAbsent, Pids.Event, TableIds.EventActual);
        deadlines.Add(new Deadline(Checks.PatPidAbsent, (long)(Checks.PatPidAbsent.Limit!.In(profile) * MsNs), from, Pids.ProgramAssociation, kind: DeadlineKind.Packets));

        Deadline due(Check check, int pid, int table) => deadlines.Add(new Deadline(check, (long)(check.Limit!.In(profile) * MsNs), from, pid, tableId: table));
    }

    /// <summary>The PID of the network's tables, by the PAT.</summary>
    public int NetworkPid { get; set; } = Pids.Network;

    /// <summary>A packet is scrambled: from now on a CAT is due (2.6).</summary>
    public void NeedEntitlements(long now) => cat ??= deadlines.Add(new Deadline(Checks.CatAbsent, (long)(Checks.CatAbsent.Limit!.In(profile) * MsNs), now, Pids.ConditionalAccess, tableId: TableIds.ConditionalAccess));

    /// <summary>Takes a whole section; where it has a CRC, a right one.</summary>
    /// <param name="pid">Its PID.</param>
    /// <param name="bytes">All of it.</param>
    /// <param name="now">When it ended, ns.</param>
    /// <param name="packetIndex">The packet in which it ended.</param>
    /// <param name="packetNs">Duration of a packet by the stream's own rate; null where that is not known: then nothing can be too soon.</param>
    public void Take(int pid, ReadOnlySpan<byte> bytes, long now, long packetIndex, double? packetNs)
    {
        var table = bytes[0];
        if (Foreign(pid, table) is { } foreign)
        {
            raise(foreign, pid, table, null, false, null);
            if (pid == Pids.ProgramAssociation) raise(Checks.PatPidOther, pid, table, null, false, null);
            return;
        }
        var isLong = (bytes[1] & 0x80) != 0 && bytes.Length >= 8;
        var extension = isLong ? bytes[3] << 8 | bytes[4] : 0;
        var number = isLong ? bytes[6] : 0;
        MeetDeadline(pid, table, number, now);
        if (pid is < Pids.Network or > Pids.Time && pid != NetworkPid || table == TableIds.Stuffing) return;
        FindTooSoon(pid, table, extension, packetIndex, packetNs);
        FindTooRare(pid, table, extension, number, isLong ? bytes[5] >> 1 & 0x1F : 0, now);
        if (table is TableIds.EventActual or TableIds.EventOther) FindHalf(pid, table, extension, number, now);
    }

    private Check? Foreign(int pid, byte table) => pid switch
    {
        Pids.ProgramAssociation => table == TableIds.ProgramAssociation ? null : Checks.PatOther,
        Pids.ConditionalAccess => table == TableIds.ConditionalAccess ? null : Checks.CatOther,
        Pids.Service => table is TableIds.ServiceActual or TableIds.ServiceOther or TableIds.Bouquet or TableIds.Stuffing ? null : Checks.SdtOther,
        Pids.Event => table is >= TableIds.EventActual and <= TableIds.LastEvent or TableIds.Stuffing ? null : Checks.EitOther,
        Pids.RunningStatus => table is TableIds.RunningStatus or TableIds.Stuffing ? null : Checks.RstOther,
        Pids.Time => table is TableIds.Time or TableIds.TimeOffset or TableIds.Stuffing ? null : Checks.TdtOther,
        _ when pid == NetworkPid => table is TableIds.NetworkActual or TableIds.NetworkOther or TableIds.Stuffing ? null : Checks.NitOther,
        _ => null,
    };

    private void MeetDeadline(int pid, byte table, int number, long now) => deadlines.Meet((pid, table) switch
    {
        (Pids.ProgramAssociation, TableIds.ProgramAssociation) => pat,
        (Pids.ConditionalAccess, TableIds.ConditionalAccess) => cat,
        (_, TableIds.NetworkActual) when pid == NetworkPid => nit,
        (Pids.Service, TableIds.ServiceActual) => sdt,
        (Pids.Event, TableIds.EventActual) when number <= 1 => eit, // that the one is there without the other is 3.6.c
        (Pids.Time, TableIds.Time) => tdt,
        _ => null,
    }, now);

    // By position, not by arrival: what a network delivers in a burst was not sent in one.
    private void FindTooSoon(int pid, byte table, int extension, long packetIndex, double? packetNs)
    {
        var key = table << 16 | extension;
        if (lastOfTable.Count >= MaxWatched) lastOfTable.Clear();
        if (packetNs is { } duration && lastOfTable.TryGetValue(key, out var last) && (packetIndex - last) * duration / MsNs is < TooSoonMs and var ms)
            raise(TooSoon(table), pid, table, ms, false, table is >= TableIds.EventActual and <= TableIds.LastEvent ? extension : null);
        lastOfTable[key] = packetIndex;
    }

    private static Check TooSoon(byte table) => table switch
    {
        TableIds.NetworkActual => Checks.NitTooSoon,
        TableIds.ServiceActual => Checks.SdtTooSoon,
        TableIds.EventActual => Checks.EitTooSoon,
        TableIds.RunningStatus => Checks.RstTooSoon,
        TableIds.Time => Checks.TdtTooSoon,
        _ => Checks.SiTooSoon,
    };

    private void FindTooRare(int pid, byte table, int extension, int number, int version, long now)
    {
        var (check, limit) = table switch
        {
            TableIds.NetworkOther => (Checks.NitOtherNetworkAbsent, BouquetNs),
            TableIds.ServiceOther => (Checks.SdtOtherStreamAbsent, BouquetNs),
            TableIds.EventOther => (Checks.EitOtherStreamAbsent, BouquetNs),
            TableIds.Bouquet => (Checks.SiTooRare, BouquetNs),
            TableIds.TimeOffset => (Checks.SiTooRare, TimeOffsetNs),
            _ => (null, 0),
        };
        if (check is null) return;
        var key = (long)table << 32 | (long)extension << 8 | (uint)number;
        if (repeating.TryGetValue(key, out var known))
        {
            if (known.Version != version) Forget(table, extension, version); // a new version may have fewer sections
            if (repeating.TryGetValue(key, out known))
            {
                deadlines.Meet(known.Deadline, now);
                return;
            }
        }
        if (repeating.Count >= MaxWatched) return;
        repeating.Add(key, new Repeating(version, deadlines.Add(new Deadline(check, limit, now, pid, tableId: table) { Part = extension << 8 | number })));
    }

    private void Forget(byte table, int extension, int version)
    {
        var prefix = (long)table << 32 | (long)extension << 8;
        foreach (var key in repeating.Where(r => (r.Key & ~0xFFL) == prefix && r.Value.Version != version).Select(r => r.Key).ToList())
        {
            deadlines.Remove(repeating[key].Deadline);
            repeating.Remove(key);
        }
    }

    // EN 300 468 5.2.4: present and following come in pairs, empty where there is no event.
    private void FindHalf(int pid, byte table, int service, int number, long now)
    {
        if (number > 1) return;
        var key = table << 16 | service;
        if (!pairs.TryGetValue(key, out var pair))
        {
            if (pairs.Count >= MaxWatched) return;
            pairs.Add(key, pair = new EventPair(now));
        }
        var wait = 2 * (table == TableIds.EventActual ? 2_000 * MsNs : BouquetNs);
        if (now - pair.Last[number] > wait) pair.Since = now; // both were away (3.6.a says so): whichever is back first waits for the other
        pair.Last[number] = now;
        var half = now - Math.Max(pair.Last[1 - number], pair.Since) > wait;
        if (half == pair.Half) return;
        pair.Half = half;
        if (half) raise(Checks.EitIncomplete, pid, table, null, true, service);
        else end(new AlarmKey(Checks.EitIncomplete, pid, service));
    }

    private sealed record Repeating(int Version, Deadline Deadline);

    private sealed class EventPair(long since)
    {
        public long Since { get; set; } = since;

        public long[] Last { get; } = [long.MinValue / 2, long.MinValue / 2];

        public bool Half { get; set; }
    }
}
