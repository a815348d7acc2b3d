using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using SignalWatch.Collector.Registers;
using SignalWatch.Contracts;
using static SignalWatch.Collector.Tests.RunningCollector;

namespace SignalWatch.Collector.Tests.Registers;

/// <summary>Imports over the API of a running collector.</summary>
public sealed class RegisterImportTests
{
    private const string Header = "frequency_hz,ps,licensee,area,valid_from,valid_to\n";

    [Fact]
    public async Task A_register_with_a_bad_row_is_refused_whole_or_kept_in_part_as_asked()
    {
        const string Csv = "frequency_hz,pi,ps,licensee,class,valid_to\nabc,,x,y,licensed,\n97800000,C101,好台,甲台,overspill,2027-12-31";
        await using var collector = await Start();
        var bad = await Import(collector, Csv, HttpStatusCode.UnprocessableEntity);
        bad.Refusal!.Code.Should().Be("register.import-refused");
        bad.Problems.Should().ContainSingle().Which.Should().Match<CellProblem>(p => p.Line == 2 && p.Column == 1 && p.Name == "frequency_hz" && p.Read == "abc");
        var dry = await Import(collector, Csv, query: "bad=skip&dryRun=true");
        dry.Should().Match<ImportReport>(r => !r.Applied && r.Rows == 2 && r.New == 1 && r.Refused == 1 && r.Encoding == "UTF-8");
        (await Fm(collector)).Entries.Should().BeEmpty("a dry run changes nothing");
        (await Import(collector, Csv, query: "bad=skip")).Applied.Should().BeTrue();
        (await Fm(collector)).Entries.Should().Equal(
            new FmLicence(97_800_000, "C101", "好台", "甲台", LicenceClass.Overspill, "", null, null, null, null, null, null, new DateOnly(2027, 12, 31), ""));
        AlarmTests.Check(collector).Faults.Should().BeEmpty();
    }

    [Fact]
    public async Task A_report_names_what_is_new_changed_unchanged_missing_and_refused()
    {
        await using var collector = await Start();
        await Import(collector, Header + "97400000,甲,A,4401,,\n98000000,乙,B,4401,,\n99000000,丙,C,4401,,\n");
        const string next = Header + "97400000,甲,A,4401,,\n98000000,乙台,B,4401,,2027-06-30\n100000000,丁,D,4401,,\n";
        var report = await Import(collector, next, query: "mode=replace&dryRun=true");
        report.Should().Match<ImportReport>(r => r.New == 1 && r.Changed == 1 && r.Unchanged == 1 && r.Missing == 1 && r.Refused == 0 && r.LastAct == 1);
        report.Outcomes.Select(o => (o.Line, o.Key, o.Outcome)).Should().Equal((3, "98000000|4401", RowOutcome.Changed), (4, "100000000|4401", RowOutcome.New), (0, "99000000|4401", RowOutcome.Missing));
        report.Outcomes[0].Cells.Should().Equal(new CellChange("ps", "乙", "乙台"), new CellChange("valid_to", "", "2027-06-30"));
        (await Import(collector, next, query: "mode=add&dryRun=true")).Missing.Should().Be(0, "what is added takes nothing away");
    }

    [Fact]
    public async Task What_the_dry_run_showed_is_what_is_done_or_nothing()
    {
        await using var collector = await Start();
        var shown = await Import(collector, Header + "97400000,甲,A,4401,,\n", query: "dryRun=true");
        await Import(collector, Header + "98000000,乙,B,4401,,\n");
        using var late = await collector.Client.PostAsync($"/api/v1/registers/fm/imports?version={shown.LastAct}", new StringContent(Header + "97400000,甲,A,4401,,\n"));
        late.StatusCode.Should().Be(HttpStatusCode.Conflict);
        (await late.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString().Should().Be("register.changed-meanwhile");
        (await Fm(collector)).Entries.Should().ContainSingle();
    }

    [Fact]
    public async Task A_replacement_is_refused_where_a_row_without_a_key_may_be_the_one_that_is_missing()
    {
        await using var collector = await Start();
        await Import(collector, Header + "97400000,甲,A,4401,,\n98000000,乙,B,4401,,\n");
        var unsure = await Import(collector, Header + "97400000,甲,A,4401,,\n98.0,乙,B,4401,,\n", HttpStatusCode.UnprocessableEntity, "mode=replace&bad=skip");
        unsure.Refusal!.Code.Should().Be("register.import-unsure");
        unsure.Problems.Should().ContainSingle().Which.Suggestion.Should().Be("98000000");
        var kept = await Import(collector, Header + "97400000,甲,A,4401,,\n98000000,乙,,4401,,\n", query: "mode=replace&bad=skip");
        kept.Missing.Should().Be(0, "the row is refused, but what it is about can be read");
        (await Fm(collector)).Entries.Should().HaveCount(2);
    }

    [Fact]
    public async Task A_replacement_from_a_day_on_leaves_what_held_before()
    {
        await using var collector = await Start();
        await Import(collector, Header + "97400000,甲,A,4401,,\n98000000,乙,B,4401,,\n");
        await Import(collector, Header + "97400000,新,A,4401,,\n", query: "mode=replace&since=2026-04-01");
        (await Rows(collector, "valid=2026-03-31")).Should().Equal("97400000|4401 甲", "98000000|4401 乙");
        (await Rows(collector, "valid=2026-04-01")).Should().Equal("97400000|4401 新");
        (await Rows(collector, "valid=2026-04-01&known=1")).Should().Equal(["97400000|4401 甲", "98000000|4401 乙"], "so it was known then");
    }

    [Fact]
    public async Task An_import_is_taken_back_whole_unless_something_rests_on_it()
    {
        await using var collector = await Start();
        await Import(collector, Header + "97400000,甲,A,4401,,\n98000000,乙,B,4401,,\n");
        collector.Time.Advance(TimeSpan.FromDays(1));
        await Import(collector, Header + "97400000,错,A,4401,,\n", query: "mode=replace");
        collector.Time.Advance(TimeSpan.FromDays(1));
        (await Undo(collector, 1)).StatusCode.Should().Be(HttpStatusCode.Conflict);
        (await Undo(collector, 7)).StatusCode.Should().Be(HttpStatusCode.NotFound);
        (await Undo(collector, 2)).StatusCode.Should().Be(HttpStatusCode.OK);
        (await Rows(collector, "")).Should().Equal("97400000|4401 甲", "98000000|4401 乙");
        (await Rows(collector, "known=2")).Should().Equal("97400000|4401 错");
        var acts = await collector.Read<RegisterActPage>("/api/v1/registers/fm/acts");
        acts.Acts.Select(a => (a.Number, a.Verb, a.Undoes, a.Actor)).Should().Equal((3, RegisterVerb.Undo, 2, "李四"), (2, RegisterVerb.Import, null, "张三"), (1, RegisterVerb.Import, null, "张三"));
        acts.Acts[1].Sha256.Should().Be(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(Header + "97400000,错,A,4401,,\n"))));
        var history = await collector.Read<RegisterHistory>("/api/v1/registers/fm/history?key=98000000|4401");
        history.Known.Select(k => (k.Act.Number, k.Rows.Count)).Should().Equal((1, 1), (2, 0), (3, 1));
        var diff = await collector.Read<RegisterDifference>("/api/v1/registers/fm/diff?before=1&after=2");
        (diff.Added, diff.Changed, diff.Removed).Should().Be((0, 1, 1));
        diff.Differences.Select(d => (d.Key, d.Before.Count, d.After.Count)).Should().Equal(("97400000|4401", 1, 1), ("98000000|4401", 1, 0));
        (await collector.Read<RegisterDifference>("/api/v1/registers/fm/diff?before=1")).Differences.Should().BeEmpty("it is as it was");
    }

    [Fact]
    public async Task Registers_survive_a_restart_and_are_what_the_journal_folds_to()
    {
        await using var collector = await Start();
        await Import(collector, Header + string.Concat(Enumerable.Range(0, 1_234).Select(i => $"{87_000_000 + i * 10_000},台{i},A,4401,,\n")));
        await Import(collector, Header + "87000000,改,A,4401,2026-01-01,2026-12-31\n");
        await Undo(collector, 2);
        var (before, digest) = (await Rows(collector, "limit=5000"), (await Fm(collector)).Digest);
        before.Should().HaveCount(1_234);
        AlarmTests.Check(collector).Faults.Should().BeEmpty();
        await collector.Restart();
        (await Rows(collector, "limit=5000")).Should().Equal(before);
        (await Fm(collector)).Digest.Should().Be(digest);
        AlarmTests.Check(collector).Should().Match<SignalWatch.Collector.Journal.JournalCheckReport>(r => r.Sound);
    }

    [Fact]
    public async Task Pages_of_rows_leave_nothing_out_and_give_nothing_twice()
    {
        await using var collector = await Start();
        await Import(collector, Header + string.Concat(Enumerable.Range(0, 30).Select(i => $"{90_000_000 + i * 100_000},台{i},A,4401,,2025-12-31\n{90_000_000 + i * 100_000},续{i},A,4401,2026-01-01,\n")));
        var (seen, after) = (new List<string>(), "");
        do
        {
            var page = await collector.Read<RegisterRowPage>($"/api/v1/registers/fm/rows?valid=all&limit=7{after}");
            seen.AddRange(page.Rows.Select(r => r.Cells["ps"]));
            after = page.Next is { } next ? $"&after={Uri.EscapeDataString(next)}" : "";
        }
        while (after.Length > 0);
        seen.Should().HaveCount(60).And.OnlyHaveUniqueItems();
        (await Rows(collector, "q=续29")).Should().Equal("92900000|4401 续29");
        (await Rows(collector, "area=4403")).Should().BeEmpty();
    }

    [Fact]
    public async Task An_exported_file_is_safe_in_a_spreadsheet_and_comes_back_as_it_was()
    {
        await using var collector = await Start();
        string[] names = ["=HYPERLINK(\"http://x\")", "+86", "-1", "@SUM(A1)", "'=x", "＝1", "a,\"b\"\n第二行", "平常"];
        await Import(collector, "frequency_hz,ps,licensee,max_level,note\n" + string.Concat(names.Select((n, i) => $"{90_000_000 + i * 100_000},\"{CellSafety.Guard(n).Replace("\"", "\"\"", StringComparison.Ordinal)}\",A,-12.5,\n")));
        (await Fm(collector)).Entries.Select(e => e.Name).Should().Equal(names);
        using var response = await collector.Client.GetAsync("/api/v1/registers/fm/export?header=zh");
        var file = await response.Content.ReadAsByteArrayAsync();
        response.Headers.GetValues("Repr-Digest").Should().Equal($"sha-256=:{Convert.ToBase64String(System.Security.Cryptography.SHA256.HashData(file))}:");
        file.Should().StartWith(Encoding.UTF8.Preamble.ToArray());
        var text = Encoding.UTF8.GetString(file);
        text.Should().Contain("频率(Hz)").And.Contain(",-12.5,").And.Contain("'+86").And.Contain("\"'=HYPERLINK(").And.NotMatchRegex("(?m)(^|,|\")[=+@＝]");
        var again = await Import(collector, file, query: "mode=replace&dryRun=true");
        again.Should().Match<ImportReport>(r => r.Unchanged == names.Length && r.New + r.Changed + r.Missing + r.Refused == 0);
        (await collector.Read<List<RegisterRow>>("/api/v1/registers/fm/export?format=json")).Should().HaveCount(names.Length);
    }

    [Fact]
    public async Task Areas_know_what_they_lie_in_and_cells_are_checked_by_them()
    {
        await using var collector = await Start();
        var area = await collector.Read<JsonElement>("/api/v1/areas/440106");
        area.GetProperty("path").EnumerateArray().Select(a => a.GetProperty("name").GetString()).Should().Equal("广东省", "广州市", "天河区");
        (await collector.Client.GetAsync("/api/v1/areas/440106007")).StatusCode.Should().Be(HttpStatusCode.NotFound);
        await Import(collector, "code,name\n440106007000,某街道\n440106007001,某社区\n441900003000,某镇\n", type: "areas");
        var village = await collector.Read<JsonElement>("/api/v1/areas/440106007001");
        village.GetProperty("path").EnumerateArray().Select(a => a.GetProperty("level").GetString()).Should().Equal("province", "city", "county", "township", "village");
        (await collector.Read<JsonElement>("/api/v1/areas/441900003")).GetProperty("path").GetArrayLength().Should().Be(3, "Dongguan has no counties");
        (await Import(collector, Header + "97400000,甲,A,440106008,,\n", HttpStatusCode.UnprocessableEntity)).Problems.Should().ContainSingle().Which.Suggestion.Should().Be("440106");
        (await Import(collector, Header + "97400000,甲,A,440106007,,\n")).New.Should().Be(1);
    }

    private static async Task<ImportReport> Import(RunningCollector collector, string csv, HttpStatusCode expected = HttpStatusCode.OK, string query = "", string type = "fm") =>
        await Import(collector, Encoding.UTF8.GetBytes(csv), expected, query, type);

    private static async Task<ImportReport> Import(RunningCollector collector, byte[] csv, HttpStatusCode expected = HttpStatusCode.OK, string query = "", string type = "fm")
    {
        using var response = await collector.Client.PostAsync($"/api/v1/registers/{type}/imports?actor=张三&{query}", new ByteArrayContent(csv));
        var body = await response.Content.ReadAsStringAsync();
        response.StatusCode.Should().Be(expected, body);
        return JsonSerializer.Deserialize<ImportReport>(body, WireJson.Options)!;
    }

    private static Task<HttpResponseMessage> Undo(RunningCollector collector, int act) => collector.Client.PostAsJsonAsync($"/api/v1/registers/fm/acts/{act}/undo", new UndoRequest("李四", "文件有误"), WireJson.Options);

    private static Task<RegisterView> Fm(RunningCollector collector) => collector.Read<RegisterView>("/api/v1/registers/fm");

    private static async Task<List<string>> Rows(RunningCollector collector, string query) =>
        [.. (await collector.Read<RegisterRowPage>($"/api/v1/registers/fm/rows?{query}")).Rows.Select(r => $"{r.Key} {r.Cells["ps"]}")];
}
