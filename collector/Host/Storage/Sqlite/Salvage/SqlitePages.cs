using System.Buffers.Binary;

namespace SignalWatch.Collector.Storage.Sqlite.Salvage;

/// <summary>The pages of a month's file as the last whole commit left them, read without SQLite: it gives up at the first damaged byte, and closing a damaged file would alter it.
/// Layout by "Database File Format", sqlite.org/fileformat2.html, §1 (pages) and §4 (write-ahead log).</summary>
internal sealed class SqlitePages
{
    private const int UsualPageBytes = 4096;
    private const int WalHeaderBytes = 32, FrameHeaderBytes = 24;

    private readonly Stream file;
    private readonly Stream? wal;
    private readonly Dictionary<long, long> newer = []; // page, offset in the log

    /// <param name="file">The file.</param>
    /// <param name="wal">Its write-ahead log; null where there is none.</param>
    public SqlitePages(Stream file, Stream? wal)
    {
        (this.file, this.wal) = (file, wal);
        PageBytes = PageBytesOf();
        Count = file.Length / PageBytes;
        IsCut = file.Length % PageBytes != 0;
        if (wal is not null) ReadLog(wal);
    }

    public int PageBytes { get; }

    /// <summary>How many pages there are.</summary>
    public long Count { get; private set; }

    /// <summary>True where the file ends within a page.</summary>
    public bool IsCut { get; }

    /// <summary>True where the log is damaged before transactions that were synced, and so were acknowledged: SQLite would leave them out without a word.</summary>
    public bool LogIsBroken { get; private set; }

    /// <summary>Reads page <paramref name="number"/>, from 1.</summary>
    /// <returns>False where there is none or the disk does not give it.</returns>
    public bool Read(long number, Span<byte> page)
    {
        if (number < 1 || number > Count) return false;
        try
        {
            if (newer.TryGetValue(number, out var at)) wal!.Position = at;
            else file.Position = (number - 1) * PageBytes;
            var from = newer.ContainsKey(number) ? wal! : file;
            return from.ReadAtLeast(page, page.Length, throwOnEndOfStream: false) == page.Length;
        }
        catch (IOException)
        {
            return false; // EIO of this page; others may be readable
        }
    }

    private int PageBytesOf()
    {
        Span<byte> head = stackalloc byte[100];
        if (TryRead(file, 0, head) && head.StartsWith("SQLite format 3\0"u8) && Good(BinaryPrimitives.ReadUInt16BigEndian(head[16..]) is var size and not 1 ? size : 65_536) is { } said) return said;
        if (wal is not null && TryRead(wal, 0, head[..WalHeaderBytes]) && Good(BinaryPrimitives.ReadInt32BigEndian(head[8..])) is { } logged) return logged;
        return UsualPageBytes;

        static int? Good(int bytes) => bytes is >= 512 and <= 65_536 && int.IsPow2(bytes) ? bytes : null;
    }

    private static bool TryRead(Stream stream, long at, Span<byte> bytes)
    {
        try
        {
            stream.Position = at;
            return stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) == bytes.Length;
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>Takes each frame whose checksum follows from the one that its predecessor states; SQLite would stop at the first that does not, although those behind it were synced too.</summary>
    private void ReadLog(Stream log)
    {
        Span<byte> head = stackalloc byte[WalHeaderBytes];
        var frame = new byte[FrameHeaderBytes + PageBytes];
        if (log.Length < WalHeaderBytes + frame.Length || !TryRead(log, 0, head)) return;
        var bigEndian = (BinaryPrimitives.ReadUInt32BigEndian(head) & 1) == 1;
        var (s0, s1) = Sum(head[..24], 0, 0, bigEndian);
        var salts = BinaryPrimitives.ReadUInt64BigEndian(head[16..]);
        var known = s0 == BinaryPrimitives.ReadUInt32BigEndian(head[24..]) && s1 == BinaryPrimitives.ReadUInt32BigEndian(head[28..]);
        if (!known && TryRead(log, WalHeaderBytes, frame)) salts = BinaryPrimitives.ReadUInt64BigEndian(frame.AsSpan(8)); // the head is damaged: the frames carry its salts
        var open = new Dictionary<long, long>();
        var (broken, commitsBehind, endsWithCommit) = (!known, 0, true);
        for (var at = (long)WalHeaderBytes; at + frame.Length <= log.Length; at += frame.Length)
        {
            if (!TryRead(log, at, frame))
            {
                (broken, known) = (true, false);
                continue;
            }
            var stated = (BinaryPrimitives.ReadUInt32BigEndian(frame.AsSpan(16)), BinaryPrimitives.ReadUInt32BigEndian(frame.AsSpan(20)));
            var (t0, t1) = Sum(frame.AsSpan(0, 8), s0, s1, bigEndian);
            var good = known && BinaryPrimitives.ReadUInt64BigEndian(frame.AsSpan(8)) == salts && Sum(frame.AsSpan(FrameHeaderBytes), t0, t1, bigEndian) == stated;
            known = BinaryPrimitives.ReadUInt64BigEndian(frame.AsSpan(8)) == salts; // what is left of an older round says nothing of what follows
            (s0, s1) = stated;
            if (!good)
            {
                broken = true;
                continue;
            }
            open[BinaryPrimitives.ReadUInt32BigEndian(frame)] = at + FrameHeaderBytes;
            var pages = BinaryPrimitives.ReadUInt32BigEndian(frame.AsSpan(4));
            endsWithCommit = pages != 0;
            if (!endsWithCommit) continue;
            if (broken) commitsBehind++;
            foreach (var (page, offset) in open) newer[page] = offset;
            open.Clear();
            Count = Math.Max(Count, pages);
        }
        // The last transaction may have been torn by a loss of power before it was synced; those before it were synced.
        LogIsBroken = commitsBehind >= 2 || (commitsBehind == 1 && !endsWithCommit);
    }

    private static (uint, uint) Sum(ReadOnlySpan<byte> bytes, uint s0, uint s1, bool bigEndian)
    {
        for (var i = 0; i + 8 <= bytes.Length; i += 8)
        {
            s0 += (bigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes[i..]) : BinaryPrimitives.ReadUInt32LittleEndian(bytes[i..])) + s1;
            s1 += (bigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes[(i + 4)..]) : BinaryPrimitives.ReadUInt32LittleEndian(bytes[(i + 4)..])) + s0;
        }
        return (s0, s1);
    }
}
