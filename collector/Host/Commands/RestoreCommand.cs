using System.CommandLine;
using SignalWatch.Collector.Storage.Backup;
using SignalWatch.Contracts;

namespace SignalWatch.Collector.Commands;

/// <summary><c>restore</c>: brings a backup into an empty place. Ends with 0 where all is there and sound, 1 where nothing was restored, 2 where what was backed up had faults already.</summary>
internal static class RestoreCommand
{
    private const int WithFaults = 2;

    private static readonly Argument<string> Backup = new("BACKUP") { Description = "folder of one backup 某一份备份的目录" };
    private static readonly Option<string> Data = new("--data") { Description = "data folder, empty or not there yet 数据目录（空的或尚不存在）", Required = true };
    private static readonly Option<string?> Store = new("--store") { Description = "postgres://user:password@host:port/database, empty: the journal goes there 日志恢复到空的 PostgreSQL 数据库" };

    public static Command Create()
    {
        var command = new Command("restore", "Brings a backup into an empty place, in either store, and reads all of it back. 恢复备份到空的位置") { Backup, Data, Store, Terminal.LanguageOption };
        command.SetAction((parsed, _) => Terminal.Guard(parsed, language => Task.FromResult(Run(parsed.GetValue(Backup)!, parsed.GetValue(Data)!, parsed.GetValue(Store), language))));
        return command;
    }

    private static int Run(string backup, string data, string? server, Language language)
    {
        var said = new CopyProgress(language);
        Restored restored;
        try
        {
            restored = BackupRestore.Run(backup, data, server, new BackupProgress(said.Say));
        }
        finally
        {
            said.End();
        }
        var (manifest, check) = (restored.Manifest, restored.Check);
        Console.WriteLine(new Text(
            $"已恢复到 {Path.GetFullPath(data)}（日志在 {restored.Place}），内容是 {manifest.TakenAt:yyyy-MM-dd HH:mm:ss zzz} 的备份",
            $"restored into {Path.GetFullPath(data)} (journal in {restored.Place}) as it was backed up at {manifest.TakenAt:yyyy-MM-dd HH:mm:ss zzz}").In(language));
        foreach (var month in manifest.Months)
            Console.WriteLine(new Text($"  {month.Month}：{month.Entries} 条，自第 {month.First} 条起，死信 {month.DeadLetters} 条，与备份一致，摘要 {month.Digest[..16]}…",
                $"  {month.Month}: {month.Entries} entries from position {month.First}, {month.DeadLetters} dead letters, as in the backup, digest {month.Digest[..16]}…").In(language));
        Console.WriteLine(new Text($"  到第 {manifest.Position} 条；文档 {manifest.Documents} 份，与备份一致，摘要 {manifest.DocumentsDigest[..16]}…", $"  to position {manifest.Position}; {manifest.Documents} documents, as in the backup, digest {manifest.DocumentsDigest[..16]}…").In(language));
        foreach (var lack in manifest.Lacks) Console.WriteLine(new Text($"备份时就没有：{lack.Path}（{lack.Why.Zh}）", $"not in the backup: {lack.Path} ({lack.Why.En})").In(language));
        foreach (var fault in check.Faults) Console.WriteLine(fault.In(language));
        Console.WriteLine((check.Sound
            ? new Text("检查：完好", "check: sound")
            : new Text("检查：备份时数据就有以上问题；collector rebuild 可由日志重做", "check: the data had these faults when it was backed up; collector rebuild makes them again from the journal")).In(language));
        return check.Sound && manifest.Lacks.Count == 0 ? 0 : WithFaults;
    }
}
