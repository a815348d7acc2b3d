using System.Security.Cryptography;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Org.BouncyCastle.Crypto.Digests;
using SignalWatch.Contracts.Cryptography;

namespace SignalWatch.Contracts.Tests.Cryptography;

public sealed class Sm3Tests
{
    [Theory] // GB/T 32905-2016 A.1 and A.2
    [InlineData("abc", 1, "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0")]
    [InlineData("abcd", 16, "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732")]
    public void The_examples_of_the_standard_come_out(string text, int times, string expected) =>
        Convert.ToHexStringLower(Sm3.Hash(Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(text, times))))).Should().Be(expected);

    [Fact]
    public void Every_length_up_to_five_blocks_gives_what_BouncyCastle_gives()
    {
        var data = Bytes(320);
        for (var length = 0; length <= data.Length; length++)
            Sm3.Hash(data.AsSpan(0, length)).Should().Equal(Other(data.AsSpan(0, length)), "length {0}", length);
    }

    [Fact]
    public void However_a_message_is_cut_its_digest_is_the_same() => Prop.ForAll<byte[], byte[], byte[]>((first, second, third) =>
    {
        var sm3 = new Sm3();
        foreach (var part in new[] { first, second, third }) sm3.Append(part);
        return sm3.Finish().AsSpan().SequenceEqual(Other([.. first, .. second, .. third]));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void After_its_end_a_new_message_begins()
    {
        var sm3 = new Sm3();
        sm3.Append(Bytes(100));
        sm3.Finish();
        sm3.Append("abc"u8);
        Convert.ToHexStringLower(sm3.Finish()).Should().StartWith("66c7f0f4");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData((1 << 20) - 1)]
    [InlineData(1 << 20)]
    [InlineData((3 << 20) + 17)]
    public async Task A_stream_is_read_once_for_both_digests(int length)
    {
        var data = Bytes(length);
        var seen = 0L;
        var (digests, bytes) = await TwoDigests.Of(new Trickle(data), chunk => seen += chunk.Length);
        digests.Should().Be(new TwoDigests(Convert.ToHexStringLower(SHA256.HashData(data)), Convert.ToHexStringLower(Other(data)))).And.Be(TwoDigests.Of(data));
        (bytes, seen).Should().Be((length, length));
    }

    private static byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        new Random(3).NextBytes(bytes);
        return bytes;
    }

    private static byte[] Other(ReadOnlySpan<byte> data)
    {
        var digest = new SM3Digest();
        digest.BlockUpdate(data.ToArray(), 0, data.Length);
        var result = new byte[Sm3.DigestBytes];
        digest.DoFinal(result, 0);
        return result;
    }

    /// <summary>A stream that never gives all that is asked for.</summary>
    private sealed class Trickle(byte[] data) : MemoryStream(data)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => base.ReadAsync(buffer[..Math.Min(buffer.Length, 99_991)], cancellationToken);
    }
}
