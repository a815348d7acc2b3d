namespace SignalWatch.Hardware;

/// <summary>Puts datagrams together from IP fragments (RFC 791 3.2, RFC 8200 4.5), in memory that does not grow: the oldest incomplete one gives way.</summary>
internal sealed class FragmentTable
{
    private const int Places = 64;
    private const int LongestDatagram = 65_535;
    private const int Unit = 8; // fragments begin at multiples of 8 bytes
    private const long PatienceNs = 5_000_000_000; // a datagram's fragments follow each other at once; RFC 791's 15 s would only keep rubbish

    private readonly Place[] places = [.. Enumerable.Range(0, Places).Select(_ => new Place())];

    /// <summary>Datagrams given up because fragments of them did not come.</summary>
    public long Lost { get; private set; }

    /// <summary>Adds a fragment.</summary>
    /// <param name="ip">Its header. Complete, its payload and protocol become those of the whole packet, valid until the next fragment.</param>
    /// <param name="timeNs">When it came.</param>
    /// <returns>Whether all fragments are there now.</returns>
    public bool Add(ref NetworkLayer ip, long timeNs)
    {
        // A cut fragment can't be completed, and neither can one that ends past the longest packet or not on a unit.
        if (ip.Payload.Length < ip.Length || ip.FragmentOffset + ip.Length > LongestDatagram || ip.MoreFragments && ip.Length % Unit != 0 || ip.Length == 0) return false;
        var place = Find(ip, timeNs);
        place.Take(ip);
        if (!place.IsComplete) return false;
        (ip.Length, ip.Protocol) = (place.Total, place.Protocol);
        ip.Payload = place.Bytes.AsSpan(0, place.Total);
        place.IsUsed = false; // its bytes stay until the next fragment
        return true;
    }

    private Place Find(in NetworkLayer ip, long timeNs)
    {
        Place? free = null;
        foreach (var place in places)
        {
            if (place.IsUsed && timeNs - place.BeganNs > PatienceNs) GiveUp(place);
            if (place.IsUsed && place.Fits(ip)) return place;
            if (free is null || !place.IsUsed && free.IsUsed || place.IsUsed == free.IsUsed && place.BeganNs < free.BeganNs) free = place;
        }
        if (free!.IsUsed) GiveUp(free);
        free.Begin(ip, timeNs);
        return free;
    }

    private void GiveUp(Place place)
    {
        place.IsUsed = false;
        Lost++;
    }

    private sealed class Place
    {
        private readonly ulong[] units = new ulong[(LongestDatagram / Unit + 64) / 64];
        private NetworkAddress source;
        private NetworkAddress destination;
        private uint identification;
        private int have;

        public bool IsUsed { get; set; }

        public long BeganNs { get; private set; }

        public int Protocol { get; private set; }

        public int Total { get; private set; }

        public byte[] Bytes { get; private set; } = [];

        public bool IsComplete => Total >= 0 && have == (Total + Unit - 1) / Unit;

        public bool Fits(in NetworkLayer ip) => identification == ip.Identification && source == ip.Source && destination == ip.Destination;

        public void Begin(in NetworkLayer ip, long timeNs)
        {
            if (Bytes.Length == 0) Bytes = new byte[LongestDatagram];
            (source, destination, identification, BeganNs) = (ip.Source, ip.Destination, ip.Identification, timeNs);
            (IsUsed, Total, have, Protocol) = (true, -1, 0, ip.Protocol);
            Array.Clear(units);
        }

        public void Take(in NetworkLayer ip)
        {
            if (ip.FragmentOffset == 0) Protocol = ip.Protocol; // in IPv6 the first fragment alone knows what it carries
            ip.Payload.CopyTo(Bytes.AsSpan(ip.FragmentOffset));
            if (!ip.MoreFragments) Total = ip.FragmentOffset + ip.Length;
            for (var unit = ip.FragmentOffset / Unit; unit < (ip.FragmentOffset + ip.Length + Unit - 1) / Unit; unit++)
            {
                var bit = 1UL << (unit % 64);
                if ((units[unit / 64] & bit) == 0) have++; // a fragment may come twice
                units[unit / 64] |= bit;
            }
        }
    }
}
