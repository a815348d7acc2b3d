using System.Text;
using System.Text.Json;
using SignalWatch.Collector.Evidence.Merkle;
using SignalWatch.Collector.Journal;
using SignalWatch.Contracts;
using SignalWatch.Contracts.Cryptography;

namespace SignalWatch.Collector.Evidence.Packages;

/// <summary>What a package is made of, at one moment of the journal.</summary>
/// <param name="Id">Its name.</param>
/// <param name="At">When it was made.</param>
/// <param name="Actor">By whom.</param>
/// <param name="Reason">What for.</param>
/// <param name="Items">The evidence.</param>
/// <param name="Head">The log, signed.</param>
internal sealed record PackageOrder(string Id, DateTimeOffset At, string Actor, string? Reason, IReadOnlyList<EvidenceItem> Items, EvidenceLogHead Head);

/// <summary>Gathers a package: everything but the evidence itself is made in memory, signed and counted; the evidence is streamed from its files.</summary>
internal sealed class PackageContent(ObjectFiles objects, EvidenceLog log, EvidenceKeys keys, JournalReader journal, CollectorIdentity identity)
{
    private const int MostVerdicts = 20;

    /// <summary>Writes the package.</summary>
    public async Task Write(PackageOrder order, Stream to, CancellationToken cancelled)
    {
        var items = order.Items.Select(item => new PackedItem(PathOf(item), item, item.LeadOnly)).ToList();
        var small = await Task.Run(() => Small(order, items), cancelled).ConfigureAwait(false);
        var manifest = Manifest(order, items, small);
        var zip = new ZipWriter(to);
        await zip.Add(PackageNames.Manifest, manifest, cancelled).ConfigureAwait(false);
        await zip.Add(PackageNames.ManifestNote, Encoding.UTF8.GetBytes(SignedNote.Sign(PackageManifest.NoteText(keys.Origin, manifest), keys.Origin, keys.Log)), cancelled).ConfigureAwait(false);
        await zip.Add(PackageNames.ManifestSm2, Encoding.UTF8.GetBytes(Convert.ToBase64String(keys.Sm2Key.Sign(manifest, Sm2.DefaultId)) + "\n"), cancelled).ConfigureAwait(false);
        foreach (var (name, content) in small) await zip.Add(name, content, cancelled).ConfigureAwait(false);
        foreach (var item in items)
        {
            await using var file = objects.Open(item.Record.Sha256);
            await zip.Add(item.Path, file, item.Record.Declared.Size, item.Record.Crc32, cancelled).ConfigureAwait(false);
        }
        await zip.Finish(cancelled).ConfigureAwait(false);
    }

    private byte[] Manifest(PackageOrder order, List<PackedItem> items, SortedDictionary<string, byte[]> small)
    {
        var files = small.Select(f => TwoDigests.Of(f.Value) is var d ? new PackedFile(f.Key, f.Value.Length, d.Sha256, d.Sm3) : null!)
            .Concat(items.Select(i => new PackedFile(i.Path, i.Record.Declared.Size, i.Record.Sha256, i.Record.Sm3))).ToList();
        return JsonSerializer.SerializeToUtf8Bytes(new PackageManifest(PackageNames.Format, order.Id, order.At, order.Actor, order.Reason, identity.Build, keys.Origin, order.Head.NoteSize, items, files), Indented);
    }

    private SortedDictionary<string, byte[]> Small(PackageOrder order, List<PackedItem> items)
    {
        var files = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        var custody = items.SelectMany(i => Custody(i.Record, order.Head.Position)).ToList();
        files[PackageNames.Custody] = JsonSerializer.SerializeToUtf8Bytes(custody.Select(c => c.Line), WireJson.Options);
        var verdicts = order.Items.SelectMany(i => i.Alarms).Distinct().OrderBy(a => a.Value, StringComparer.Ordinal).ToDictionary(a => a.Value, a => Verdicts(a, order.Head.Position));
        files[PackageNames.Verdicts] = JsonSerializer.SerializeToUtf8Bytes(verdicts, Indented);
        var note = order.Head.Note!;
        files[PackageNames.Checkpoint] = Encoding.UTF8.GetBytes(note);
        foreach (var line in custody)
            files[PackageNames.Proof(line.Line.Leaf)] = Encoding.UTF8.GetBytes(new LogProof(line.Line.Leaf, MerkleProof.Inclusion(line.Line.Leaf, order.Head.NoteSize, log.Files.Root), note).Write());
        AddTimestamp(order.Head, files);
        files[PackageNames.LogKey] = Encoding.UTF8.GetBytes(new NoteKey(keys.Origin, keys.Log.PublicKey) + "\n");
        files[PackageNames.Ed25519Key] = Encoding.UTF8.GetBytes(Ed25519.PublicPem(keys.Log.PublicKey.Span) + "\n");
        files[PackageNames.Sm2Key] = Encoding.UTF8.GetBytes(keys.Sm2Key.PublicPem + "\n");
        files[PackageNames.Report] = Encoding.UTF8.GetBytes(Report.Write(order, items, custody.Select(c => (c.Line, c.Act)), keys.Origin));
        files[PackageNames.Instructions] = Encoding.UTF8.GetBytes(Instructions.Text(keys.Origin));
        return files;
    }

    /// <summary>The time stamp is of an earlier checkpoint; that one is the beginning of this one, and it is proved.</summary>
    private void AddTimestamp(EvidenceLogHead head, SortedDictionary<string, byte[]> files)
    {
        if (head is not { Token: { } token, TokenNote: { } note } || Checkpoint.Parse(note[..(note.IndexOf("\n\n", StringComparison.Ordinal) + 1)]) is not { } stamped) return;
        files[PackageNames.Timestamp] = token;
        files[PackageNames.TimestampedCheckpoint] = Encoding.UTF8.GetBytes(note);
        files[PackageNames.Consistency] = Encoding.UTF8.GetBytes(string.Concat(MerkleProof.Consistency(stamped.Size, head.NoteSize, log.Files.Root).Select(h => Convert.ToBase64String(h) + "\n")));
    }

    /// <summary>All acts on an item up to a position, with the leaves that they are.</summary>
    private IEnumerable<(CustodyLine Line, EvidenceAct Act)> Custody(EvidenceItem item, long through)
    {
        foreach (var row in journal.About(item.Sha256))
        {
            if (row.Kind != EntryKind.Evidence || row.Position > through) continue;
            var act = JsonSerializer.Deserialize<EvidenceAct>(row.Body.Span, WireJson.Options)!;
            using var body = JsonDocument.Parse(row.Body);
            yield return (new(item.Sha256, act.Leaf!.Value, row.Position, body.RootElement.Clone()), act);
        }
    }

    private List<JsonElement> Verdicts(AlarmId alarm, long through) =>
    [
        .. journal.About(alarm.Value).Where(row => row.Kind == EntryKind.Verdict && row.Position <= through).TakeLast(MostVerdicts).Select(row =>
        {
            using var verdict = JsonDocument.Parse(row.Body);
            return verdict.RootElement.Clone();
        }),
    ];

    /// <summary>A name that is a name on every system, and no path on any.</summary>
    private static string PathOf(EvidenceItem item)
    {
        var name = new string([.. item.Declared.Name.Select(c => char.IsLetterOrDigit(c) || c is '.' or '-' or '_' ? c : '_')]).TrimStart('.');
        var folder = item.Declared.Kind == EvidenceKinds.Certificate ? "certificates" : "files";
        return $"{folder}/{item.Sha256[..16]}-{(name.Length > 100 ? name[^100..] : name)}";
    }

    private static readonly JsonSerializerOptions Indented = new(WireJson.Options) { WriteIndented = true };
}
