using System.Diagnostics;
using System.Net;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using SignalWatch.Collector.Evidence;
using SignalWatch.Collector.Evidence.Merkle;
using SignalWatch.Collector.Evidence.Packages;
using SignalWatch.Collector.Journal;
using static SignalWatch.Collector.Tests.Evidence.EvidenceClient;
using static SignalWatch.Collector.Tests.RunningCollector;

namespace SignalWatch.Collector.Tests.Evidence;

/// <summary>A test that needs the program <c>openssl</c>: skipped loudly where it is not, and failing in CI.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class OpensslFactAttribute : FactAttribute
{
    public OpensslFactAttribute()
    {
        if (!File.Exists("/usr/bin/openssl") && Environment.GetEnvironmentVariable("CI") != "true") Skip = "SKIPPED: the program openssl is not installed (Debian package openssl)";
    }
}

public sealed class TimestampTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("signalwatch-tsa-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [OpensslFact]
    public async Task An_authority_countersigns_the_checkpoint_and_the_package_proves_it()
    {
        MakeAuthority();
        await using var collector = await Start();
        var sha256 = await collector.Bring(Bytes(500));
        await collector.Pack(sha256); // signs the log
        using var http = new HttpClient(new Authority(folder));
        using var authority = new TimestampAuthority(new() { DataFolder = collector.Folder, TimestampServer = new("http://tsa.example/") }, collector.Get<EvidenceBook>(), collector.Get<JournalWriter>(), collector.Time, http, NullLogger<TimestampAuthority>.Instance);
        (await authority.Stamp(default)).Should().BeTrue();
        (await authority.Stamp(default)).Should().BeFalse("the log has not grown");

        var package = await collector.Pack(sha256);
        var verdict = await PackageVerifier.Verify(new MemoryStream(package), null, default);
        verdict.Faults.Should().BeEmpty();
        verdict.Timestamp.Should().BeCloseTo(DateTimeOffset.UtcNow, TimeSpan.FromMinutes(5), "openssl stamps with the machine's time");
        var head = collector.Get<EvidenceBook>().Head;
        Timestamps.TimeOf(head.Token!, Encoding.UTF8.GetBytes(head.TokenNote! + " ")).Should().BeNull("it is of that checkpoint alone");
        Timestamps.TimeOf(head.Token![..^1], Encoding.UTF8.GetBytes(head.TokenNote!)).Should().BeNull();
        Checkpoint.Parse(head.TokenNote![..(head.TokenNote!.IndexOf("\n\n", StringComparison.Ordinal) + 1)])!.Size.Should().Be(2);

        // The independent program says the same of it.
        await File.WriteAllBytesAsync(Path.Combine(folder, "token"), head.Token!);
        await File.WriteAllTextAsync(Path.Combine(folder, "note"), head.TokenNote);
        Openssl("ts", "-verify", "-token_in", "-in", "token", "-data", "note", "-CAfile", "tsa.pem", "-untrusted", "tsa.pem");
    }

    private void MakeAuthority()
    {
        File.WriteAllText(Path.Combine(folder, "serial"), "01\n");
        File.WriteAllText(Path.Combine(folder, "tsa.cnf"), """
            [req]
            distinguished_name = dn
            x509_extensions = ext
            prompt = no
            [dn]
            CN = Test authority
            [ext]
            keyUsage = critical,digitalSignature,nonRepudiation
            extendedKeyUsage = critical,timeStamping
            [tsa]
            default_tsa = one
            [one]
            serial = ./serial
            signer_cert = ./tsa.pem
            signer_key = ./tsa.key
            signer_digest = sha256
            default_policy = 1.2.3.4
            digests = sha256
            ess_cert_id_alg = sha256
            """);
        Openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "tsa.key", "-out", "tsa.pem", "-days", "30", "-config", "tsa.cnf");
    }

    private void Openssl(params string[] arguments) => Run(folder, arguments);

    private static void Run(string folder, string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("openssl", arguments) { WorkingDirectory = folder, RedirectStandardError = true, RedirectStandardOutput = true })!;
        var (said, _) = (process.StandardError.ReadToEnd(), process.StandardOutput.ReadToEnd());
        process.WaitForExit();
        process.ExitCode.Should().Be(0, said);
    }

    /// <summary>An authority that is openssl's own.</summary>
    private sealed class Authority(string folder) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.Content!.Headers.ContentType!.MediaType.Should().Be("application/timestamp-query");
            await File.WriteAllBytesAsync(Path.Combine(folder, "query"), await request.Content.ReadAsByteArrayAsync(cancellationToken), cancellationToken);
            Run(folder, ["ts", "-reply", "-config", "tsa.cnf", "-section", "one", "-queryfile", "query", "-out", "reply"]);
            return new(HttpStatusCode.OK) { Content = new ByteArrayContent(await File.ReadAllBytesAsync(Path.Combine(folder, "reply"), cancellationToken)) };
        }
    }
}
