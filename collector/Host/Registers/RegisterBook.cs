using System.Collections.Immutable;
using System.Text.Json;
using SignalWatch.Collector.Journal;
using SignalWatch.Collector.Storage;
using SignalWatch.Contracts;
using SignalWatch.Rules;

namespace SignalWatch.Collector.Registers;

/// <summary>The registers: a fold of what was imported and taken back. Changed by the writer, read by all.</summary>
internal sealed class RegisterBook : ISlice
{
    private const string RowKind = "register.row", ActKind = "register.act";

    private readonly HashSet<(string Type, string Key)> changed = [];
    private readonly List<RegisterAct> acted = [];
    private readonly List<JournaledRegister> parts = [];
    private RegisterState present = RegisterState.Empty;
    private volatile RegisterState committed = RegisterState.Empty;

    /// <summary>As committed.</summary>
    public RegisterState Committed => committed;

    /// <summary>The FM stations as committed.</summary>
    public FmRegister Fm => committed.Fm;

    /// <summary>Writer only: with what the open group has changed.</summary>
    public RegisterState Present => present;

    /// <inheritdoc/>
    public IReadOnlyList<string> Kinds => [RowKind, ActKind];

    /// <summary>Writer only: an act takes force. Its changes come in parts of a bounded size before it, in the same transaction.</summary>
    public void Apply(RegisterAct act, IReadOnlyList<EntryChange> changes, Group group)
    {
        foreach (var entry in JournaledRegister.Parts(act, changes)) group.Append(EntryKind.Register, RegisterAct.IdOf(act.Type, act.Number), JsonSerializer.SerializeToUtf8Bytes(entry, WireJson.Options));
        Take(act, changes);
    }

    /// <inheritdoc/>
    public void Load(IDocuments store)
    {
        changed.Clear();
        acted.Clear();
        parts.Clear();
        var state = RegisterState.Empty;
        foreach (var act in store.Documents(ActKind).Select(d => JsonSerializer.Deserialize<RegisterAct>(d.Body.Span, WireJson.Options)!).GroupBy(a => a.Type))
            if (state.Acts.ContainsKey(act.Key)) state = state with { Acts = state.Acts.SetItem(act.Key, [.. act.OrderBy(a => a.Number)]) };
        var tables = RegisterSchemas.All.ToDictionary(s => s.Type, _ => ImmutableSortedDictionary.CreateBuilder<string, RegisteredEntry>(StringComparer.Ordinal), StringComparer.Ordinal);
        foreach (var (_, body) in store.Documents(RowKind))
        {
            var stored = JsonSerializer.Deserialize<StoredEntry>(body.Span, WireJson.Options)!;
            if (RegisterSchemas.Find(stored.Type) is { } schema) tables[stored.Type][stored.Key] = stored.Entry(schema);
        }
        state = state with { Tables = tables.ToImmutableDictionary(t => t.Key, t => t.Value.ToImmutable(), StringComparer.Ordinal) };
        foreach (var schema in RegisterSchemas.All) state = state.Derived(schema.Type);
        (present, committed) = (state, state);
    }

    /// <inheritdoc/>
    public void Save(IStoreWriter store)
    {
        foreach (var act in acted) store.Put(ActKind, RegisterAct.IdOf(act.Type, act.Number), JsonSerializer.SerializeToUtf8Bytes(act, WireJson.Options));
        foreach (var (type, key) in changed) store.Put(RowKind, RowId(type, key), Written(type, present.Tables[type][key]));
    }

    /// <inheritdoc/>
    public void Publish()
    {
        changed.Clear();
        acted.Clear();
        committed = present;
    }

    /// <inheritdoc/>
    public void Replay(in JournalRow row)
    {
        if (row.Kind != EntryKind.Register) return;
        var entry = JsonSerializer.Deserialize<JournaledRegister>(row.Body.Span, WireJson.Options)!;
        if (entry.Part > 0)
        {
            // Another node may fold the parts of one import in several steps: they take force with the act, which comes last.
            parts.Add(entry);
            return;
        }
        if (entry.Act is not { } act || !present.Tables.ContainsKey(act.Type)) return;
        var changes = parts.Where(p => p.Of == RegisterAct.IdOf(act.Type, act.Number)).SelectMany(p => p.Read(RegisterSchemas.Find(act.Type)!)).ToList();
        parts.Clear();
        if (changes.Count != act.Changes) throw new InvalidOperationException($"act {act.Number} on register {act.Type} has {act.Changes} changes, {changes.Count} are there");
        Take(act, changes);
    }

    /// <inheritdoc/>
    public IEnumerable<Document> Documents(string kind) => kind == ActKind
        ? present.Acts.Values.SelectMany(a => a).Select(a => new Document(RegisterAct.IdOf(a.Type, a.Number), JsonSerializer.SerializeToUtf8Bytes(a, WireJson.Options)))
        : present.Tables.SelectMany(t => t.Value.Values.Select(e => new Document(RowId(t.Key, e.Key), Written(t.Key, e))));

    private void Take(RegisterAct act, IReadOnlyList<EntryChange> changes)
    {
        present = present.With(act, changes);
        acted.Add(act);
        foreach (var change in changes) changed.Add((act.Type, change.Key));
    }

    private static string RowId(string type, string key) => $"{type}/{key}";

    private static byte[] Written(string type, RegisteredEntry entry) => JsonSerializer.SerializeToUtf8Bytes(StoredEntry.Of(RegisterSchemas.Find(type)!, entry), WireJson.Options);
}
