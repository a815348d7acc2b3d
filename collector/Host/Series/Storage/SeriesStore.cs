using System.Buffers.Binary;
using System.IO.Hashing;

namespace SignalWatch.Collector.Series.Storage;

/// <summary>Series on disk, in a folder of their own. All of it is derived: a cursor says up to which position of the journal it is in files, what is behind it is read from the journal again
/// after a kill, and a folder that is deleted is made anew. One thread writes; any thread reads.</summary>
internal sealed class SeriesStore : IDisposable
{
    private const string CursorFile = "cursor", NamesFile = "names", DamagedExtension = ".damaged";
    private const int CursorBytes = 24;

    /// <summary>In the place of a position: what the journal has so far is left out.</summary>
    public const long FromNowOn = -1;

    private static readonly TimeSpan ClosedAfter = TimeSpan.FromHours(1);

    private readonly Lock gate = new();
    private readonly string folder;
    private readonly SeriesSettings settings;
    private readonly PointHead head;
    private List<SegmentName> files = [];
    private long flush; // the newest that is complete

    private SeriesStore(string folder, SeriesSettings settings, SeriesNames names)
    {
        (this.folder, this.settings, Names) = (folder, settings, names);
        head = new(settings.MostPoints);
    }

    public SeriesNames Names { get; }

    /// <summary>Every observation up to this position of the journal is in files.</summary>
    public long Through { get; private set; }

    /// <summary>Files that were found damaged and put aside.</summary>
    public int Damaged { get; private set; }

    /// <summary>Values that wait for the disk.</summary>
    public int Waiting
    {
        get { lock (gate) return head.Count; }
    }

    /// <summary>Opens the folder, and removes what a kill left half done.</summary>
    /// <exception cref="IOException">It can't be used.</exception>
    public static SeriesStore Open(string folder, SeriesSettings settings)
    {
        Directory.CreateDirectory(folder);
        var cursor = ReadCursor(folder);
        var store = new SeriesStore(folder, settings, SeriesNames.Open(Path.Combine(folder, NamesFile), settings.MostSeries, cursor?.Series ?? 0));
        foreach (var left in Directory.EnumerateFiles(folder, "*" + SegmentWriter.Unfinished)) File.Delete(left);
        var found = Directory.EnumerateFiles(folder, "*" + SegmentName.Extension).Select(Path.GetFileName).Select(f => SegmentName.Parse(f!)).OfType<SegmentName>().ToList();
        // Without its cursor nobody knows what a folder with files has of the journal: it goes on with what comes now, rather than count anything twice or lose years of hours.
        (store.flush, store.Through) = cursor is { } known ? (known.Flush, known.Through) : found.Count > 0 ? (found.Max(f => f.To), FromNowOn) : (0, 0);
        foreach (var file in found)
        {
            // Of a flush that was not completed, or merged already. The first would be counted twice when the journal is read again.
            if (file.To > store.flush || found.Exists(f => f.To <= store.flush && f.Covers(file))) File.Delete(Path.Combine(folder, file.File));
            else if (store.IsWhole(file)) store.files.Add(file);
        }
        return store;
    }

    /// <summary>Writer only: adds a value.</summary>
    /// <returns>False where there is no room until the next flush.</returns>
    public bool Add(int id, long ms, double value) => Add([(id, value)], ms) == 1;

    /// <summary>Writer only: adds values of one moment.</summary>
    /// <returns>How many there was room for until the next flush.</returns>
    public int Add(ReadOnlySpan<(int Id, double Value)> values, long ms)
    {
        lock (gate)
        {
            var added = 0;
            while (added < values.Length && head.Add(values[added].Id, ms, values[added].Value)) added++;
            return added;
        }
    }

    /// <summary>Writer only: brings what waits to disk, in the three resolutions.</summary>
    /// <param name="through">Every observation up to this position was added.</param>
    /// <param name="now">For what is too old to be kept.</param>
    /// <exception cref="IOException">It is not on disk, and waits still.</exception>
    public void Flush(long through, DateTimeOffset now)
    {
        if (head.Count == 0 && through - Through < 10_000) return; // a cursor for nothing but time costs two syncs
        Names.Save();
        var written = Write(head.Group(Names.Count), now);
        WriteCursor(flush + 1, through);
        lock (gate)
        {
            (flush, Through) = (flush + 1, through);
            files = [.. files, .. written];
            head.Clear();
        }
    }

    /// <summary>Writer only: gives up what waits; the journal still has it, and a restart reads it again.</summary>
    public void Forget()
    {
        lock (gate) head.Clear();
    }

    /// <summary>Writer only: drops windows whose time is over, and merges files where there are many.</summary>
    /// <returns>True where there was something to merge, and there may be more.</returns>
    public bool Maintain(DateTimeOffset now)
    {
        var ms = now.ToUnixTimeMilliseconds();
        Remove([.. files.Where(f => f.WindowMs + f.Rollup.WindowMs <= ms - (long)settings.Keep[f.Rollup.Index].TotalMilliseconds)], null);
        if (SegmentMerge.Next(files, ms - (long)ClosedAfter.TotalMilliseconds) is not { } next) return false;
        try
        {
            Remove(next, SegmentMerge.Merge(folder, next));
        }
        catch (InvalidDataException)
        {
            foreach (var file in next) SetAsideIfDamaged(file);
        }
        return true;
    }

    /// <summary>The cells of a series between two times, with the beginning of each, ascending.</summary>
    public List<(long Ms, Cell Cell)> Read(int id, Rollup rollup, long from, long to)
    {
        while (true)
        {
            var (names, waiting) = Snapshot(id, rollup, from, to);
            try
            {
                return Read(id, rollup, from, to, names, waiting);
            }
            catch (FileNotFoundException)
            {
                // Merged or dropped since the snapshot: the next one has what took its place.
            }
        }
    }

    /// <summary>Sizes of all files together, bytes.</summary>
    public long Bytes() => new DirectoryInfo(folder).EnumerateFiles().Sum(f => f.Length);

    /// <inheritdoc/>
    public void Dispose() => Names.Dispose();

    private (List<SegmentName> Files, List<(long Ms, double Value)> Waiting) Snapshot(int id, Rollup rollup, long from, long to)
    {
        lock (gate)
        {
            var waiting = new List<(long, double)>();
            head.Find(id, from, to, waiting);
            return ([.. files.Where(f => f.Rollup == rollup && f.WindowMs < to && f.WindowMs + rollup.WindowMs > from).OrderBy(f => f.WindowMs).ThenBy(f => f.From)], waiting);
        }
    }

    private List<(long Ms, Cell Cell)> Read(int id, Rollup rollup, long from, long to, List<SegmentName> names, List<(long Ms, double Value)> waiting)
    {
        var windows = new SortedDictionary<long, List<Cell>>();
        List<Cell> Window(long start) => windows.TryGetValue(start, out var cells) ? cells : windows[start] = [];
        foreach (var name in names)
        {
            try
            {
                using var segment = Segment.Open(Path.Combine(folder, name.File));
                segment.Read(id, Window(name.WindowMs));
            }
            catch (InvalidDataException)
            {
                // Counted when the writer comes to it; what the other files have is shown all the same.
            }
        }
        foreach (var (ms, value) in waiting)
            Window(rollup.WindowOf(ms)).Add(Cell.Of(rollup.BucketOf(ms), value, (int)(ms - Rollup.Floor(ms, rollup.StepMs))));
        var all = new List<(long, Cell)>();
        foreach (var (start, cells) in windows)
        {
            Cell.Settle(cells);
            foreach (var cell in cells)
                if (start + (cell.Bucket * rollup.StepMs) is var at && at >= Rollup.Floor(from, rollup.StepMs) && at < to) all.Add((at, cell));
        }
        return all;
    }

    private List<SegmentName> Write(GroupedPoints points, DateTimeOffset now)
    {
        var writers = new Dictionary<(Rollup, long), SegmentWriter>();
        try
        {
            var oldest = Rollup.All.Select(r => now.ToUnixTimeMilliseconds() - (long)settings.Keep[r.Index].TotalMilliseconds).ToArray();
            var cells = new List<Cell>();
            for (var id = 0; id < points.Starts.Length - 1; id++)
            {
                var (start, end) = (points.Starts[id], points.Starts[id + 1]);
                if (start == end) continue;
                Array.Sort(points.Times, points.Values, start, end - start);
                foreach (var rollup in Rollup.All) WriteSeries(id, rollup, points.Times.AsSpan(start, end - start), points.Values.AsSpan(start, end - start), oldest[rollup.Index], writers, cells);
            }
            foreach (var writer in writers.Values) writer.Finish();
            return [.. writers.Values.Select(w => w.Name)];
        }
        finally
        {
            foreach (var writer in writers.Values) writer.Dispose();
        }
    }

    private void WriteSeries(int id, Rollup rollup, ReadOnlySpan<long> times, ReadOnlySpan<double> values, long oldest, Dictionary<(Rollup, long), SegmentWriter> writers, List<Cell> cells)
    {
        for (var i = 0; i < times.Length;)
        {
            var window = rollup.WindowOf(times[i]);
            cells.Clear();
            for (; i < times.Length && times[i] < window + rollup.WindowMs; i++)
            {
                var (bucket, within) = ((int)((times[i] - window) / rollup.StepMs), (int)((times[i] - window) % rollup.StepMs));
                if (cells.Count > 0 && cells[^1].Bucket == bucket) cells[^1] = cells[^1].With(values[i], within);
                else cells.Add(Cell.Of(bucket, values[i], within));
            }
            if (window + rollup.WindowMs <= oldest) continue;
            if (!writers.TryGetValue((rollup, window), out var writer))
                writers[(rollup, window)] = writer = new(folder, new(rollup, window, flush + 1, flush + 1, 0));
            writer.Add(id, cells);
        }
    }

    private void Remove(IReadOnlyList<SegmentName> gone, SegmentName? inTheirPlace)
    {
        if (gone.Count == 0) return;
        lock (gate) files = [.. files.Except(gone), .. inTheirPlace is null ? (SegmentName[])[] : [inTheirPlace]];
        foreach (var file in gone) File.Delete(Path.Combine(folder, file.File));
    }

    private bool IsWhole(SegmentName file)
    {
        try
        {
            using var segment = Segment.Open(Path.Combine(folder, file.File));
            return true;
        }
        catch (InvalidDataException)
        {
            SetAside(file);
            return false;
        }
    }

    private void SetAsideIfDamaged(SegmentName file)
    {
        try
        {
            using var segment = Segment.Open(Path.Combine(folder, file.File));
            var cells = new List<Cell>();
            for (var i = 0; i < segment.Series; i++)
            {
                cells.Clear();
                segment.Read(segment.Entry(i), cells);
            }
        }
        catch (InvalidDataException)
        {
            SetAside(file);
        }
    }

    /// <summary>Kept under another name, for whoever wants to know why.</summary>
    private void SetAside(SegmentName file)
    {
        Damaged++;
        lock (gate) files = [.. files.Where(f => f != file)];
        File.Move(Path.Combine(folder, file.File), Path.Combine(folder, file.File + DamagedExtension), overwrite: true);
    }

    private static (long Flush, long Through, int Series)? ReadCursor(string folder)
    {
        var path = Path.Combine(folder, CursorFile);
        if (!File.Exists(path) || File.ReadAllBytes(path) is not { Length: CursorBytes } bytes) return null;
        if (Crc32.HashToUInt32(bytes.AsSpan(0, 20)) != BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(20))) return null;
        return (BinaryPrimitives.ReadInt64LittleEndian(bytes), BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(8)), BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(16)));
    }

    /// <summary>The moment at which a flush counts: before it, its files are leftovers; from it on, the journal is not read again.</summary>
    private void WriteCursor(long number, long through)
    {
        var path = Path.Combine(folder, CursorFile);
        Span<byte> bytes = stackalloc byte[CursorBytes];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, number);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[8..], through);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[16..], Names.Count);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[20..], Crc32.HashToUInt32(bytes[..20]));
        using (var stream = new FileStream(path + SegmentWriter.Unfinished, FileMode.Create, FileAccess.Write))
        {
            stream.Write(bytes);
            stream.Flush(flushToDisk: true);
        }
        File.Move(path + SegmentWriter.Unfinished, path, overwrite: true);
    }
}
