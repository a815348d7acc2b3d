using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using SignalWatch.Contracts.Cryptography;

namespace SignalWatch.Collector.Evidence.Merkle;

/// <summary>A key that signs notes: a name, and an Ed25519 key (C2SP signed-note). As text it is <c>name+id+key</c>, as Go's note package and witnesses read it.</summary>
internal sealed record NoteKey(string Name, ReadOnlyMemory<byte> PublicKey)
{
    private const byte Ed25519Type = 0x01;

    /// <summary>The first four bytes of SHA-256 over name, newline, type and key.</summary>
    public byte[] Id => SHA256.HashData([.. Encoding.UTF8.GetBytes(Name), (byte)'\n', Ed25519Type, .. PublicKey.Span])[..sizeof(uint)];

    /// <summary>Reads <c>name+id+key</c>.</summary>
    /// <returns>Null where the text is no key, or the id is not the key's.</returns>
    public static NoteKey? Parse(string text)
    {
        if (text.Trim().Split('+', 3) is not [{ Length: > 0 } name, var id, var coded]) return null;
        var bytes = new byte[1 + Ed25519.PublicKeyBytes];
        if (!Convert.TryFromBase64String(coded, bytes, out var length) || length != bytes.Length || bytes[0] != Ed25519Type) return null;
        var key = new NoteKey(name, bytes.AsMemory(1));
        return Convert.ToHexStringLower(key.Id) == id ? key : null;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Name}+{Convert.ToHexStringLower(Id)}+{Convert.ToBase64String([Ed25519Type, .. PublicKey.Span])}");
}

/// <summary>A text with signatures beneath it (C2SP signed-note).</summary>
internal static class SignedNote
{
    private const int MostBytes = 64 * 1024;
    private const int MostSignatures = 32;
    private const string Mark = "— ";

    /// <summary>Signs a text that ends with a newline.</summary>
    public static string Sign(string text, string name, Ed25519.PrivateKey key)
    {
        byte[] signature = [.. new NoteKey(name, key.PublicKey).Id, .. key.Sign(Encoding.UTF8.GetBytes(text))];
        return $"{text}\n{Mark}{name} {Convert.ToBase64String(signature)}\n";
    }

    /// <summary>The text, where the key has signed it. Signatures of other keys are passed over; one of this key that is wrong spoils the note.</summary>
    public static string? Open(string note, NoteKey key)
    {
        if (Split(note) is not var (text, signatures)) return null;
        var signed = false;
        foreach (var (name, bytes) in signatures)
        {
            if (name != key.Name || !bytes.AsSpan(0, sizeof(uint)).SequenceEqual(key.Id)) continue;
            if (!Ed25519.Verify(key.PublicKey.Span, Encoding.UTF8.GetBytes(text), bytes.AsSpan(sizeof(uint)))) return null;
            signed = true;
        }
        return signed ? text : null;
    }

    /// <summary>Text and signatures, nothing verified; null where it is no note.</summary>
    private static (string Text, List<(string Name, byte[] Bytes)> Signatures)? Split(string note)
    {
        if (note.Length > MostBytes || note.Any(c => c < ' ' && c != '\n') || !note.EndsWith('\n')) return null;
        var end = note.LastIndexOf("\n\n", StringComparison.Ordinal);
        if (end < 0) return null;
        var signatures = new List<(string, byte[])>();
        foreach (var line in note[(end + 2)..^1].Split('\n'))
        {
            if (!line.StartsWith(Mark, StringComparison.Ordinal) || line[Mark.Length..].Split(' ') is not [{ Length: > 0 } name, var coded] || name.Contains('+', StringComparison.Ordinal)) return null;
            var bytes = new byte[coded.Length];
            if (!Convert.TryFromBase64String(coded, bytes, out var length) || length <= sizeof(uint) || signatures.Count == MostSignatures) return null;
            // One text for one signature: a changed last character must not decode to the same bytes.
            if (Convert.ToBase64String(bytes, 0, length) != coded) return null;
            signatures.Add((name, bytes[..length]));
        }
        return (note[..(end + 1)], signatures);
    }
}
