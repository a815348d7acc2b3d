using System.Buffers.Binary;

namespace SignalWatch.Probe.Spool;

/// <summary>How far the collector has acknowledged: 28 bytes (boot, number, CRC-32C), replaced as a whole.
/// It is a saving, never a promise: where it is lost or unreadable everything is sent again, and the collector knows the duplicates by their numbers.
/// It names its boot: the number of another life would pass over records that were never sent.</summary>
internal static class Cursor
{
    public const string Name = "cursor";

    private const int BootBytes = 16, Bytes = BootBytes + 12;

    /// <summary>Reads it.</summary>
    /// <returns>0 where there is none of this boot that can be read.</returns>
    public static long Read(string file, Guid boot)
    {
        try
        {
            var bytes = File.ReadAllBytes(file);
            if (bytes.Length == Bytes && new Guid(bytes.AsSpan(0, BootBytes)) != boot) return 0;
            if (bytes.Length is not (Bytes or Bytes - BootBytes)) return 0; // older programs wrote it without the boot
            if (BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(^4..)) != Crc32C.Of(bytes.AsSpan(..^4))) return 0;
            return Math.Max(0, BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(^12..)));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }

    /// <summary>Replaces it by rename: after a crash it is the old one or the new one. A failure only costs duplicates later, so it is not the caller's concern.</summary>
    public static bool TryWrite(string file, Guid boot, long acknowledged)
    {
        Span<byte> bytes = stackalloc byte[Bytes];
        boot.TryWriteBytes(bytes);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[BootBytes..], acknowledged);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[^4..], Crc32C.Of(bytes[..^4]));
        try
        {
            File.WriteAllBytes(file + ".new", bytes);
            File.Move(file + ".new", file, overwrite: true);
            return true;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
