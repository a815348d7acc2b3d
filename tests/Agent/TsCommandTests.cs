using System.Security.Cryptography;
using System.Text.Json;
using SignalWatch.Probe.Commands;
using SignalWatch.Tests;
using SignalWatch.TransportStream;
using SignalWatch.TransportStream.Tests;
using static SignalWatch.Probe.Tests.TsProgram;

namespace SignalWatch.Probe.Tests;

/// <summary>The command as a person calls it, in process.</summary>
public sealed class TsCommandTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("ts-command").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private string Save(string name, byte[] bytes)
    {
        var path = Path.Combine(folder, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    private string Small(string name = "small.ts", int groups = 50, bool pcr = true, bool lose = false)
    {
        // 50 packets a group; a PCR every 40 ms makes 1,880,000 b/s: 50 packets × 1,504 bits in 40 ms.
        var stream = new StreamBuilder();
        for (var group = 0; group < groups; group++)
        {
            stream.Pat(7, 0, (101, 256)).Pmt(256, 101, 0, 257, 257).Sdt(7, 9, 0, (101, "中央一套"));
            stream.Packet(257, pcr: pcr ? group * 27_000_000L / 25 : null);
            stream.Video(257, 46);
            if (lose && group == groups / 2) stream.Packet(257, cc: 0);
        }
        return Save(name, stream.ToArray());
    }

    [RecordingTheory]
    [InlineData("rai_mux_8svc")]
    [InlineData("dttv_cc_errors_a")]
    [InlineData("avc_eac3_clear")]
    [InlineData("mpeg2_tdt_dvbsub")]
    public async Task The_document_has_the_names_that_other_programs_read(string recording)
    {
        var path = Recordings.File("ts", "real", $"{recording}.ts");
        var document = await DocumentAsync(path);
        var reference = JsonDocument.Parse(await File.ReadAllTextAsync(Recordings.File("ts", "ref", $"{recording}.ts.tsduck340.analyze.json"))).RootElement;

        document.GetProperty("packets").GetInt64().Should().Be(reference.GetProperty("ts").GetProperty("packets").GetProperty("total").GetInt64());
        document.GetProperty("packetSize").GetInt32().Should().Be(188);
        document.GetProperty("bitrate").GetDouble().Should().BeApproximately(reference.GetProperty("ts").GetProperty("bitrate").GetDouble(), reference.GetProperty("ts").GetProperty("bitrate").GetDouble() * 0.03, "a multiplex without its null packets has a mean rate only");
        document.GetProperty("source").GetProperty("sha256").GetString().Should().Be(Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(path))));
        foreach (var name in (string[])["syncLosses", "pids", "services", "tr101290", "pcr", "streams", "timeBase", "warnings", "tool", "durationSeconds"])
            document.TryGetProperty(name, out _).Should().BeTrue(name);
        document.GetProperty("tr101290").GetProperty("profile").GetString().Should().Be("1.4.1");
        foreach (var service in reference.GetProperty("services").EnumerateArray())
        {
            var ours = document.GetProperty("services").EnumerateArray().Should().ContainSingle(s => s.GetProperty("id").GetInt32() == service.GetProperty("id").GetInt32()).Which;
            ours.GetProperty("pmtPid").GetInt32().Should().Be(service.GetProperty("pmt-pid").GetInt32());
            foreach (var name in (string[])["name", "provider", "type", "pcrPid", "scrambling", "components"]) ours.TryGetProperty(name, out _).Should().BeTrue(name);
        }
    }

    [RecordingFact]
    public async Task The_rate_of_a_constant_stream_is_exact_in_spite_of_losses_and_jumps_of_its_clock()
    {
        var document = await DocumentAsync(Recordings.File("ts", "synth", "tr290_faults.ts"));

        document.GetProperty("bitrate").GetDouble().Should().Be(376_000);
        document.GetProperty("durationSeconds").GetDouble().Should().Be(64);
        document.GetProperty("timeBase").GetProperty("kind").GetString().Should().Be("pcr");
    }

    [RecordingFact]
    public async Task Events_come_in_order_at_the_packets_that_the_truth_names()
    {
        var (code, text, _) = await RunAsync(Recordings.File("ts", "synth", "tr290_faults.ts"), "--events");
        var events = text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l).RootElement).ToList();
        using var truth = JsonDocument.Parse(await File.ReadAllTextAsync(Recordings.File("ts", "synth", "tr290_faults.truth.json")));

        code.Should().Be(0);
        events.Select(e => e.GetProperty("t").GetDouble()).Should().BeInAscendingOrder();
        events.Select(e => e.GetProperty("event").GetString()).Should().OnlyContain(e => e == "raise" || e == "occurrence" || e == "clear");
        foreach (var fault in truth.RootElement.GetProperty("faults").EnumerateArray().Where(f => f.GetProperty("rule").GetString() is "2.1" or "2.2" or "1.4" && !f.TryGetProperty("optional", out _)))
            events.Should().Contain(e => e.GetProperty("rule").GetString() == fault.GetProperty("rule").GetString() && e.GetProperty("event").GetString() != "clear"
                && e.GetProperty("t").GetDouble() >= fault.GetProperty("t0").GetDouble() - 0.1 && e.GetProperty("t").GetDouble() <= fault.GetProperty("t1").GetDouble() + 1, fault.ToString());
    }

    [Fact]
    public async Task A_person_reads_a_report_in_Chinese_or_English()
    {
        var file = Small();

        var (code, chinese, _) = await RunAsync(file, "--lang", "zh");
        var (_, english, _) = await RunAsync(file, "--lang", "en");

        code.Should().Be(0);
        chinese.Should().Contain("业务 (1)").And.Contain("中央一套").And.Contain("1.880 Mb/s").And.Contain("恒定码率").And.NotContain("\u001b");
        english.Should().Contain("Services (1)").And.Contain("中央一套").And.Contain("constant rate");
    }

    [Fact]
    public async Task Counters_have_every_number_of_the_catalogue_and_the_older_ones()
    {
        var counters = (await DocumentAsync(Small(lose: true))).GetProperty("tr101290").GetProperty("counters");

        foreach (var id in Checks.All.Where(c => c.Priority != CheckPriority.Own).Select(c => c.BaseId).Concat(Checks.Legacy.Select(l => l.Id)))
            counters.TryGetProperty(id, out _).Should().BeTrue(id);
        counters.GetProperty("1.4").GetInt64().Should().BeGreaterThan(0);
        counters.GetProperty("1.1").GetInt64().Should().Be(0);
    }

    [Fact]
    public async Task A_file_without_PCR_has_counts_but_no_times_until_somebody_gives_its_rate()
    {
        var file = Small(pcr: false, lose: true);

        var document = await DocumentAsync(file);
        document.GetProperty("packets").GetInt64().Should().Be(2501);
        document.GetProperty("durationSeconds").ValueKind.Should().Be(JsonValueKind.Null);
        document.GetProperty("bitrate").ValueKind.Should().Be(JsonValueKind.Null);
        document.GetProperty("timeBase").GetProperty("kind").GetString().Should().Be("assumed");
        document.GetProperty("tr101290").GetProperty("counters").GetProperty("1.4").GetInt64().Should().BeGreaterThan(0);
        document.GetProperty("tr101290").GetProperty("counters").GetProperty("2.5").ValueKind.Should().Be(JsonValueKind.Null, "nothing is known of its times");
        document.GetProperty("warnings").EnumerateArray().Should().Contain(w => w.GetProperty("code").GetString() == "ts.no-pcr");

        var timed = await DocumentAsync(file, "--bitrate", "1_880_000");
        timed.GetProperty("timeBase").GetProperty("kind").GetString().Should().Be("given");
        timed.GetProperty("durationSeconds").GetDouble().Should().BeApproximately(2.0008, 1e-4);

        var (_, events, _) = await RunAsync(file, "--events", "--lang", "en");
        events.Should().Contain("\"t\":null");
    }

    [Theory]
    [InlineData(192)]
    [InlineData(204)]
    public async Task Packets_of_192_and_204_bytes_are_the_same_stream(int size)
    {
        var plain = await File.ReadAllBytesAsync(Small(groups: 2500));
        using var packed = new MemoryStream();
        for (var i = 0; i < plain.Length / 188; i++)
        {
            // 1,880,000 b/s: 0.8 ms a packet, 21,600 ticks of 27 MHz; 125,000 packets are 100 s, more than the 39.8 s in which the stamps begin anew.
            if (size == 192) packed.Write([(byte)(i * 21600L >> 24 & 0x3F), (byte)(i * 21600L >> 16), (byte)(i * 21600L >> 8), (byte)(i * 21600L)]);
            packed.Write(plain, i * 188, 188);
            if (size == 204) packed.Write(new byte[16]);
        }

        var expected = await DocumentAsync(Small(groups: 2500));
        var document = await DocumentAsync(Save($"packed{size}.ts", packed.ToArray()));

        document.GetProperty("packetSize").GetInt32().Should().Be(size);
        document.GetProperty("packets").GetInt64().Should().Be(expected.GetProperty("packets").GetInt64());
        document.GetProperty("bitrate").GetDouble().Should().BeApproximately(1_880_000, 20);
        document.GetProperty("durationSeconds").GetDouble().Should().BeApproximately(100, 0.01);
        document.GetProperty("timeBase").GetProperty("kind").GetString().Should().Be(size == 192 ? "m2ts" : "pcr");
        document.GetProperty("tr101290").GetProperty("counters").ToString().Should().Be(expected.GetProperty("tr101290").GetProperty("counters").ToString());
    }

    [RecordingTheory]
    [InlineData("xml", "<SDT ")]
    [InlineData("json", "\"#name\": \"SDT\"")]
    public async Task Tables_are_printed_whole(string form, string word)
    {
        var (code, text, _) = await RunAsync(Recordings.File("ts", "synth", "cn_si.ts"), "--tables", form);

        code.Should().Be(0);
        text.Should().Contain(word).And.Contain("中央一套").And.Contain("鳳凰中文");
        if (form == "xml") System.Xml.Linq.XDocument.Parse(text).Root!.Name.LocalName.Should().Be("tsduck");
        else JsonDocument.Parse(text).RootElement.GetProperty("#nodes").GetArrayLength().Should().BePositive();
    }

    [RecordingFact]
    public async Task All_faults_of_the_truth_are_events_and_nothing_else_is()
    {
        var file = Recordings.File("ts", "synth", "tr290_faults.ts");
        using var truth = JsonDocument.Parse(await File.ReadAllTextAsync(Recordings.File("ts", "synth", "tr290_faults.truth.json")));
        var faults = truth.RootElement.GetProperty("faults").EnumerateArray()
            .Select(f => (Rule: f.GetProperty("rule").GetString()!, From: f.GetProperty("t0").GetDouble(), To: f.GetProperty("t1").GetDouble(), Optional: f.TryGetProperty("optional", out var o) && o.GetBoolean())).ToList();
        foreach (var (profile, rule) in ((string, Func<string, string?>)[])[("1.4.1", r => r.EndsWith("@40ms", StringComparison.Ordinal) ? null : r), ("1.3", r => r.Replace("@40ms", "", StringComparison.Ordinal))])
        {
            var (_, text, _) = await RunAsync(file, "--events", "--profile", profile);
            var events = text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l).RootElement).Where(e => e.GetProperty("event").GetString() != "clear")
                .Select(e => (Rule: e.GetProperty("rule").GetString(), T: e.GetProperty("t").GetDouble())).ToList();
            bool Fits((string Rule, double From, double To, bool Optional) fault, (string? Rule, double T) e) => rule(fault.Rule) == e.Rule && e.T >= fault.From - 0.1 && e.T <= fault.To + 1;

            faults.Where(f => !f.Optional && rule(f.Rule) is not null && !events.Any(e => Fits(f, e))).Should().BeEmpty(profile);
            events.Where(e => e.T > 1 && !faults.Any(f => Fits(f, e))).Should().BeEmpty(profile);
        }
    }

    [Theory]
    [InlineData(1, "ts.missing", "nowhere.ts")]
    [InlineData(2, "usage", "--json", "--events")]
    [InlineData(2, "usage", "--profile", "1.2")]
    [InlineData(2, "usage", "--no-such-option")]
    [InlineData(2, "usage", "--bitrate", "fast")]
    [InlineData(2, "usage", "--bitrate", "-3")]
    [InlineData(2, "usage", "--stream", "1")]
    [InlineData(2, "usage", "--filter", "udp")]
    [InlineData(2, "usage", "--extract", "1")]
    [InlineData(2, "usage", "-o", "x.ts")]
    [InlineData(2, "usage", "--charset", "klingon")]
    [InlineData(2, "usage", "--fail-on", "P4")]
    [InlineData(2, "usage", "--tables", "yaml")]
    [InlineData(2, "usage", "--explain", "9.9")]
    public async Task Wrong_usage_gives_2_and_a_problem_1_with_words_on_stderr_alone(int expected, string kind, params string[] args)
    {
        string[] all = kind == "ts.missing" ? [Path.Combine(folder, args[0])] : [Small(), .. args];

        foreach (var language in (string[])["zh", "en"])
        {
            var (code, text, error) = await RunAsync([.. all, "--lang", language]);
            code.Should().Be(expected, error);
            text.Should().BeEmpty();
            error.Should().NotBeEmpty().And.NotContain("   at ");
        }
    }

    [Fact]
    public async Task No_source_is_wrong_usage()
    {
        var (code, _, error) = await RunAsync("--lang", "en");
        code.Should().Be(2);
        error.Should().Contain("--help");
    }

    [Fact]
    public async Task Files_that_are_no_stream_are_told_apart()
    {
        (await RunAsync(Save("empty.ts", []), "--lang", "en")).Should().Match<(int Code, string Out, string Error)>(r => r.Code == 1 && r.Error.Contains("empty"));
        (await RunAsync(Save("text.ts", [.. Enumerable.Repeat((byte)'x', 100_000)]), "--lang", "en")).Should().Match<(int Code, string Out, string Error)>(r => r.Code == 1 && r.Error.Contains("no transport stream"));
        (await RunAsync(folder, "--lang", "en")).Code.Should().Be(1);
    }

    [Fact]
    public async Task A_pipe_is_read_like_a_file()
    {
        var bytes = await File.ReadAllBytesAsync(Small(groups: 2000)); // more than the first look takes
        bytes.Length.Should().BeGreaterThan(16 << 20);
        var pipe = Path.Combine(folder, "pipe");
        using (var made = System.Diagnostics.Process.Start("mkfifo", pipe)) await made.WaitForExitAsync();
        var writing = Task.Run(() => File.WriteAllBytes(pipe, bytes));
        var document = await DocumentAsync(pipe);
        await writing;
        document.GetProperty("packets").GetInt64().Should().Be(bytes.Length / 188);
        document.GetProperty("bitrate").GetDouble().Should().Be(1_880_000);
        document.GetProperty("source").GetProperty("sha256").GetString().Should().Be(Convert.ToHexStringLower(SHA256.HashData(bytes)));
    }

    [Fact]
    public async Task A_folder_is_told_from_a_file_that_is_missing()
    {
        var (code, _, error) = await RunAsync(folder);
        code.Should().Be(1);
        error.Should().Contain("is a folder");
    }

    [RecordingFact]
    public async Task The_streams_inside_T2_MI_are_shown_with_their_services()
    {
        var path = Recordings.File("ts", "real", "t2mi_a.ts");
        var inner = (await DocumentAsync(path)).GetProperty("innerStreams").EnumerateArray().ToList();
        inner.Should().NotBeEmpty();
        inner.Sum(s => s.GetProperty("analysis").GetProperty("services").GetArrayLength()).Should().BePositive();
        var (_, report, _) = await RunAsync(path, "--lang", "en");
        foreach (var service in inner.SelectMany(s => s.GetProperty("analysis").GetProperty("services").EnumerateArray()))
            report.Should().Contain(service.GetProperty("pmtPid").GetInt32().ToString(System.Globalization.CultureInfo.InvariantCulture));
        report.Should().Contain("inside T2-MI, PID 64");
    }

    [Fact]
    public async Task A_cut_file_keeps_its_whole_packets_and_garbage_before_and_within_is_told()
    {
        var good = await File.ReadAllBytesAsync(Small());
        byte[] torn = [.. Enumerable.Repeat((byte)0, 1000), .. good.AsSpan(0, 188 * 1000), .. Enumerable.Repeat((byte)0, 333), .. good.AsSpan(188 * 1000, 188 * 1000), .. good.AsSpan(0, 100)];

        var document = await DocumentAsync(Save("torn.ts", torn));

        document.GetProperty("packets").GetInt64().Should().BeInRange(1995, 2002);
        document.GetProperty("syncLosses").GetInt64().Should().Be(1);
        document.GetProperty("warnings").EnumerateArray().Should().Contain(w => w.GetProperty("code").GetString() == "ts.skipped-bytes");
        document.GetProperty("bitrate").GetDouble().Should().BeApproximately(1_880_000, 100);
    }

    [Fact]
    public async Task Faults_give_0_unless_a_script_asks_for_more()
    {
        (await RunAsync(Small(lose: true))).Code.Should().Be(0);
        (await RunAsync(Small(lose: true), "--fail-on", "P1")).Code.Should().Be(TsCommand.FoundErrors);
        (await RunAsync(Small("good.ts"), "--fail-on", "P1")).Code.Should().Be(0);
    }

    [Fact]
    public async Task The_duration_ends_an_analysis_early_and_the_digest_is_not_claimed()
    {
        var document = await DocumentAsync(Small(groups: 1000), "--duration", "5");

        document.GetProperty("durationSeconds").GetDouble().Should().BeInRange(5, 10);
        document.GetProperty("source").GetProperty("sha256").ValueKind.Should().Be(JsonValueKind.Null);
    }

    [Fact]
    public async Task A_template_is_made_and_compared_with()
    {
        var template = Path.Combine(folder, "mux.json");
        (await RunAsync(Small(), "--make-template", template)).Code.Should().Be(0);
        File.Exists(template + ".part").Should().BeFalse();

        (await DocumentAsync(Small(), "--template", template)).GetProperty("template").GetProperty("drifts").GetArrayLength().Should().Be(0);
        await File.WriteAllTextAsync(template, (await File.ReadAllTextAsync(template)).Replace("中央一套", "中央二套", StringComparison.Ordinal));
        var drift = (await DocumentAsync(Small(), "--template", template, "--lang", "zh")).GetProperty("template").GetProperty("drifts").EnumerateArray().Should().ContainSingle().Which;
        drift.GetProperty("kind").GetString().Should().Be("serviceName");
        drift.GetProperty("sentence").GetString().Should().Contain("中央二套");

        (await RunAsync(Small(), "--make-template", template)).Code.Should().Be(1, "it is there already");
        (await RunAsync(Small(), "--make-template", template, "--force")).Code.Should().Be(0);
        await File.WriteAllTextAsync(template, "{}");
        (await RunAsync(Small(), "--template", template)).Code.Should().Be(1);
        (await RunAsync(Small(), "--template", Path.Combine(folder, "nowhere.json"))).Code.Should().Be(1);
    }

    [Fact]
    public async Task An_alarm_leaves_a_clip_with_a_description_beside_it()
    {
        var clips = Path.Combine(folder, "clips");
        var document = await DocumentAsync(Small(groups: 200, lose: true), "--record", clips);

        var clip = document.GetProperty("clips").EnumerateArray().Should().ContainSingle().Which;
        var path = Path.Combine(clips, clip.GetProperty("file").GetString()!);
        clip.GetProperty("sha256").GetString().Should().Be(Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(path))));
        using var description = JsonDocument.Parse(await File.ReadAllTextAsync(Path.ChangeExtension(path, ".json")));
        description.RootElement.GetProperty("occurrences").EnumerateObject().Select(o => o.Name).Should().Contain("1.4");
        Directory.GetFiles(clips).Should().HaveCount(2);
    }

    [Theory]
    [InlineData("2.3.a", "PCR_repetition_error", "100 ms")]
    [InlineData("1.3.a", "PAT_error_2", "500 ms")]
    [InlineData("2.3", "PCR_discontinuity_indicator_error", "100 ms")]
    [InlineData("all", "EIT", "Continuity_count_error")]
    public async Task A_check_is_explained_without_a_source(string id, params string[] words)
    {
        var (code, text, _) = await RunAsync("--explain", id, "--lang", "en");
        code.Should().Be(0);
        foreach (var word in words) text.Should().Contain(word);
        (await RunAsync("--explain", id, "--lang", "zh")).Out.Should().NotBe(text);
    }

    [Theory]
    [InlineData("zh", "分析")]
    [InlineData("en", "Analyses")]
    public async Task Help_shows_examples_in_both_languages(string language, string word)
    {
        var (code, text, _) = await RunAsync("--help", "--lang", language);
        code.Should().Be(0);
        text.Should().Contain(word).And.Contain("pcap:").And.Contain("--explain 2.3.a");
    }
}
