namespace SignalWatch.Collector.Http;

/// <summary>What keeps a page of another site from using an operator's browser against the collector, and a text of a broadcast from running as script.</summary>
internal static class BrowserGuard
{
    public static void Use(WebApplication app) => app.Use((http, next) =>
    {
        SetHeaders(http);
        if (!NeedsSameOrigin(http.Request) || IsSameOrigin(http.Request)) return next(http);
        return Problems.Write(http, Texts.ForeignOrigin(http.Request.Headers.Origin.ToString()));
    });

    private static void SetHeaders(HttpContext http)
    {
        var headers = http.Response.Headers;
        // 'self' does not cover ws: in every browser, so the collector's own address is named.
        var host = http.Request.Host.Value is { } value && value.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or ':' or '-' or '[' or ']') ? $" ws://{value} wss://{value}" : "";
        headers.ContentSecurityPolicy = "default-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; style-src 'self'; font-src 'self'; script-src 'self'; worker-src 'self'; "
            + $"connect-src 'self'{host}; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
    }

    /// <summary>All that changes something or stays open. WebSockets are not covered by the browser's own same-origin rule.</summary>
    private static bool NeedsSameOrigin(HttpRequest request) =>
        !(HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
        || request.Path.StartsWithSegments("/hubs") || request.Path.StartsWithSegments("/live") || request.HttpContext.WebSockets.IsWebSocketRequest;

    private static bool IsSameOrigin(HttpRequest request)
    {
        var origin = request.Headers.Origin.ToString();
        if (origin.Length == 0) return true; // not a browser: probes and tools send none
        return Uri.TryCreate(origin, UriKind.Absolute, out var from) && string.Equals(from.Authority, request.Host.Value, StringComparison.OrdinalIgnoreCase);
    }
}
