using System.Buffers;
using System.IO.Compression;
using SignalWatch.Contracts;

namespace SignalWatch.Collector.Ingest;

/// <summary>A request's body, unpacked, in a buffer of the pool: a batch of a burst is larger than what the collector's heap takes without looking through all of it.</summary>
internal sealed class RequestBody : IDisposable
{
    private const int Least = 64 * 1024;

    private byte[] buffer;

    private RequestBody(int expected) => buffer = ArrayPool<byte>.Shared.Rent(expected);

    /// <summary>How many bytes there are.</summary>
    public int Length { get; private set; }

    /// <summary>The bytes; not after <see cref="Dispose"/>.</summary>
    public ReadOnlyMemory<byte> Bytes => buffer.AsMemory(0, Length);

    /// <summary>Reads a body. Limited by what it unpacks to: a small gzip may hold gigabytes.</summary>
    /// <exception cref="ProblemException">It is too large, damaged, or packed otherwise.</exception>
    public static async Task<RequestBody> Read(HttpRequest request, int limit)
    {
        var encoding = request.Headers.ContentEncoding.ToString();
        if (encoding is not ("" or "identity" or "gzip")) throw new ProblemException(Texts.BadRequest($"Content-Encoding {encoding}: gzip or none", 415));
        // One more than it says, so that its end is seen without a larger buffer.
        var body = new RequestBody(encoding == "gzip" || request.ContentLength is not ({ } length and >= 0) || length > limit ? Least : (int)length + 1);
        try
        {
            await using var unpacked = encoding == "gzip" ? new GZipStream(request.Body, CompressionMode.Decompress) : request.Body;
            await body.Fill(unpacked, limit, request.HttpContext.RequestAborted).ConfigureAwait(false);
            return body;
        }
        catch (InvalidDataException bad)
        {
            body.Dispose();
            throw new ProblemException(Texts.BatchUnreadable($"the gzip is damaged: {bad.Message}"), bad);
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (buffer.Length > 0) ArrayPool<byte>.Shared.Return(buffer);
        (buffer, Length) = ([], 0);
    }

    private async Task Fill(Stream from, int limit, CancellationToken cancelled)
    {
        int read;
        while ((read = await from.ReadAsync(buffer.AsMemory(Length), cancelled).ConfigureAwait(false)) > 0)
        {
            Length += read;
            if (Length > limit) throw new ProblemException(Texts.BatchTooLarge($"{limit} bytes"));
            if (Length < buffer.Length) continue;
            var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
            buffer.CopyTo(larger, 0);
            ArrayPool<byte>.Shared.Return(buffer);
            buffer = larger;
        }
    }
}
