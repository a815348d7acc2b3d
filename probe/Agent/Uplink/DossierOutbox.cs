using System.Globalization;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using SignalWatch.Contracts;
using SignalWatch.Probe.Evidence;

namespace SignalWatch.Probe.Uplink;

/// <summary>Where a watch keeps its dossiers.</summary>
internal sealed record DossierSource(WatchId Watch, string Folder);

/// <summary>A whole dossier on the disk.</summary>
/// <param name="Source">Whose.</param>
/// <param name="Name">Its name; names sort by time.</param>
internal sealed partial record DossierReference(DossierSource Source, string Name)
{
    public string Folder => Path.Combine(Source.Folder, Name);

    /// <summary>The carrier by the name: known where the manifest can't be read.</summary>
    public long? FrequencyHz => Megahertz().Match(Name) is { Success: true } name ? (long)Math.Round(double.Parse(name.Groups[1].ValueSpan, CultureInfo.InvariantCulture) * 1e6) : null;

    [GeneratedRegex(@"-([0-9]{3}\.[0-9]{3})MHz(-[0-9]+)?$")]
    private static partial Regex Megahertz();
}

/// <summary>A file that goes to the collector.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Declaration">What is declared of it.</param>
internal sealed record OutgoingFile(string Path, EvidenceDeclaration Declaration);

/// <summary>A dossier that was made ready: the files whose digests are still those of its manifest, and what is wrong with others.</summary>
/// <param name="Of">Which dossier.</param>
/// <param name="FrequencyHz">The carrier; null where the manifest does not say.</param>
/// <param name="Origin">Live, replayed or simulated.</param>
/// <param name="ManifestSha256">Digest of the manifest.</param>
/// <param name="Files">What can go, the manifest first.</param>
/// <param name="Altered">What can't, and why.</param>
internal sealed record OutgoingDossier(DossierReference Of, long? FrequencyHz, Origin Origin, string? ManifestSha256, IReadOnlyList<OutgoingFile> Files, IReadOnlyList<Text> Altered);

/// <summary>The dossiers that are whole, and which of them the collector has. Nothing is written into a dossier: what was delivered stands as a mark elsewhere, and where a mark is lost the collector says that it has the file.</summary>
internal sealed class DossierOutbox(string marks, IReadOnlyList<DossierSource> sources, EvidenceStation station)
{
    private const string Sums = "SHA256SUMS";

    /// <summary>Dossiers that are whole and not marked, the oldest first.</summary>
    public IReadOnlyList<DossierReference> Waiting() => [.. Whole().Where(d => !IsDelivered(d))];

    /// <summary>All whole dossiers, the oldest first.</summary>
    public IReadOnlyList<DossierReference> Whole()
    {
        try
        {
            return [.. sources.Where(s => Directory.Exists(s.Folder)).SelectMany(s => Directory.GetDirectories(s.Folder).Where(IsWhole).Select(d => new DossierReference(s, Path.GetFileName(d)))).OrderBy(d => d.Name, StringComparer.Ordinal)];
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            return []; // one that is removed while we look; the next look finds the others
        }
    }

    /// <summary>Bytes of all dossiers, those that are being recorded too.</summary>
    public long Bytes()
    {
        try { return sources.Where(s => Directory.Exists(s.Folder)).Sum(s => new DirectoryInfo(s.Folder).EnumerateFiles("*", SearchOption.AllDirectories).Sum(f => f.Length)); }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            return 0; // one that is removed while we look; the next look counts
        }
    }

    public bool IsDelivered(DossierReference dossier) => File.Exists(Mark(dossier));

    /// <summary>The collector has it, or will never take it.</summary>
    public void Delivered(DossierReference dossier, string how)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Mark(dossier))!);
            File.WriteAllText(Mark(dossier), how + "\n");
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            // Declared again at the next look, and found to be there.
        }
    }

    /// <summary>Forgets marks of dossiers that are gone.</summary>
    public void Clean()
    {
        foreach (var source in sources)
            try
            {
                var of = Path.Combine(marks, source.Watch.Value);
                if (!Directory.Exists(of)) continue;
                foreach (var mark in Directory.GetFiles(of))
                    if (!Directory.Exists(Path.Combine(source.Folder, Path.GetFileName(mark)))) File.Delete(mark);
            }
            catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
            {
                // The next time.
            }
    }

    /// <summary>Digests the files of a dossier and compares them with its manifest.</summary>
    /// <param name="dossier">Which.</param>
    /// <param name="clock">How far this clock is from the collector's, ms, and how well that is known.</param>
    /// <exception cref="IOException">It can't be read, or is gone.</exception>
    public OutgoingDossier Prepare(DossierReference dossier, (double OffsetMs, double UncertaintyMs)? clock)
    {
        var manifestBytes = File.ReadAllBytes(Path.Combine(dossier.Folder, EvidenceManifest.Name));
        var manifestSha256 = Convert.ToHexStringLower(SHA256.HashData(manifestBytes));
        List<Text> altered = [];
        if (DossierDescription.Of(manifestBytes) is not { } description)
            return new OutgoingDossier(dossier, dossier.FrequencyHz, Origin.Replay, manifestSha256, [], [DeliveryTexts.ManifestUnreadable(dossier.Name)]);
        var declared = description.Declare(station, dossier, manifestSha256, clock);
        List<OutgoingFile> files = [];
        if (manifestSha256 == Listed(dossier)) files.Add(new(Path.Combine(dossier.Folder, EvidenceManifest.Name), declared(EvidenceManifest.Name, manifestSha256, manifestBytes.Length)));
        else altered.Add(DeliveryTexts.FileAltered(EvidenceManifest.Name));
        foreach (var (name, sha256, bytes) in description.Files)
        {
            var path = Path.Combine(dossier.Folder, name);
            var found = Digest(path);
            if (found == (sha256, 0)) continue; // a file without bytes is wholly in the manifest
            if (found == (sha256, bytes)) files.Add(new(path, declared(name, sha256, bytes)));
            else altered.Add(found is null ? DeliveryTexts.FileMissing(name) : DeliveryTexts.FileAltered(name));
        }
        foreach (var list in (string[])[Sums, "SHA512SUMS"])
            if (Digest(Path.Combine(dossier.Folder, list)) is { } digest) files.Add(new(Path.Combine(dossier.Folder, list), declared(list, digest.Sha256, digest.Bytes)));
        return new OutgoingDossier(dossier, description.FrequencyHz ?? dossier.FrequencyHz, description.Origin, manifestSha256, files, altered);
    }

    private string Mark(DossierReference dossier) => Path.Combine(marks, dossier.Source.Watch.Value, dossier.Name);

    // One that is recorded has another name; one that is being removed may have lost its manifest already.
    private static bool IsWhole(string folder) => !folder.EndsWith(DossierFolder.Part, StringComparison.Ordinal) && File.Exists(Path.Combine(folder, EvidenceManifest.Name));

    // What the list of digests says of the manifest; null where it says nothing.
    private static string? Listed(DossierReference dossier)
    {
        var list = Path.Combine(dossier.Folder, Sums);
        return File.Exists(list) ? File.ReadLines(list).FirstOrDefault(l => l.EndsWith("  " + EvidenceManifest.Name, StringComparison.Ordinal))?[..64] : null;
    }

    private static (string Sha256, long Bytes)? Digest(string path)
    {
        if (!File.Exists(path)) return null;
        using var file = File.OpenRead(path);
        return (Convert.ToHexStringLower(SHA256.HashData(file)), file.Length);
    }
}
