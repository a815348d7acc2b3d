namespace SignalWatch.Fm.Rds;

/// <summary>What a station tells of other ones (groups 14A and 14B, EN 50067 §3.2.1.8.3).</summary>
internal sealed class OtherNetworks
{
    // A network tells of at most some dozens; what noise invents must not fill the memory.
    private const int MaxNetworks = 64;
    private const int MaxGap = 600;

    private readonly Dictionary<ushort, Network> networks = [];

    /// <summary>Networks that were heard of twice, by PI.</summary>
    public IReadOnlyList<RdsOtherNetwork> Confirmed => [.. networks.Where(n => n.Value.Heard >= 2).OrderBy(n => n.Key).Select(n => n.Value.Reading(n.Key))];

    /// <summary>Takes a group of type 14.</summary>
    /// <returns>What it said; null where blocks that it needs are missing.</returns>
    public RdsOtherNetwork? Accept(in RdsGroup group, long time)
    {
        if (group.B is not { } b || group.D is not { } pi || pi == 0) return null;
        var said = new RdsOtherNetwork(pi) { TrafficProgramme = (b >> 4 & 1) != 0 };
        var network = Get(pi);
        network.Heard++;
        network.TrafficProgramme = said.TrafficProgramme;
        if (group.IsVersionB == true) return said with { TrafficAnnouncement = network.TrafficAnnouncement = (b >> 3 & 1) != 0 };
        return group.C is { } c ? Variant(network, said, b & 15, c, time) : said;
    }

    public void Clear() => networks.Clear();

    private static RdsOtherNetwork Variant(Network network, RdsOtherNetwork said, int variant, ushort c, long time)
    {
        switch (variant)
        {
            case < 4:
                network.Name.Accept(variant, c, time);
                return network.Name.IsWhole(4) ? said with { Ps = network.Name.Text(8, '_') } : said;
            case 4:
                return said with { FrequenciesHz = network.Add(c >> 8, c & 0xFF) };
            case >= 5 and <= 9:
                // Mapped: the first is a frequency of this station, the second that of the other one which belongs to it.
                return said with { FrequenciesHz = network.Add(c & 0xFF) };
            case 13:
                return said with { ProgrammeType = network.ProgrammeType = c >> 11, TrafficAnnouncement = network.TrafficAnnouncement = (c & 1) != 0 };
            default:
                return said;
        }
    }

    private Network Get(ushort pi)
    {
        if (networks.TryGetValue(pi, out var network)) return network;
        if (networks.Count >= MaxNetworks) networks.Remove(networks.MinBy(n => n.Value.Heard).Key);
        return networks[pi] = new Network();
    }

    private sealed class Network
    {
        private readonly SortedSet<long> frequencies = [];

        public int Heard { get; set; }
        public SegmentedText Name { get; } = new(4, MaxGap);
        public bool? TrafficProgramme { get; set; }
        public bool? TrafficAnnouncement { get; set; }
        public int? ProgrammeType { get; set; }

        public List<long> Add(params ReadOnlySpan<int> codes)
        {
            var added = new List<long>(codes.Length);
            foreach (var code in codes)
                if (AlternativeFrequencies.Vhf(code) is { } hz) added.Add(hz);
            frequencies.UnionWith(added);
            return added;
        }

        public RdsOtherNetwork Reading(ushort pi) => new(pi)
        {
            Ps = Name.IsConfirmed(4) ? Name.Text(8, '_') : null, FrequenciesHz = [.. frequencies],
            TrafficProgramme = TrafficProgramme, TrafficAnnouncement = TrafficAnnouncement, ProgrammeType = ProgrammeType,
        };
    }
}
