using System.Net;
using Microsoft.AspNetCore.Http.Features;
using SignalWatch.Collector.Http;
using SignalWatch.Collector.Journal;
using SignalWatch.Contracts;
using Yarp.ReverseProxy.Forwarder;

namespace SignalWatch.Collector.Nodes;

/// <summary>Passes on to the writer what only the writer may do: acts, and all that is about evidence, which reading changes too. Bodies stream both ways.</summary>
internal static class ActForwarding
{
    /// <summary>On a request that a node passed on: it is not passed on again.</summary>
    private const string HopHeader = "SignalWatch-Hop";

    private static readonly PathString Api = "/api/v1", Observations = "/api/v1/observations", Spectrum = "/api/v1/spectrum", Evidence = "/api/v1/evidence", Outbox = "/api/v1/outbox";

    public static void Use(WebApplication app, NodeOptions node)
    {
        var (journal, succession, forwarder) = (app.Services.GetRequiredService<JournalWriter>(), app.Services.GetRequiredService<Succession>(), app.Services.GetRequiredService<IHttpForwarder>());
        var client = new HttpMessageInvoker(new SocketsHttpHandler
        {
            UseProxy = false,
            AllowAutoRedirect = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectTimeout = TimeSpan.FromSeconds(2),
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        });
        app.Lifetime.ApplicationStopped.Register(client.Dispose);
        var transformer = new Passing(node);
        var settings = new ForwarderRequestConfig { ActivityTimeout = TimeSpan.FromSeconds(30) };
        app.Use(async (http, next) =>
        {
            if (journal.Leading || !IsForWriter(http.Request))
            {
                await next(http).ConfigureAwait(false);
                return;
            }
            var holder = succession.Holder;
            if (holder is null || holder.Address == node.Advertise || http.Request.Headers.ContainsKey(HopHeader)) throw new ProblemException(NodeTexts.WriterAway(holder?.Name));
            // What a body may be, the writer says.
            if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = null;
            var failed = await forwarder.SendAsync(http, holder.Address.ToString(), client, settings, transformer).ConfigureAwait(false);
            if (failed != ForwarderError.None && !http.Response.HasStarted && !http.RequestAborted.IsCancellationRequested) await Problems.Write(http, NodeTexts.WriterAway(holder.Name)).ConfigureAwait(false);
        });
    }

    private static bool IsForWriter(HttpRequest request) =>
        request.Path.StartsWithSegments(Evidence) || request.Path.StartsWithSegments(Outbox)
        || (request.Path.StartsWithSegments(Api) && !(HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method))
            && !request.Path.StartsWithSegments(Observations) && !request.Path.StartsWithSegments(Spectrum));

    private sealed class Passing(NodeOptions node) : HttpTransformer
    {
        public override async ValueTask TransformRequestAsync(HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
        {
            await base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken).ConfigureAwait(false);
            proxyRequest.Headers.Remove("Origin"); // compared with this node's address already; the writer has another one
            proxyRequest.Headers.Host = null;
            proxyRequest.Headers.TryAddWithoutValidation(HopHeader, Uri.EscapeDataString(node.Name));
        }

        public override ValueTask<bool> TransformResponseAsync(HttpContext httpContext, HttpResponseMessage? proxyResponse, CancellationToken cancellationToken)
        {
            // The writer sets the same ones; twice they would be other ones. Its policy names its own address for sockets, which an API's answer does not use.
            if (proxyResponse is not null) httpContext.Response.Headers.Clear();
            return base.TransformResponseAsync(httpContext, proxyResponse, cancellationToken);
        }
    }
}
