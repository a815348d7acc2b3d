using System.Net;
using System.Net.Http.Headers;

namespace SignalWatch.Collector.Outbox;

/// <summary>Posts messages: webhooks, CAP, the <c>Msg</c> of probes' interfaces.</summary>
internal sealed class HttpDelivery(OutboxTarget target, TimeProvider time) : IDelivery
{
    // What a target answers must not lead anywhere else: no redirects, no proxy from the environment.
    private readonly HttpClient client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false, UseCookies = false, ConnectTimeout = TimeSpan.FromSeconds(5), PooledConnectionLifetime = TimeSpan.FromMinutes(5) })
    {
        Timeout = TimeSpan.FromSeconds(10),
        MaxResponseContentBufferSize = 64 * 1024,
    };

    /// <inheritdoc/>
    public async Task<DeliveryOutcome> Send(OutboxMessage message, CancellationToken stopping)
    {
        var (body, type) = Write(message);
        if (body is null) return DeliveryOutcome.Taken;
        using var request = new HttpRequestMessage(HttpMethod.Post, target.Url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        request.Headers.Add("SignalWatch-Delivery", $"{message.Target}-{message.Number}");
        if (target.Secret is { } secret) request.Headers.Add(WebhookMessage.SignatureHeader, WebhookMessage.Signature(secret, body, time.GetUtcNow()));
        try
        {
            using var response = await client.SendAsync(request, stopping).ConfigureAwait(false);
            if (response.IsSuccessStatusCode) return DeliveryOutcome.Taken;
            // Wrong credentials and a wrong address are for a person to put right.
            var isFinal = (int)response.StatusCode is >= 300 and < 500 && response.StatusCode is not (HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.NotFound);
            return new(isFinal ? DeliveryResult.Refused : DeliveryResult.Failed, $"{(int)response.StatusCode} {response.ReasonPhrase}");
        }
        catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException && !stopping.IsCancellationRequested)
        {
            return new(DeliveryResult.Failed, failure.InnerException?.Message ?? failure.Message);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => client.Dispose();

    private (byte[]? Body, string Type) Write(OutboxMessage message) => target.Type switch
    {
        "cap" => (CapMessage.Write(message, target), "application/cap+xml"),
        "msg" => (ProbeInterfaceMessage.Write(message, target), "text/xml; charset=gb2312"),
        _ => (WebhookMessage.Write(message), "application/json; charset=utf-8"),
    };
}
