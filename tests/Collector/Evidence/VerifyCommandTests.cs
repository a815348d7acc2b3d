using System.Text.Json;
using SignalWatch.Collector.Evidence.Packages;
using SignalWatch.Contracts;
using SignalWatch.Tests;
using static SignalWatch.Collector.Tests.Evidence.EvidenceClient;
using static SignalWatch.Collector.Tests.RunningCollector;

namespace SignalWatch.Collector.Tests.Evidence;

public sealed class VerifyCommandTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Fact] // scenario 4.3, step 7
    public async Task The_program_alone_says_that_a_package_is_sound_and_names_the_file_with_one_byte_changed()
    {
        await using var collector = await Start();
        var package = await collector.Pack(await collector.Bring(Bytes(2_000)));
        var (file, key) = (Path.Combine(collector.Folder, "package.zip"), (await collector.Client.GetStringAsync("/api/v1/evidence/log/key")).Trim());
        await File.WriteAllBytesAsync(file, package);
        (await Verify("verify", file, "--key", key)).Code.Should().Be(0);
        (await Verify("verify", file, "--json")).Verdict!.Result.Should().Be("verified");

        var victim = ZipDirectory.Read(new MemoryStream(package)).Single(e => e.Name.StartsWith("files/", StringComparison.Ordinal));
        package[victim.Offset + 30 + victim.Name.Length + 100] ^= 1;
        await File.WriteAllBytesAsync(file, package);
        var (code, verdict) = await Verify("verify", file, "--json", "--key", key);
        (code, verdict!.Faults.Single().File).Should().Be((1, victim.Name));
        await File.WriteAllBytesAsync(file, [1, 2, 3]);
        (await Verify("verify", file, "--json")).Code.Should().Be(2);
        (await Verify("verify", file, "--key", "no key")).Code.Should().Be(2);
        (await Verify("verify", file + ".absent")).Code.Should().Be(2);
    }

    private static async Task<(int Code, PackageVerdict? Verdict)> Verify(params string[] arguments)
    {
        await using var program = RunningProgram.Start("dotnet", ["exec", Path.Combine(AppContext.BaseDirectory, "SignalWatch.Collector.dll"), .. arguments]);
        var code = await program.ExitCodeAsync(Limit);
        await program.OutputEndedAsync(Limit);
        var json = program.Output.FirstOrDefault(line => line.StartsWith('{'));
        return (code, json is null ? null : JsonSerializer.Deserialize<PackageVerdict>(json, WireJson.Options));
    }
}
