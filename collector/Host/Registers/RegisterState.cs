using System.Collections.Immutable;
using System.Globalization;
using SignalWatch.Rules;

namespace SignalWatch.Collector.Registers;

/// <summary>What was known of one thing from an act on.</summary>
/// <param name="Act">Number of the act.</param>
/// <param name="At">When: the known time.</param>
/// <param name="Segments">What held over all days, as it was known then; none where it was taken out.</param>
internal sealed record KnownTimeline(int Act, DateTimeOffset At, Segment[] Segments);

/// <summary>One thing of a register, with everything that was ever known of it. Nothing is overwritten.</summary>
/// <param name="Key">What it is.</param>
/// <param name="Known">Oldest first; at least one.</param>
internal sealed record RegisteredEntry(string Key, ImmutableArray<KnownTimeline> Known)
{
    /// <summary>What is known now.</summary>
    public Segment[] Present => Known[^1].Segments;

    /// <summary>What was known at a point: of several at one time the last.</summary>
    public Segment[] AsOf(KnownPoint point)
    {
        for (var i = Known.Length - 1; i >= 0; i--)
            if (point.Includes(Known[i].Act, Known[i].At)) return Known[i].Segments;
        return [];
    }
}

/// <summary>A point of known time: after an act, or at a time; neither for now.</summary>
internal readonly record struct KnownPoint(int? Act, DateTimeOffset? At)
{
    /// <summary>True where it was known then.</summary>
    public bool Includes(int act, DateTimeOffset at) => Act is { } number ? act <= number : At is not { } time || at <= time;

    /// <summary>Reads a number of an act, or a time with its offset; nothing is now.</summary>
    public static bool TryParse(string? text, out KnownPoint point)
    {
        point = default;
        if (string.IsNullOrEmpty(text)) return true;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var act)) point = new(act, null);
        else if (text.Length > 10 && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)) point = new(null, at);
        else return false;
        return true;
    }
}

/// <summary>What an act did.</summary>
internal enum RegisterVerb
{
    /// <summary>A file was imported.</summary>
    Import,

    /// <summary>An earlier act was taken back.</summary>
    Undo,
}

/// <summary>Who changed what of a register, when and by which file.</summary>
/// <param name="Type">The register.</param>
/// <param name="Number">1, 2, 3 … within the register.</param>
/// <param name="Verb">What it did.</param>
/// <param name="Actor">Who.</param>
/// <param name="At">When.</param>
/// <param name="Changes">How many entries it changed.</param>
internal sealed record RegisterAct(string Type, int Number, RegisterVerb Verb, string Actor, DateTimeOffset At, int Changes)
{
    /// <summary>Name of the file, or where it came from.</summary>
    public string? Source { get; init; }

    /// <summary>SHA-256 of the file, lower-case hex.</summary>
    public string? Sha256 { get; init; }

    /// <summary>add or replace.</summary>
    public string? Mode { get; init; }

    /// <summary>From which day on it changed what holds; null for all days.</summary>
    public DateOnly? Since { get; init; }

    /// <summary>Rows of the file.</summary>
    public int? Rows { get; init; }

    /// <summary>Rows of the file that were refused and left out.</summary>
    public int? Refused { get; init; }

    /// <summary>The act that it took back.</summary>
    public int? Undoes { get; init; }

    /// <summary>Why, for an undoing.</summary>
    public string? Reason { get; init; }

    /// <summary>Its document's id, and what the journal's entries of it are about: unique over all registers.</summary>
    public static string IdOf(string type, int number) => string.Create(CultureInfo.InvariantCulture, $"register/{type}/{number:000000}");
}

/// <summary>All registers at one moment. Immutable: who reads it sees no import half done.</summary>
internal sealed record RegisterState
{
    /// <summary>No rows at all.</summary>
    public static RegisterState Empty { get; } = new();

    /// <summary>The entries of each register, by key.</summary>
    public ImmutableDictionary<string, ImmutableSortedDictionary<string, RegisteredEntry>> Tables { get; init; } =
        RegisterSchemas.All.ToImmutableDictionary(s => s.Type, _ => ImmutableSortedDictionary.Create<string, RegisteredEntry>(StringComparer.Ordinal), StringComparer.Ordinal);

    /// <summary>The acts on each register, oldest first.</summary>
    public ImmutableDictionary<string, ImmutableList<RegisterAct>> Acts { get; init; } = RegisterSchemas.All.ToImmutableDictionary(s => s.Type, _ => ImmutableList<RegisterAct>.Empty, StringComparer.Ordinal);

    /// <summary>The FM stations as rules and probes look them up.</summary>
    public FmRegister Fm { get; private init; } = FmRegister.None;

    /// <summary>The divisions as cells are checked by.</summary>
    public Areas Areas { get; private init; } = Areas.BuiltIn;

    /// <summary>The state after an act.</summary>
    /// <param name="act">What was done.</param>
    /// <param name="changes">What is known from now on of each entry that it changed.</param>
    public RegisterState With(RegisterAct act, IReadOnlyList<EntryChange> changes)
    {
        var table = Tables[act.Type].ToBuilder();
        foreach (var (key, segments) in changes)
        {
            var known = new KnownTimeline(act.Number, act.At, segments);
            table[key] = table.TryGetValue(key, out var before) ? before with { Known = before.Known.Add(known) } : new(key, [known]);
        }
        return (this with { Tables = Tables.SetItem(act.Type, table.ToImmutable()), Acts = Acts.SetItem(act.Type, Acts[act.Type].Add(act)) }).Derived(act.Type);
    }

    /// <summary>With what others look up in this register made anew.</summary>
    public RegisterState Derived(string type) => type switch
    {
        RegisterSchemas.FmType => this with { Fm = FmLicences.Of(Tables[type].Values) },
        RegisterSchemas.AreaType => this with { Areas = Areas.BuiltIn.With(Tables[type].Values.Where(e => e.Present.Length > 0).Select(e => KeyValuePair.Create(e.Key, e.Present[^1].Cells[1]))) },
        _ => this,
    };
}

/// <summary>What is known of an entry from an act on.</summary>
internal readonly record struct EntryChange(string Key, Segment[] Segments);
