using System.Text.Json;
using SignalWatch.Collector.Journal;
using SignalWatch.Collector.Storage;
using SignalWatch.Contracts;

namespace SignalWatch.Collector.Damage;

/// <summary>Numbers of a probe's boot that were acknowledged and are gone; they are taken if the probe delivers them again.</summary>
internal sealed record ProbeNumbers(ProbeId Probe, Guid Boot, string Numbers);

/// <summary>A loss that the collector found in its store, and told.</summary>
/// <param name="Position">Where the store left it.</param>
/// <param name="Loss">What is lost.</param>
/// <param name="Numbers">Of which probes.</param>
/// <param name="ToldAt">When the gaps were recorded and the alarm was raised.</param>
internal sealed record ToldLoss(long Position, StoredLoss Loss, IReadOnlyList<ProbeNumbers> Numbers, DateTimeOffset ToldAt);

/// <summary>Every loss that was told: so that each is told once, and the numbers are given free once.</summary>
internal sealed class DamageBook : ISlice
{
    private readonly DocumentBook<ToldLoss> told = new("damage");

    /// <inheritdoc/>
    public IReadOnlyList<string> Kinds => [told.Kind];

    /// <summary>The losses as committed.</summary>
    public ICollection<ToldLoss> Committed => told.Committed;

    /// <summary>Losses that the store left in the journal and nobody was told of.</summary>
    public List<(long Position, StoredLoss Loss)> Untold(IStoreView view) => [.. JournalBaseline.Losses(view).Where(l => !told.Present.ContainsKey(l.Loss.SetAside))];

    /// <summary>Writer only: it is told in this group.</summary>
    public void Tell(ToldLoss loss, Group group)
    {
        group.Append(EntryKind.Damage, loss.Loss.SetAside, JsonSerializer.SerializeToUtf8Bytes(loss, WireJson.Options));
        told.Set(loss.Loss.SetAside, loss);
    }

    /// <inheritdoc/>
    public void Load(IDocuments store) => told.Load(store);

    /// <inheritdoc/>
    public void Save(IStoreWriter store) => told.Save(store);

    /// <inheritdoc/>
    public void Publish() => told.Publish();

    /// <inheritdoc/>
    public void Replay(in JournalRow row)
    {
        if (row is { Kind: EntryKind.Damage, About: { } about }) told.Set(about, JsonSerializer.Deserialize<ToldLoss>(row.Body.Span, WireJson.Options)!);
    }

    /// <inheritdoc/>
    public IEnumerable<Document> Documents(string kind) => told.Documents();
}
