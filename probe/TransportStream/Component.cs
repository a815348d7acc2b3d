namespace SignalWatch.TransportStream;

/// <summary>A component of a service at work: its time stamps, its format, its buffers.</summary>
internal sealed class Component
{
    private readonly PmtComponent entry;
    private readonly ElementaryClock stamps = new();
    private readonly FormatReader? reader;
    private readonly Action<Component, BufferFaultAt> broke;
    private readonly BufferFaultAt[] faults = new BufferFaultAt[4]; // kept: clearing it for each packet would cost as much as the model
    private ComponentFormat? modelled;
    private TransportBuffer transport;
    private DecoderBuffer? decoder;

    /// <summary>Begins to follow a component.</summary>
    /// <param name="serviceId">Its service.</param>
    /// <param name="entry">What the PMT says of it.</param>
    /// <param name="programDescriptors">What the PMT says of the programme.</param>
    /// <param name="broke">Is told of a buffer that overflows, runs dry or holds too long.</param>
    public Component(int serviceId, PmtComponent entry, byte[] programDescriptors, Action<Component, BufferFaultAt> broke)
    {
        (this.entry, this.broke) = (entry, broke);
        ServiceId = serviceId;
        (Declared, Language) = ComponentClassifier.Classify(entry.StreamType, entry.Descriptors, programDescriptors);
        if (ComponentClassifier.CarriesPes(entry.StreamType, entry.Descriptors, programDescriptors)) reader = new FormatReader(Declared, entry.StreamType);
        CarriesSections = ComponentClassifier.CarriesSections(entry.StreamType, entry.Descriptors, programDescriptors);
    }

    public int Pid => entry.Pid;

    public int ServiceId { get; }

    /// <summary>What the PMT says that it is.</summary>
    public ComponentFormat Declared { get; }

    /// <summary>What it is, by the PMT and its own headers.</summary>
    public ComponentFormat Format => reader?.Format ?? Declared;

    public string? Language { get; }

    /// <summary>Sections, not PES packets.</summary>
    public bool CarriesSections { get; }

    /// <summary>Its bytes are not what they should be although its packets are marked as clear; null where it can't be told.</summary>
    public bool? LooksScrambled => reader?.LooksScrambled;

    /// <summary>The clock of its service, or null.</summary>
    public Clock? Clock { get; set; }

    /// <summary>Its next PTS, or null where none is due.</summary>
    public Deadline? StampsDue { get; set; }

    /// <summary>Packets and PTS are due all the time: pictures and sound, not subtitles or data.</summary>
    public bool IsContinuous => Declared.Kind is ComponentKind.Video or ComponentKind.Audio;

    public bool IsOf(PmtComponent other) => entry.StreamType == other.StreamType && entry.Descriptors.AsSpan().SequenceEqual(other.Descriptors);

    /// <summary>A packet of it goes through its transport buffer, whatever is in it.</summary>
    /// <param name="streamNs">Time of the packet by its place in the stream, ns.</param>
    /// <param name="packetNs">Duration of a packet, ns.</param>
    public void Pass(long streamNs, double packetNs)
    {
        if (!ReferenceEquals(modelled, Format)) Model();
        if (transport.Packet(streamNs, out var fault, out var fill, packetNs))
            broke(this, new BufferFaultAt(fault, fill, fault == BufferFault.TransportOverflow ? TransportBuffer.StandardBytes : TransportBuffer.LongestFilledNs / 1e6));
    }

    /// <summary>Takes the payload of its next packet that is in the clear.</summary>
    /// <param name="payload">All after header and adaptation field.</param>
    /// <param name="unitStart">A PES packet begins with it.</param>
    /// <param name="now">When it came, ns.</param>
    /// <param name="clock">What the clock of its service shows, 27 MHz; null where that is not known.</param>
    /// <returns>True where it brought a PTS.</returns>
    public bool Take(ReadOnlySpan<byte> payload, bool unitStart, long now, long? clock)
    {
        if (reader is null) return false;
        if (!unitStart)
        {
            if (reader.Wants) reader.Continue(payload);
            if (clock is { } shown && decoder is not null) Hold(payload.Length, shown);
            return false;
        }
        var parsed = PesHeader.TryRead(payload, out var header);
        if (parsed != PesParse.Ok)
        {
            reader.NoHeader(parsed);
            decoder?.Restart();
            return false;
        }
        var elementary = payload[header.HeaderBytes..];
        reader.Start(header, elementary, now);
        stamps.Add(header.Pts90k, header.Dts90k, now, clock / 300);
        if (clock is { } ticks && decoder is not null)
        {
            if ((header.Dts90k ?? header.Pts90k) is { } decode) Begin(decode, ticks);
            Hold(elementary.Length, ticks);
        }
        return header.Pts90k is not null;
    }

    /// <summary>Packets are missing, or can't be read.</summary>
    public void Lose()
    {
        reader?.Loss();
        decoder?.Restart();
    }

    /// <summary>Its clock begins anew.</summary>
    public void Restart()
    {
        stamps.Discontinuity();
        transport.Restart();
        Lose();
    }

    /// <summary>PTS of this sound less PTS of the pictures that arrive with it, ms.</summary>
    public double? LeadOver(Component pictures) => ElementaryClock.AudioLead(pictures.stamps, stamps);

    // What is known of its rate and level sets the sizes.
    private void Model()
    {
        modelled = Format;
        var buffers = BufferModel.Of(modelled);
        transport.Configure(buffers.TransportBps, buffers.TransportBytes);
        decoder = buffers.Decoder is { } settings && reader is not null ? new DecoderBuffer(settings) : null;
    }

    private void Begin(long decodeTime, long clock) => Tell(decoder!.AccessUnit(decodeTime, clock, faults));

    private void Hold(int bytes, long clock) => Tell(decoder!.Payload(bytes, clock, faults));

    private void Tell(int count)
    {
        for (var i = 0; i < count; i++) broke(this, faults[i]);
    }
}
