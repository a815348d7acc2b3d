using System.Buffers.Binary;

namespace SignalWatch.Collector.Evidence.Merkle;

/// <summary>Entries one behind the other, each with its length before it (C2SP tlog-tiles, log entries).</summary>
internal static class EntryBundle
{
    public const int MostEntryBytes = ushort.MaxValue;

    public static byte[] Write(IReadOnlyCollection<byte[]> entries)
    {
        var bundle = new byte[entries.Sum(e => sizeof(ushort) + e.Length)];
        var at = 0;
        foreach (var entry in entries)
        {
            BinaryPrimitives.WriteUInt16BigEndian(bundle.AsSpan(at), checked((ushort)entry.Length));
            entry.CopyTo(bundle.AsSpan(at + sizeof(ushort)));
            at += sizeof(ushort) + entry.Length;
        }
        return bundle;
    }

    /// <summary>The entries; null where the bytes are no bundle.</summary>
    public static List<byte[]>? Read(ReadOnlySpan<byte> bundle)
    {
        var entries = new List<byte[]>();
        while (bundle.Length > 0)
        {
            if (bundle.Length < sizeof(ushort)) return null;
            var length = BinaryPrimitives.ReadUInt16BigEndian(bundle);
            if (bundle.Length < sizeof(ushort) + length) return null;
            entries.Add(bundle.Slice(sizeof(ushort), length).ToArray());
            bundle = bundle[(sizeof(ushort) + length)..];
        }
        return entries;
    }
}
