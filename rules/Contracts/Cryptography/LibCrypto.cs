using System.Runtime.InteropServices;

namespace SignalWatch.Contracts.Cryptography;

/// <summary>The functions of OpenSSL 3's libcrypto for signatures that .NET has not: Ed25519, and SM2 with SM3. Names and meanings are those of its manual pages.</summary>
internal static partial class LibCrypto
{
    private const string Library = "libcrypto.so.3";

    /// <summary>EVP_PKEY_ED25519 (evp.h).</summary>
    public const int Ed25519Type = 1087;

    /// <summary>Calls the library; where it is not there, or is another one, the failure says so.</summary>
    public static T Call<T>(Func<T> use)
    {
        try
        {
            return use();
        }
        catch (Exception absent) when (absent is DllNotFoundException or EntryPointNotFoundException)
        {
            throw new ProblemException(new("cryptography.absent",
                new($"缺少密码库 {Library}", $"The cryptographic library {Library} is missing"),
                new("无法签名或验签，没有改动任何数据。请安装 Debian 软件包 libssl3，然后重试。", "Nothing can be signed or verified; nothing was changed. Install the Debian package libssl3, then try again.")), absent);
        }
    }

    /// <summary>Fails where a call did not answer 1: a key that is none, or no memory.</summary>
    public static void Require(int answer, string what)
    {
        if (answer != 1) throw Failure(what);
    }

    /// <summary>Fails where a call gave nothing.</summary>
    public static nint Require(nint made, string what) => made != 0 ? made : throw Failure(what);

    /// <summary>An unexpected failure of the library.</summary>
    public static InvalidOperationException Failure(string what) => new($"libcrypto: {what} failed");

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_new_raw_private_key")]
    public static partial nint NewRawPrivateKey(int type, nint engine, ReadOnlySpan<byte> key, nuint length);

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_new_raw_public_key")]
    public static partial nint NewRawPublicKey(int type, nint engine, ReadOnlySpan<byte> key, nuint length);

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_get_raw_public_key")]
    public static partial int GetRawPublicKey(nint key, Span<byte> to, ref nuint length);

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_free")]
    public static partial void FreeKey(nint key);

    [LibraryImport(Library, EntryPoint = "d2i_AutoPrivateKey")]
    public static partial nint ReadPrivateKey(nint into, ref nint from, long length);

    [LibraryImport(Library, EntryPoint = "d2i_PUBKEY")]
    public static partial nint ReadPublicKey(nint into, ref nint from, long length);

    [LibraryImport(Library, EntryPoint = "EVP_MD_CTX_new")]
    public static partial nint NewDigestContext();

    [LibraryImport(Library, EntryPoint = "EVP_MD_CTX_free")]
    public static partial void FreeDigestContext(nint context);

    [LibraryImport(Library, EntryPoint = "EVP_MD_CTX_set_pkey_ctx")]
    public static partial void SetKeyContext(nint context, nint keyContext);

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_CTX_new")]
    public static partial nint NewKeyContext(nint key, nint engine);

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_CTX_free")]
    public static partial void FreeKeyContext(nint context);

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_CTX_set1_id")]
    public static partial int SetId(nint context, ReadOnlySpan<byte> id, int length);

    [LibraryImport(Library, EntryPoint = "EVP_sm3")]
    public static partial nint Sm3();

    [LibraryImport(Library, EntryPoint = "EVP_DigestSignInit")]
    public static partial int SignInit(nint context, nint keyContext, nint digest, nint engine, nint key);

    [LibraryImport(Library, EntryPoint = "EVP_DigestSign")]
    public static partial int Sign(nint context, Span<byte> signature, ref nuint length, ReadOnlySpan<byte> message, nuint messageLength);

    [LibraryImport(Library, EntryPoint = "EVP_DigestVerifyInit")]
    public static partial int VerifyInit(nint context, nint keyContext, nint digest, nint engine, nint key);

    [LibraryImport(Library, EntryPoint = "EVP_DigestVerify")]
    public static partial int Verify(nint context, ReadOnlySpan<byte> signature, nuint length, ReadOnlySpan<byte> message, nuint messageLength);
}
