using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Text;
using SignalWatch.Collector.Evidence.Merkle;

namespace SignalWatch.Collector.Evidence.Packages;

/// <summary>The RFC 3161 time stamp of a package's log, where there is one.</summary>
internal static class Timestamps
{
    /// <summary>Checks that the token is of the checkpoint beside it, and that this one is the beginning of the package's.</summary>
    /// <returns>The time that the authority vouches for; null where there is no token, or it is none.</returns>
    public static async Task<DateTimeOffset?> Check(PackageVerifier package, NoteKey? key, Checkpoint? newest, CancellationToken cancelled)
    {
        if (key is null || newest is null || await package.Read(PackageNames.Timestamp, cancelled).ConfigureAwait(false) is not { } bytes) return null;
        var note = await package.Read(PackageNames.TimestampedCheckpoint, cancelled).ConfigureAwait(false) ?? [];
        if (SignedNote.Open(Encoding.UTF8.GetString(note), key) is not { } text || Checkpoint.Parse(text) is not { } stamped)
        {
            package.Fault("checkpoint.invalid", PackageNames.TimestampedCheckpoint, $"{PackageNames.TimestampedCheckpoint}：检查点签名无效", $"{PackageNames.TimestampedCheckpoint}: the checkpoint is not signed by the key");
            return null;
        }
        var proof = Encoding.UTF8.GetString(await package.Read(PackageNames.Consistency, cancelled).ConfigureAwait(false) ?? []);
        if (!MerkleProof.VerifyConsistency(stamped.Size, stamped.Root, newest.Size, newest.Root, Hashes(proof)))
            package.Fault("proof.invalid", PackageNames.Consistency, $"{PackageNames.Consistency}：两个检查点不一致", $"{PackageNames.Consistency}: the two checkpoints are not of one log");
        if (TimeOf(bytes, note) is { } at) return at;
        package.Fault("timestamp.invalid", PackageNames.Timestamp, $"{PackageNames.Timestamp}：时间戳无效", $"{PackageNames.Timestamp}: the time stamp is not valid");
        return null;
    }

    /// <summary>The time of a token over these bytes, signed by the certificate in it; null where it is none. Whether that certificate is trusted is for whoever knows the authority.</summary>
    public static DateTimeOffset? TimeOf(byte[] token, byte[] data) =>
        Rfc3161TimestampToken.TryDecode(token, out var read, out var length) && length == token.Length && IsSigned(read, data) ? read.TokenInfo.Timestamp : null;

    private static bool IsSigned(Rfc3161TimestampToken token, byte[] data)
    {
        try
        {
            return token.VerifySignatureForData(data, out _);
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    private static List<byte[]> Hashes(string lines)
    {
        var hashes = new List<byte[]>();
        foreach (var line in lines.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var hash = new byte[Rfc6962.HashBytes];
            if (!Convert.TryFromBase64String(line, hash, out var length) || length != hash.Length) return [];
            hashes.Add(hash);
        }
        return hashes;
    }
}
