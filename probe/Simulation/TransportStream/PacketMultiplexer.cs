namespace SignalWatch.Simulation.TransportStream;

/// <summary>Makes the packets of one multiplex, one slot after the other at constant bit rate: sections when they are due, the services' packets by their share, else null packets.</summary>
internal sealed class PacketMultiplexer
{
    private const int LossEvery = 250; // video packets of a service in its losing windows: some five losses a second at 2 Mb/s
    private readonly MultiplexScene scene;
    private readonly ServiceStream[] services;
    private readonly SectionCarousel[] carousels;
    private int version;
    private long slot;

    public PacketMultiplexer(MultiplexScene scene)
    {
        this.scene = scene;
        services = [.. scene.Services.Select((s, i) => new ServiceStream(s, 0x100 + 0x10 * i, scene.BitrateBps))];
        carousels = [.. new[] { (0x00, 100), (0x10, 2000), (0x11, 1000), (0x14, 10_000) }.Concat(services.Select(s => (s.PmtPid, 100)))
            .Select(c => new SectionCarousel(c.Item1, SlotsIn(c.Item2)))];
    }

    /// <summary>Slots made so far.</summary>
    public long Slot => slot;

    public double SlotsPerSecond => scene.BitrateBps / (8.0 * PacketStamp.PacketBytes);

    /// <summary>Fills whole packets. A packet that the script loses is not there: the number written may be smaller than the room.</summary>
    /// <returns>Bytes written.</returns>
    public int Fill(Span<byte> packets, int slots, DateTimeOffset virtualTime)
    {
        Follow(virtualTime);
        var written = 0;
        for (var i = 0; i < slots; i++)
            if (NextSlot(packets.Slice(written, PacketStamp.PacketBytes))) written += PacketStamp.PacketBytes;
        return written;
    }

    // Whoever is on air by the script; where that changes, the tables get a new version.
    private void Follow(DateTimeOffset now)
    {
        var changed = slot == 0;
        foreach (var service in services)
        {
            var on = service.Scene.On.IsOn(now);
            changed |= on != service.IsOn;
            service.IsOn = on;
            service.IsLosing = service.Scene.Losing?.IsWithin(now) == true;
        }
        if (changed)
        {
            if (slot > 0) version = version + 1 & 31;
            var present = services.Where(s => s.IsOn).ToArray();
            carousels[0].Section = Section.Pat(scene.TransportStreamId, version, present.Select(s => (s.Scene.ServiceId, s.PmtPid)));
            carousels[1].Section = Section.Nit(scene.OriginalNetworkId, scene.NetworkName, scene.TransportStreamId, scene.OriginalNetworkId, 0);
            carousels[2].Section = Section.Sdt(scene.TransportStreamId, scene.OriginalNetworkId, version, present.Select(s => s.Scene));
            for (var i = 0; i < services.Length; i++)
                carousels[4 + i].Section = services[i].IsOn ? Section.Pmt(services[i].Scene.ServiceId, 0, services[i].VideoPid, services[i].SoundPid) : null;
        }
        if (carousels[3].IsIdle) carousels[3].Section = Section.Tdt(now);
    }

    private bool NextSlot(Span<byte> packet)
    {
        var now = slot++;
        foreach (var service in services)
            if (service.IsOn) service.Credit += service.Share;
        foreach (var carousel in carousels)
            if (carousel.TryWrite(packet, now)) return true;
        ServiceStream? next = null;
        foreach (var service in services)
            if (service.IsOn && service.Credit >= 1 && (next is null || service.Credit > next.Credit)) next = service;
        if (next is null)
        {
            PacketStamp.Null(packet);
            return true;
        }
        next.Credit -= 1;
        var isVideo = next.Write(packet, PcrOf(now));
        return !(isVideo && next.IsLosing && next.VideoPackets % LossEvery == 0);
    }

    // Due at the byte with the last bit of program_clock_reference_base, the eleventh of the packet (2.4.3.5).
    private long PcrOf(long atSlot) => (long)((decimal)(atSlot * PacketStamp.PacketBytes + 10) * 8 * 27_000_000 / scene.BitrateBps);

    private long SlotsIn(int milliseconds) => (long)(SlotsPerSecond * milliseconds / 1000);
}

/// <summary>Sends one section again and again on its PID.</summary>
internal sealed class SectionCarousel(int pid, long period)
{
    private byte[]? current;
    private int sent;
    private int counter;
    private long due;

    /// <summary>What is sent from the next turn on; null: nothing.</summary>
    public byte[]? Section { get; set; }

    /// <summary>No section is half sent.</summary>
    public bool IsIdle => current is null;

    public bool TryWrite(Span<byte> packet, long slot)
    {
        if (current is null)
        {
            if (Section is null || slot < due) return false;
            (current, sent, due) = (Section, 0, slot + period);
        }
        sent += PacketStamp.OfSection(packet, pid, counter, current, sent);
        counter = counter + 1 & 15;
        if (sent == current.Length) current = null;
        return true;
    }
}

/// <summary>The packets of one service: video with the clock, and sound.</summary>
internal sealed class ServiceStream(ServiceScene scene, int pmtPid, int multiplexBps)
{
    private const long PcrPeriod = 27_000_000 / 30; // 33 ms; at most 40 ms (ETSI TS 101 154 4.1.5.3), 100 ms (ISO/IEC 13818-1)
    private const long FramePeriod = 27_000_000 / 25;
    private const int SoundEvery = 10;
    private const int SoundPesPackets = 3;
    private long packets, nextPcr, nextFrame, soundPackets;
    private int videoCounter, soundCounter;

    public ServiceScene Scene => scene;
    public int PmtPid => pmtPid;
    public int VideoPid => pmtPid + 1;
    public int SoundPid => pmtPid + 2;
    public double Share { get; } = (double)scene.BitrateBps / multiplexBps;
    public bool IsOn { get; set; }
    public bool IsLosing { get; set; }
    public double Credit { get; set; }
    public long VideoPackets { get; private set; }

    /// <returns>True for a packet of the video.</returns>
    public bool Write(Span<byte> packet, long clock)
    {
        var isVideo = packets++ % SoundEvery != SoundEvery - 1;
        if (isVideo) WriteVideo(packet, clock);
        else WriteSound(packet, clock);
        return isVideo;
    }

    private void WriteVideo(Span<byte> packet, long clock)
    {
        VideoPackets++;
        var pcr = clock >= nextPcr;
        if (pcr) nextPcr = clock + PcrPeriod;
        var frame = clock >= nextFrame;
        if (frame) nextFrame = Math.Max(nextFrame + FramePeriod, clock);
        PacketStamp.OfStream(packet, VideoPid, videoCounter, pcr ? clock : null, frame ? new PesStart(0xE0, 0, Pts(clock)) : null);
        videoCounter = videoCounter + 1 & 15;
    }

    private void WriteSound(Span<byte> packet, long clock)
    {
        const ushort Length = SoundPesPackets * 184 - 6;
        var start = soundPackets++ % SoundPesPackets == 0;
        PacketStamp.OfStream(packet, SoundPid, soundCounter, null, start ? new PesStart(0xC0, Length, Pts(clock)) : null);
        soundCounter = soundCounter + 1 & 15;
    }

    private static long Pts(long clock) => clock / 300 + 45_000 & 0x1_FFFF_FFFF; // half a second after its arrival
}
