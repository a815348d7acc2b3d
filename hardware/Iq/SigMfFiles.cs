using System.Formats.Tar;
using Microsoft.Win32.SafeHandles;
using SignalWatch.Contracts;

namespace SignalWatch.Hardware.Iq;

/// <summary>The meta and the data of one recording, wherever they are: beside each other, or in an archive, where the data are read in place.</summary>
/// <param name="Name">Name of the recording.</param>
/// <param name="DataPath">What people are told of the data.</param>
/// <param name="Meta">What the meta file says.</param>
/// <param name="Data">The open file that holds the data.</param>
/// <param name="Offset">Where they begin in it.</param>
/// <param name="Length">Their bytes.</param>
internal sealed record SigMfFiles(string Name, string DataPath, SigMfMeta Meta, SafeFileHandle Data, long Offset, long Length)
{
    private const string MetaEnding = ".sigmf-meta";
    private const string DataEnding = ".sigmf-data";
    private const string ArchiveEnding = ".sigmf";

    // A meta file with an annotation for each second of a month is smaller.
    private const int MaxMetaBytes = 256 << 20;
    private const int MaxArchiveEntries = 10_000;

    /// <exception cref="ProblemException">A file is missing or can't be read, or an archive does not say which recording is meant.</exception>
    public static SigMfFiles Open(string path, string? recording)
    {
        if (path.EndsWith(ArchiveEnding, StringComparison.OrdinalIgnoreCase)) return OpenArchive(path, recording);
        var stem = path.EndsWith(MetaEnding, StringComparison.Ordinal) || path.EndsWith(DataEnding, StringComparison.Ordinal) ? path[..^MetaEnding.Length] : path;
        var metaPath = stem + MetaEnding;
        var meta = SigMfMeta.Read(metaPath, ReadMeta(metaPath));
        var dataPath = stem + DataEnding;
        if (meta.DataName is { } other && !File.Exists(dataPath)) dataPath = Path.Combine(Path.GetDirectoryName(stem) ?? "", other);
        var data = OpenData(dataPath, Texts.MissingData(dataPath));
        return new SigMfFiles(Path.GetFileName(stem), dataPath, meta, data, 0, RandomAccess.GetLength(data));
    }

    // SigMF 1.2, "Archives": a tar with, for each recording, a meta and a data file of one name.
    private static SigMfFiles OpenArchive(string path, string? wanted)
    {
        var file = OpenData(path, Texts.MissingArchive(path));
        try
        {
            var entries = Entries(path);
            var names = entries.Keys.Where(name => name.EndsWith(MetaEnding, StringComparison.Ordinal)).Select(name => name[..^MetaEnding.Length]).Order(StringComparer.Ordinal).ToList();
            var chosen = wanted is null ? names : [.. names.Where(name => name == wanted || Path.GetFileName(name) == wanted)];
            if (chosen.Count != 1) throw new ProblemException(names.Count == 0 ? Texts.EmptyArchive(path) : Texts.WhichRecording(path, wanted, names));
            var (name, shown) = (chosen[0], path + ":" + chosen[0]);
            var metaEntry = entries[name + MetaEnding];
            var length = RandomAccess.GetLength(file);
            if (metaEntry.Length > MaxMetaBytes || metaEntry.Offset + metaEntry.Length > length) throw new ProblemException(Texts.DamagedArchive(path));
            var json = new byte[metaEntry.Length];
            if (RandomAccess.Read(file, json, metaEntry.Offset) != json.Length) throw new ProblemException(Texts.DamagedArchive(path));
            var meta = SigMfMeta.Read(shown + MetaEnding, json);
            if (!entries.TryGetValue(name + DataEnding, out var data)) throw new ProblemException(Texts.MissingData(shown + DataEnding));
            // Of a torn archive what is there is played: the count of samples tells the rest.
            var there = Math.Clamp(length - data.Offset, 0, data.Length);
            if (there < data.Length) meta = meta with { Warnings = [.. meta.Warnings, Texts.Truncated(shown + DataEnding, data.Length - there)] };
            return new SigMfFiles(Path.GetFileName(name), shown + DataEnding, meta, file, data.Offset, there);
        }
        catch (Exception e)
        {
            file.Dispose();
            if (e is IOException or UnauthorizedAccessException) throw new ProblemException(Texts.Unreadable(path, e.Message), e);
            throw;
        }
    }

    private static Dictionary<string, (long Offset, long Length)> Entries(string path)
    {
        var found = new Dictionary<string, (long, long)>(StringComparer.Ordinal);
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        using var tar = new TarReader(stream);
        try
        {
            while (found.Count < MaxArchiveEntries && tar.GetNextEntry() is { } entry)
                if (entry.EntryType is TarEntryType.RegularFile or TarEntryType.V7RegularFile && entry.DataOffset >= 0) found.TryAdd(entry.Name, (entry.DataOffset, entry.Length));
        }
        catch (Exception e) when (e is EndOfStreamException or InvalidDataException or FormatException or ArgumentException or OverflowException or NotSupportedException)
        {
            // The end of a torn archive: what came before it counts. Where nothing did, it is no tar at all.
            if (found.Count == 0) throw new ProblemException(Texts.DamagedArchive(path), e);
        }
        return found;
    }

    private static byte[] ReadMeta(string path)
    {
        try
        {
            if (new FileInfo(path) is { Exists: true, Length: > MaxMetaBytes }) throw new ProblemException(Texts.Field(path, "global"));
            return File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ProblemException(Texts.MissingMeta(path), e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ProblemException(Texts.Unreadable(path, e.Message), e);
        }
    }

    /// <summary>Opens a file of samples.</summary>
    /// <exception cref="ProblemException"><paramref name="missing"/>, or it can't be read.</exception>
    public static SafeFileHandle OpenData(string path, Problem missing)
    {
        try
        {
            return File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read, FileOptions.SequentialScan);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ProblemException(missing, e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ProblemException(Texts.Unreadable(path, e.Message), e);
        }
    }
}
