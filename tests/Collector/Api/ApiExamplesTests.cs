using System.Net;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using SignalWatch.Collector.Http;
using SignalWatch.Contracts;

namespace SignalWatch.Collector.Tests.Api;

/// <summary>The examples in the description of the API are what a collector answers.</summary>
public sealed class ApiExamplesTests
{
    /// <summary>Where the answers are written to instead of being compared: how the file is made anew after a change of the API.</summary>
    private static readonly string? Record = Environment.GetEnvironmentVariable("SIGNALWATCH_RECORD_EXAMPLES");

    // Bytes, and no text, go or come; the README of evidence and the spectrum's own page have what there is to say.
    private static readonly string[] WithoutExample = ["deliverSpectrum", "getEvidenceContent", "getTile"];

    private static readonly JsonSerializerOptions Indented = new(WireJson.Options) { WriteIndented = true, IndentSize = 1, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Fact]
    public async Task Every_example_is_answered_as_it_says()
    {
        await using var collector = await RunningCollector.Start();
        var answered = new List<ApiExample>();
        foreach (var example in ApiExamples.Read())
        {
            var (status, json, text) = await Ask(collector.Client, example);
            answered.Add(example with { Status = (int)status, Response = Shortened(json), ResponseText = text });
            if (Record is not null) continue;
            ((int)status).Should().Be(example.Status, $"{example.Method} {example.Path} answers {json} {text}");
            HasShape(json, example.Response, $"{example.Method} {example.Path}");
            (text is null).Should().Be(example.ResponseText is null, $"{example.Method} {example.Path}");
        }
        if (Record is not null) await File.WriteAllTextAsync(Record, JsonSerializer.Serialize(answered, Indented) + "\n");
    }

    [Fact]
    public async Task Every_operation_is_described_with_an_example_and_every_body_of_JSON_too()
    {
        await using var collector = await RunningCollector.Start();
        var document = JsonNode.Parse(await collector.Client.GetStringAsync("/openapi/v1.json"))!;
        var operations = document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject()).Select(o => o.Value!.AsObject()).ToList();
        operations.Should().HaveCountGreaterThan(50);
        foreach (var operation in operations)
        {
            var id = operation["operationId"]!.GetValue<string>();
            if (WithoutExample.Contains(id)) continue;
            operation["description"]?.GetValue<string>().Should().Contain("Example: ", id);
            var bodies = (operation["requestBody"]?["content"]?.AsObject() ?? []).Concat(operation["responses"]!.AsObject().Where(r => r.Key[0] == '2').SelectMany(r => r.Value!["content"]?.AsObject() ?? []));
            foreach (var (media, body) in bodies.Where(b => b.Key == "application/json" && b.Value?["schema"] is not null)) body!["example"].Should().NotBeNull($"{id} has {media}");
        }
        ApiExamples.Read().Select(e => e.Operation).Should().BeSubsetOf(operations.Select(o => o["operationId"]!.GetValue<string>()));
    }

    private static async Task<(HttpStatusCode Status, JsonNode? Json, string? Text)> Ask(HttpClient client, ApiExample example)
    {
        using var request = new HttpRequestMessage(new HttpMethod(example.Method), example.Path);
        foreach (var (name, value) in example.Headers ?? new Dictionary<string, string>()) request.Headers.Add(name, value);
        if (example.Body is { } body) request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        if (example.Text is { } text) request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(text)) { Headers = { ContentType = new(example.ContentType!) } };
        using var response = await client.SendAsync(request);
        var media = response.Content.Headers.ContentType?.MediaType ?? "";
        if (media.EndsWith("json", StringComparison.Ordinal)) return (response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync()), null);
        return (response.StatusCode, null, media.StartsWith("text/", StringComparison.Ordinal) ? await response.Content.ReadAsStringAsync() : null);
    }

    private static JsonNode? Shortened(JsonNode? node)
    {
        const int Most = 2;
        if (node is JsonArray list)
        {
            while (list.Count > Most) list.RemoveAt(Most);
            foreach (var item in list) Shortened(item);
        }
        else if (node is JsonObject record)
        {
            foreach (var (_, value) in record) Shortened(value);
        }
        return node;
    }

    /// <summary>What the example has is there, and is of the same kind.</summary>
    private static void HasShape(JsonNode? found, JsonNode? example, string where)
    {
        (found?.GetValueKind()).Should().Be(example?.GetValueKind(), where);
        if (example is JsonObject record)
            foreach (var (name, value) in record)
            {
                found!.AsObject().ContainsKey(name).Should().BeTrue($"{where} {name}");
                HasShape(found[name], value, $"{where} {name}");
            }
        if (example is not JsonArray list) return;
        found!.AsArray().Should().HaveCountGreaterThanOrEqualTo(list.Count, where);
        for (var i = 0; i < list.Count; i++) HasShape(found[i], list[i], $"{where}[{i}]");
    }
}
