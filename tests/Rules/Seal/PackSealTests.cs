using SignalWatch.Contracts;
using SignalWatch.Contracts.Cryptography;
using SignalWatch.Rules.Tests.Correlation;

namespace SignalWatch.Rules.Tests.Seal;

public sealed class PackSealTests : IDisposable
{
    private readonly WrittenPack pack = new(WrittenPack.Rule("A", "when: available"));
    private readonly Ed25519.PrivateKey key = Ed25519.PrivateKey.FromSeed(new byte[32]);

    public void Dispose()
    {
        pack.Dispose();
        key.Dispose();
    }

    [Fact]
    public void A_signed_pack_is_the_same_pack_and_names_its_key()
    {
        var digest = pack.Reading.Pack!.Digest;
        var seal = PackSeal.Sign(pack.Folder, key);
        (seal.Pack.Digest, seal.IsLocked, seal.SignedBy).Should().Be((digest, true, Convert.ToHexStringLower(key.PublicKey.Span)));
        PackSeal.Load(pack.Folder, key.PublicKey.Span).SignedBy.Should().Be(seal.SignedBy);
        var first = File.ReadAllText(Path.Combine(pack.Folder, "pack.lock"));
        PackSeal.Sign(pack.Folder, key);
        File.ReadAllText(Path.Combine(pack.Folder, "pack.lock")).Should().Be(first).And.Contain("\nrule A 1\nfile ");
    }

    [Theory]
    [InlineData("rules/r.yaml", "rules/r.yaml: its content is another")]
    [InlineData("rules/more.yaml", "rules/more.yaml: it is not in pack.lock")]
    [InlineData("pack.lock", "pack.lock:")]
    [InlineData("pack.sig", "pack.sig: the signature is not one of pack.lock")]
    public void A_pack_that_was_changed_is_refused_and_the_file_named(string file, string says)
    {
        PackSeal.Sign(pack.Folder, key);
        File.AppendAllText(Path.Combine(pack.Folder, file), "# remark\n");
        Refusal("rules.pack-tampered").Detail.En.Should().Contain(says);
    }

    [Fact]
    public void A_file_that_is_gone_is_named()
    {
        PackSeal.Sign(pack.Folder, key);
        File.Delete(Path.Combine(pack.Folder, "rules/r.yaml"));
        Refusal("rules.pack-tampered").Detail.Zh.Should().Contain("rules/r.yaml：缺失");
    }

    [Fact]
    public void A_lock_that_was_written_anew_does_not_fit_its_signature()
    {
        PackSeal.Sign(pack.Folder, key);
        var signature = File.ReadAllBytes(Path.Combine(pack.Folder, "pack.sig"));
        File.AppendAllText(Path.Combine(pack.Folder, "rules/r.yaml"), "# remark\n");
        using var other = Ed25519.PrivateKey.FromSeed([.. Enumerable.Repeat((byte)7, 32)]);
        PackSeal.Sign(pack.Folder, other);
        Refusal("rules.pack-other-key", required: true);
        File.WriteAllBytes(Path.Combine(pack.Folder, "pack.sig"), signature);
        Refusal("rules.pack-tampered").Detail.En.Should().Contain("pack.sig");
    }

    [Fact]
    public void Without_a_signature_a_pack_is_taken_only_where_none_is_required()
    {
        PackSeal.Load(pack.Folder).SignedBy.Should().BeNull();
        Refusal("rules.pack-unsigned", required: true);
        PackSeal.Sign(pack.Folder, key);
        File.Delete(Path.Combine(pack.Folder, "pack.sig"));
        PackSeal.Load(pack.Folder).IsLocked.Should().BeTrue();
        Refusal("rules.pack-unsigned", required: true);
    }

    private Problem Refusal(string code, bool required = false)
    {
        var loading = () => PackSeal.Load(pack.Folder, required ? key.PublicKey.Span : default);
        var problem = loading.Should().Throw<ProblemException>().Which.Problem;
        problem.Code.Should().Be(code);
        return problem;
    }
}
