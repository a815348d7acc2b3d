using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using SignalWatch.Contracts;

namespace SignalWatch.Reliability;

/// <summary>A probe that keeps what is not acknowledged and sends it again, as a spool does.</summary>
internal sealed class SpoolingSender(string probe, int carriers = 1)
{
    public const int BatchLines = 20;

    private readonly Guid boot = Guid.CreateVersion7();
    private TaskCompletionSource reply = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int acknowledgedBatches;

    public string Probe { get; } = probe;

    public ConcurrentBag<long> Acknowledged { get; } = [];

    public long Sent { get; private set; }

    public int AcknowledgedBatches => Volatile.Read(ref acknowledgedBatches);

    /// <summary>Completes with the next answer, or with the collector's end.</summary>
    public Task NextReply => reply.Task;

    public async Task SendUntilGone(HttpClient client)
    {
        try
        {
            while (true) await Send(client);
        }
        catch (HttpRequestException)
        {
            // It was killed: what was not acknowledged is sent again to the next one.
        }
        finally
        {
            Pulse();
        }
    }

    /// <summary>Sends the next batch.</summary>
    /// <exception cref="HttpRequestException">It was not acknowledged, and is kept.</exception>
    public async Task<IngestReply> Send(HttpClient client)
    {
        using var response = await Offer(client);
        if (response.StatusCode == HttpStatusCode.ServiceUnavailable) throw new HttpRequestException(await response.Content.ReadAsStringAsync());
        response.EnsureSuccessStatusCode();
        var answer = (await response.Content.ReadFromJsonAsync<IngestReply>(WireJson.Options))!;
        for (var number = Sent + 1; number <= answer.AcceptedThrough; number++) Acknowledged.Add(number);
        Sent = answer.AcceptedThrough;
        Interlocked.Increment(ref acknowledgedBatches);
        Pulse();
        return answer;
    }

    /// <summary>Posts the next batch, and takes no note of the answer.</summary>
    public Task<HttpResponseMessage> Offer(HttpClient client) =>
        client.PostAsync("/api/v1/observations", new StringContent(string.Join('\n', Enumerable.Range(1, BatchLines).Select(i => Line(Sent + i))), Encoding.UTF8, "application/x-ndjson"));

    public string Line(long sequence) => JsonSerializer.Serialize(new SpooledObservation(boot, sequence, new Observation
    {
        Id = Guid.CreateVersion7(),
        Probe = new(Probe),
        Watch = new("fm"),
        Subject = Subject.Frequency("440106", FrequencyOf(sequence)),
        Kind = Vocabulary.FmCarrier.Name,
        At = DateTimeOffset.UnixEpoch.AddSeconds(1_800_000_000 + sequence),
        Facts = new Dictionary<string, Fact> { ["frequency_hz"] = Fact.Of(FrequencyOf(sequence)), ["on_air"] = Fact.Of(true), ["modulated"] = Fact.Of(true), ["snr_db"] = Fact.Of(40.0), ["level_dbfs"] = Fact.Of(-30.1, 1.5) },
    }), WireJson.Options);

    private long FrequencyOf(long sequence) => 97_800_000 + (sequence % carriers * 100_000);

    private void Pulse() => Interlocked.Exchange(ref reply, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
}
