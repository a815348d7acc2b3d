namespace SignalWatch.TransportStream;

/// <summary>A component of a service at work: its time stamps, its formats, its buffers.</summary>
internal sealed class Component
{
    private readonly PmtComponent entry;

    public Component(int serviceId, PmtComponent entry, byte[] programDescriptors)
    {
        this.entry = entry;
        ServiceId = serviceId;
        Format = Declared(entry, programDescriptors);
    }

    public int Pid => entry.Pid;

    public int ServiceId { get; }

    public ComponentFormat Format { get; }

    public string? Language => null;

    public bool? LooksScrambled => null;

    /// <summary>The clock of its service, or null.</summary>
    public Clock? Clock { get; set; }

    /// <summary>Its next PTS, or null where none is due.</summary>
    public Deadline? StampsDue { get; set; }

    /// <summary>The last packet brought a PTS.</summary>
    public bool HasNewStamp { get; private set; }

    /// <summary>Packets are due all the time: pictures and sound, not subtitles or data.</summary>
    public bool IsContinuous => Format.Kind is ComponentKind.Video or ComponentKind.Audio;

    /// <summary>PTS are due (TR 101 290 2.5).</summary>
    public bool HasStamps => IsContinuous;

    public bool IsOf(PmtComponent other) => entry.StreamType == other.StreamType && entry.Descriptors.AsSpan().SequenceEqual(other.Descriptors);

    public static PidRole RoleOf(PmtComponent entry) => Declared(entry, []).Kind switch
    {
        ComponentKind.Video => PidRole.Video,
        ComponentKind.Audio => PidRole.Audio,
        ComponentKind.Subtitle or ComponentKind.Teletext => PidRole.Text,
        _ => PidRole.Data,
    };

    public static ComponentFormat Declared(PmtComponent entry, byte[] programDescriptors) => new() { Kind = entry.StreamType switch { 2 or 0x1B or 0x24 => ComponentKind.Video, 3 or 4 or 0x0F => ComponentKind.Audio, _ => ComponentKind.Unknown } };

    public void Take(ReadOnlySpan<byte> payload, bool unitStart, long now, long? stc)
    {
        HasNewStamp = false;
        if (!unitStart) return;
        HasNewStamp = PesHeader.TryRead(payload, out var header) == PesParse.Ok && header.Pts90k is not null;
    }

    public void Lose() => HasNewStamp = false;

    public double? LeadOver(Component other) => null;
}
