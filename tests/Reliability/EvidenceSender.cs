using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using SignalWatch.Collector.Evidence.Merkle;
using SignalWatch.Contracts;

namespace SignalWatch.Reliability;

/// <summary>A probe that brings one file of evidence after another in pieces, goes on where it was cut off, and afterwards holds the collector to everything that it was ever told.</summary>
internal sealed class EvidenceSender(int seed)
{
    private const string Uploads = "/api/v1/evidence/uploads", Log = "/api/v1/evidence/log";
    private const int Most = 300_000, PieceBytes = 64 * 1024;

    private static readonly DateTimeOffset At = DateTimeOffset.UnixEpoch.AddSeconds(1_800_000_000);

    private readonly Random random = new(seed);
    private readonly List<string> acknowledged = [];
    private readonly SortedDictionary<long, Checkpoint> seen = [];
    private byte[]? open;

    /// <summary>SHA-256 of what was answered as stored.</summary>
    public IReadOnlyList<string> Acknowledged => acknowledged;

    /// <summary>How many checkpoints of different sizes it was given.</summary>
    public int Checkpoints => seen.Count;

    public async Task SendUntilGone(HttpClient client)
    {
        try
        {
            while (true) await Send(client);
        }
        catch (HttpRequestException)
        {
            // Killed: the file that was open is gone on with at the next one.
        }
    }

    /// <summary>What was acknowledged is there byte by byte, and every checkpoint that was ever handed out is a beginning of the newest tree.</summary>
    /// <param name="client">The collector.</param>
    /// <param name="because">For the one who reads a failure.</param>
    /// <param name="since">Of what was acknowledged, how much has been looked at already.</param>
    public async Task Holds(HttpClient client, string because, int since = 0)
    {
        foreach (var sha256 in acknowledged.Skip(since))
            Convert.ToHexStringLower(SHA256.HashData(await client.GetByteArrayAsync($"/api/v1/evidence/{sha256}/content?actor=test&reason=test"))).Should().Be(sha256, because);
        if (acknowledged.Count == 0) return;
        var newest = await Newest(client, because);
        if (newest is null) return;
        foreach (var earlier in seen.Values.Where(c => c.Size > 0))
        {
            earlier.Size.Should().BeLessThanOrEqualTo(newest.Size, "{0}: a checkpoint that was handed out is not taken back", because);
            var proof = await client.GetStringAsync(string.Create(CultureInfo.InvariantCulture, $"{Log}/proofs/consistency?from={earlier.Size}&to={newest.Size}"));
            MerkleProof.VerifyConsistency(earlier.Size, earlier.Root, newest.Size, newest.Root, [.. proof.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Convert.FromBase64String)])
                .Should().BeTrue("{0}: the tree of {1} entries is the beginning of that of {2}", because, earlier.Size, newest.Size);
        }
        seen[newest.Size] = newest;
    }

    private static async Task<Checkpoint?> Newest(HttpClient client, string because)
    {
        using var answer = await client.GetAsync($"{Log}/checkpoint");
        if (answer.StatusCode == HttpStatusCode.NotFound) return null; // none was signed yet
        var key = NoteKey.Parse((await client.GetStringAsync($"{Log}/key")).Trim())!;
        var text = SignedNote.Open(await answer.Content.ReadAsStringAsync(), key);
        text.Should().NotBeNull("{0}: the checkpoint is signed", because);
        return Checkpoint.Parse(text!)!;
    }

    /// <summary>The file that is brought now.</summary>
    public EvidenceDeclaration Open()
    {
        if (open is null) random.NextBytes(open = new byte[random.Next(1, Most)]);
        return Declared(open);
    }

    /// <summary>Goes on to the next file, as if this one were stored.</summary>
    public void Skip() => open = null;

    /// <summary>Brings the whole file.</summary>
    public async Task Send(HttpClient client)
    {
        for (var upload = await Begin(client); upload.Sha256 is null;) upload = await Continue(client, upload);
    }

    /// <summary>Declares the file.</summary>
    public async Task<EvidenceUpload> Begin(HttpClient client) => await Answer(client.PostAsJsonAsync(Uploads, Open(), WireJson.Options));

    /// <summary>Brings the next piece.</summary>
    public async Task<EvidenceUpload> Continue(HttpClient client, EvidenceUpload upload)
    {
        var (bytes, at) = (open!, (int)upload.Offset);
        using var piece = new HttpRequestMessage(HttpMethod.Patch, $"{Uploads}/{upload.Id}") { Content = new ReadOnlyMemoryContent(bytes.AsMemory(at, Math.Min(PieceBytes, bytes.Length - at))) };
        piece.Headers.Add(Wire.UploadOffsetHeader, at.ToString(CultureInfo.InvariantCulture));
        piece.Content.Headers.ContentType = new(Wire.UploadContentType);
        return await Answer(client.SendAsync(piece));
    }

    private async Task<EvidenceUpload> Answer(Task<HttpResponseMessage> asked)
    {
        using var answer = await asked;
        if (answer.StatusCode == HttpStatusCode.ServiceUnavailable) throw new HttpRequestException(await answer.Content.ReadAsStringAsync(), null, answer.StatusCode);
        answer.IsSuccessStatusCode.Should().BeTrue(await answer.Content.ReadAsStringAsync());
        var upload = (await answer.Content.ReadFromJsonAsync<EvidenceUpload>(WireJson.Options))!;
        if (upload.Sha256 is not { } stored) return upload;
        acknowledged.Add(stored);
        open = null;
        return upload;
    }

    private static EvidenceDeclaration Declared(byte[] bytes) => new()
    {
        Name = "录音.flac",
        Kind = EvidenceKinds.Sound,
        Sha256 = Convert.ToHexStringLower(SHA256.HashData(bytes)),
        Size = bytes.Length,
        Origin = Origin.Live,
        Probe = new("GZ-00"),
        Watch = new("fm"),
        CapturedFrom = At,
        CapturedTo = At.AddMinutes(1),
    };
}
