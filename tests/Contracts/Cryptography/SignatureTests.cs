using System.Text;
using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.GM;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;
using Org.BouncyCastle.Security;
using SignalWatch.Contracts.Cryptography;

namespace SignalWatch.Contracts.Tests.Cryptography;

public sealed class SignatureTests
{
    // GB/T 32918.5-2017 A.2
    private static readonly byte[] D = Hex("3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8");
    private static readonly byte[] X = Hex("09F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020");
    private static readonly byte[] Y = Hex("CCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13");

    [Theory] // RFC 8032 7.1, tests 1 to 3
    [InlineData("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60", "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b")]
    [InlineData("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb", "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00")]
    [InlineData("c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7", "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a")]
    public void Ed25519_gives_the_signatures_of_RFC_8032(string seed, string publicKey, string message, string signature)
    {
        using var key = Ed25519.PrivateKey.FromSeed(Hex(seed));
        Convert.ToHexStringLower(key.PublicKey.Span).Should().Be(publicKey);
        Convert.ToHexStringLower(key.Sign(Hex(message))).Should().Be(signature);
        Ed25519.Verify(Hex(publicKey), Hex(message), Hex(signature)).Should().BeTrue();
        Ed25519.Verify(Hex(publicKey), [.. Hex(message), 0], Hex(signature)).Should().BeFalse();
    }

    [Fact]
    public void An_Ed25519_key_survives_PEM_and_BouncyCastle_accepts_its_signature()
    {
        using var made = Ed25519.PrivateKey.Create();
        using var key = Ed25519.PrivateKey.FromPem(made.ToPem())!;
        key.PublicKey.Span.SequenceEqual(made.PublicKey.Span).Should().BeTrue();
        Ed25519.ReadPublicPem(Ed25519.PublicPem(key.PublicKey.Span)).Should().Equal(key.PublicKey.ToArray());
        var verifier = new Ed25519Signer();
        verifier.Init(false, new Ed25519PublicKeyParameters(key.PublicKey.ToArray(), 0));
        verifier.BlockUpdate("证据"u8.ToArray(), 0, 6);
        verifier.VerifySignature(key.Sign("证据"u8)).Should().BeTrue();
    }

    [Fact]
    public void Every_flipped_bit_of_an_Ed25519_signature_is_refused()
    {
        using var key = Ed25519.PrivateKey.Create();
        var signature = key.Sign("m"u8);
        for (var bit = 0; bit < signature.Length * 8; bit++)
        {
            signature[bit / 8] ^= (byte)(1 << (bit % 8));
            Ed25519.Verify(key.PublicKey.Span, "m"u8, signature).Should().BeFalse("bit {0} was flipped", bit);
            signature[bit / 8] ^= (byte)(1 << (bit % 8));
        }
        Ed25519.Verify(key.PublicKey.Span, "m"u8, signature.AsSpan(1)).Should().BeFalse();
        Ed25519.Verify(key.PublicKey.Span[1..], "m"u8, signature).Should().BeFalse();
    }

    [Fact]
    public void The_SM2_signature_of_the_standards_example_is_accepted_and_no_other()
    {
        var signature = Der("F5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3", "B1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA");
        var key = Sm2.PrivateKey.From(D, X, Y);
        Sm2.Verify(key.PublicPem, "message digest"u8, signature, Sm2.DefaultId).Should().BeTrue();
        Sm2.Verify(key.PublicPem, "message digesT"u8, signature, Sm2.DefaultId).Should().BeFalse();
        Sm2.Verify(key.PublicPem, "message digest"u8, signature, "ALICE123@YAHOO.COM"u8).Should().BeFalse();
        Sm2.Verify(key.PublicPem, "message digest"u8, signature.AsSpan(1), Sm2.DefaultId).Should().BeFalse();
        Sm2.Verify("no key", "message digest"u8, signature, Sm2.DefaultId).Should().BeFalse();
    }

    [Fact]
    public void BouncyCastle_accepts_our_SM2_signatures_and_we_accept_its()
    {
        var key = Sm2.PrivateKey.From(D, X, Y);
        var curve = GMNamedCurves.GetByName("sm2p256v1");
        var domain = new ECDomainParameters(curve.Curve, curve.G, curve.N);
        var message = Encoding.UTF8.GetBytes("证据清单");
        var verifier = new SM2Signer();
        verifier.Init(false, new ParametersWithID(new ECPublicKeyParameters(curve.Curve.DecodePoint([4, .. X, .. Y]), domain), Sm2.DefaultId.ToArray()));
        verifier.BlockUpdate(message, 0, message.Length);
        verifier.VerifySignature(key.Sign(message, Sm2.DefaultId)).Should().BeTrue();

        var signer = new SM2Signer();
        signer.Init(true, new ParametersWithID(new ParametersWithRandom(new ECPrivateKeyParameters(new Org.BouncyCastle.Math.BigInteger(1, D), domain), new SecureRandom()), Sm2.DefaultId.ToArray()));
        signer.BlockUpdate(message, 0, message.Length);
        Sm2.Verify(key.PublicPem, message, signer.GenerateSignature(), Sm2.DefaultId).Should().BeTrue();
    }

    [Fact]
    public void A_new_SM2_key_survives_PEM()
    {
        var made = Sm2.PrivateKey.Create();
        var key = Sm2.PrivateKey.FromPem(made.ToPem())!;
        key.PublicPem.Should().Be(made.PublicPem);
        Sm2.Verify(made.PublicPem, "m"u8, key.Sign("m"u8, Sm2.DefaultId), Sm2.DefaultId).Should().BeTrue();
        Sm2.PrivateKey.FromPem(Ed25519.PrivateKey.Create().ToPem()).Should().BeNull();
        Ed25519.PrivateKey.FromPem(made.ToPem()).Should().BeNull();
    }

    private static byte[] Der(string r, string s) =>
        new DerSequence(new DerInteger(new Org.BouncyCastle.Math.BigInteger(r, 16)), new DerInteger(new Org.BouncyCastle.Math.BigInteger(s, 16))).GetDerEncoded();

    private static byte[] Hex(string digits) => Convert.FromHexString(digits);
}
