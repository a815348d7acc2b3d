using System.Globalization;
using System.Text;
using System.Text.Json;
using SignalWatch.Contracts.Cryptography;

namespace SignalWatch.Collector.Evidence.Packages;

/// <summary>Names of what is in every package.</summary>
internal static class PackageNames
{
    public const string Format = "signalwatch.package.v1";
    public const string Manifest = "manifest.json";
    public const string ManifestNote = "manifest.note";
    public const string ManifestSm2 = "manifest.sm2";
    public const string Custody = "custody.json";
    public const string Verdicts = "verdicts.json";
    public const string Report = "report.html";
    public const string Instructions = "VERIFY.txt";
    public const string Checkpoint = "proofs/checkpoint.note";
    public const string TimestampedCheckpoint = "proofs/timestamped-checkpoint.note";
    public const string Timestamp = "proofs/timestamp.tst";
    public const string Consistency = "proofs/consistency.txt";
    public const string LogKey = "certificates/log.vkey";
    public const string Ed25519Key = "certificates/ed25519.pem";
    public const string Sm2Key = "certificates/sm2.pem";

    /// <summary>Signed from without: they hold the signatures over the manifest, which therefore can't list them.</summary>
    public static readonly string[] NotListed = [Manifest, ManifestNote, ManifestSm2];

    public static string Proof(long leaf) => string.Create(CultureInfo.InvariantCulture, $"proofs/{leaf}.tlog-proof");
}

/// <summary>A file of a package.</summary>
internal sealed record PackedFile(string Path, long Bytes, string Sha256, string Sm3);

/// <summary>An item of evidence of a package: its file, and its record.</summary>
internal sealed record PackedItem(string Path, EvidenceItem Record, bool LeadOnly);

/// <summary>What a package has: every file with its digests, and every item. Signed.</summary>
internal sealed record PackageManifest(string Format, string Package, DateTimeOffset CreatedAt, string CreatedBy, string? Reason, string Build, string Log, long LogSize, IReadOnlyList<PackedItem> Items, IReadOnlyList<PackedFile> Files)
{
    /// <summary>The text that is signed for a manifest: it can't be taken for a checkpoint, whose second line is a number.</summary>
    public static string NoteText(string origin, ReadOnlySpan<byte> manifest)
    {
        var digests = TwoDigests.Of(manifest);
        return new StringBuilder().Append(origin).Append('\n').Append(Signed).Append('\n').Append("sha256 ").Append(digests.Sha256).Append('\n').Append("sm3 ").Append(digests.Sm3).Append('\n').ToString();
    }

    private const string Signed = PackageNames.Format + " manifest";
}

/// <summary>A line of the custody record: the act as the journal has it, and where the log has its digests.</summary>
internal sealed record CustodyLine(string Evidence, long Leaf, long Position, JsonElement Act);
