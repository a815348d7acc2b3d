using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;

namespace SignalWatch.Probe.Spool;

/// <summary>The bytes of one segment of the spool. A header: magic <c>SWP1</c>, the boot (16 bytes), the number of the first record (i64), CRC-32C of the three.
/// Then records: length of the payload (u32), number (i64), CRC-32C of these two (u32), CRC-32C of the payload (u32), payload.
/// All little-endian; numbers follow each other without a hole.</summary>
internal static class SegmentFile
{
    public const int HeaderBytes = 4 + 16 + 8 + 4;
    public const int RecordHeaderBytes = 4 + 8 + 4 + 4;

    /// <summary>More than any observation has; a longer length is damage, and must not make a reader allocate gigabytes.</summary>
    public const int MaxPayload = 256 * 1024;

    /// <summary>The file's name: names sort as their numbers do.</summary>
    public static string Name(long first) => string.Create(CultureInfo.InvariantCulture, $"{first:D19}.seg");

    public static void WriteHeader(IBufferWriter<byte> to, Guid boot, long first)
    {
        var head = to.GetSpan(HeaderBytes)[..HeaderBytes];
        "SWP1"u8.CopyTo(head);
        boot.TryWriteBytes(head[4..]);
        BinaryPrimitives.WriteInt64LittleEndian(head[20..], first);
        BinaryPrimitives.WriteUInt32LittleEndian(head[28..], Crc32C.Of(head[..28]));
        to.Advance(HeaderBytes);
    }

    public static bool TryReadHeader(ReadOnlySpan<byte> bytes, out Guid boot, out long first)
    {
        (boot, first) = (default, 0);
        if (bytes.Length < HeaderBytes || !bytes.StartsWith("SWP1"u8) || BinaryPrimitives.ReadUInt32LittleEndian(bytes[28..]) != Crc32C.Of(bytes[..28])) return false;
        boot = new Guid(bytes.Slice(4, 16));
        first = BinaryPrimitives.ReadInt64LittleEndian(bytes[20..]);
        return first > 0;
    }

    public static void WriteRecord(IBufferWriter<byte> to, long sequence, ReadOnlySpan<byte> payload)
    {
        var record = to.GetSpan(RecordHeaderBytes + payload.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(record, (uint)payload.Length);
        BinaryPrimitives.WriteInt64LittleEndian(record[4..], sequence);
        BinaryPrimitives.WriteUInt32LittleEndian(record[12..], Crc32C.Of(record[..12]));
        BinaryPrimitives.WriteUInt32LittleEndian(record[16..], Crc32C.Of(payload));
        payload.CopyTo(record[RecordHeaderBytes..]);
        to.Advance(RecordHeaderBytes + payload.Length);
    }

    /// <summary>Reads the record at the beginning of <paramref name="bytes"/>.</summary>
    /// <param name="bytes">The rest of a segment.</param>
    /// <param name="expected">The number that it must have.</param>
    /// <param name="record">The record.</param>
    /// <returns>What is there. <see cref="SegmentTail.Torn"/>: the bytes end before the record does, or are zeros to the end, as after a power cut;
    /// <see cref="SegmentTail.Damaged"/>: a whole record was there once.</returns>
    public static SegmentTail ReadRecord(ReadOnlySpan<byte> bytes, long expected, out SegmentRecord record)
    {
        record = default;
        if (bytes.Length == 0) return SegmentTail.End;
        if (bytes.Length < RecordHeaderBytes || bytes.IndexOfAnyExcept((byte)0) < 0) return SegmentTail.Torn;
        if (BinaryPrimitives.ReadUInt32LittleEndian(bytes[12..]) != Crc32C.Of(bytes[..12])) return SegmentTail.Damaged;
        var length = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        if (length is 0 or > MaxPayload || BinaryPrimitives.ReadInt64LittleEndian(bytes[4..]) != expected) return SegmentTail.Damaged;
        if (bytes.Length < RecordHeaderBytes + length) return SegmentTail.Torn; // the header has its own checksum, so that a flipped length is not taken for this
        if (BinaryPrimitives.ReadUInt32LittleEndian(bytes[16..]) != Crc32C.Of(bytes.Slice(RecordHeaderBytes, (int)length))) return SegmentTail.Damaged;
        record = new SegmentRecord(expected, RecordHeaderBytes, (int)length);
        return SegmentTail.Record;
    }
}

/// <summary>Where a record's payload lies, from the record's beginning.</summary>
internal readonly record struct SegmentRecord(long Sequence, int PayloadAt, int PayloadBytes)
{
    public int Bytes => PayloadAt + PayloadBytes;
}

internal enum SegmentTail
{
    Record,
    End,
    Torn,
    Damaged,
}
