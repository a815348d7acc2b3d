using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using SignalWatch.Contracts;

namespace SignalWatch.Collector.Http;

/// <summary>A call as a client may make it, and its answer.</summary>
/// <param name="Operation">Of which operation.</param>
/// <param name="Method">HTTP method.</param>
/// <param name="Path">Path and query.</param>
/// <param name="Status">HTTP status of the answer.</param>
internal sealed record ApiExample(string Operation, string Method, string Path, int Status)
{
    /// <summary>Headers that matter.</summary>
    public IReadOnlyDictionary<string, string>? Headers { get; init; }

    /// <summary>Media type of <see cref="Text"/>.</summary>
    public string? ContentType { get; init; }

    /// <summary>A body of JSON.</summary>
    public JsonNode? Body { get; init; }

    /// <summary>A body that is none.</summary>
    public string? Text { get; init; }

    /// <summary>The answer; long lists are shortened to their first two.</summary>
    public JsonNode? Response { get; init; }

    /// <summary>The answer where it is no JSON.</summary>
    public string? ResponseText { get; init; }
}

/// <summary>Examples in the description of the API: one duty night, call after call. They are in a file of their own, which a test plays to a collector and compares.</summary>
internal static class ApiExamples
{
    /// <summary>Name of the resource.</summary>
    public const string Resource = "examples.json";

    /// <summary>All, in the order in which they were called.</summary>
    public static IReadOnlyList<ApiExample> Read()
    {
        using var stream = typeof(ApiExamples).Assembly.GetManifestResourceStream(Resource)!;
        return JsonSerializer.Deserialize<List<ApiExample>>(stream, WireJson.Options)!;
    }

    /// <summary>Puts the examples of an operation into its description.</summary>
    public static void Describe(OpenApiOperation operation, ILookup<string, ApiExample> examples)
    {
        foreach (var example in examples[operation.OperationId ?? ""])
        {
            operation.Description = string.Join("\n\n", new[] { operation.Description, $"Example: `{example.Method} {example.Path}` answers {example.Status}." }.Where(l => !string.IsNullOrEmpty(l)));
            var media = example.ContentType ?? "application/json";
            if ((example.Body ?? example.Text) is { } body && operation.RequestBody?.Content is { } asked && asked.TryGetValue(media, out var request)) request.Example ??= body.DeepClone();
            if ((example.Response ?? example.ResponseText) is not { } answer || operation.Responses?.TryGetValue($"{example.Status}", out var response) != true) continue;
            foreach (var (type, content) in response?.Content ?? new Dictionary<string, OpenApiMediaType>())
                if (type.Contains("json", StringComparison.Ordinal) == example.Response is not null) content.Example ??= answer.DeepClone();
        }
    }
}
