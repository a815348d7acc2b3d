using SignalWatch.Contracts;
using SignalWatch.Contracts.Cryptography;

namespace SignalWatch.Collector.Evidence;

/// <summary>The bytes of evidence, each file named by its digest: <c>evidence/objects/ab/abcd…</c>. A file is written once, and never altered, overwritten or deleted here.</summary>
internal sealed class ObjectFiles(string dataFolder)
{
    public const int DigestDigits = 64;

    public string Folder { get; } = Path.Combine(dataFolder, "evidence");

    /// <summary>True where the text is a digest as it is written here: what is not may be no part of a path.</summary>
    public static bool IsDigest(string? text) => text is { Length: DigestDigits } && text.All(c => c is >= '0' and <= '9' or >= 'a' and <= 'f');

    public bool Has(string sha256) => File.Exists(PathOf(sha256));

    /// <summary>Bytes of a file; null where there is none.</summary>
    public long? Length(string sha256) => new FileInfo(PathOf(sha256)) is { Exists: true } file ? file.Length : null;

    /// <summary>The files that there are.</summary>
    public IEnumerable<FileInfo> All()
    {
        var folder = new DirectoryInfo(Path.Combine(Folder, "objects"));
        return folder.Exists ? folder.EnumerateFiles("*", SearchOption.AllDirectories) : [];
    }

    /// <summary>Opens the bytes for reading.</summary>
    /// <exception cref="ProblemException">They are gone, or can't be read.</exception>
    public FileStream Open(string sha256)
    {
        try
        {
            return new FileStream(PathOf(sha256), new FileStreamOptions { Mode = FileMode.Open, Access = FileAccess.Read, Share = FileShare.Read, Options = FileOptions.Asynchronous, BufferSize = 0 });
        }
        catch (Exception gone) when (gone is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ProblemException(EvidenceTexts.Damaged(sha256), gone);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new ProblemException(EvidenceTexts.StorageFailed(Folder, failure.Message), failure);
        }
    }

    /// <summary>Takes a file whose digest was found to be this one. Afterwards it is on disk under its name.</summary>
    public void Admit(string file, string sha256)
    {
        var path = PathOf(sha256);
        var folder = Path.GetDirectoryName(path)!;
        if (!File.Exists(path))
        {
            Directory.CreateDirectory(folder);
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.GroupRead);
            Durable.Rename(file, path);
        }
        // Where it was there already too: a fall between the move and this left its name in memory alone.
        SyncUp(folder);
    }

    /// <summary>Returns when a folder of evidence, and those that it lies in, are on disk with the names in them.</summary>
    public void SyncUp(string folder) => Durable.SyncFolders(folder, dataFolder);

    /// <summary>Puts a file aside that was not what it was said to be.</summary>
    public void Quarantine(string file, string name)
    {
        var folder = Path.Combine(Folder, "quarantine");
        Directory.CreateDirectory(folder);
        File.Move(file, Path.Combine(folder, name), overwrite: true);
    }

    /// <summary>Compares an item's bytes with its digests, reading all of them.</summary>
    /// <returns>True where they are the same.</returns>
    public async Task<bool> IsSound(EvidenceItem item, CancellationToken cancelled)
    {
        if (!Has(item.Sha256)) return false;
        await using var file = Open(item.Sha256);
        var crc = new Crc32();
        var (found, bytes) = await TwoDigests.Of(file, crc.Append, cancelled).ConfigureAwait(false);
        return found == new TwoDigests(item.Sha256, item.Sm3) && bytes == item.Declared.Size && crc.Value == item.Crc32;
    }

    private string PathOf(string sha256) =>
        IsDigest(sha256) ? Path.Combine(Folder, "objects", sha256[..2], sha256) : throw new ProblemException(EvidenceTexts.NoSuchItem(sha256.Length <= DigestDigits ? sha256 : sha256[..DigestDigits]));
}
