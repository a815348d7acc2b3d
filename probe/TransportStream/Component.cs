namespace SignalWatch.TransportStream;

/// <summary>A component of a service at work: its time stamps, its format, its buffers.</summary>
internal sealed class Component
{
    private readonly PmtComponent entry;
    private readonly ElementaryClock stamps = new();
    private readonly FormatReader? reader;

    /// <summary>Begins to follow a component.</summary>
    /// <param name="serviceId">Its service.</param>
    /// <param name="entry">What the PMT says of it.</param>
    /// <param name="programDescriptors">What the PMT says of the programme.</param>
    public Component(int serviceId, PmtComponent entry, byte[] programDescriptors)
    {
        this.entry = entry;
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
            return false;
        }
        var parsed = PesHeader.TryRead(payload, out var header);
        if (parsed != PesParse.Ok)
        {
            reader.NoHeader(parsed);
            return false;
        }
        reader.Start(header, payload[header.HeaderBytes..], now);
        stamps.Add(header.Pts90k, header.Dts90k, now, clock / 300);
        return header.Pts90k is not null;
    }

    /// <summary>Packets are missing, or can't be read.</summary>
    public void Lose() => reader?.Loss();

    /// <summary>Its clock begins anew.</summary>
    public void Restart()
    {
        stamps.Discontinuity();
        Lose();
    }

    /// <summary>PTS of this sound less PTS of the pictures that arrive with it, ms.</summary>
    public double? LeadOver(Component pictures) => ElementaryClock.AudioLead(pictures.stamps, stamps);
}
