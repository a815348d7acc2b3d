namespace SignalWatch.Probe.Analysis;

/// <summary>What a person asks to be analysed.</summary>
internal enum SourceKind
{
    /// <summary>A file of transport stream packets.</summary>
    File,

    /// <summary>UDP or RTP.</summary>
    Datagrams,

    /// <summary>HTTP.</summary>
    Http,

    /// <summary>A capture file.</summary>
    CaptureFile,

    /// <summary>A network interface.</summary>
    Interface,
}

/// <summary>A source as a person writes it.</summary>
/// <param name="Written">As it was written.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Target">Path, address or interface without the prefix.</param>
internal sealed record SourceAddress(string Written, SourceKind Kind, string Target)
{
    public bool IsCapture => Kind is SourceKind.CaptureFile or SourceKind.Interface;

    public bool IsLive => Kind is SourceKind.Datagrams or SourceKind.Http or SourceKind.Interface;

    public static SourceAddress Parse(string written)
    {
        bool Begins(string prefix) => written.StartsWith(prefix, StringComparison.OrdinalIgnoreCase);
        if (Begins("udp://") || Begins("rtp://")) return new(written, SourceKind.Datagrams, written);
        if (Begins("http://") || Begins("https://")) return new(written, SourceKind.Http, written);
        if (Begins("pcap:")) return new(written, SourceKind.CaptureFile, written["pcap:".Length..]);
        if (Begins("live:")) return new(written, SourceKind.Interface, written["live:".Length..]);
        return new(written, SourceKind.File, written);
    }
}
