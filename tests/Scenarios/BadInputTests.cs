using System.Globalization;
using System.Net;
using System.Net.Sockets;
using SignalWatch.Tests;

namespace SignalWatch.Scenarios;

/// <summary>What a person gets wrong at the command line: told in the person's language, where it is and what to do, with an exit code that a script sees.</summary>
[Collection(ProductCollection.Name)]
public sealed class BadInputTests : IDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("zh", "没有录制数据目录")]
    [InlineData("en", "there is no folder of recordings")]
    public Task A_folder_of_recordings_that_is_not_there(string language, string says) =>
        FailsAsync(language, [says, "/nowhere/at/all"], "run", "--recordings", "/nowhere/at/all");

    [Theory]
    [InlineData("zh", "端口")]
    [InlineData("en", "port")]
    public async Task A_port_that_somebody_has_and_nothing_is_left_running(string language, string says)
    {
        using var somebody = new TcpListener(IPAddress.Loopback, 0);
        somebody.Start();
        var port = ((IPEndPoint)somebody.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
        await FailsAsync(language, [says, port], "run", "--port", port, "--data", folder.Path);
    }

    [Theory]
    [InlineData("zh", "未知的键")]
    [InlineData("en", "Unknown key")]
    public async Task A_rule_pack_with_an_unknown_key_and_a_wrong_type_by_file_line_and_column(string language, string says)
    {
        var pack = CopyOfPack();
        var rules = Path.Combine(pack, "rules", "self.yaml");
        await File.WriteAllTextAsync(rules, (await File.ReadAllTextAsync(rules)).Replace("severity: 2", "severity: two\nbogus: 1", StringComparison.Ordinal));
        var lines = (await File.ReadAllLinesAsync(rules)).ToList();
        var (severity, bogus) = (lines.IndexOf("severity: two") + 1, lines.IndexOf("bogus: 1") + 1);
        await FailsAsync(language, [says, $"self.yaml:{severity}:11", $"self.yaml:{bogus}:1"], "rules", "lint", pack);
        await FailsAsync(language, [$"self.yaml:{severity}:11", $"self.yaml:{bogus}:1"], "collector", "run", "--data", Path.Combine(folder.Path, "data"), "--port", "0", "--pack", pack);
    }

    [Theory]
    [InlineData("zh", "第 3 行第 1 列")]
    [InlineData("en", "line 3, column 1")]
    public async Task A_register_with_bad_rows_is_refused_whole_or_kept_in_part_as_the_user_chose(string language, string says)
    {
        var csv = Path.Combine(folder.Path, "licences.csv");
        await File.WriteAllTextAsync(csv, "frequency_hz,pi,ps,licensee\n97400000,A203,OE1,ORF\nabc,8201,NPO R1,NPO\n");
        string[] run = ["collector", "run", "--data", Path.Combine(folder.Path, "data"), "--port", RunningProgram.FreePort().ToString(CultureInfo.InvariantCulture), "--pack", "rules/packs/demonstration", "--register", $"fm={csv}"];
        await FailsAsync(language, [says, csv], [.. run, "--register-mode", "refuseWhole"]);
        await using var kept = RunningProgram.Launcher(language, [.. run, "--register-mode", "keepGood"]);
        await kept.LineAsync("listening on", Soon);
        kept.Output.Should().Contain(line => line.Contains(says, StringComparison.Ordinal));
        (await kept.StopAsync(Soon)).Should().Be(0);
    }

    [RecordingTheory]
    [InlineData("zh", "文件末尾不完整")]
    [InlineData("en", "ends within a packet")]
    public async Task A_truncated_stream_plays_its_whole_packets_and_says_so(string language, string says)
    {
        var whole = await File.ReadAllBytesAsync(Recordings.File("ts", "real", "rai_mux_8svc.ts"));
        var torn = Path.Combine(folder.Path, "torn.ts");
        await File.WriteAllBytesAsync(torn, whole[..100_000]);
        await using var replay = RunningProgram.Launcher(language, "probe", "replay", $"{torn}=udp://127.0.0.1:{RunningProgram.FreePort()}");
        await replay.LineAsync(says, Soon);
        replay.Output.Should().Contain(line => line.Contains("531", StringComparison.Ordinal), "100,000 bytes hold 531 whole packets");
        await FailsAsync(language, ["nothing.ts"], "probe", "replay", $"{Path.Combine(folder.Path, "nothing.ts")}=udp://127.0.0.1:{RunningProgram.FreePort()}");
    }

    [RecordingTheory]
    [InlineData("zh", "sigmf-meta")]
    [InlineData("en", "sigmf-meta")]
    public async Task A_recording_without_its_meta_file_ends_its_own_watch_alone(string language, string says)
    {
        File.Copy(Recordings.File("fm", "iq", "station_256k_cnr16.sigmf-data"), Path.Combine(folder.Path, "lone.sigmf-data"));
        var configuration = Path.Combine(folder.Path, "probe.yaml");
        await File.WriteAllTextAsync(configuration, $$"""
            probe: { id: T-01, name: test, area: "440106" }
            watches:
              - { id: fm, kind: fm-band, source: "sigmf:{{folder.Path}}/lone" }
              - { id: cable, kind: ts, source: "city:multiplex" }
            """);
        await using var probe = RunningProgram.Launcher(language, "probe", "run", "--config", configuration, "--data", Path.Combine(folder.Path, "probe"), "--collector", $"http://127.0.0.1:{RunningProgram.FreePort()}");
        await probe.LineAsync(says, Soon);
        await probe.LineAsync("city:multiplex", Soon);
        (await probe.StopAsync(Soon)).Should().Be(0);
    }

    [RecordingTheory]
    [InlineData("zh", "采样率无效", "文件可能不完整")]
    [InlineData("en", "sample rate", "probably not whole")]
    public async Task A_recording_with_a_wrong_sample_rate_and_one_that_is_torn(string language, string wrong, string torn)
    {
        var data = await File.ReadAllBytesAsync(Recordings.File("fm", "iq", "station_256k_cnr16.sigmf-data"));
        var meta = await File.ReadAllTextAsync(Recordings.File("fm", "iq", "station_256k_cnr16.sigmf-meta"));
        await File.WriteAllBytesAsync(Path.Combine(folder.Path, "wrong.sigmf-data"), data);
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "wrong.sigmf-meta"), meta.Replace("252000", "0", StringComparison.Ordinal));
        await File.WriteAllBytesAsync(Path.Combine(folder.Path, "torn.sigmf-data"), data[..1_000_001]);
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "torn.sigmf-meta"), meta);
        var configuration = Path.Combine(folder.Path, "probe.yaml");
        await File.WriteAllTextAsync(configuration, $$"""
            probe: { id: T-01, name: test, area: "440106" }
            watches:
              - { id: wrong, kind: fm-band, source: "sigmf:{{folder.Path}}/wrong" }
              - { id: torn, kind: fm-band, source: "sigmf:{{folder.Path}}/torn" }
            """);
        await using var probe = RunningProgram.Launcher(language, "probe", "run", "--config", configuration, "--data", Path.Combine(folder.Path, "probe"), "--collector", $"http://127.0.0.1:{RunningProgram.FreePort()}");
        await probe.OutputHasAsync([wrong, torn], Soon);
        (await probe.StopAsync(Soon)).Should().Be(0);
    }

    [Theory]
    [InlineData("zh")]
    [InlineData("en")]
    public async Task A_probe_configuration_with_an_unknown_key_by_line_and_column(string language)
    {
        var configuration = Path.Combine(folder.Path, "probe.yaml");
        await File.WriteAllTextAsync(configuration, "probe: { id: T-01, name: test, area: \"440106\" }\nwatches:\n  - id: cable\n    kinde: ts\n");
        await FailsAsync(language, ["probe.yaml:4:5", "kinde"], "probe", "run", "--config", configuration, "--data", Path.Combine(folder.Path, "probe"), "--collector", "http://127.0.0.1:9");
    }

    private string CopyOfPack()
    {
        var (from, to) = (Path.Combine(Checkout.Root, "rules", "packs", "demonstration"), Path.Combine(folder.Path, "pack"));
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
        return to;
    }

    private static async Task FailsAsync(string language, string[] says, params string[] command)
    {
        await using var program = RunningProgram.Launcher(language, command);
        (await program.ExitCodeAsync(Soon)).Should().NotBe(0, string.Join('\n', program.Output));
        await program.OutputEndedAsync(Soon);
        var output = string.Join('\n', program.Output);
        output.Should().ContainAll(says).And.NotContain("   at ", "a stack trace is no message");
    }
}
