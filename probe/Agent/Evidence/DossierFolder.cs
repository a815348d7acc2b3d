using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using SignalWatch.Contracts;
using SignalWatch.Hardware.Iq;

namespace SignalWatch.Probe.Evidence;

/// <summary>The dossiers of one watch on the disk, a folder each, within a number of bytes: the oldest go. One that is being written (<c>.part</c>) is never touched.</summary>
internal sealed class DossierFolder(string path, long mostBytes)
{
    public const string Part = ".part";

    private const string Sums256 = "SHA256SUMS", Sums512 = "SHA512SUMS";

    /// <summary>Dossiers that had to go.</summary>
    public long Deleted { get; private set; }

    /// <summary>Makes the folder of a new dossier.</summary>
    /// <returns>Its path while it is recorded; without <see cref="Part"/> it is the name that it gets. Names sort by time.</returns>
    /// <exception cref="IOException">It can't be made there.</exception>
    public string Create(long frequencyHz, DateTimeOffset at)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{at.UtcDateTime:yyyyMMdd'T'HHmmss'.'fff'Z'}-{frequencyHz / 1e6:000.000}MHz");
        var free = name;
        for (var n = 2; Directory.Exists(Whole(free)) || Directory.Exists(Whole(free) + Part); n++) free = string.Create(CultureInfo.InvariantCulture, $"{name}-{n}");
        return Directory.CreateDirectory(Whole(free) + Part).FullName;

        string Whole(string one) => Path.Combine(path, one);
    }

    /// <summary>Digests what is in a folder, writes manifest and lists, and gives it its name. On return it is on the disk.</summary>
    /// <param name="part">The folder while it was recorded.</param>
    /// <param name="manifest">Without files.</param>
    /// <returns>Name, and the manifest's SHA-256.</returns>
    /// <exception cref="IOException">The disk takes no more.</exception>
    public static (string Name, string Sha256) Publish(string part, JsonObject manifest)
    {
        var files = Directory.EnumerateFiles(part).Select(Path.GetFileName).OfType<string>()
            .Where(f => f is not (EvidenceManifest.Name or Sums256 or Sums512)).Order(StringComparer.Ordinal).Select(f => Digest(part, f)).ToList();
        manifest["files"] = JsonSerializer.SerializeToNode(files, EvidenceManifest.Json);
        WriteManifest(part, manifest);
        var own = Digest(part, EvidenceManifest.Name);
        WriteWhole(Path.Combine(part, Sums256), string.Concat(files.Append(own).Select(f => $"{f.Sha256}  {f.Name}\n")));
        WriteWhole(Path.Combine(part, Sums512), string.Concat(files.Append(own).Select(f => $"{f.Sha512}  {f.Name}\n")));
        var whole = part[..^Part.Length];
        Directory.Move(part, whole);
        return (Path.GetFileName(whole), own.Sha256);
    }

    /// <exception cref="IOException">The disk takes no more.</exception>
    public static void WriteManifest(string part, JsonNode manifest) => WriteWhole(Path.Combine(part, EvidenceManifest.Name), manifest.ToJsonString(EvidenceManifest.Json) + "\n");

    /// <summary>Finishes what a fall of the machine left half: nothing of it is altered, all of it is digested, and it says that it is not whole.</summary>
    public IReadOnlyList<EvidenceNews> Recover()
    {
        List<EvidenceNews> news = [];
        foreach (var part in Folders().Where(f => f.EndsWith(Part, StringComparison.Ordinal)))
            try
            {
                news.Add(Recover(part));
            }
            catch (Exception failed)
            {
                // Whatever is in that folder, the others are finished and the watch begins.
                news.Add(new EvidenceNews(EvidenceEvent.Failed, Path.GetFileName(part), null, null, null, null, Deleted, EvidenceTexts.DiskFailed(failed.Message)));
            }
        return news;
    }

    /// <summary>Deletes the oldest whole dossiers until there is room.</summary>
    public IReadOnlyList<EvidenceNews> Trim()
    {
        List<EvidenceNews> news = [];
        try
        {
            var sizes = Folders().Select(f => (Path: f, Bytes: Bytes(f))).ToList();
            var total = sizes.Sum(s => s.Bytes);
            foreach (var (folder, bytes) in sizes.Where(s => !s.Path.EndsWith(Part, StringComparison.Ordinal) && File.Exists(Path.Combine(s.Path, EvidenceManifest.Name))))
            {
                if (total <= mostBytes) break;
                Directory.Delete(folder, recursive: true);
                total -= bytes;
                Deleted++;
                news.Add(new EvidenceNews(EvidenceEvent.Deleted, Path.GetFileName(folder), null, null, null, null, Deleted, EvidenceTexts.MadeRoom));
            }
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            // What can't be deleted or counted now is tried again at the next flush; a full disk then says so where it is written to.
        }
        return news;
    }

    /// <summary>Bytes of the files in a folder.</summary>
    public static long Bytes(string folder) => new DirectoryInfo(folder).EnumerateFiles().Sum(f => f.Length);

    private EvidenceNews Recover(string part)
    {
        Text reason = EvidenceTexts.PowerLost;
        JsonObject manifest;
        try
        {
            manifest = JsonNode.Parse(File.ReadAllBytes(Path.Combine(part, EvidenceManifest.Name)))!.AsObject();
            // It fell after the last word and before the name: it is whole.
            if ((string?)manifest["state"] == "complete") return News(EvidenceEvent.Complete, part, manifest, null);
        }
        catch (Exception unreadable) when (unreadable is FileNotFoundException or JsonException or InvalidOperationException or NullReferenceException or ArgumentException)
        {
            (manifest, reason) = (new JsonObject { ["version"] = 1 }, EvidenceTexts.ManifestUnreadable);
        }
        try
        {
            SigMfRecorder.Recover(Path.Combine(part, Dossier.Iq));
        }
        catch (ProblemException)
        {
            // The data stay under their unfinished name, and are digested like all else.
        }
        manifest["state"] = "interrupted";
        manifest["ending"] = JsonSerializer.SerializeToNode(reason, EvidenceManifest.Json);
        return News(EvidenceEvent.Interrupted, part, manifest, reason);
    }

    private EvidenceNews News(EvidenceEvent what, string part, JsonObject manifest, Text? reason)
    {
        var (name, digest) = Publish(part, manifest);
        var frequency = manifest["frequencyHz"] is JsonValue value && value.TryGetValue(out long hz) ? hz : (long?)null;
        return new EvidenceNews(what, name, frequency, digest, null, null, Deleted, reason);
    }

    private List<string> Folders()
    {
        try
        {
            return Directory.Exists(path) ? Directory.EnumerateDirectories(path).Order(StringComparer.Ordinal).ToList() : [];
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static EvidenceFile Digest(string folder, string name)
    {
        using var file = File.OpenRead(Path.Combine(folder, name));
        using IncrementalHash sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256), sha512 = IncrementalHash.CreateHash(HashAlgorithmName.SHA512);
        var buffer = new byte[1 << 16];
        long bytes = 0;
        for (int read; (read = file.Read(buffer)) > 0; bytes += read)
        {
            sha256.AppendData(buffer, 0, read);
            sha512.AppendData(buffer, 0, read);
        }
        return new EvidenceFile(name, EvidenceTexts.What(name), bytes, Convert.ToHexStringLower(sha256.GetHashAndReset()), Convert.ToHexStringLower(sha512.GetHashAndReset()));
    }

    private static void WriteWhole(string path, string text)
    {
        using (var file = new FileStream(path + ".new", FileMode.Create, FileAccess.Write))
        {
            file.Write(System.Text.Encoding.UTF8.GetBytes(text));
            file.Flush(flushToDisk: true);
        }
        File.Move(path + ".new", path, overwrite: true);
    }
}
