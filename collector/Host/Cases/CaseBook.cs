using System.Text.Json;
using SignalWatch.Collector.Journal;
using SignalWatch.Collector.Storage;
using SignalWatch.Contracts;

namespace SignalWatch.Collector.Cases;

/// <summary>All cases: a fold of what people did.</summary>
internal sealed class CaseBook : ISlice
{
    private readonly DocumentBook<CaseRecord> cases = new("case");

    /// <inheritdoc/>
    public IReadOnlyList<string> Kinds => [cases.Kind];

    /// <summary>The cases as committed.</summary>
    public IEnumerable<CaseRecord> Committed => cases.Committed;

    /// <summary>The committed case, or null.</summary>
    public CaseRecord? Find(string id) => cases.Find(id);

    /// <summary>True where a case holds this evidence: it must never go.</summary>
    public bool Holds(string sha256) => cases.Committed.Any(c => c.Evidence.Contains(sha256));

    /// <summary>Writer only: a person acts.</summary>
    /// <param name="id">The case; null for an opening.</param>
    /// <param name="request">What they do.</param>
    /// <param name="group">The group that is being written.</param>
    public (CaseRecord? After, Problem? Refusal) Act(string? id, CaseActRequest request, Group group)
    {
        var of = id ?? CaseMachine.NextId(cases.Present.Keys, group.Now);
        var before = cases.Present.GetValueOrDefault(of);
        if (before is not null && request.Version != before.Version) return (null, CaseTexts.Changed(of, request.Version, before.Version));
        var (after, refusal) = CaseMachine.Decide(of, before, request.Command, request.Actor, group.Now);
        if (after is null) return (null, refusal);
        group.Append(EntryKind.Case, of, JsonSerializer.SerializeToUtf8Bytes(new JournaledCaseAct(of, request.Actor, group.Now, request.Command), WireJson.Options));
        cases.Set(of, after);
        return (after, null);
    }

    /// <inheritdoc/>
    public void Load(IDocuments store) => cases.Load(store);

    /// <inheritdoc/>
    public void Save(IStoreWriter store) => cases.Save(store);

    /// <inheritdoc/>
    public void Publish() => cases.Publish();

    /// <inheritdoc/>
    public void Replay(in JournalRow row)
    {
        if (row.Kind != EntryKind.Case) return;
        var act = JsonSerializer.Deserialize<JournaledCaseAct>(row.Body.Span, WireJson.Options)!;
        if (CaseMachine.Decide(act.Case, cases.Present.GetValueOrDefault(act.Case), act.Command, act.Actor, act.At).After is { } after) cases.Set(act.Case, after);
    }

    /// <inheritdoc/>
    public IEnumerable<Document> Documents(string kind) => cases.Documents();
}

/// <summary>A person acts on a case.</summary>
/// <param name="cases">All cases.</param>
/// <param name="id">The case; null for an opening.</param>
/// <param name="request">What they do.</param>
/// <param name="exists">Says what is wrong with a link: null where what it links to is there.</param>
internal sealed class CaseAct(CaseBook cases, string? id, CaseActRequest request, Func<CaseCommand, Problem?> exists) : ActWork<CaseRecord>
{
    /// <inheritdoc/>
    public override void Do(Group group)
    {
        if (exists(request.Command) is { } dangling)
        {
            Refuse(dangling);
            return;
        }
        var (after, refusal) = cases.Act(id, request, group);
        if (after is null) Refuse(refusal!);
        else Answer(after);
    }
}
