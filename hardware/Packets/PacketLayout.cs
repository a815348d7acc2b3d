namespace SignalWatch.Hardware;

/// <summary>How transport stream packets lie in a run of bytes: 188 bytes (ISO/IEC 13818-1), 192 with a time stamp before each (M2TS), or 204 with Reed-Solomon parity after each (EN 300 429).</summary>
/// <param name="Size">Bytes from packet to packet.</param>
/// <param name="SyncOffset">Where in a packet its sync byte is.</param>
internal readonly record struct PacketLayout(int Size, int SyncOffset)
{
    public const byte SyncByte = 0x47;
    public const int Packet = 188;

    /// <summary>The layouts, the usual one first.</summary>
    public static ReadOnlySpan<PacketLayout> All => Known;

    private static readonly PacketLayout[] Known = [new(Packet, 0), new(204, 0), new(192, 4)];

    /// <summary>Sync bytes of a payload that is made of whole packets; 0 where it is not.</summary>
    public int Packets(ReadOnlySpan<byte> payload)
    {
        if (payload.Length == 0 || payload.Length % Size != 0) return 0;
        for (var at = SyncOffset; at < payload.Length; at += Size) if (payload[at] != SyncByte) return 0;
        return payload.Length / Size;
    }

    /// <summary>The layout in which a payload is whole packets, and how many.</summary>
    public static int Find(ReadOnlySpan<byte> payload, out PacketLayout layout)
    {
        foreach (var known in Known)
        {
            layout = known;
            if (known.Packets(payload) is > 0 and var packets) return packets;
        }
        layout = default;
        return 0;
    }

    /// <summary>Sync bytes in a row, to the end of a payload whose packets don't begin where it does; 0 where fewer than <paramref name="least"/> are.</summary>
    public static int FindUnaligned(ReadOnlySpan<byte> payload, int least, out PacketLayout layout)
    {
        foreach (var known in Known)
        {
            layout = known;
            for (var start = 0; start < known.Size && start + (least - 1) * known.Size < payload.Length; start++)
            {
                var count = 0;
                for (var at = start; at < payload.Length && payload[at] == SyncByte; at += known.Size) count++;
                if (count >= least && start + count * known.Size >= payload.Length) return count;
            }
        }
        layout = default;
        return 0;
    }
}
