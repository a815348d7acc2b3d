using System.Text;
using System.Text.Json;
using SignalWatch.Collector.Evidence.Merkle;
using SignalWatch.Contracts;
using SignalWatch.Contracts.Cryptography;

namespace SignalWatch.Collector.Evidence.Packages;

/// <summary>What is wrong with a package, and with which of its files.</summary>
/// <param name="Code">Stable: <c>file.changed</c>.</param>
/// <param name="File">Its name in the package; null where it is none of them.</param>
/// <param name="What">For people.</param>
internal sealed record PackageFault(string Code, string? File, Text What);

/// <summary>What a verification found.</summary>
/// <param name="Result"><c>verified</c>, <c>failed</c>, or <c>unreadable</c> where it is no package.</param>
/// <param name="Package">Its id.</param>
/// <param name="Log">The log that signed it.</param>
/// <param name="Key">The key that it was verified by, as <c>name+id+key</c>.</param>
/// <param name="KeyIsGiven">False where that key is the package's own: the parts agree, but nothing says where they come from.</param>
/// <param name="Items">Items of evidence.</param>
/// <param name="LeadsOnly">Of them those that are leads only.</param>
/// <param name="Timestamp">The time that an authority vouches for; null where there is none.</param>
/// <param name="Faults">What is wrong; nothing where it is verified.</param>
internal sealed record PackageVerdict(string Result, string? Package, string? Log, string? Key, bool KeyIsGiven, int Items, int LeadsOnly, DateTimeOffset? Timestamp, IReadOnlyList<PackageFault> Faults);

/// <summary>Verifies a package by itself: recomputes every digest, every signature and every proof. Needs no server, writes nothing, and takes harm from no zip.</summary>
internal sealed class PackageVerifier
{
    private const int MostSmallBytes = 64 << 20;
    private const int MostFaults = 1_000;
    private const int MostName = 400;

    private readonly Stream zip;
    private readonly NoteKey? given;
    private readonly List<PackageFault> faults = [];
    private readonly Dictionary<string, ZipEntry> entries = new(StringComparer.Ordinal);

    private PackageVerifier(Stream zip, NoteKey? given) => (this.zip, this.given) = (zip, given);

    /// <summary>Verifies.</summary>
    /// <param name="zip">The package; it must seek.</param>
    /// <param name="key">The log's key as it was obtained otherwise; null to take the package's own.</param>
    /// <param name="cancelled">Ends it early.</param>
    public static async Task<PackageVerdict> Verify(Stream zip, NoteKey? key, CancellationToken cancelled)
    {
        var verifier = new PackageVerifier(zip, key);
        try
        {
            return await verifier.Run(cancelled).ConfigureAwait(false);
        }
        catch (Exception damaged) when (damaged is InvalidDataException or EndOfStreamException or ArgumentException or FormatException or JsonException or NotSupportedException or OverflowException)
        {
            return new("unreadable", null, null, null, key is not null, 0, 0, null, [new("package.unreadable", null, new($"这不是可读的证据包：{damaged.Message}", $"This is no package that can be read: {damaged.Message}"))]);
        }
    }

    private async Task<PackageVerdict> Run(CancellationToken cancelled)
    {
        ReadNames();
        var bytes = await Small(PackageNames.Manifest, cancelled).ConfigureAwait(false) ?? throw new InvalidDataException($"{PackageNames.Manifest} is missing");
        var manifest = ReadManifest(bytes);
        var key = given ?? Own(await Small(PackageNames.LogKey, cancelled).ConfigureAwait(false));
        await CheckSignatures(bytes, key, cancelled).ConfigureAwait(false);
        if (manifest is null) return Verdict(null, key, null);
        await CheckFiles(manifest, cancelled).ConfigureAwait(false);
        var checkpoint = await CheckCheckpoint(manifest, key, cancelled).ConfigureAwait(false);
        if (checkpoint is not null) await CheckCustody(manifest, checkpoint.Value, cancelled).ConfigureAwait(false);
        var stamped = await Timestamps.Check(this, key, checkpoint?.Checkpoint, cancelled).ConfigureAwait(false);
        return Verdict(manifest, key, stamped);
    }

    internal Task<byte[]?> Read(string name, CancellationToken cancelled) => Small(name, cancelled);

    internal void Fault(string code, string? file, string zh, string en)
    {
        if (faults.Count < MostFaults) faults.Add(new(code, file, new(zh, en)));
    }

    private PackageVerdict Verdict(PackageManifest? manifest, NoteKey? key, DateTimeOffset? stamped) => new(
        faults.Count == 0 ? "verified" : "failed", manifest?.Package, manifest?.Log, key?.ToString(), given is not null, manifest?.Items.Count ?? 0, manifest?.Items.Count(i => i.LeadOnly) ?? 0, stamped, faults);

    private void ReadNames()
    {
        foreach (var entry in ZipDirectory.Read(zip))
        {
            var shown = Shown(entry.Name);
            if (entry.Name.Length is 0 or > MostName || entry.Name.Any(c => char.IsControl(c) || c is '\\' or ':') || entry.Name.Split('/').Any(part => part is "" or "." or ".."))
                Fault("file.bad-name", shown, $"{shown}：不允许的文件名", $"{shown}: a name that no package has");
            if (!entries.TryAdd(entry.Name, entry)) Fault("file.twice", shown, $"{shown}：出现两次", $"{shown}: it is there twice");
        }
    }

    private PackageManifest? ReadManifest(byte[] bytes)
    {
        try
        {
            var manifest = JsonSerializer.Deserialize<PackageManifest>(bytes, WireJson.Options);
            if (manifest is { Format: PackageNames.Format, Files: not null, Items: not null } && manifest.Files.All(f => f is { Path: not null, Sha256: not null, Sm3: not null }) && manifest.Items.All(i => i is { Path: not null, Record.Declared: not null })) return manifest;
        }
        catch (JsonException)
        {
            // as below
        }
        Fault("manifest.changed", PackageNames.Manifest, $"{PackageNames.Manifest} 无法读取", $"{PackageNames.Manifest} can't be read");
        return null;
    }

    private NoteKey? Own(byte[]? text)
    {
        if (text is not null && NoteKey.Parse(Encoding.UTF8.GetString(text)) is { } key) return key;
        Fault("key.absent", PackageNames.LogKey, $"{PackageNames.LogKey} 缺失或不是密钥", $"{PackageNames.LogKey} is missing or no key");
        return null;
    }

    private async Task CheckSignatures(byte[] manifest, NoteKey? key, CancellationToken cancelled)
    {
        var note = await Small(PackageNames.ManifestNote, cancelled).ConfigureAwait(false);
        if (key is not null)
        {
            var text = note is null ? null : SignedNote.Open(Encoding.UTF8.GetString(note), key);
            if (text is null) Fault("signature.invalid", PackageNames.ManifestNote, $"{PackageNames.ManifestNote}：不是该密钥的签名", $"{PackageNames.ManifestNote}: no signature of the key");
            else if (text != PackageManifest.NoteText(key.Name, manifest)) Fault("manifest.changed", PackageNames.Manifest, $"{PackageNames.Manifest} 与其签名不符", $"{PackageNames.Manifest} is not what was signed");
        }
        var signature = await Small(PackageNames.ManifestSm2, cancelled).ConfigureAwait(false);
        var pem = await Small(PackageNames.Sm2Key, cancelled).ConfigureAwait(false);
        if (signature is null || pem is null || !IsSm2(Encoding.ASCII.GetString(signature), Encoding.ASCII.GetString(pem), manifest))
            Fault("signature.invalid", PackageNames.ManifestSm2, $"{PackageNames.ManifestSm2}：SM2 签名无效", $"{PackageNames.ManifestSm2}: the SM2 signature is not valid");
    }

    private static bool IsSm2(string base64, string pem, byte[] manifest)
    {
        var signature = new byte[base64.Length];
        // One text for one signature: a byte that Base64 passes over is a byte that was changed all the same.
        return Convert.TryFromBase64String(base64, signature, out var length) && Convert.ToBase64String(signature, 0, length) + "\n" == base64 && Sm2.Verify(pem, manifest, signature.AsSpan(0, length), Sm2.DefaultId);
    }

    private async Task CheckFiles(PackageManifest manifest, CancellationToken cancelled)
    {
        var listed = new HashSet<string>(PackageNames.NotListed, StringComparer.Ordinal);
        foreach (var file in manifest.Files)
        {
            var shown = Shown(file.Path);
            if (!listed.Add(file.Path)) Fault("manifest.changed", PackageNames.Manifest, $"{shown} 在清单中出现两次", $"{shown} is listed twice");
            if (!entries.TryGetValue(file.Path, out var entry))
            {
                Fault("file.missing", shown, $"{shown}：缺失", $"{shown}: it is missing");
                continue;
            }
            if (!await IsUnchanged(entry, file, cancelled).ConfigureAwait(false)) Fault("file.changed", shown, $"{shown}：内容被改动", $"{shown}: its content was changed");
        }
        foreach (var name in entries.Keys.Where(name => !listed.Contains(name))) Fault("file.added", Shown(name), $"{Shown(name)}：不在清单中", $"{Shown(name)}: it is not in the manifest");
        foreach (var item in manifest.Items)
            if (!manifest.Files.Any(f => f.Path == item.Path && f.Sha256 == item.Record.Sha256 && f.Sm3 == item.Record.Sm3))
                Fault("manifest.changed", PackageNames.Manifest, $"{Shown(item.Path)} 的记录与文件不符", $"the record of {Shown(item.Path)} is not of the file");
    }

    private async Task<bool> IsUnchanged(ZipEntry entry, PackedFile file, CancellationToken cancelled)
    {
        if (entry.Bytes != file.Bytes) return false;
        try
        {
            // No more than was promised is ever unpacked, whatever it would come to.
            await using var content = new Promised(ZipDirectory.Open(zip, entry), file.Bytes);
            var (found, bytes) = await TwoDigests.Of(content, null, cancelled).ConfigureAwait(false);
            return bytes == file.Bytes && found == new TwoDigests(file.Sha256, file.Sm3);
        }
        catch (Exception damaged) when (damaged is InvalidDataException or EndOfStreamException)
        {
            return false;
        }
    }

    private async Task<(Checkpoint Checkpoint, string Note)?> CheckCheckpoint(PackageManifest manifest, NoteKey? key, CancellationToken cancelled)
    {
        if (key is null || await Small(PackageNames.Checkpoint, cancelled).ConfigureAwait(false) is not { } bytes) return null;
        var note = Encoding.UTF8.GetString(bytes);
        if (SignedNote.Open(note, key) is { } text && Checkpoint.Parse(text) is { } checkpoint && checkpoint.Origin == key.Name && checkpoint.Size == manifest.LogSize) return (checkpoint, note);
        Fault("checkpoint.invalid", PackageNames.Checkpoint, $"{PackageNames.Checkpoint}：检查点签名无效", $"{PackageNames.Checkpoint}: the checkpoint is not signed by the key");
        return null;
    }

    /// <summary>Every line of custody is a leaf of the signed tree, and every item was stored by one of them with these digests.</summary>
    private async Task CheckCustody(PackageManifest manifest, (Checkpoint Checkpoint, string Note) signed, CancellationToken cancelled)
    {
        if (await Small(PackageNames.Custody, cancelled).ConfigureAwait(false) is not { } bytes) return;
        var stored = new Dictionary<string, EvidenceAct>(StringComparer.Ordinal);
        try
        {
            foreach (var line in JsonSerializer.Deserialize<List<CustodyLine>>(bytes, WireJson.Options) ?? [])
            {
                var act = Encoding.UTF8.GetBytes(line.Act.GetRawText());
                var name = PackageNames.Proof(line.Leaf);
                var proof = await Small(name, cancelled).ConfigureAwait(false) is { } text ? LogProof.Parse(Encoding.UTF8.GetString(text)) : null;
                var leaf = Rfc6962.Leaf(LogEntry.Of(0, line.Evidence, act).Bytes);
                if (proof is null || proof.Index != line.Leaf || proof.Checkpoint != signed.Note || !MerkleProof.VerifyInclusion(leaf, line.Leaf, signed.Checkpoint.Size, proof.Path, signed.Checkpoint.Root))
                    Fault("proof.invalid", name, $"{name}：保管记录第 {line.Leaf} 条不在检查点所签的日志中", $"{name}: custody line {line.Leaf} is not in the log that the checkpoint signs");
                else if (line.Act.Deserialize<EvidenceAct>(WireJson.Options) is { Act: EvidenceActKind.Stored } storing) stored[line.Evidence] = storing;
            }
        }
        catch (Exception bad) when (bad is JsonException or InvalidOperationException)
        {
            Fault("file.changed", PackageNames.Custody, $"{PackageNames.Custody} 无法读取", $"{PackageNames.Custody} can't be read");
        }
        foreach (var item in manifest.Items)
            if (!stored.TryGetValue(item.Record.Sha256, out var storing) || storing.Found != new TwoDigests(item.Record.Sha256, item.Record.Sm3) || item.LeadOnly != (storing.LeadOnlyReasons is { Count: > 0 }))
                Fault("item.not-logged", Shown(item.Path), $"{Shown(item.Path)}：日志中没有它的入库记录", $"{Shown(item.Path)}: the log has no record that it was stored like this");
    }

    private async Task<byte[]?> Small(string name, CancellationToken cancelled)
    {
        if (!entries.TryGetValue(name, out var entry)) return null;
        try
        {
            if (entry.Bytes > MostSmallBytes) throw new InvalidDataException("it is too large for what it is");
            await using var content = new Promised(ZipDirectory.Open(zip, entry), entry.Bytes);
            var bytes = new MemoryStream();
            await content.CopyToAsync(bytes, cancelled).ConfigureAwait(false);
            return bytes.ToArray();
        }
        catch (Exception damaged) when (damaged is InvalidDataException or EndOfStreamException)
        {
            return null;
        }
    }

    private static string Shown(string name) => new([.. (name.Length > 120 ? name[..120] + "…" : name).Select(c => char.IsControl(c) ? '?' : c)]);
}
