namespace SignalWatch.Probe.Analysis;

/// <summary>Where the packets of a file are: how many bytes from one to the next, and where the first sync byte is.</summary>
/// <param name="PacketBytes">188, 192 (M2TS: four bytes of arrival time before the sync byte) or 204 (sixteen of parity behind).</param>
/// <param name="FirstSync">Byte of the first sync byte.</param>
internal readonly record struct PacketGrid(int PacketBytes, long FirstSync)
{
    public const byte SyncByte = 0x47;
    public const int TransportBytes = 188;
    public const int StampedBytes = 192;
    public const int StampBytes = 4;
    public const int ParityBytes = 204;
    private const int Proof = 5; // consecutive sync bytes, as TR 101 290 1.1 asks for

    /// <summary>Bytes from the beginning of a packet with what stands before it to its sync byte.</summary>
    public int SyncOffset => PacketBytes == StampedBytes ? StampBytes : 0;

    /// <summary>The first place in <paramref name="bytes"/> from where five packets follow each other; null where there is none.</summary>
    public static PacketGrid? Find(ReadOnlySpan<byte> bytes)
    {
        for (var at = 0; at < bytes.Length; at++)
        {
            var next = bytes[at..].IndexOf(SyncByte);
            if (next < 0) return null;
            at += next;
            foreach (var size in (ReadOnlySpan<int>)[TransportBytes, ParityBytes, StampedBytes])
                if (IsProven(bytes[at..], size)) return new PacketGrid(size, at);
        }
        return null;
    }

    private static bool IsProven(ReadOnlySpan<byte> bytes, int size)
    {
        if (bytes.Length <= (Proof - 1) * size) return false;
        for (var i = 1; i < Proof; i++)
            if (bytes[i * size] != SyncByte) return false;
        return true;
    }
}
