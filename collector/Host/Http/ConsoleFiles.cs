using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Extensions.FileProviders;
using Microsoft.Net.Http.Headers;
using SignalWatch.Contracts;

namespace SignalWatch.Collector.Http;

/// <summary>Serves the console's built files; every path without a file is the console's own page (it routes in the browser).</summary>
internal sealed class ConsoleFiles : IDisposable
{
    private readonly PhysicalFileProvider? files;
    private readonly FileExtensionContentTypeProvider types = new();

    public ConsoleFiles(string? folder)
    {
        if (folder is not null && Directory.Exists(folder)) files = new PhysicalFileProvider(Path.GetFullPath(folder));
        types.Mappings[".webmanifest"] = "application/manifest+json";
    }

    /// <summary>The console's folder: as named, or beside the program, or built in the checkout that the program runs from.</summary>
    public static string? Find(string? named)
    {
        if (named is not null) return named;
        var beside = Path.Combine(AppContext.BaseDirectory, "wwwroot");
        if (File.Exists(Path.Combine(beside, "index.html"))) return beside;
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "console", "dist", "index.html"))) return Path.Combine(folder.FullName, "console", "dist");
        return null;
    }

    public void Map(WebApplication app) => app.MapFallback("/{**path}", Serve).ExcludeFromDescription();

    /// <inheritdoc/>
    public void Dispose() => files?.Dispose();

    private IResult Serve(HttpContext http, string? path)
    {
        if (!HttpMethods.IsGet(http.Request.Method) && !HttpMethods.IsHead(http.Request.Method)) throw new ProblemException(Texts.NoSuchPath(http.Request.Path));
        path ??= "";
        var isPage = Path.GetExtension(path).Length == 0;
        if (path.StartsWith("api/", StringComparison.Ordinal) || path.StartsWith("hubs/", StringComparison.Ordinal)) throw new ProblemException(Texts.NoSuchPath(http.Request.Path));
        if (files is null) return isPage ? NoConsole() : throw new ProblemException(Texts.NoSuchPath(http.Request.Path));
        if (isPage) path = "index.html";
        var file = files.GetFileInfo(path);
        if (!file.Exists || file.IsDirectory) return isPage ? NoConsole() : throw new ProblemException(Texts.NoSuchPath(http.Request.Path));
        if (!types.TryGetContentType(path, out var type)) type = "application/octet-stream";
        // Vite writes the digest of its content into an asset's name: it never changes. The page that names them always may.
        http.Response.Headers.CacheControl = path.StartsWith("assets/", StringComparison.Ordinal) ? "public, max-age=31536000, immutable" : "no-cache";
        http.Response.Headers.Vary = "Accept-Encoding";
        var (served, encoding) = Precompressed(http.Request, path, file);
        if (encoding is not null) http.Response.Headers.ContentEncoding = encoding;
        var tag = new EntityTagHeaderValue($"\"{served.LastModified.UtcTicks:x}-{served.Length:x}\"");
        return TypedResults.PhysicalFile(served.PhysicalPath!, type, lastModified: served.LastModified, entityTag: tag);
    }

    private (IFileInfo File, string? Encoding) Precompressed(HttpRequest request, string path, IFileInfo plain)
    {
        var accepted = request.GetTypedHeaders().AcceptEncoding;
        foreach (var (encoding, extension) in (ReadOnlySpan<(string, string)>)[("br", ".br"), ("gzip", ".gz")])
        {
            if (!accepted.Any(a => a.Value == encoding && a.Quality is not 0)) continue;
            if (files!.GetFileInfo(path + extension) is { Exists: true, IsDirectory: false } packed) return (packed, encoding);
        }
        return (plain, null);
    }

    private static ContentHttpResult NoConsole() =>
        TypedResults.Text($"{Texts.NoConsole.Zh}\n\n{Texts.NoConsole.En}\n", "text/plain; charset=utf-8");
}
