namespace SignalWatch.Probe.Watches;

/// <summary>The clips of one watch on the disk, within a number of bytes: the oldest go. A clip that is being written is never touched.</summary>
internal sealed class EvidenceFolder(string path, long mostBytes)
{
    private const string Clip = ".m2ts", Description = ".json", Unfinished = ".part";

    /// <summary>Where.</summary>
    public string Path => path;

    /// <summary>Clips that had to go since the probe began.</summary>
    public long Deleted { get; private set; }

    /// <summary>Removes what a fall of the machine left unfinished: it has no digest and no description.</summary>
    public void Clean()
    {
        foreach (var file in Files().Where(f => f.Name.EndsWith(Unfinished, StringComparison.Ordinal))) TryDelete(file);
    }

    /// <summary>Deletes the oldest clips, with their descriptions, until there is room.</summary>
    /// <returns>Their names.</returns>
    public IReadOnlyList<string> Trim()
    {
        var files = Files();
        var total = files.Sum(f => f.Bytes);
        if (total <= mostBytes) return [];
        List<string> gone = [];
        foreach (var clip in files.Where(f => f.Name.EndsWith(Clip, StringComparison.Ordinal)).OrderBy(f => f.Written).ThenBy(f => f.Name, StringComparer.Ordinal))
        {
            if (total <= mostBytes) break;
            if (!TryDelete(clip)) continue;
            total -= clip.Bytes;
            var description = System.IO.Path.ChangeExtension(clip.Name, Description);
            total -= files.Where(f => f.Name == description && TryDelete(f)).Sum(f => f.Bytes);
            gone.Add(clip.Name);
            Deleted++;
        }
        return gone;
    }

    private List<Kept> Files()
    {
        try
        {
            var folder = new DirectoryInfo(path);
            return folder.Exists ? [.. folder.EnumerateFiles().Select(f => new Kept(f.Name, f.Length, f.LastWriteTimeUtc))] : [];
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            return []; // it is looked at again in a second; and where nothing can be read, recording fails and says why
        }
    }

    // A file that can't be deleted now goes the next time.
    private bool TryDelete(Kept file)
    {
        try
        {
            File.Delete(System.IO.Path.Combine(path, file.Name));
            return true;
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private readonly record struct Kept(string Name, long Bytes, DateTime Written);
}
