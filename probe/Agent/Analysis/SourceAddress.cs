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

    // Magic numbers of pcap (µs and ns, both byte orders) and of a pcapng section header.
    private static bool IsCaptureFile(string path)
    {
        try
        {
            if (new FileInfo(path) is not { Exists: true, Length: > 0 }) return false; // a pipe: opened here and closed again its writer would break off
            Span<byte> head = stackalloc byte[4];
            using var file = File.OpenHandle(path);
            return RandomAccess.Read(file, head, 0) == head.Length
                && System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(head) is 0xA1B2C3D4 or 0xD4C3B2A1 or 0xA1B23C4D or 0x4D3CB2A1 or 0x0A0D0D0A;
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return false; // whoever opens it says why it can't be read
        }
    }

    /// <summary>A capture is known by its first bytes too: a person who forgets the prefix is not told that it is no transport stream.</summary>
    public static SourceAddress Parse(string written)
    {
        bool Begins(string prefix) => written.StartsWith(prefix, StringComparison.OrdinalIgnoreCase);
        if (Begins("udp://") || Begins("rtp://")) return new(written, SourceKind.Datagrams, written);
        if (Begins("http://") || Begins("https://")) return new(written, SourceKind.Http, written);
        if (Begins("pcap:")) return new(written, SourceKind.CaptureFile, written["pcap:".Length..]);
        if (Begins("live:")) return new(written, SourceKind.Interface, written["live:".Length..]);
        if (written == "-") return new(written, SourceKind.File, "/dev/stdin");
        return new(written, IsCaptureFile(written) ? SourceKind.CaptureFile : SourceKind.File, written);
    }
}
