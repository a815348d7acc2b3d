using System.Globalization;
using System.Net.Http.Json;
using System.Security.Cryptography;
using SignalWatch.Collector.Evidence;
using SignalWatch.Contracts;

namespace SignalWatch.Collector.Tests.Evidence;

/// <summary>A probe or a person who brings evidence, and asks for it.</summary>
internal static class EvidenceClient
{
    public const string UploadsPath = "/api/v1/evidence/uploads";
    public static readonly DateTimeOffset At = new(2026, 3, 14, 23, 0, 0, TimeSpan.FromHours(8));

    public static byte[] Bytes(int count, int seed = 1)
    {
        var bytes = new byte[count];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    /// <summary>A recording of a probe with all that makes it evidence.</summary>
    public static EvidenceDeclaration Declare(byte[] bytes, string name = "录音 91.0 MHz.flac") => new()
    {
        Name = name,
        Kind = EvidenceKinds.Sound,
        Sha256 = Convert.ToHexStringLower(SHA256.HashData(bytes)),
        Size = bytes.Length,
        Origin = Origin.Live,
        Probe = new("GZ-03"),
        Watch = new("fm"),
        CapturedFrom = At.AddMinutes(-20),
        CapturedTo = At,
        Calibration = new("CAL-2026-01", At.AddYears(1)),
        Review = new("REV-7", At.AddYears(1)),
        Position = new(23.1291, 113.2644, "gnss"),
        ClockOffsetMs = 1.5,
        Clock = new("北斗", "BeiDou"),
        Alarms = [new("A-1")],
        Cases = ["C-1"],
    };

    public static Task<HttpResponseMessage> Begin(this RunningCollector collector, EvidenceDeclaration declared) => collector.Client.PostAsJsonAsync(UploadsPath, declared, WireJson.Options);

    public static async Task<HttpResponseMessage> Send(this RunningCollector collector, Guid id, long offset, byte[] piece)
    {
        using var request = new HttpRequestMessage(HttpMethod.Patch, $"{UploadsPath}/{id}") { Content = new ByteArrayContent(piece) };
        request.Headers.Add(Wire.UploadOffsetHeader, offset.ToString(CultureInfo.InvariantCulture));
        request.Content.Headers.ContentType = new(Wire.UploadContentType);
        return await collector.Client.SendAsync(request);
    }

    public static async Task<T> As<T>(this Task<HttpResponseMessage> asked)
    {
        using var response = await asked;
        response.IsSuccessStatusCode.Should().BeTrue(await response.Content.ReadAsStringAsync());
        return (await response.Content.ReadFromJsonAsync<T>(WireJson.Options))!;
    }

    /// <summary>Brings it, whole.</summary>
    public static async Task<string> Bring(this RunningCollector collector, byte[] bytes, EvidenceDeclaration? declared = null)
    {
        var begun = await collector.Begin(declared ?? Declare(bytes)).As<EvidenceUpload>();
        return (await collector.Send(begun.Id, 0, bytes).As<EvidenceUpload>()).Sha256!;
    }

    public static Task<EvidenceItem> Item(this RunningCollector collector, string sha256) => collector.Read<EvidenceItem>($"/api/v1/evidence/{sha256}");

    public static async Task<byte[]> Pack(this RunningCollector collector, params string[] items)
    {
        using var response = await collector.Client.PostAsJsonAsync("/api/v1/evidence/packages", new PackageRequest("李合规", "移送公安", items, null, null), WireJson.Options);
        response.IsSuccessStatusCode.Should().BeTrue(await response.Content.ReadAsStringAsync());
        return await response.Content.ReadAsByteArrayAsync();
    }
}
