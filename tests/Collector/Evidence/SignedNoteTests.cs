using System.Text;
using SignalWatch.Collector.Evidence.Merkle;
using SignalWatch.Contracts.Cryptography;

namespace SignalWatch.Collector.Tests.Evidence;

public sealed class SignedNoteTests
{
    // The example of the documentation of golang.org/x/mod/sumdb/note.
    private const string Example = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";
    private const string ExampleKey = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";

    [Fact]
    public void The_example_of_the_reference_implementation_opens()
    {
        NoteKey.Parse(ExampleKey)!.ToString().Should().Be(ExampleKey);
        SignedNote.Open(Example, NoteKey.Parse(ExampleKey)!).Should().Be("If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n");
    }

    [Fact]
    public void A_note_with_any_byte_changed_does_not_open_or_says_the_same()
    {
        var (bytes, key, text) = (Encoding.UTF8.GetBytes(Example), NoteKey.Parse(ExampleKey)!, SignedNote.Open(Example, NoteKey.Parse(ExampleKey)!));
        for (var at = 0; at < bytes.Length; at++)
            foreach (var mask in new byte[] { 1, 0x20, 0x80 })
            {
                bytes[at] ^= mask;
                SignedNote.Open(Encoding.UTF8.GetString(bytes), key).Should().BeNull("byte {0} was changed", at);
                bytes[at] ^= mask;
            }
        text.Should().StartWith("If you");
    }

    [Fact]
    public void A_signature_of_another_key_is_passed_over()
    {
        using var ours = Ed25519.PrivateKey.Create();
        using var other = Ed25519.PrivateKey.Create();
        var (key, stranger) = (new NoteKey("log", ours.PublicKey), new NoteKey("log", other.PublicKey));
        var (note, theirs) = (SignedNote.Sign("a\n\nb\n", "log", ours), SignedNote.Sign("a\n\nb\n", "log", other));
        var both = note + theirs[(theirs.LastIndexOf("\n\n", StringComparison.Ordinal) + 2)..];
        SignedNote.Open(both, key).Should().Be("a\n\nb\n");
        SignedNote.Open(both, stranger).Should().Be("a\n\nb\n");
        SignedNote.Open(note, stranger).Should().BeNull();
        SignedNote.Open("no note at all", key).Should().BeNull();
        NoteKey.Parse(key.ToString().Replace("log+", "lag+", StringComparison.Ordinal)).Should().BeNull("the id is of name and key");
    }

    [Fact] // C2SP tlog-checkpoint, the example
    public void A_checkpoint_is_read_as_the_specification_writes_it()
    {
        const string Text = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";
        var checkpoint = Checkpoint.Parse(Text)!;
        (checkpoint.Origin, checkpoint.Size, checkpoint.Text).Should().Be(("example.com/behind-the-sofa", 20852163L, Text));
        Checkpoint.Parse(Text + "an extension\n")!.Size.Should().Be(20852163);
        foreach (var bad in new[] { "", Text.TrimEnd('\n'), Text.Replace("208", "0208", StringComparison.Ordinal), Text.Replace("208", "-208", StringComparison.Ordinal), Text.Replace("CsU", "Cs", StringComparison.Ordinal), "\n" + Text, Text + "\n" })
            Checkpoint.Parse(bad).Should().BeNull();
    }

    [Fact]
    public void A_proof_is_read_as_it_was_written()
    {
        var proof = new LogProof(5, [Rfc6962.EmptyRoot(), Rfc6962.Leaf([])], "origin\n6\nroot\n\n— a b\n");
        proof.Write().Should().StartWith("c2sp.org/tlog-proof@v1\nindex 5\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n");
        var read = LogProof.Parse(proof.Write())!;
        (read.Index, read.Checkpoint).Should().Be((5L, proof.Checkpoint));
        read.Path.Should().BeEquivalentTo(proof.Path);
        LogProof.Parse("c2sp.org/tlog-proof@v2\nindex 5\n\nx").Should().BeNull();
        LogProof.Parse("c2sp.org/tlog-proof@v1\nindex 5\nshort\n\nx").Should().BeNull();
    }
}
