using System.CommandLine;
using System.Text.Json;
using SignalWatch.Collector.Journal;
using SignalWatch.Collector.Retention;
using SignalWatch.Collector.Storage;
using SignalWatch.Contracts;

namespace SignalWatch.Collector.Commands;

/// <summary>What would go of a month.</summary>
internal sealed record MonthOutlook(string Month, long Observations, long Gaps, long DeadLetters, long Bytes, long HeldByCases, DateTimeOffset? NextAt);

/// <summary><c>retention</c>: what the next run would remove, and how much room that gives. It removes nothing: the collector does, at night.</summary>
internal static class RetentionCommand
{
    private const int BytesBesideBody = 60; // of a row with its index, about

    private static readonly Option<string?> Data = new("--data") { Description = "data folder 数据目录" };
    private static readonly Option<string?> Store = new("--store") { Description = "postgres://user:password@host:port/database" };
    private static readonly Option<string> Keep = new("--keep") { Description = "as for run 与 run 相同", DefaultValueFactory = _ => "" };
    private static readonly Option<bool> DryRun = new("--dry-run") { Description = "it never removes anything; accepted for scripts 本命令从不删除，仅为脚本保留" };
    private static readonly Option<bool> Json = new("--json") { Description = "for machines 输出 JSON" };

    public static Command Create()
    {
        var command = new Command("retention", "Shows what retention removed and would remove, by month, with the room it gives. Removes nothing. 显示保存期限的清理情况（不删除）") { Data, Store, Keep, DryRun, Json, Terminal.LanguageOption };
        command.SetAction((parsed, _) => Terminal.Guard(parsed, language => Task.FromResult(
            Run(parsed.GetValue(Data), parsed.GetValue(Store), RetentionSettings.Parse(parsed.GetValue(Keep)!), parsed.GetValue(Json), language, DateTimeOffset.UtcNow))));
        return command;
    }

    /// <summary>The outlook of each sealed month that something would go of, or will.</summary>
    public static List<MonthOutlook> Outlook(IStoreView view, RetentionSettings settings, DateTimeOffset now)
    {
        var limits = settings.Limits(now);
        var held = HeldByCases.Of(view);
        var (months, outlook) = (view.Months, new List<MonthOutlook>());
        for (var i = 0; i + 1 < months.Count; i++)
        {
            var (observations, gaps, bytes, kept) = (0L, 0L, 0L, 0L);
            DateTimeOffset? nextAt = null;
            foreach (var row in view.Entries(new(months[i].First - 1, (int)Math.Min(int.MaxValue, months[i + 1].First - months[i].First), Kinds: [EntryKind.Observation, EntryKind.Gap])))
            {
                if (row.Position >= months[i + 1].First) break;
                if (row.ReceivedAt >= limits.Entries[row.Kind])
                {
                    var over = now + (row.ReceivedAt - limits.Entries[row.Kind]);
                    if (nextAt is null || over < nextAt) nextAt = over;
                }
                else if (held.Holds(row)) kept++;
                else
                {
                    bytes += row.Body.Length + BytesBesideBody;
                    if (row.Kind == EntryKind.Gap) gaps++;
                    else observations++;
                }
            }
            var letters = view.Letters(months[i].Month).Where(l => l.ReceivedAt < limits.DeadLettersBefore).ToList();
            outlook.Add(new(months[i].Month.ToString(), observations, gaps, letters.Count, bytes + letters.Sum(l => (long)l.Body.Length + BytesBesideBody), kept, nextAt));
        }
        return outlook;
    }

    private static int Run(string? folder, string? server, RetentionSettings settings, bool json, Language language, DateTimeOffset now)
    {
        using var store = Stores.OpenToRead(folder, server);
        using var view = store.OpenView();
        var outlook = Outlook(view, settings, now);
        var book = new RetentionBook();
        book.Load(view);
        var removed = book.Committed.OrderBy(r => r.Month, StringComparer.Ordinal).ToList();
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(new { removed, outlook }, WireJson.Options));
            return 0;
        }
        foreach (var r in removed)
            Console.WriteLine(new Text($"{r.Month} 已删除 {r.Count} 条、死信 {r.DeadLetters} 条{(r.Dropped ? "，整月已删除" : "")}（{r.Actor}，{r.At:yyyy-MM-dd}）", $"{r.Month} removed {r.Count} entries, {r.DeadLetters} dead letters{(r.Dropped ? ", the whole month" : "")} ({r.Actor}, {r.At:yyyy-MM-dd})").In(language));
        foreach (var o in outlook)
            Console.WriteLine(new Text(
                $"{o.Month} 下次将删除 观测 {o.Observations}、缺口 {o.Gaps}、死信 {o.DeadLetters}，约 {o.Bytes / 1e6:0.0} MB；案件保留 {o.HeldByCases}{(o.NextAt is { } zh ? $"；其余最早 {zh.ToOffset(TimeSpan.FromHours(8)):yyyy-MM-dd} 到期" : "")}",
                $"{o.Month} next: {o.Observations} observations, {o.Gaps} gaps, {o.DeadLetters} dead letters, about {o.Bytes / 1e6:0.0} MB; {o.HeldByCases} held by cases{(o.NextAt is { } en ? $"; the rest is over from {en.ToOffset(TimeSpan.FromHours(8)):yyyy-MM-dd} on" : "")}").In(language));
        if (outlook.Count == 0) Console.WriteLine(new Text("没有已结束的月份", "there is no month that has ended").In(language));
        return 0;
    }
}
