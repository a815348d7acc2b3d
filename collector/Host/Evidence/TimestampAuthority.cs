using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Text;
using SignalWatch.Collector.Journal;

namespace SignalWatch.Collector.Evidence;

/// <summary>Lets a time-stamp authority countersign the newest checkpoint (RFC 3161), once an hour where the log grew: what was logged before can then not be made up afterwards, not even by whoever
/// has the collector's keys.</summary>
internal sealed class TimestampAuthority(CollectorOptions options, EvidenceBook book, JournalWriter writer, TimeProvider time, HttpClient http, ILogger<TimestampAuthority> log) : BackgroundService
{
    private const int NonceBytes = 8;
    private const int MostAnswerBytes = 256 * 1024;
    private static readonly TimeSpan Every = TimeSpan.FromHours(1);
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(30);

    /// <summary>Asks the authority, where one is configured and the log grew.</summary>
    /// <returns>True where there is a new token in the journal.</returns>
    public async Task<bool> Stamp(CancellationToken cancelled)
    {
        var head = book.Head;
        if (options.TimestampServer is not { } server || head.Note is not { } note || note == head.TokenNote) return false;
        var request = Rfc3161TimestampRequest.CreateFromData(Encoding.UTF8.GetBytes(note), HashAlgorithmName.SHA256, nonce: RandomNumberGenerator.GetBytes(NonceBytes), requestSignerCertificates: true);
        using var within = CancellationTokenSource.CreateLinkedTokenSource(cancelled);
        within.CancelAfter(AnswerWithin);
        using var content = new ByteArrayContent(request.Encode());
        content.Headers.ContentType = new("application/timestamp-query"); // RFC 3161 3.4
        using var response = await http.PostAsync(server, content, within.Token).ConfigureAwait(false);
        response.EnsureSuccessStatusCode();
        await response.Content.LoadIntoBufferAsync(MostAnswerBytes, within.Token).ConfigureAwait(false);
        var token = request.ProcessResponse(await response.Content.ReadAsByteArrayAsync(within.Token).ConfigureAwait(false), out _);
        var bytes = token.AsSignedCms().Encode();
        if (Packages.Timestamps.TimeOf(bytes, Encoding.UTF8.GetBytes(note)) is null) throw new CryptographicException("the token is not of the checkpoint");
        var work = new EvidenceWork<bool>(group =>
        {
            book.Timestamp(note, bytes, server.Host, group);
            return true;
        });
        writer.Offer(work);
        return await work.Done.ConfigureAwait(false);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.TimestampServer is null) return;
        using var timer = new PeriodicTimer(Every, time);
        while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
        {
            if (!writer.Leading) continue;
            try
            {
                await Stamp(stoppingToken).ConfigureAwait(false);
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                // Supervised: an authority that is away for a day costs a day's stamps, not the loop.
                log.LogWarning("{Server} did not stamp the checkpoint: {Why}; it is asked again in an hour", options.TimestampServer, failure.Message);
            }
        }
    }
}
