using SignalWatch.Collector.Evidence.Merkle;
using SignalWatch.Contracts;
using SignalWatch.Contracts.Cryptography;

namespace SignalWatch.Collector.Evidence;

/// <summary>An item of evidence as it is kept. Its bytes never change; what is added is who did what with it, which the journal has whole.</summary>
internal sealed record EvidenceItem
{
    /// <summary>What was declared with it.</summary>
    public required EvidenceDeclaration Declared { get; init; }

    /// <summary>SHA-256, as declared and as found: the item's id.</summary>
    public string Sha256 => Declared.Sha256;

    /// <summary>SM3, as found.</summary>
    public required string Sm3 { get; init; }

    /// <summary>CRC-32 (ISO 3309), as found: what a zip needs before the bytes.</summary>
    public required uint Crc32 { get; init; }

    public required string UploadedBy { get; init; }

    public required DateTimeOffset StoredAt { get; init; }

    /// <summary>Its index in the evidence log.</summary>
    public required long Leaf { get; init; }

    /// <summary>Alarms that it belongs to, as declared and as linked since.</summary>
    public required IReadOnlyList<AlarmId> Alarms { get; init; }

    /// <summary>Cases that it belongs to.</summary>
    public required IReadOnlyList<string> Cases { get; init; }

    /// <summary>True where it is a lead (线索) and not evidence (证据).</summary>
    public bool LeadOnly => LeadOnlyReasons.Count > 0;

    /// <summary>Why.</summary>
    public required IReadOnlyList<Text> LeadOnlyReasons { get; init; }

    /// <summary>Acts on it, its storing among them.</summary>
    public required long Acts { get; init; }

    /// <summary>When its bytes were last compared with its digests.</summary>
    public DateTimeOffset? VerifiedAt { get; init; }

    /// <summary>False where they were others (SC-04).</summary>
    public bool Sound { get; init; } = true;

    /// <summary>Who holds it, by the last hand-over; null while it never left.</summary>
    public string? Holder { get; init; }
}

/// <summary>What was done with evidence.</summary>
internal enum EvidenceActKind
{
    /// <summary>An item was stored.</summary>
    Stored,

    /// <summary>An upload was not what it said it was, and was put aside.</summary>
    Quarantined,

    /// <summary>Its bytes were read by somebody.</summary>
    Read,

    /// <summary>Its bytes were compared with its digests.</summary>
    Verified,

    /// <summary>It was said to belong to alarms or cases.</summary>
    Linked,

    /// <summary>It was handed over to another office.</summary>
    HandedOver,

    /// <summary>It left in a package.</summary>
    Exported,

    /// <summary>The log was signed.</summary>
    Checkpoint,

    /// <summary>A time-stamp authority countersigned a checkpoint.</summary>
    Timestamped,
}

/// <summary>An act as the journal keeps it. Each on an item is a line of its custody record and a leaf of the log.</summary>
internal sealed record EvidenceAct
{
    public required EvidenceActKind Act { get; init; }

    /// <summary>The collector's clock.</summary>
    public required DateTimeOffset At { get; init; }

    public required string Actor { get; init; }

    /// <summary>The index of its leaf in the log; null for acts on the log itself.</summary>
    public long? Leaf { get; init; }

    public string? Reason { get; init; }

    /// <summary>Of <see cref="EvidenceActKind.Stored"/> and <see cref="EvidenceActKind.Quarantined"/>: what was declared.</summary>
    public EvidenceDeclaration? Declared { get; init; }

    /// <summary>The digests that were found.</summary>
    public TwoDigests? Found { get; init; }

    public uint? Crc32 { get; init; }

    /// <summary>Of <see cref="EvidenceActKind.Stored"/>: why it is a lead only; the original's reasons are among them.</summary>
    public IReadOnlyList<Text>? LeadOnlyReasons { get; init; }

    /// <summary>Of <see cref="EvidenceActKind.Verified"/>.</summary>
    public bool? Sound { get; init; }

    /// <summary>Of <see cref="EvidenceActKind.Linked"/>.</summary>
    public IReadOnlyList<AlarmId>? Alarms { get; init; }

    /// <summary>Of <see cref="EvidenceActKind.Linked"/>.</summary>
    public IReadOnlyList<string>? Cases { get; init; }

    /// <summary>Of <see cref="EvidenceActKind.HandedOver"/>: to whom.</summary>
    public string? To { get; init; }

    /// <summary>Of <see cref="EvidenceActKind.Exported"/>: the package.</summary>
    public string? Package { get; init; }

    /// <summary>Of <see cref="EvidenceActKind.Checkpoint"/>: the note.</summary>
    public string? Note { get; init; }

    /// <summary>Of <see cref="EvidenceActKind.Timestamped"/>: the RFC 3161 token over the checkpoint's note.</summary>
    public byte[]? Token { get; init; }
}

/// <summary>The evidence log as it is stored beside the journal: enough to go on with it.</summary>
/// <param name="Tree">All acts on items.</param>
/// <param name="Position">The journal's position of the last of them.</param>
/// <param name="Note">The newest checkpoint; null before the first.</param>
/// <param name="NoteSize">The size that it is of.</param>
/// <param name="NoteAt">When it was signed.</param>
/// <param name="Token">The time stamp of the newest checkpoint that has one.</param>
/// <param name="TokenNote">That checkpoint.</param>
internal sealed record EvidenceLogHead(MerkleRange Tree, long Position, string? Note, long NoteSize, DateTimeOffset? NoteAt, byte[]? Token, string? TokenNote);
