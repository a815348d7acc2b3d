using System.Globalization;
using System.Text;
using SignalWatch.Fm.Identity;

namespace SignalWatch.Probe.Evidence;

/// <summary>When carriers came and went, for 30 days: one edge a line, <c>2026-03-14T15:04:00.1230000Z,98000000,on</c>, only ever appended to.
/// <para>What can't be read is left out and counted: a line that the plug tore costs that edge, no more. What can't be written waits for the next time.</para></summary>
internal sealed class OnOffFile
{
    /// <summary>So long edges are kept.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(30);

    // The change itself was not seen: without this mark every start of the probe would read like a transmitter that is switched.
    private const string Unseen = "unseen-";

    // A carrier that flickers for a month must not fill the disk: 200,000 edges are 10 MB.
    private const int MostEdges = 200_000;

    private readonly string path;
    private readonly Queue<OnOffEdge> waiting = new();
    private long lines;
    private DateTimeOffset compacted;

    private OnOffFile(string path) => this.path = path;

    /// <summary>The edges that were there when it was opened, by time.</summary>
    public IReadOnlyList<OnOffEdge> Edges { get; private set; } = [];

    /// <summary>Lines that could not be read.</summary>
    public int Unreadable { get; private set; }

    /// <summary>Edges that were given up, because there were too many or the disk took none for too long.</summary>
    public long Dropped { get; private set; }

    /// <summary>Edges that the disk has not taken yet.</summary>
    public int Waiting => waiting.Count;

    /// <summary>Reads what is there and leaves out what is older than 30 days. A file that is missing or can't be read is as good as an empty one.</summary>
    public static OnOffFile Open(string path, DateTimeOffset now)
    {
        var file = new OnOffFile(path);
        file.Edges = file.Read(now);
        file.Compact(file.Edges, now);
        return file;
    }

    /// <summary>Appends edges; on return they are on the disk, or wait in memory.</summary>
    public void Append(IReadOnlyList<OnOffEdge> edges)
    {
        foreach (var edge in edges)
        {
            if (waiting.Count == MostEdges)
            {
                waiting.Dequeue();
                Dropped++;
            }
            waiting.Enqueue(edge);
        }
        if (waiting.Count == 0) return;
        var now = waiting.Max(e => e.At);
        if (now - compacted > TimeSpan.FromDays(1) || lines + waiting.Count > 2 * MostEdges) Compact(Read(now), now);
        Write();
    }

    private void Write()
    {
        try
        {
            using var file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read);
            file.Write(Bytes(waiting));
            file.Flush(flushToDisk: true);
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            return;
        }
        lines += waiting.Count;
        waiting.Clear();
    }

    private List<OnOffEdge> Read(DateTimeOffset now)
    {
        Unreadable = 0;
        var edges = new List<OnOffEdge>();
        try
        {
            foreach (var line in File.ReadLines(path))
                if (!TryParse(line, out var edge)) Unreadable++;
                else if (edge.At >= now - Kept) edges.Add(edge);
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            // Not there yet; or it can't be read, and then what was read so far counts.
        }
        edges.Sort((a, b) => a.At.CompareTo(b.At));
        if (edges.Count <= MostEdges) return edges;
        Dropped += edges.Count - MostEdges;
        return edges[^MostEdges..];
    }

    private void Compact(IReadOnlyList<OnOffEdge> edges, DateTimeOffset now)
    {
        compacted = now;
        lines = edges.Count;
        try
        {
            // Also mends the end: an edge after a torn line would be torn with it.
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            using (var file = new FileStream(path + ".new", FileMode.Create, FileAccess.Write))
            {
                file.Write(Bytes(edges));
                file.Flush(flushToDisk: true);
            }
            File.Move(path + ".new", path, overwrite: true);
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            // The old file is as good, only longer.
        }
    }

    private static byte[] Bytes(IEnumerable<OnOffEdge> edges)
    {
        var text = new StringBuilder();
        foreach (var edge in edges)
            text.Append(CultureInfo.InvariantCulture, $"{edge.At.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'},{edge.FrequencyHz},{(edge.AfterGap ? Unseen : "")}{(edge.OnAir ? "on" : "off")}\n");
        return Encoding.ASCII.GetBytes(text.ToString());
    }

    private static bool TryParse(string line, out OnOffEdge edge)
    {
        edge = default;
        var parts = line.Split(',');
        if (parts.Length != 3 || parts[2] is not ("on" or "off" or Unseen + "on" or Unseen + "off")) return false;
        if (!DateTimeOffset.TryParseExact(parts[0], "yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)) return false;
        if (!long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var hz)) return false;
        edge = new OnOffEdge(hz, at, parts[2] is "on" or Unseen + "on") { AfterGap = parts[2].StartsWith(Unseen, StringComparison.Ordinal) };
        return true;
    }
}
