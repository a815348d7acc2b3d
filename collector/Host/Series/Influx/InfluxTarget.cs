using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using SignalWatch.Contracts;

namespace SignalWatch.Collector.Series.Influx;

/// <summary>A server that takes InfluxDB's line protocol, by the address of its writing end.</summary>
/// <param name="Write">Where batches go; times are in milliseconds.</param>
/// <param name="Shown">The address for people, without anything secret.</param>
/// <param name="Authorization">Its credentials; null where it needs none.</param>
internal sealed record InfluxTarget(Uri Write, string Shown, AuthenticationHeaderValue? Authorization)
{
    /// <summary>For names of files: the same target has the same, whatever its credentials are.</summary>
    public string Id => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Shown)).AsSpan(0, 6));

    /// <summary>Reads <c>http://host:8086/write?db=DB</c> (v1; user and password before the host) or <c>http://host:8086/api/v2/write?org=ORG&amp;bucket=BUCKET&amp;token-file=FILE</c> (v2).</summary>
    /// <exception cref="ProblemException">It is neither.</exception>
    public static InfluxTarget Parse(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || uri.Fragment.Length > 0) throw Bad(text, "http://… | https://…");
        var given = QueryHelpers.ParseQuery(uri.Query).ToDictionary(p => p.Key, p => p.Value.ToString(), StringComparer.Ordinal);
        var isV2 = uri.AbsolutePath.EndsWith("/api/v2/write", StringComparison.Ordinal);
        if (!isV2 && !uri.AbsolutePath.EndsWith("/write", StringComparison.Ordinal)) throw Bad(text, "…/write?db= | …/api/v2/write?org=&bucket=");
        string[] needed = isV2 ? ["bucket"] : ["db"]; // victoria-metrics has no organisations
        string[] known = isV2 ? ["org", "bucket", "token", "token-file"] : ["db", "rp"];
        if (needed.FirstOrDefault(n => given.GetValueOrDefault(n) is not { Length: > 0 }) is { } missing) throw Bad(text, $"{missing}=");
        if (given.Keys.FirstOrDefault(k => !known.Contains(k, StringComparer.Ordinal)) is { } unknown) throw Bad(text, unknown);
        var query = given.Where(p => !p.Key.StartsWith("token", StringComparison.Ordinal)).Select(p => KeyValuePair.Create(p.Key, (string?)p.Value)).OrderBy(p => p.Key, StringComparer.Ordinal);
        var bare = QueryHelpers.AddQueryString(new UriBuilder(uri) { Query = "", UserName = "", Password = "" }.Uri.GetLeftPart(UriPartial.Path), query);
        return new(new Uri(QueryHelpers.AddQueryString(bare, "precision", "ms")), bare, Credentials(uri, given, text));
    }

    private static AuthenticationHeaderValue? Credentials(Uri uri, Dictionary<string, string> given, string text)
    {
        if (uri.UserInfo.Length > 0) return new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(uri.UserInfo))));
        var token = given.GetValueOrDefault("token");
        if (given.GetValueOrDefault("token-file") is { } file)
        {
            try
            {
                token = File.ReadAllText(file).Trim();
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                throw new ProblemException(Texts.FileUnreadable(file, failure.Message), failure);
            }
        }
        if (token is null) return null;
        return token.Length > 0 && token.All(c => c is > ' ' and < '\u007f') ? new("Token", token) : throw Bad(text, "token");
    }

    private static ProblemException Bad(string text, string why) => new(SeriesTexts.BadInflux(Redact(text), why));

    /// <summary>A command line that is shown must not show a password.</summary>
    private static string Redact(string text) => text.Split('?')[0] is var address && address.LastIndexOf('@') is > 0 and var at ? "…" + address[at..] : address;
}
