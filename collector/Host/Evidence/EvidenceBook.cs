using System.Text.Json;
using SignalWatch.Collector.Evidence.Merkle;
using SignalWatch.Collector.Journal;
using SignalWatch.Collector.Storage;
using SignalWatch.Contracts;
using SignalWatch.Contracts.Cryptography;

namespace SignalWatch.Collector.Evidence;

/// <summary>Signs the evidence log.</summary>
/// <param name="Origin">The log's name.</param>
/// <param name="Key">Its key.</param>
internal sealed record LogSigner(string Origin, Ed25519.PrivateKey Key)
{
    public string Sign(MerkleRange tree) => SignedNote.Sign(new Checkpoint(Origin, tree.Size, tree.Root()).Text, Origin, Key);
}

/// <summary>All evidence, and the log of all acts on it: a fold of the acts.</summary>
internal sealed class EvidenceBook : ISlice
{
    /// <summary>Kind of the documents that items are.</summary>
    public const string ItemKind = "evidence";

    private const string HeadId = "log";
    private const string AboutLog = "evidence-log";
    private static readonly TimeSpan BetweenCheckpoints = TimeSpan.FromMinutes(1);

    private readonly DocumentBook<EvidenceItem> items = new(ItemKind);
    private readonly DocumentBook<EvidenceLogHead> heads = new("evidence-log");
    private readonly List<LogEntry> grown = [];

    /// <summary>Null where the log is only folded: then nothing is signed.</summary>
    public LogSigner? Signer { get; set; }

    /// <inheritdoc/>
    public IReadOnlyList<string> Kinds => [items.Kind, heads.Kind];

    /// <summary>Every item, as committed.</summary>
    public ICollection<EvidenceItem> Committed => items.Committed;

    /// <summary>The log, as committed.</summary>
    public EvidenceLogHead Head => heads.Find(HeadId) ?? NoHead;

    /// <summary>What the last group added to the log.</summary>
    public IReadOnlyList<LogEntry> Published { get; private set; } = [];

    /// <summary>The committed item, or null.</summary>
    public EvidenceItem? Find(string sha256) => items.Find(sha256);

    private static EvidenceLogHead NoHead => new(MerkleRange.Empty, 0, null, 0, null, null, null);

    private EvidenceLogHead PresentHead => heads.Present.GetValueOrDefault(HeadId) ?? NoHead;

    /// <summary>Writer only: the item with what the open group has changed.</summary>
    /// <exception cref="ProblemException">There is none.</exception>
    public EvidenceItem Present(string sha256) => items.Present.GetValueOrDefault(sha256) ?? throw new ProblemException(EvidenceTexts.NoSuchItem(sha256));

    /// <summary>Writer only: true where the bytes of some item are not those of its digests.</summary>
    public bool AnyUnsound => items.Present.Values.Any(i => !i.Sound);

    /// <summary>Writer only: an item's bytes are on disk and were found to be what was declared. Storing again what is stored adds its alarms and cases.</summary>
    public EvidenceItem Store(EvidenceDeclaration declared, TwoDigests found, uint crc32, string actor, Group group)
    {
        if (items.Present.TryGetValue(declared.Sha256, out var there))
        {
            var (alarms, cases) = (declared.Alarms ?? [], declared.Cases ?? []);
            return alarms.Except(there.Alarms).Any() || cases.Except(there.Cases).Any() ? Link(declared.Sha256, alarms, cases, actor, null, group) : there;
        }
        var parent = declared.Parent is { } original ? Present(original) : null;
        return Do(declared.Sha256, new()
        {
            Act = EvidenceActKind.Stored,
            At = group.Now,
            Actor = actor,
            Declared = declared,
            Found = found,
            Crc32 = crc32,
            LeadOnlyReasons = LeadOnly.Reasons(declared, parent),
        }, group)!;
    }

    /// <summary>Writer only: an upload was not what it said.</summary>
    public void Quarantine(EvidenceDeclaration declared, TwoDigests found, string actor, Text reason, Group group) =>
        Do(declared.Sha256, new() { Act = EvidenceActKind.Quarantined, At = group.Now, Actor = actor, Declared = declared, Found = found, Reason = reason.Zh }, group);

    /// <summary>Writer only: it belongs to these too.</summary>
    public EvidenceItem Link(string sha256, IReadOnlyList<AlarmId> alarms, IReadOnlyList<string> cases, string actor, string? reason, Group group)
    {
        Present(sha256);
        return Do(sha256, new() { Act = EvidenceActKind.Linked, At = group.Now, Actor = actor, Reason = reason, Alarms = alarms, Cases = cases }, group)!;
    }

    /// <summary>Writer only: an act that needs nothing but an item that exists.</summary>
    public EvidenceItem Note(string sha256, EvidenceAct act, Group group)
    {
        Present(sha256);
        return Do(sha256, act, group)!;
    }

    /// <summary>Writer only: signs the log where it grew since it was signed last.</summary>
    public EvidenceLogHead Sign(Group group)
    {
        if (Signer is { } signer && PresentHead is var head && (head.Note is null || head.NoteSize < head.Tree.Size) && head.Tree.Size > 0)
            Append(AboutLog, new() { Act = EvidenceActKind.Checkpoint, At = group.Now, Actor = "collector", Note = signer.Sign(head.Tree) }, group);
        return PresentHead;
    }

    /// <summary>Writer only: a time-stamp authority answered.</summary>
    public void Timestamp(string note, byte[] token, string authority, Group group) =>
        Append(AboutLog, new() { Act = EvidenceActKind.Timestamped, At = group.Now, Actor = authority, Note = note, Token = token }, group);

    /// <inheritdoc/>
    public void Advance(Group group)
    {
        if (PresentHead.NoteAt is not { } signed || group.Now - signed >= BetweenCheckpoints) Sign(group);
    }

    /// <inheritdoc/>
    public void Load(IDocuments store)
    {
        items.Load(store);
        heads.Load(store);
        grown.Clear();
    }

    /// <inheritdoc/>
    public void Save(IStoreWriter store)
    {
        items.Save(store);
        heads.Save(store);
    }

    /// <inheritdoc/>
    public void Publish()
    {
        items.Publish();
        heads.Publish();
        Published = grown.Count == 0 ? [] : [.. grown];
        grown.Clear();
    }

    /// <inheritdoc/>
    public void Replay(in JournalRow row)
    {
        if (row.Kind != EntryKind.Evidence) return;
        Fold(row.Position, row.About!, JsonSerializer.Deserialize<EvidenceAct>(row.Body.Span, WireJson.Options)!, row.Body.Span);
        grown.Clear(); // what is folded was published when it happened
    }

    /// <inheritdoc/>
    public IEnumerable<Document> Documents(string kind) => kind == items.Kind ? items.Documents() : heads.Documents();

    /// <summary>The leaf that an entry of the journal is; null where it is none.</summary>
    public static LogEntry? LeafOf(in JournalRow row) => row is { Kind: EntryKind.Evidence, About: { } about } && about != AboutLog ? LogEntry.Of(row.Position, about, row.Body.Span) : null;

    private EvidenceItem? Do(string sha256, EvidenceAct act, Group group)
    {
        Append(sha256, act, group);
        return items.Present.GetValueOrDefault(sha256);
    }

    private void Append(string about, EvidenceAct act, Group group)
    {
        if (about != AboutLog) act = act with { Leaf = PresentHead.Tree.Size };
        var body = JsonSerializer.SerializeToUtf8Bytes(act, WireJson.Options);
        Fold(group.Append(EntryKind.Evidence, about, body), about, act, body);
    }

    private void Fold(long position, string about, EvidenceAct act, ReadOnlySpan<byte> body)
    {
        var head = PresentHead;
        switch (act.Act)
        {
            case EvidenceActKind.Checkpoint:
                heads.Set(HeadId, head with { Note = act.Note, NoteSize = head.Tree.Size, NoteAt = act.At });
                return;
            case EvidenceActKind.Timestamped:
                heads.Set(HeadId, head with { Token = act.Token, TokenNote = act.Note });
                return;
        }
        var leaf = head.Tree.Size;
        var entry = LogEntry.Of(position, about, body);
        heads.Set(HeadId, head with { Tree = head.Tree.Append(Rfc6962.Leaf(entry.Bytes)), Position = position });
        grown.Add(entry);
        if (act.Act == EvidenceActKind.Stored) items.Set(about, Begin(act, leaf));
        else if (items.Present.GetValueOrDefault(about) is { } item) items.Set(about, Change(item with { Acts = item.Acts + 1 }, act));
    }

    private static EvidenceItem Begin(EvidenceAct act, long leaf) => new()
    {
        Declared = act.Declared!,
        Sm3 = act.Found!.Value.Sm3,
        Crc32 = act.Crc32!.Value,
        UploadedBy = act.Actor,
        StoredAt = act.At,
        Leaf = leaf,
        Alarms = act.Declared!.Alarms ?? [],
        Cases = act.Declared.Cases ?? [],
        LeadOnlyReasons = act.LeadOnlyReasons ?? [],
        Acts = 1,
        VerifiedAt = act.At,
    };

    private static EvidenceItem Change(EvidenceItem item, EvidenceAct act) => act.Act switch
    {
        EvidenceActKind.Linked => item with { Alarms = [.. item.Alarms.Union(act.Alarms ?? [])], Cases = [.. item.Cases.Union(act.Cases ?? [])] },
        EvidenceActKind.Verified => item with { VerifiedAt = act.At, Sound = act.Sound == true },
        EvidenceActKind.HandedOver => item with { Holder = act.To },
        _ => item,
    };
}
