using System.Buffers;
using System.Security.Cryptography;

namespace SignalWatch.Contracts.Cryptography;

/// <summary>What identifies evidence: the digest of international use, which is its address, and the one of Chinese law beside it. Two, so that it stands even where one of them should fall.</summary>
/// <param name="Sha256">SHA-256 (FIPS 180-4), 64 hexadecimal digits in lower case.</param>
/// <param name="Sm3">SM3 (GB/T 32905-2016), the same.</param>
public readonly record struct TwoDigests(string Sha256, string Sm3)
{
    private const int ChunkBytes = 1 << 20;

    /// <summary>The digests of <paramref name="data"/>.</summary>
    public static TwoDigests Of(ReadOnlySpan<byte> data) => new(Convert.ToHexStringLower(SHA256.HashData(data)), Convert.ToHexStringLower(Cryptography.Sm3.Hash(data)));

    /// <summary>The digests of all that <paramref name="stream"/> still gives, read once: while SM3, the slower one, works on a chunk, SHA-256 works on it elsewhere and the next one is read.</summary>
    /// <param name="stream">Read to its end; not closed.</param>
    /// <param name="seen">Sees each chunk too, in order: for what else is to be had from the one reading.</param>
    /// <param name="cancelled">Ends it early.</param>
    /// <returns>The digests and how many bytes there were.</returns>
    public static async Task<(TwoDigests Digests, long Bytes)> Of(Stream stream, Action<ReadOnlySpan<byte>>? seen = null, CancellationToken cancelled = default)
    {
        var (chunk, next) = (ArrayPool<byte>.Shared.Rent(ChunkBytes), ArrayPool<byte>.Shared.Rent(ChunkBytes));
        using var sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var sm3 = new Sm3();
        var bytes = 0L;
        try
        {
            var length = await stream.ReadAtLeastAsync(chunk.AsMemory(0, ChunkBytes), ChunkBytes, false, cancelled).ConfigureAwait(false);
            while (length > 0)
            {
                var (present, count) = (chunk, length);
                var reading = length < ChunkBytes ? Task.FromResult(0) : stream.ReadAtLeastAsync(next.AsMemory(0, ChunkBytes), ChunkBytes, false, cancelled).AsTask();
                var beside = Task.Run(() =>
                {
                    sha256.AppendData(present, 0, count);
                    seen?.Invoke(present.AsSpan(0, count));
                }, CancellationToken.None);
                sm3.Append(present.AsSpan(0, count));
                await beside.ConfigureAwait(false);
                length = await reading.ConfigureAwait(false);
                bytes += count;
                (chunk, next) = (next, chunk);
            }
            return (new(Convert.ToHexStringLower(sha256.GetHashAndReset()), Convert.ToHexStringLower(sm3.Finish())), bytes);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(chunk);
            ArrayPool<byte>.Shared.Return(next);
        }
    }
}
