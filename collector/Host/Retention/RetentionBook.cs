using System.Text.Json;
using SignalWatch.Collector.Journal;
using SignalWatch.Collector.Storage;
using SignalWatch.Contracts;

namespace SignalWatch.Collector.Retention;

/// <summary>What was removed by rule from a month.</summary>
/// <param name="Month"><c>2026-11</c>.</param>
/// <param name="Entries">By kind.</param>
/// <param name="Unattributed">Removed, but a kill came before it was said of which kind.</param>
/// <param name="DeadLetters">Lines that could not be taken.</param>
/// <param name="Dropped">The whole month went, by a person's command.</param>
/// <param name="Actor">Who: <c>retention</c>, or a person.</param>
/// <param name="At">When.</param>
internal sealed record RemovedByRule(string Month, IReadOnlyDictionary<EntryKind, long> Entries, long Unattributed, long DeadLetters, bool Dropped, string Actor, DateTimeOffset At)
{
    public long Count => Entries.Values.Sum() + Unattributed;
}

/// <summary>What retention removed, month by month: an audit sees that what is not there was removed by rule, and not lost.</summary>
internal sealed class RetentionBook : ISlice
{
    private readonly DocumentBook<RemovedByRule> removed = new("retention");

    /// <inheritdoc/>
    public IReadOnlyList<string> Kinds => [removed.Kind];

    /// <summary>All months, as committed.</summary>
    public ICollection<RemovedByRule> Committed => removed.Committed;

    /// <summary>Writer only: journals what was removed.</summary>
    public void Record(RemovedByRule more, Group group)
    {
        group.Append(EntryKind.Retention, null, JsonSerializer.SerializeToUtf8Bytes(more, WireJson.Options));
        Add(more);
    }

    /// <inheritdoc/>
    public void Load(IDocuments store) => removed.Load(store);

    /// <inheritdoc/>
    public void Save(IStoreWriter store) => removed.Save(store);

    /// <inheritdoc/>
    public void Publish() => removed.Publish();

    /// <inheritdoc/>
    public void Replay(in JournalRow row)
    {
        if (row.Kind == EntryKind.Retention) Add(JsonSerializer.Deserialize<RemovedByRule>(row.Body.Span, WireJson.Options)!);
    }

    /// <inheritdoc/>
    public IEnumerable<Document> Documents(string kind) => removed.Documents();

    /// <summary>Writer only: what of these months is not recorded yet.</summary>
    /// <param name="months">The months as the store has them, with the number of entries that were removed.</param>
    /// <param name="thinned">What this run removed, by kind.</param>
    /// <param name="now">The collector's clock.</param>
    public List<RemovedByRule> Unrecorded(IReadOnlyList<StoredMonth> months, IReadOnlyList<ThinnedMonth> thinned, DateTimeOffset now)
    {
        var news = new List<RemovedByRule>();
        foreach (var month in months)
        {
            var name = month.Month.ToString();
            var run = thinned.FirstOrDefault(t => t.Month == name);
            var entries = run?.Entries ?? new Dictionary<EntryKind, long>();
            var rest = month.Thinned - (removed.Present.GetValueOrDefault(name)?.Count ?? 0) - entries.Values.Sum();
            if (rest > 0 || run is not null) news.Add(new(name, entries, Math.Max(0, rest), run?.DeadLetters ?? 0, false, "retention", now));
        }
        return news;
    }

    private void Add(RemovedByRule more)
    {
        if (removed.Present.GetValueOrDefault(more.Month) is { } before)
            more = more with
            {
                Entries = before.Entries.Concat(more.Entries).GroupBy(e => e.Key).OrderBy(g => g.Key).ToDictionary(g => g.Key, g => g.Sum(e => e.Value)),
                Unattributed = before.Unattributed + more.Unattributed,
                DeadLetters = before.DeadLetters + more.DeadLetters,
            };
        removed.Set(more.Month, more);
    }
}

/// <summary>Journals what a run of retention removed.</summary>
internal sealed class RetentionWork(RetentionBook book, IReadOnlyList<StoredMonth> months, IReadOnlyList<ThinnedMonth> thinned) : ActWork<IReadOnlyList<RemovedByRule>>
{
    /// <inheritdoc/>
    public override void Do(Group group)
    {
        var news = book.Unrecorded(months, thinned, group.Now);
        foreach (var one in news) book.Record(one, group);
        Answer(news);
    }
}
