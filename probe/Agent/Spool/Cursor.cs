using System.Buffers.Binary;

namespace SignalWatch.Probe.Spool;

/// <summary>How far the collector has acknowledged: 12 bytes (number, CRC-32C), replaced as a whole.
/// It is a saving, never a promise: where it is lost or unreadable everything is sent again, and the collector knows the duplicates by their numbers.</summary>
internal static class Cursor
{
    private const int Bytes = 12;

    /// <summary>Reads it.</summary>
    /// <returns>0 where there is none that can be read.</returns>
    public static long Read(string file)
    {
        try
        {
            var bytes = File.ReadAllBytes(file);
            if (bytes.Length != Bytes || BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(8)) != Crc32C.Of(bytes.AsSpan(0, 8))) return 0;
            return Math.Max(0, BinaryPrimitives.ReadInt64LittleEndian(bytes));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }

    /// <summary>Replaces it by rename: after a crash it is the old one or the new one. A failure only costs duplicates later, so it is not the caller's concern.</summary>
    public static bool TryWrite(string file, long acknowledged)
    {
        Span<byte> bytes = stackalloc byte[Bytes];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, acknowledged);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[8..], Crc32C.Of(bytes[..8]));
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
