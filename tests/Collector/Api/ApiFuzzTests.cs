using System.Net;
using System.Text;
using System.Text.Json;
using static SignalWatch.Collector.Tests.RunningCollector;

namespace SignalWatch.Collector.Tests.Api;

/// <summary>Every operation that the collector describes, asked with what nobody should send: it answers, says what is wrong in a form that a program can read, and goes on.</summary>
public sealed class ApiFuzzTests
{
    private static readonly int Rounds = Environment.GetEnvironmentVariable("SIGNALWATCH_LONG") == "1" ? 500 : 12;

    private static readonly string[] Words =
    [
        "", "0", "-1", "1", "99999999999999999999", "1e999", "NaN", "true", "null", "A-0123456789", "2026-03-14T22:00:00+08:00", "2026-13-40", "9999-12-31T23:59:59Z", "0001-01-01", "../../etc/passwd", "..%2f..%2f",
        "'; DROP TABLE journal; --", "<script>alert(1)</script>", "%00", "\u202e黑广播", "👩‍👩‍👧‍👦", "probe:GZ-03", "frequency:440106/97800000", "fm.carrier.snr_db", new('x', 5_000),
    ];

    [Fact]
    public async Task Every_operation_answers_whatever_it_is_sent()
    {
        await using var collector = await Start();
        await collector.Deliver(Line(1), Line(2));
        var alarm = (await collector.Read<JsonElement>("/api/v1/alarms")).ToString();
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        var operations = Operations(await collector.Client.GetStringAsync("/openapi/v1.json"));
        operations.Should().HaveCountGreaterThan(10);
        for (var round = 0; round < Rounds; round++)
            foreach (var operation in operations) await Ask(collector.Client, operation, random, seed, alarm);
        (await collector.Deliver(Line(3))).Stored.Should().Be(1, "it goes on");
        AlarmTests.Check(collector).Faults.Should().BeEmpty();
    }

    private static async Task Ask(HttpClient client, Operation operation, Random random, int seed, string alarm)
    {
        using var request = new HttpRequestMessage(operation.Method, Address(operation, random));
        if (operation.Method != HttpMethod.Get && operation.Method != HttpMethod.Delete)
        {
            request.Content = new ByteArrayContent(Body(random, alarm));
            string[] types = ["application/json", "application/x-ndjson", "text/csv", "application/octet-stream", "nonsense/"];
            if (random.Next(4) > 0) request.Content.Headers.TryAddWithoutValidation("Content-Type", types[random.Next(types.Length)]);
            if (random.Next(8) == 0) request.Content.Headers.ContentEncoding.Add(random.Next(2) == 0 ? "gzip" : "br");
        }
        if (random.Next(4) == 0) request.Headers.TryAddWithoutValidation("Accept-Language", Words[random.Next(Words.Length)]);
        if (random.Next(4) == 0) request.Headers.TryAddWithoutValidation("Range", $"bytes={random.Next(-5, 50)}-{random.Next(-5, 50)}");
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60)); // hangs are found, not measured
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseContentRead, limit.Token);
        var what = $"seed {seed}: {operation.Method} {request.RequestUri}";
        ((int)response.StatusCode).Should().BeLessThan(500, $"{what} answered {await response.Content.ReadAsStringAsync(limit.Token)}");
        if ((int)response.StatusCode < 400) return;
        response.Content.Headers.ContentType?.MediaType.Should().BeOneOf(["application/problem+json", "application/json"], what);
        if (response is { StatusCode: HttpStatusCode.UnprocessableEntity, Content.Headers.ContentType.MediaType: "application/json" }) return; // the report of an import
        using var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync(limit.Token));
        problem.RootElement.GetProperty("code").GetString().Should().MatchRegex("^[a-z-]+\\.[a-z.-]+$", what);
    }

    private static string Address(Operation operation, Random random)
    {
        var path = string.Join('/', operation.Path.Split('/').Select(part => part.StartsWith('{') ? Word() : part));
        var query = string.Join('&', operation.Query.Where(_ => random.Next(3) > 0).Select(name => $"{name}={Word()}"));
        return query.Length > 0 ? $"{path}?{query}" : path;

        string Word() => Uri.EscapeDataString(Words[random.Next(Words.Length)]) is { Length: > 0 } word ? word : "-";
    }

    private static byte[] Body(Random random, string alarm)
    {
        switch (random.Next(7))
        {
            case 0: return [];
            case 1:
                var noise = new byte[random.Next(1, 2_000)];
                random.NextBytes(noise);
                return noise;
            case 2: return Encoding.UTF8.GetBytes(new string('[', random.Next(1, 5_000)));
            case 3: return Encoding.UTF8.GetBytes(Json(random, 4));
            case 4: return Encoding.UTF8.GetBytes(string.Join('\n', Enumerable.Range(0, random.Next(1, 20)).Select(_ => Json(random, 3))));
            case 5: return Encoding.UTF8.GetBytes(alarm);
            default:
                var torn = Encoding.UTF8.GetBytes(Line(random.Next(1, 5)));
                torn[random.Next(torn.Length)] = (byte)random.Next(256);
                return torn;
        }
    }

    private static string Json(Random random, int depth) => depth == 0 ? JsonSerializer.Serialize(Words[random.Next(Words.Length)]) : random.Next(6) switch
    {
        0 => $"[{string.Join(',', Enumerable.Range(0, random.Next(4)).Select(_ => Json(random, depth - 1)))}]",
        1 => random.Next().ToString(System.Globalization.CultureInfo.InvariantCulture),
        2 => "null",
        3 => JsonSerializer.Serialize(Words[random.Next(Words.Length)]),
        _ => "{" + string.Join(',', ((string[])["actor", "version", "note", "reason", "until", "id", "name", "size", "sha256", "from", "to", "items"]).Where(_ => random.Next(2) == 0).Select(n => $"\"{n}\":{Json(random, depth - 1)}")) + "}",
    };

    private static List<Operation> Operations(string openApi)
    {
        using var document = JsonDocument.Parse(openApi);
        return [.. document.RootElement.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject()
            .Where(o => o.Name is "get" or "post" or "put" or "patch" or "delete")
            .Select(o => new Operation(new HttpMethod(o.Name.ToUpperInvariant()), path.Name,
                o.Value.TryGetProperty("parameters", out var parameters)
                    ? [.. parameters.EnumerateArray().Where(p => p.GetProperty("in").GetString() == "query").Select(p => p.GetProperty("name").GetString()!)]
                    : [])))];
    }

    private sealed record Operation(HttpMethod Method, string Path, IReadOnlyList<string> Query);
}
