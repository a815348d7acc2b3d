using System.Text.Json;

namespace SignalWatch.Collector.Registers;

/// <summary>A segment as it is stored: the cells that are not empty, by the names of their columns, so that a schema may grow.</summary>
internal sealed record StoredSegment(DateOnly? From, DateOnly? To, IReadOnlyDictionary<string, string> Cells)
{
    public static StoredSegment Of(RegisterSchema schema, Segment segment)
    {
        var cells = new Dictionary<string, string>(segment.Cells.Length, StringComparer.Ordinal);
        for (var i = 0; i < segment.Cells.Length; i++)
            if (segment.Cells[i].Length > 0) cells[schema.Columns[i].Name] = segment.Cells[i];
        return new(segment.From == DateOnly.MinValue ? null : segment.From, segment.To == DateOnly.MaxValue ? null : segment.To, cells);
    }

    /// <summary>In the order of the schema's columns. A name that it has not is of a later version, whose data must not be lost by going on.</summary>
    public Segment Segment(RegisterSchema schema)
    {
        var cells = new string[schema.Columns.Count];
        Array.Fill(cells, "");
        foreach (var (name, value) in Cells)
            cells[schema.IndexOf(name) is >= 0 and var at ? at : throw new JsonException($"register {schema.Type} has no column {name}")] = value;
        return new(From ?? DateOnly.MinValue, To ?? DateOnly.MaxValue, cells);
    }
}

/// <summary>What was known of an entry from an act on, as it is stored.</summary>
internal sealed record StoredTimeline(int Act, DateTimeOffset At, IReadOnlyList<StoredSegment> Segments);

/// <summary>An entry as its document keeps it.</summary>
internal sealed record StoredEntry(string Type, string Key, IReadOnlyList<StoredTimeline> Known)
{
    public static StoredEntry Of(RegisterSchema schema, RegisteredEntry entry) =>
        new(schema.Type, entry.Key, [.. entry.Known.Select(k => new StoredTimeline(k.Act, k.At, [.. k.Segments.Select(s => StoredSegment.Of(schema, s))]))]);

    public RegisteredEntry Entry(RegisterSchema schema) => new(Key, [.. Known.Select(k => new KnownTimeline(k.Act, k.At, [.. k.Segments.Select(s => s.Segment(schema))]))]);
}

/// <summary>What is known of an entry from now on, as the journal keeps it.</summary>
internal sealed record JournaledChange(string Key, IReadOnlyList<StoredSegment> Segments);

/// <summary>An entry of the journal about a register: some of an act's changes, or, behind them all, the act.</summary>
/// <param name="Of">The act's id.</param>
/// <param name="Part">1, 2, 3 … for changes; 0 for the act.</param>
/// <param name="Act">The act.</param>
/// <param name="Changes">Some of its changes.</param>
internal sealed record JournaledRegister(string Of, int Part, RegisterAct? Act, IReadOnlyList<JournaledChange>? Changes)
{
    private const int MostOfAPart = 500; // some 200 KB: a page of the journal can still be read

    /// <summary>The parts of an act, and the act.</summary>
    public static IEnumerable<JournaledRegister> Parts(RegisterAct act, IReadOnlyList<EntryChange> changes)
    {
        var (id, schema) = (RegisterAct.IdOf(act.Type, act.Number), RegisterSchemas.Find(act.Type)!);
        for (var (from, part) = (0, 1); from < changes.Count; from += MostOfAPart, part++)
            yield return new(id, part, null, [.. changes.Skip(from).Take(MostOfAPart).Select(c => new JournaledChange(c.Key, [.. c.Segments.Select(s => StoredSegment.Of(schema, s))]))]);
        yield return new(id, 0, act, null);
    }

    /// <summary>The changes of this part.</summary>
    public IEnumerable<EntryChange> Read(RegisterSchema schema) => (Changes ?? []).Select(c => new EntryChange(c.Key, [.. c.Segments.Select(s => s.Segment(schema))]));
}
