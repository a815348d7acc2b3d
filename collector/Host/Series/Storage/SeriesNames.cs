using System.Globalization;
using System.IO.Hashing;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using SignalWatch.Contracts;

namespace SignalWatch.Collector.Series.Storage;

/// <summary>Which number each series has in the files: an append-only list, a line each with its CRC-32. It is on disk before the first file that uses a number.
/// A number is never given twice, not even that of a line which is damaged: the values of one station must never appear under another.</summary>
internal sealed class SeriesNames : IDisposable
{
    private readonly Lock gate = new();
    private readonly int most;
    private readonly FileStream file;
    private readonly List<SeriesKey?> keys = [];
    private readonly Dictionary<SeriesKey, int> numbers = [];
    private readonly Dictionary<string, string> texts = new(StringComparer.Ordinal);
    private readonly MemoryStream unsaved = new();

    private SeriesNames(FileStream file, int most) => (this.file, this.most) = (file, most);

    public int Count
    {
        get { lock (gate) return keys.Count; }
    }

    /// <summary>Opens the list. A last line that was not finished is cut off; a damaged one loses its series, whose values nobody can name any more.</summary>
    /// <param name="path">Its file.</param>
    /// <param name="most">Series at most.</param>
    /// <param name="used">How many numbers files may use.</param>
    public static SeriesNames Open(string path, int most, int used)
    {
        var names = new SeriesNames(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read), most);
        var content = new byte[names.file.Length];
        names.file.ReadExactly(content);
        var good = 0;
        for (int end; (end = content.AsSpan(good).IndexOf((byte)'\n')) >= 0; good += end + 1)
        {
            if (Parse(content.AsSpan(good, end)) is not { } line || line.Number < names.keys.Count || line.Number > most) continue;
            while (names.keys.Count < line.Number) names.keys.Add(null);
            names.Take(line.Key);
        }
        while (names.keys.Count < used) names.keys.Add(null);
        names.file.SetLength(good);
        names.file.Position = good;
        return names;
    }

    /// <summary>The number of a series; a new one where it is new.</summary>
    /// <returns>-1 where there are too many.</returns>
    public int NumberOf(in SeriesKey key)
    {
        lock (gate)
        {
            if (numbers.TryGetValue(key, out var number)) return number;
            if (keys.Count >= most || !Take(key)) return -1;
            var json = JsonSerializer.SerializeToUtf8Bytes(new Line(keys.Count - 1, key), WireJson.Options);
            unsaved.Write(Encoding.ASCII.GetBytes(Crc32.HashToUInt32(json).ToString("x8", CultureInfo.InvariantCulture) + " "));
            unsaved.Write(json);
            unsaved.WriteByte((byte)'\n');
            return keys.Count - 1;
        }
    }

    /// <summary>The series from a number on.</summary>
    public IReadOnlyList<(int Number, SeriesKey Key)> From(int number, int limit, Func<SeriesKey, bool> wanted)
    {
        lock (gate)
        {
            var found = new List<(int, SeriesKey)>();
            for (var i = Math.Max(0, number); i < keys.Count && found.Count < limit; i++)
                if (keys[i] is { } key && wanted(key)) found.Add((i, key));
            return found;
        }
    }

    /// <summary>Brings what is new to disk.</summary>
    public void Save()
    {
        lock (gate)
        {
            if (unsaved.Length == 0) return;
            var before = file.Position;
            try
            {
                file.Write(unsaved.GetBuffer(), 0, (int)unsaved.Length);
                file.Flush(flushToDisk: true);
                unsaved.SetLength(0);
            }
            catch (IOException)
            {
                file.Position = before; // the next attempt writes over what came through of this one
                throw;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();

    /// <summary>Probes, watches and metrics repeat in each key: one text of each is enough.</summary>
    private bool Take(in SeriesKey key)
    {
        var interned = new SeriesKey(One(key.Metric), new(key.Subject.Kind, One(key.Subject.Key)), new(One(key.Probe.Value)), new(One(key.Watch.Value)), key.Origin, One(key.Apart));
        if (!numbers.TryAdd(interned, keys.Count)) return false;
        keys.Add(interned);
        return true;
    }

    private string One(string text)
    {
        if (texts.TryGetValue(text, out var known)) return known;
        texts[text] = text;
        return text;
    }

    private static Line? Parse(ReadOnlySpan<byte> line)
    {
        if (line.Length < 10 || line[8] != ' ' || !uint.TryParse(line[..8], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var crc) || Crc32.HashToUInt32(line[9..]) != crc) return null;
        try
        {
            return JsonSerializer.Deserialize<Line>(line[9..], WireJson.Options);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private sealed record Line([property: JsonPropertyName("n")] int Number, [property: JsonPropertyName("k")] SeriesKey Key);
}
