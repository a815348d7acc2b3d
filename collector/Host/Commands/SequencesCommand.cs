using System.CommandLine;
using System.Text.Json;
using SignalWatch.Collector.Journal;
using SignalWatch.Collector.Storage;
using SignalWatch.Contracts;

namespace SignalWatch.Collector.Commands;

/// <summary><c>sequences</c>: which numbers of each probe's boot the journal has.</summary>
internal static class SequencesCommand
{
    private static readonly Option<string?> Data = new("--data") { Description = "data folder 数据目录" };
    private static readonly Option<string?> Store = new("--store") { Description = "postgres://user:password@host:port/database" };
    private static readonly Option<bool> Json = new("--json") { Description = "for machines 输出 JSON" };

    public static Command Create()
    {
        var command = new Command("sequences", "Lists for each boot of each probe its numbers, and what is missing. 列出各探针序号及缺口") { Data, Store, Json, Terminal.LanguageOption };
        command.SetAction((parsed, _) => Terminal.Guard(parsed, language => Task.FromResult(Run(parsed.GetValue(Data), parsed.GetValue(Store), parsed.GetValue(Json), language))));
        return command;
    }

    private static int Run(string? folder, string? server, bool json, Language language)
    {
        using var store = Stores.OpenToRead(folder, server);
        using var view = store.OpenView();
        var reports = JournalReader.Sequences(view, null);
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(reports, WireJson.Options));
            return 0;
        }
        foreach (var report in reports)
        {
            var missing = report.Missing.Count == 0 ? new Text("无缺口", "nothing missing").In(language)
                : new Text("缺 ", "missing ").In(language) + string.Join(", ", report.Missing.Take(20).Select(m => m.From == m.To ? $"{m.From}" : $"{m.From}-{m.To}"));
            Console.WriteLine($"{report.Probe} {report.Boot} {report.First}-{report.Last} ({report.Count}) {missing}");
        }
        return 0;
    }
}
