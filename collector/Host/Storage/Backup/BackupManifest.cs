using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using SignalWatch.Contracts;

namespace SignalWatch.Collector.Storage.Backup;

/// <summary>A file of a backup.</summary>
/// <param name="Path">Below the backup's folder, with slashes.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Sha256">Of its bytes.</param>
internal sealed record BackupFile(string Path, long Bytes, string Sha256);

/// <summary>What of the source could not be had, or is not what its name says.</summary>
internal sealed record BackupLack(string Path, Text Why);

/// <summary>A month of the journal in a backup.</summary>
/// <param name="Month">Which: <c>2026-11</c>.</param>
/// <param name="First">Its first position.</param>
/// <param name="Entries">How many entries there are.</param>
/// <param name="Thinned">How many retention had removed.</param>
/// <param name="DeadLetters">How many lines that could not be taken are kept.</param>
/// <param name="Digest">Of its content, whatever store it is in (<see cref="JournalDigest"/>).</param>
/// <param name="Source">What shows that the sealed month is the same as at the next backup: length and time of the source's file; null where that can't be told.</param>
internal sealed record BackupMonth(string Month, long First, long Entries, long Thinned, long DeadLetters, string Digest, string? Source);

/// <summary>What a backup has. Its digest, which is in a file beside it, is the digest of the whole backup, because it has the digest of every file.</summary>
internal sealed record BackupManifest
{
    public const string FormatName = "signalwatch.backup.v1";
    public const string FileName = "manifest.json";
    public const string DigestName = "manifest.sha256";

    /// <summary>The folder with the files of the data folder, below the backup's.</summary>
    public const string DataName = "data";

    public required string Format { get; init; }

    /// <summary>The version that wrote it.</summary>
    public required string Build { get; init; }

    /// <summary>When it was taken, with zone.</summary>
    public required DateTimeOffset TakenAt { get; init; }

    /// <summary>The store that it was taken from, without its password.</summary>
    public required string Source { get; init; }

    /// <summary>The newest position of the journal that it has; 0 where nothing was ever stored.</summary>
    public required long Position { get; init; }

    public required long Entries { get; init; }

    public required IReadOnlyList<BackupMonth> Months { get; init; }

    public required long Documents { get; init; }

    /// <summary>Of all documents, whatever store they are in.</summary>
    public required string DocumentsDigest { get; init; }

    /// <summary>Every file but the manifest and its digest, in order of path (ordinal).</summary>
    public required IReadOnlyList<BackupFile> Files { get; init; }

    /// <summary>What is missing from it; empty where it is whole.</summary>
    public required IReadOnlyList<BackupLack> Lacks { get; init; }

    /// <summary>Writes the manifest and its digest.</summary>
    /// <returns>The digest.</returns>
    public string Write(string backup)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(this, Indented);
        var digest = Convert.ToHexStringLower(SHA256.HashData(bytes));
        File.WriteAllBytes(Path.Combine(backup, FileName), bytes);
        File.WriteAllText(Path.Combine(backup, DigestName), DigestLine(digest)); // as sha256sum -c reads it
        return digest;
    }

    /// <summary>Reads the manifest of a backup.</summary>
    /// <exception cref="ProblemException">There is none, or it is not as it was written.</exception>
    public static BackupManifest Read(string backup)
    {
        try
        {
            var bytes = File.ReadAllBytes(Path.Combine(backup, FileName));
            if (File.ReadAllText(Path.Combine(backup, DigestName)) != DigestLine(Convert.ToHexStringLower(SHA256.HashData(bytes)))) throw new ProblemException(BackupTexts.ManifestDamaged(backup));
            var manifest = JsonSerializer.Deserialize<BackupManifest>(bytes, WireJson.Options)!;
            return manifest.Format == FormatName ? manifest : throw new ProblemException(BackupTexts.OtherFormat(backup, manifest.Format));
        }
        catch (JsonException bad)
        {
            throw new ProblemException(BackupTexts.ManifestDamaged(backup), bad);
        }
        catch (Exception absent) when (absent is IOException or UnauthorizedAccessException)
        {
            throw new ProblemException(BackupTexts.NoBackup(backup, absent.Message), absent);
        }
    }

    /// <summary>The digest of the whole backup, as it is written beside the manifest.</summary>
    public static string DigestOf(string backup) => File.ReadAllText(Path.Combine(backup, DigestName), Encoding.ASCII).Split(' ')[0];

    private static readonly JsonSerializerOptions Indented = new(WireJson.Options) { WriteIndented = true };

    private static string DigestLine(string digest) => $"{digest}  {FileName}\n";
}
