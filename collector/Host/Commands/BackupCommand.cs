using System.CommandLine;
using System.Text.Json;
using SignalWatch.Collector.Storage;
using SignalWatch.Collector.Storage.Backup;
using SignalWatch.Contracts;

namespace SignalWatch.Collector.Commands;

/// <summary><c>backup</c>: one consistent copy of everything that must not be lost. Ends with 0 where it is whole, 1 where there is none, 2 where the source had gaps that it names.</summary>
internal static class BackupCommand
{
    private const int WithLacks = 2;

    private static readonly Option<string> Data = new("--data") { Description = "data folder 数据目录", Required = true };
    private static readonly Option<string?> Store = new("--store") { Description = "postgres://user:password@host:port/database, where the journal is there 日志所在的 PostgreSQL" };
    private static readonly Option<string> Out = new("--out") { Description = "folder of backups; this one gets a folder in it 备份目录，每次备份在其中建一个子目录", Required = true };
    private static readonly Option<bool> Json = new("--json") { Description = "for machines 输出 JSON" };

    public static Command Create()
    {
        var command = new Command("backup", "Backs up journal, evidence, keys, series and settings, while the collector runs. 备份（采集器可照常运行）") { Data, Store, Out, Json, Terminal.LanguageOption };
        command.SetAction((parsed, _) => Terminal.Guard(parsed, language =>
            Task.FromResult(Run(parsed.GetValue(Data)!, parsed.GetValue(Store), parsed.GetValue(Out)!, parsed.GetValue(Json), language))));
        return command;
    }

    private static int Run(string data, string? server, string place, bool json, Language language)
    {
        var said = new CopyProgress(language);
        using var store = Stores.OpenToRead(data, server);
        TakenBackup taken;
        try
        {
            taken = BackupTaker.Take(store, data, place, new CollectorIdentity(TimeProvider.System).Build, TimeProvider.System.GetLocalNow(), new BackupProgress(said.Say));
        }
        finally
        {
            said.End();
        }
        if (json) Console.WriteLine(JsonSerializer.Serialize(new { taken.Folder, taken.Digest, taken.Linked, taken.Manifest.TakenAt, taken.Manifest.Position, taken.Manifest.Entries, taken.Manifest.Documents, Files = taken.Manifest.Files.Count, taken.Manifest.Lacks, taken.Notes }, WireJson.Options));
        else Print(taken, language);
        return taken.Manifest.Lacks.Count == 0 ? 0 : WithLacks;
    }

    private static void Print(TakenBackup taken, Language language)
    {
        var (manifest, bytes) = (taken.Manifest, taken.Manifest.Files.Sum(f => f.Bytes));
        foreach (var note in taken.Notes) Console.Error.WriteLine(note.In(language));
        Console.WriteLine(new Text(
            $"备份 {taken.Folder}", $"backup {taken.Folder}").In(language));
        Console.WriteLine(new Text(
            $"时间 {manifest.TakenAt:yyyy-MM-dd HH:mm:ss zzz}，日志到第 {manifest.Position} 条（共 {manifest.Entries} 条，{manifest.Months.Count} 个月），文档 {manifest.Documents} 份",
            $"taken {manifest.TakenAt:yyyy-MM-dd HH:mm:ss zzz}, journal to position {manifest.Position} ({manifest.Entries} entries in {manifest.Months.Count} months), {manifest.Documents} documents").In(language));
        Console.WriteLine(new Text(
            $"{manifest.Files.Count} 个文件，{CopyProgress.Size(bytes)}；其中 {taken.Linked} 个与上一份备份共用，不再占空间",
            $"{manifest.Files.Count} files, {CopyProgress.Size(bytes)}; {taken.Linked} of them are shared with an earlier backup and take no room").In(language));
        Console.WriteLine(new Text($"摘要 sha256:{taken.Digest}", $"digest sha256:{taken.Digest}").In(language));
        Console.WriteLine(new Text(
            "其中有签名私钥和证据：只有当前用户可读（0600），请勿放在他人可读的地方。",
            "It has the private keys and evidence: only this user may read it (0600); keep it where others can't.").In(language));
        if (manifest.Lacks.Count == 0) return;
        Console.WriteLine(new Text($"不完整：源数据有 {manifest.Lacks.Count} 处缺失或损坏", $"INCOMPLETE: {manifest.Lacks.Count} files are missing or damaged at the source").In(language));
        foreach (var lack in manifest.Lacks) Console.WriteLine($"  {lack.Path}: {lack.Why.In(language)}");
    }
}
