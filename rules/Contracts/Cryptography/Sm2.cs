using System.Formats.Asn1;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace SignalWatch.Contracts.Cryptography;

/// <summary>SM2 signatures with SM3 (GB/T 32918.2-2016 on the curve of GB/T 32918.5-2017), over a message and the signer's id. A signature is DER, the sequence of r and s (GB/T 35276-2017 7.3).</summary>
public static class Sm2
{
    /// <summary>The id that is used where none was agreed (GB/T 35275-2017, GM/T 0009-2012 10): <c>1234567812345678</c>.</summary>
    public static ReadOnlySpan<byte> DefaultId => "1234567812345678"u8;

    private const string Curve = "1.2.156.10197.1.301"; // GM/T 0006-2012: SM2 elliptic curve
    private const string EcPublicKey = "1.2.840.10045.2.1"; // RFC 5480 2.1.1
    private const int MostSignatureBytes = 80;

    /// <summary>True where <paramref name="signature"/> is the key's over <paramref name="message"/>; false for whatever else it is.</summary>
    /// <param name="publicPem">SubjectPublicKeyInfo in PEM.</param>
    /// <param name="message">What was signed, whole.</param>
    /// <param name="signature">DER.</param>
    /// <param name="id">The signer's id.</param>
    /// <exception cref="ProblemException">libcrypto is not installed.</exception>
    public static bool Verify(string publicPem, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature, ReadOnlySpan<byte> id)
    {
        if (!PemEncoding.TryFind(publicPem, out var fields)) return false;
        var (der, of, given, by) = (Convert.FromBase64String(publicPem[fields.Base64Data]), message.ToArray(), signature.ToArray(), id.ToArray());
        return LibCrypto.Call(() => WithKey(der, isPrivate: false, key => key != 0 && WithId(key, by, context =>
            LibCrypto.VerifyInit(context, 0, LibCrypto.Sm3(), 0, key) == 1 && LibCrypto.Verify(context, given, (nuint)given.Length, of, (nuint)of.Length) == 1)));
    }

    private static T WithKey<T>(byte[] der, bool isPrivate, Func<nint, T> use)
    {
        var pinned = GCHandle.Alloc(der, GCHandleType.Pinned);
        var at = pinned.AddrOfPinnedObject();
        var key = isPrivate ? LibCrypto.ReadPrivateKey(0, ref at, der.Length) : LibCrypto.ReadPublicKey(0, ref at, der.Length);
        try
        {
            return use(key);
        }
        finally
        {
            LibCrypto.FreeKey(key);
            pinned.Free();
        }
    }

    // EVP_PKEY_CTX_set1_id (EVP_SIGNATURE-SM2(7)): the id goes into the digest before the message, so it must be there before the context begins.
    private static T WithId<T>(nint key, byte[] id, Func<nint, T> use)
    {
        var (context, keyContext) = (LibCrypto.NewDigestContext(), LibCrypto.Require(LibCrypto.NewKeyContext(key, 0), nameof(LibCrypto.NewKeyContext)));
        try
        {
            LibCrypto.Require(LibCrypto.SetId(keyContext, id, id.Length), nameof(LibCrypto.SetId));
            LibCrypto.SetKeyContext(context, keyContext);
            return use(context);
        }
        finally
        {
            LibCrypto.FreeDigestContext(context);
            LibCrypto.FreeKeyContext(keyContext);
        }
    }

    /// <summary>A private key.</summary>
    public sealed class PrivateKey
    {
        private readonly byte[] der;

        private PrivateKey(byte[] der, string publicPem) => (this.der, PublicPem) = (der, publicPem);

        /// <summary>The public key: SubjectPublicKeyInfo in PEM (RFC 5480 2), as <c>openssl pkey -pubin</c> reads it.</summary>
        public string PublicPem { get; }

        /// <summary>A new key.</summary>
        public static PrivateKey Create()
        {
            using var key = ECDsa.Create(ECCurve.CreateFromValue(Curve));
            var made = key.ExportParameters(includePrivateParameters: true);
            return From(made.D!, made.Q.X!, made.Q.Y!);
        }

        /// <summary>The key of these numbers, 32 bytes each, big-endian: d, and the point that belongs to it.</summary>
        public static PrivateKey From(ReadOnlySpan<byte> d, ReadOnlySpan<byte> x, ReadOnlySpan<byte> y)
        {
            byte[] point = [0x04, .. x, .. y];
            return new(Pkcs8(d, point), PemEncoding.WriteString("PUBLIC KEY", PublicInfo(point)));
        }

        /// <summary>Reads a key as <see cref="ToPem"/> writes it.</summary>
        /// <returns>Null where the text is no such key.</returns>
        public static PrivateKey? FromPem(string pem)
        {
            try
            {
                if (!PemEncoding.TryFind(pem, out var fields)) return null;
                var info = new AsnReader(Convert.FromBase64String(pem[fields.Base64Data]), AsnEncodingRules.DER).ReadSequence();
                info.ReadInteger();
                info.ReadSequence();
                var key = new AsnReader(info.ReadOctetString(), AsnEncodingRules.DER).ReadSequence();
                key.ReadInteger();
                var d = key.ReadOctetString();
                var point = key.ReadSequence(PointTag).ReadBitString(out _);
                return point.Length == 65 ? From(d, point.AsSpan(1, 32), point.AsSpan(33)) : null;
            }
            catch (AsnContentException)
            {
                return null;
            }
        }

        /// <summary>PKCS #8 in PEM.</summary>
        public string ToPem() => PemEncoding.WriteString("PRIVATE KEY", der);

        /// <summary>Signs. Two signatures of one message differ: each has its own random number.</summary>
        /// <param name="message">What is signed, whole.</param>
        /// <param name="id">The signer's id.</param>
        /// <returns>DER.</returns>
        public byte[] Sign(ReadOnlySpan<byte> message, ReadOnlySpan<byte> id)
        {
            var (of, by) = (message.ToArray(), id.ToArray());
            return LibCrypto.Call(() => WithKey(der, isPrivate: true, key => WithId(LibCrypto.Require(key, nameof(LibCrypto.ReadPrivateKey)), by, context =>
            {
                var (signature, length) = (new byte[MostSignatureBytes], (nuint)MostSignatureBytes);
                LibCrypto.Require(LibCrypto.SignInit(context, 0, LibCrypto.Sm3(), 0, key), nameof(LibCrypto.SignInit));
                LibCrypto.Require(LibCrypto.Sign(context, signature, ref length, of, (nuint)of.Length), nameof(LibCrypto.Sign));
                return signature[..(int)length];
            })));
        }

        private static Asn1Tag PointTag => new(TagClass.ContextSpecific, 1);

        private static byte[] PublicInfo(byte[] point)
        {
            var writer = new AsnWriter(AsnEncodingRules.DER);
            using (writer.PushSequence())
            {
                WriteAlgorithm(writer);
                writer.WriteBitString(point);
            }
            return writer.Encode();
        }

        // RFC 5958 2 around RFC 5915 3.
        private static byte[] Pkcs8(ReadOnlySpan<byte> d, byte[] point)
        {
            var inner = new AsnWriter(AsnEncodingRules.DER);
            using (inner.PushSequence())
            {
                inner.WriteInteger(1);
                inner.WriteOctetString(d);
                using (inner.PushSequence(PointTag)) inner.WriteBitString(point);
            }
            var writer = new AsnWriter(AsnEncodingRules.DER);
            using (writer.PushSequence())
            {
                writer.WriteInteger(0);
                WriteAlgorithm(writer);
                writer.WriteOctetString(inner.Encode());
            }
            return writer.Encode();
        }

        private static void WriteAlgorithm(AsnWriter writer)
        {
            using var algorithm = writer.PushSequence();
            writer.WriteObjectIdentifier(EcPublicKey);
            writer.WriteObjectIdentifier(Curve);
        }
    }
}
