namespace SignalWatch.Probe.Watches;

/// <summary>The clips of one watch on the disk, within a number of bytes: the oldest go. A clip that is being written is never touched.</summary>
internal sealed class EvidenceFolder(string path, long mostBytes)
{
    private const string Unfinished = ".part";

    /// <summary>Where.</summary>
    public string Path => path;

    /// <summary>Clips that had to go since the probe began.</summary>
    public long Deleted { get; private set; }

    /// <summary>Removes what a fall of the machine left unfinished: it has no digest and no description.</summary>
    public void Clean()
    {
        foreach (var file in Files().Where(f => f.Extension == Unfinished)) TryDelete(file);
    }

    /// <summary>Deletes the oldest clips, with their descriptions, until there is room.</summary>
    /// <returns>Their names.</returns>
    public IReadOnlyList<string> Trim()
    {
        var files = Files();
        var total = files.Sum(f => f.Length);
        if (total <= mostBytes) return [];
        List<string> gone = [];
        foreach (var clip in files.Where(f => f.Extension == ".m2ts").OrderBy(f => f.LastWriteTimeUtc).ThenBy(f => f.Name, StringComparer.Ordinal))
        {
            if (total <= mostBytes) break;
            var description = files.Find(f => f.Name == System.IO.Path.ChangeExtension(clip.Name, ".json"));
            if (!TryDelete(clip)) continue;
            total -= clip.Length;
            if (description is not null && TryDelete(description)) total -= description.Length;
            gone.Add(clip.Name);
            Deleted++;
        }
        return gone;
    }

    private List<FileInfo> Files()
    {
        try
        {
            var folder = new DirectoryInfo(path);
            return folder.Exists ? [.. folder.EnumerateFiles()] : [];
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            return []; // recording itself fails and says why
        }
    }

    // A file that somebody copies right now goes the next time.
    private static bool TryDelete(FileInfo file)
    {
        try
        {
            _ = file.Length; // remembered before it is gone
            file.Delete();
            return true;
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
