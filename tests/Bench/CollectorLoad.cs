using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using SignalWatch.Contracts;

namespace SignalWatch.Bench;

/// <summary>A probe that watches 25 carriers, one a second each: 20 of them licensed, 4 not, 1 from across the border.</summary>
/// <param name="probe">Its id.</param>
/// <param name="area">Where it is.</param>
/// <param name="facts">How many facts each of its observations has.</param>
internal sealed class CollectorLoad(string probe, string area, int facts)
{
    /// <summary>Facts of an observation as most are: a service, a link, a carrier that is only watched.</summary>
    public const int UsualFacts = 12;

    /// <summary>Every fact that a carrier may have.</summary>
    public static readonly int AllFacts = Vocabulary.FmCarrier.Facts.Count;

    public const int Carriers = 25;
    private const int Licensed = 20;
    private const long LowestHz = 88_000_000, StepHz = 800_000;

    private readonly ArrayBufferWriter<byte> wire = new();
    private readonly Guid boot = Guid.CreateVersion7();
    private long sequence;

    /// <summary>The register of those that are licensed.</summary>
    public static byte[] Register() => Encoding.UTF8.GetBytes("frequency_hz,pi,ps,licensee,class,area\n" + string.Join('\n', Enumerable.Range(0, Licensed + 1).Select(i =>
        FormattableString.Invariant($"{Frequency(i)},C1{i:X2},STATION{i},licensee {i},{(i == Licensed ? "overspill" : "licensed")},44"))));

    /// <summary>The next lines of its spool, as they go over the wire. Valid until the next call.</summary>
    public ReadOnlyMemory<byte> Batch(int lines)
    {
        // One buffer for ever: a load that fills the heap would be measured with the collector.
        wire.ResetWrittenCount();
        for (var i = 0; i < lines; i++) Write();
        return wire.WrittenMemory;
    }

    /// <summary>Posts a batch, and posts it again where the collector says that it should come later.</summary>
    /// <returns>Milliseconds to its acknowledgement, and how often it was put off.</returns>
    public async Task<(double Milliseconds, int PutOff)> Send(HttpClient client, int lines)
    {
        var batch = Batch(lines);
        var started = Stopwatch.GetTimestamp();
        for (var putOff = 0; ; putOff++)
        {
            using var body = new ReadOnlyMemoryContent(batch);
            using var response = await client.PostAsync("/api/v1/observations", body);
            if (response.StatusCode != HttpStatusCode.TooManyRequests)
            {
                response.EnsureSuccessStatusCode();
                return (Stopwatch.GetElapsedTime(started).TotalMilliseconds, putOff);
            }
            await Task.Delay(response.Headers.RetryAfter?.Delta ?? TimeSpan.FromSeconds(1));
        }
    }

    private static long Frequency(long carrier) => LowestHz + (carrier % Carriers * StepHz);

    /// <summary>What a probe says of a carrier each second: what does not change is written once, so that the load does not cost more than the collector.</summary>
    private readonly byte[] tail = [.. JsonSerializer.SerializeToUtf8Bytes(Vocabulary.FmCarrier.Facts.Where(f => f.Name is not "frequency_hz").Take(facts - 1).ToDictionary(f => f.Name, f => f.Name switch
    {
        "on_air" or "modulated" or "own_carrier" => Fact.Of(true),
        "level_dbfs" => Fact.Of(-30.1, 1.5),
        _ => f.Type switch
        {
            FactType.Number => Fact.Of(31.25),
            FactType.Boolean => Fact.Of(false),
            _ => Fact.Of("测得的文字 measured"),
        },
    }), WireJson.Options).AsSpan(1), (byte)'}', (byte)'}', (byte)'\n'];

    private void Write()
    {
        var frequency = Frequency(sequence);
        var head = wire.GetSpan(1_024);
        Utf8.TryWrite(head, CultureInfo.InvariantCulture, $$"""
            {"boot":"{{boot}}","sequence":{{++sequence}},"observation":{"id":"{{Guid.CreateVersion7()}}","probe":"{{probe}}","watch":"fm","subject":"{{Subject.Frequency(area, frequency)}}","kind":"fm.carrier","at":"{{DateTimeOffset.UtcNow:O}}","origin":"live","facts":{"frequency_hz":{{frequency}},
            """, out var length);
        wire.Advance(length);
        wire.Write(tail);
    }
}
