using System.Text.Json;
using SignalWatch.Contracts;

namespace SignalWatch.Collector.Http;

/// <summary>Failures as <c>application/problem+json</c> (RFC 9457): a stable code, the texts in the reader's language, and both languages beside them.</summary>
internal static class Problems
{
    /// <summary>Name of the resource that lists every code, one a line. A code that was published once keeps its meaning.</summary>
    public const string CodesResource = "problem-codes.txt";

    private const int RetryAfterSeconds = 2;

    /// <summary>Every code that there is, in order.</summary>
    public static IReadOnlyList<string> Codes()
    {
        using var reader = new StreamReader(typeof(Problems).Assembly.GetManifestResourceStream(CodesResource)!);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    public static void Use(WebApplication app)
    {
        var log = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("SignalWatch.Collector.Http");
        app.Use(async (http, next) =>
        {
            try
            {
                await next(http).ConfigureAwait(false);
                // The framework's own refusals have a number and nothing else: no such path, another method, a media type that is not read.
                if (http.Response is { HasStarted: false, StatusCode: >= 400 and < 500, ContentType: null } && http.Request.Path.StartsWithSegments("/api")) await Write(http, Texts.NotTaken(http.Response.StatusCode, http.Request)).ConfigureAwait(false);
            }
            catch (Exception failure) when (!http.Response.HasStarted)
            {
                if (failure is OperationCanceledException && http.RequestAborted.IsCancellationRequested) return;
                await Write(http, Of(failure, http, log)).ConfigureAwait(false);
            }
        });
    }

    /// <summary>Answers with a problem.</summary>
    public static Task Write(HttpContext http, Problem problem)
    {
        var language = LanguageOf(http.Request);
        http.Response.Clear();
        http.Response.StatusCode = problem.Status;
        http.Response.Headers.ContentLanguage = language == Language.Chinese ? "zh" : "en";
        http.Response.Headers.CacheControl = "no-store";
        if (problem.Status is 429 or 503) http.Response.Headers.RetryAfter = RetryAfterSeconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        var body = new
        {
            type = $"urn:signalwatch:problem:{problem.Code}",
            title = problem.Title.In(language),
            status = problem.Status,
            detail = problem.Detail.In(language),
            code = problem.Code,
            texts = new { title = problem.Title, detail = problem.Detail },
        };
        return http.Response.WriteAsJsonAsync(body, WireJson.Options, "application/problem+json", http.RequestAborted);
    }

    private static Problem Of(Exception failure, HttpContext http, ILogger log)
    {
        switch (failure)
        {
            case ProblemException known: return known.Problem;
            case BadHttpRequestException bad: return bad.StatusCode == 413 ? Texts.BatchTooLarge(bad.Message) : Texts.BadRequest(Innermost(bad), bad.StatusCode);
            case JsonException bad: return Texts.BadRequest(bad.Message);
            default:
                log.LogError(failure, "{Method} {Path} failed, reference {Reference}", http.Request.Method, http.Request.Path, http.TraceIdentifier);
                return Texts.Unexpected(http.TraceIdentifier);
        }
    }

    private static string Innermost(Exception failure) => failure.InnerException is { } inner ? Innermost(inner) : failure.Message;

    /// <summary>Chinese, unless the reader's first choice is English.</summary>
    private static Language LanguageOf(HttpRequest request) =>
        request.GetTypedHeaders().AcceptLanguage.OrderByDescending(l => l.Quality ?? 1).FirstOrDefault()?.Value.StartsWith("en", StringComparison.OrdinalIgnoreCase) == true
            ? Language.English : Language.Chinese;
}
