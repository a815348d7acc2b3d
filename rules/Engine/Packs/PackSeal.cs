using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using SignalWatch.Contracts;
using SignalWatch.Contracts.Cryptography;

namespace SignalWatch.Rules;

/// <summary>What a pack's seal proves.</summary>
/// <param name="Pack">The pack.</param>
/// <param name="IsLocked">There is a <c>pack.lock</c>, and every file is as it says.</param>
/// <param name="SignedBy">The public key whose signature of the lock holds, 64 hex digits; null where there is no signature.</param>
public sealed record SealedPack(RulePack Pack, bool IsLocked, string? SignedBy);

/// <summary><c>pack.lock</c> holds the SHA-256 of every file of a pack (README.md apart) and the version of every rule; <c>pack.sig</c> the public key and the Ed25519 signature (RFC 8032) of the lock, in hex.</summary>
public static class PackSeal
{
    internal const string LockFile = "pack.lock", SignatureFile = "pack.sig";

    private const string FirstLine = "signalwatch pack lock 1";

    // What is signed can't be taken for anything else that the same key signs.
    private static ReadOnlySpan<byte> Domain => "signalwatch rule pack\n"u8;

    /// <summary>Locks and signs a pack as it is now.</summary>
    /// <param name="folder">The pack's folder; an earlier lock and signature in it are replaced.</param>
    /// <param name="key">The issuer's key.</param>
    /// <returns>The sealed pack.</returns>
    /// <exception cref="ProblemException">The pack has a problem, or can't be written.</exception>
    public static SealedPack Sign(string folder, Ed25519.PrivateKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        var files = FilesOf(folder, out var pack);
        var written = Lock(files, pack);
        var signature = key.Sign([.. Domain, .. written]);
        try
        {
            File.WriteAllBytes(Path.Combine(folder, LockFile), written);
            File.WriteAllText(Path.Combine(folder, SignatureFile), $"{Convert.ToHexStringLower(key.PublicKey.Span)}\n{Convert.ToHexStringLower(signature)}\n");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new ProblemException(Texts.PackInvalid(folder, [new(LockFile, 0, 0, Texts.NotReadable(failure.Message))]), failure);
        }
        return Load(folder, key.PublicKey.Span);
    }

    /// <summary>Reads a pack and checks its seal: the files that are judged by are the very bytes that were checked.</summary>
    /// <param name="folder">The pack's folder.</param>
    /// <param name="required">The public key that must have signed it, 32 bytes; empty where an unsigned pack is allowed.</param>
    /// <exception cref="ProblemException"><c>rules.pack-tampered</c>, naming each file; <c>rules.pack-unsigned</c>; <c>rules.pack-other-key</c>; <c>rules.pack-invalid</c>.</exception>
    public static SealedPack Load(string folder, ReadOnlySpan<byte> required = default)
    {
        var files = RulePack.ReadFiles(folder, []);
        var isLocked = files?.ContainsKey(LockFile) == true;
        if (files is not null && isLocked && Differences(files) is { Count: > 0 } differences) throw new ProblemException(Texts.PackTampered(folder, differences));
        string? signedBy = null;
        if (files?.TryGetValue(SignatureFile, out var signature) == true)
            signedBy = SignerOf(files.GetValueOrDefault(LockFile) ?? [], signature) ?? throw new ProblemException(Texts.PackTampered(folder, [Texts.SignatureWrong(SignatureFile)]));
        if (required.Length > 0 && signedBy is null) throw new ProblemException(Texts.PackUnsigned(folder));
        if (required.Length > 0 && signedBy != Convert.ToHexStringLower(required)) throw new ProblemException(Texts.PackOtherKey(folder, signedBy!));
        FilesOf(folder, out var pack, files);
        return new(pack, isLocked, signedBy);
    }

    private static SortedDictionary<string, byte[]> FilesOf(string folder, out RulePack pack, SortedDictionary<string, byte[]>? read = null)
    {
        var problems = new List<PackProblem>();
        var files = RulePack.ReadFiles(folder, problems); // its problems are told here; what is judged by is what was checked
        var reading = RulePack.Read(read ?? files, problems);
        pack = reading.Pack ?? throw new ProblemException(Texts.PackInvalid(folder, reading.Problems));
        return read ?? files!;
    }

    private static byte[] Lock(SortedDictionary<string, byte[]> files, RulePack pack)
    {
        var text = new StringBuilder().Append(FirstLine).Append('\n');
        text.Append(CultureInfo.InvariantCulture, $"pack {pack.Id} {pack.Version}\n").Append(CultureInfo.InvariantCulture, $"digest {pack.Digest}\n");
        foreach (var rule in pack.Rules) text.Append(CultureInfo.InvariantCulture, $"rule {rule.Id} {rule.Version}\n");
        foreach (var (name, content) in Locked(files)) text.Append(CultureInfo.InvariantCulture, $"file {DigestOf(content)} {name}\n");
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static List<Text> Differences(SortedDictionary<string, byte[]> files)
    {
        var differences = new List<Text>();
        var named = new HashSet<string>(StringComparer.Ordinal);
        var lines = Encoding.UTF8.GetString(files[LockFile]).Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            switch (lines[i].Split(' ', 3))
            {
                case ["file", var digest, var name]:
                    named.Add(name);
                    if (!files.TryGetValue(name, out var content)) differences.Add(Texts.FileAbsent(name));
                    else if (DigestOf(content) != digest) differences.Add(Texts.FileChanged(name));
                    break;
                case ["pack" or "rule", _, _] or ["digest", _]: break;
                case [""] when i == lines.Length - 1: break;
                default:
                    if (i > 0 || lines[0] != FirstLine) differences.Add(Texts.LockUnreadable(i + 1));
                    break;
            }
        }
        differences.AddRange(Locked(files).Where(f => !named.Contains(f.Key)).Select(f => Texts.FileAdded(f.Key)));
        return differences;
    }

    private static string? SignerOf(byte[] locked, byte[] signature)
    {
        if (Encoding.UTF8.GetString(signature).Split('\n') is not [{ Length: 2 * Ed25519.PublicKeyBytes } keyHex, { Length: 2 * Ed25519.SignatureBytes } signatureHex, ""]) return null;
        if (!keyHex.All(char.IsAsciiHexDigitLower) || !signatureHex.All(char.IsAsciiHexDigitLower)) return null;
        return Ed25519.Verify(Convert.FromHexString(keyHex), [.. Domain, .. locked], Convert.FromHexString(signatureHex)) ? keyHex : null;
    }

    private static IEnumerable<KeyValuePair<string, byte[]>> Locked(SortedDictionary<string, byte[]> files) => files.Where(f => f.Key is not (LockFile or SignatureFile));

    private static string DigestOf(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));
}
