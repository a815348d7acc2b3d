using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using SignalWatch.Contracts;

namespace SignalWatch.Bench;

/// <summary>A probe that watches 25 carriers, one a second each: 20 of them licensed, 4 not, 1 from across the border.</summary>
internal sealed class CollectorLoad(string probe, string area)
{
    public const int Carriers = 25;
    private const int Licensed = 20;
    private const long LowestHz = 88_000_000, StepHz = 800_000;

    private readonly Guid boot = Guid.CreateVersion7();
    private long sequence;

    /// <summary>The register of those that are licensed.</summary>
    public static byte[] Register() => Encoding.UTF8.GetBytes("frequency_hz,pi,ps,licensee,class,area\n" + string.Join('\n', Enumerable.Range(0, Licensed + 1).Select(i =>
        FormattableString.Invariant($"{Frequency(i)},C1{i:X2},STATION{i},licensee {i},{(i == Licensed ? "overspill" : "licensed")},44"))));

    /// <summary>The next lines of its spool, as they go over the wire.</summary>
    public byte[] Batch(int lines) => Encoding.UTF8.GetBytes(string.Join('\n', Enumerable.Range(0, lines).Select(_ => Line())));

    /// <summary>Posts a batch.</summary>
    /// <returns>Milliseconds to its acknowledgement.</returns>
    public async Task<double> Send(HttpClient client, int lines)
    {
        using var body = new ByteArrayContent(Batch(lines));
        var started = Stopwatch.GetTimestamp();
        using var response = await client.PostAsync("/api/v1/observations", body);
        response.EnsureSuccessStatusCode();
        return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    }

    private static long Frequency(long carrier) => LowestHz + (carrier % Carriers * StepHz);

    /// <summary>Everything that a probe may say of a carrier, as it says it each second: what does not change is written once, so that the load does not cost more than the collector.</summary>
    private static readonly string Facts = JsonSerializer.Serialize(Vocabulary.FmCarrier.Facts.Where(f => f.Name is not "frequency_hz").ToDictionary(f => f.Name, f => f.Name switch
    {
        "on_air" or "modulated" or "own_carrier" => Fact.Of(true),
        "level_dbfs" => Fact.Of(-30.1, 1.5),
        _ => f.Type switch
        {
            FactType.Number => Fact.Of(31.25),
            FactType.Boolean => Fact.Of(false),
            _ => Fact.Of("测得的文字 measured"),
        },
    }), WireJson.Options)[1..];

    private string Line()
    {
        var frequency = Frequency(sequence);
        return string.Create(CultureInfo.InvariantCulture, $$"""
            {"boot":"{{boot}}","sequence":{{++sequence}},"observation":{"id":"{{Guid.CreateVersion7()}}","probe":"{{probe}}","watch":"fm","subject":"{{Subject.Frequency(area, frequency)}}","kind":"fm.carrier","at":"{{DateTimeOffset.UtcNow:O}}","origin":"live","facts":{"frequency_hz":{{frequency}},
            """) + Facts + "}}";
    }
}
