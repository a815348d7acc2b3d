using System.Security.Cryptography;

namespace SignalWatch.Contracts.Cryptography;

/// <summary>Ed25519 signatures (RFC 8032 5.1, pure). The same key and message always give the same signature.</summary>
public static class Ed25519
{
    /// <summary>Bytes of a public key.</summary>
    public const int PublicKeyBytes = 32;

    /// <summary>Bytes of a signature.</summary>
    public const int SignatureBytes = 64;

    // RFC 8410 7 and 4: all of PKCS #8 and of SubjectPublicKeyInfo before the key itself.
    private static ReadOnlySpan<byte> PrivatePrefix => [0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20];

    private static ReadOnlySpan<byte> PublicPrefix => [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];

    /// <summary>A public key as PEM (RFC 8410 4), as <c>openssl pkey -pubin</c> reads it.</summary>
    /// <param name="publicKey">32 bytes.</param>
    public static string PublicPem(ReadOnlySpan<byte> publicKey) => PemEncoding.WriteString("PUBLIC KEY", [.. PublicPrefix, .. publicKey]);

    /// <summary>Reads a public key: PEM (RFC 8410 4).</summary>
    /// <returns>Null where the text is no such key.</returns>
    public static byte[]? ReadPublicPem(string pem) => Read(pem, "PUBLIC KEY", PublicPrefix);

    /// <summary>True where <paramref name="signature"/> is the key's over <paramref name="message"/>; false for whatever else it is.</summary>
    /// <exception cref="ProblemException">libcrypto is not installed.</exception>
    public static bool Verify(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        if (publicKey.Length != PublicKeyBytes || signature.Length != SignatureBytes) return false;
        var (given, of, by) = (signature.ToArray(), message.ToArray(), publicKey.ToArray());
        return LibCrypto.Call(() =>
        {
            var (key, context) = (LibCrypto.NewRawPublicKey(LibCrypto.Ed25519Type, 0, by, PublicKeyBytes), LibCrypto.NewDigestContext());
            try
            {
                return key != 0 && LibCrypto.VerifyInit(context, 0, 0, 0, key) == 1 && LibCrypto.Verify(context, given, SignatureBytes, of, (nuint)of.Length) == 1;
            }
            finally
            {
                LibCrypto.FreeDigestContext(context);
                LibCrypto.FreeKey(key);
            }
        });
    }

    internal static byte[]? Read(string pem, string label, ReadOnlySpan<byte> prefix)
    {
        if (!PemEncoding.TryFind(pem, out var fields) || !pem.AsSpan()[fields.Label].SequenceEqual(label)) return null;
        var der = Convert.FromBase64String(pem[fields.Base64Data]);
        return der.Length == prefix.Length + PublicKeyBytes && der.AsSpan().StartsWith(prefix) ? der[prefix.Length..] : null;
    }

    /// <summary>A private key. For one thread at a time.</summary>
    public sealed class PrivateKey : IDisposable
    {
        private readonly byte[] seed;

        private PrivateKey(byte[] seed, byte[] publicKey) => (this.seed, PublicKey) = (seed, publicKey);

        /// <summary>The public key, 32 bytes.</summary>
        public ReadOnlyMemory<byte> PublicKey { get; }

        /// <summary>A new key.</summary>
        public static PrivateKey Create() => FromSeed(RandomNumberGenerator.GetBytes(PublicKeyBytes));

        /// <summary>The key of a seed (RFC 8032 5.1.5).</summary>
        /// <param name="seed">32 bytes.</param>
        /// <exception cref="ProblemException">libcrypto is not installed.</exception>
        public static PrivateKey FromSeed(ReadOnlySpan<byte> seed)
        {
            ArgumentOutOfRangeException.ThrowIfNotEqual(seed.Length, PublicKeyBytes);
            var kept = seed.ToArray();
            return new(kept, LibCrypto.Call(() =>
            {
                var key = Load(kept);
                try
                {
                    var (made, length) = (new byte[PublicKeyBytes], (nuint)PublicKeyBytes);
                    LibCrypto.Require(LibCrypto.GetRawPublicKey(key, made, ref length), nameof(LibCrypto.GetRawPublicKey));
                    return made;
                }
                finally
                {
                    LibCrypto.FreeKey(key);
                }
            }));
        }

        /// <summary>Reads a key as <see cref="ToPem"/> and <c>openssl genpkey -algorithm ed25519</c> write it (RFC 8410 7).</summary>
        /// <returns>Null where the text is no such key.</returns>
        public static PrivateKey? FromPem(string pem) => Read(pem, "PRIVATE KEY", PrivatePrefix) is { } seed ? FromSeed(seed) : null;

        /// <summary>PKCS #8 in PEM (RFC 8410 7).</summary>
        public string ToPem() => PemEncoding.WriteString("PRIVATE KEY", [.. PrivatePrefix, .. seed]);

        /// <summary>Signs.</summary>
        /// <returns>64 bytes.</returns>
        public byte[] Sign(ReadOnlySpan<byte> message)
        {
            var of = message.ToArray();
            return LibCrypto.Call(() =>
            {
                var (key, context) = (Load(seed), LibCrypto.NewDigestContext());
                try
                {
                    var (signature, length) = (new byte[SignatureBytes], (nuint)SignatureBytes);
                    LibCrypto.Require(LibCrypto.SignInit(context, 0, 0, 0, key), nameof(LibCrypto.SignInit));
                    LibCrypto.Require(LibCrypto.Sign(context, signature, ref length, of, (nuint)of.Length), nameof(LibCrypto.Sign));
                    return signature;
                }
                finally
                {
                    LibCrypto.FreeDigestContext(context);
                    LibCrypto.FreeKey(key);
                }
            });
        }

        /// <summary>Wipes the key from memory.</summary>
        public void Dispose() => CryptographicOperations.ZeroMemory(seed);

        private static nint Load(byte[] seed) => LibCrypto.Require(LibCrypto.NewRawPrivateKey(LibCrypto.Ed25519Type, 0, seed, PublicKeyBytes), nameof(LibCrypto.NewRawPrivateKey));
    }
}
