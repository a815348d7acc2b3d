using System.CommandLine;
using System.Text.Json;
using SignalWatch.Collector.Evidence;
using SignalWatch.Collector.Journal;
using SignalWatch.Collector.Storage;
using SignalWatch.Contracts;

namespace SignalWatch.Collector.Commands;

/// <summary><c>check</c>: is the journal whole, and do the projections say what it says?</summary>
internal static class CheckCommand
{
    private static readonly Option<string?> Data = new("--data") { Description = "data folder 数据目录" };
    private static readonly Option<string?> Evidence = new("--evidence") { Description = "folder of evidence, where it is not the data folder 证据目录（与数据目录不同时）" };
    private static readonly Option<string?> Store = new("--store") { Description = "postgres://user:password@host:port/database" };
    private static readonly Option<bool> Json = new("--json") { Description = "for machines 输出 JSON" };

    public static Command Create()
    {
        var command = new Command("check", "Checks the store: every number once, positions without holes, every projection equal to the journal's fold, every item of evidence with its file. 检查数据完整性") { Data, Store, Evidence, Json, Terminal.LanguageOption };
        command.SetAction((parsed, _) => Terminal.Guard(parsed, language => Task.FromResult(Run(parsed.GetValue(Data), parsed.GetValue(Store), parsed.GetValue(Evidence), parsed.GetValue(Json), language))));
        return command;
    }

    private static int Run(string? folder, string? server, string? evidence, bool json, Language language)
    {
        using var store = Stores.OpenToRead(folder, server);
        IStoreView? view = null;
        var objects = (evidence ?? folder) is { } place ? ObjectCheck.Run(new ObjectFiles(place), () => view = store.OpenView()) : null;
        using var opened = view ?? store.OpenView();
        var report = JournalCheck.Run(opened);
        if (objects is { Faults.Count: > 0 }) report = report with { Sound = false, Faults = [.. report.Faults, .. objects.Faults] };
        if (json)
        {
            var node = JsonSerializer.SerializeToNode(report, WireJson.Options)!;
            node["evidence"] = JsonSerializer.SerializeToNode(objects, WireJson.Options);
            Console.WriteLine(node.ToJsonString(WireJson.Options));
        }
        else Print(report, objects, language);
        return report.Sound ? 0 : 1;
    }

    private static void Print(JournalCheckReport report, ObjectReport? objects, Language language)
    {
        Console.WriteLine(new Text(
            $"日志 {report.Entries} 条，告警 {report.Alarms} 个，死信 {report.DeadLetters} 条，缺失序号 {report.MissingNumbers} 个",
            $"{report.Entries} entries, {report.Alarms} alarms, {report.DeadLetters} dead letters, {report.MissingNumbers} missing numbers").In(language));
        if (report.Removed > 0) Console.WriteLine(new Text($"按保存期限删除 {report.Removed} 条", $"{report.Removed} entries were removed when their time was over").In(language));
        foreach (var loss in report.Losses) Console.WriteLine(new Text($"{loss.Month} 曾有损坏：丢失 {loss.Lost} 条，原文件 {loss.SetAside}", $"{loss.Month} was damaged once: {loss.Lost} entries lost, the file is {loss.SetAside}").In(language));
        Console.WriteLine((objects is null
            ? new Text("没有核对证据文件：请用 --data 或 --evidence 指明目录", "files of evidence were not looked at: name their folder with --data or --evidence")
            : new Text($"证据文件 {objects.Files} 个，{objects.Bytes} 字节", $"{objects.Files} files of evidence, {objects.Bytes} bytes")).In(language));
        if (objects is { Strays.Count: > 0 and var strays })
            Console.WriteLine(new Text($"其中 {strays} 个没有登记（正在入库，或入库被中断；未删除）：{objects.Strays[0]}", $"{strays} of them are not in the journal (being stored now, or cut short; nothing was deleted): {objects.Strays[0]}").In(language));
        foreach (var fault in report.Faults) Console.WriteLine(fault.In(language));
        Console.WriteLine((report.Sound ? new Text("完好", "sound") : new Text("有损坏", "DAMAGED")).In(language));
    }
}
