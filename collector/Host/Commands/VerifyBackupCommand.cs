using System.CommandLine;
using System.Text.Json;
using SignalWatch.Collector.Storage.Backup;
using SignalWatch.Contracts;

namespace SignalWatch.Collector.Commands;

/// <summary><c>verify-backup</c>: is a backup what was written? Names every file that is not.</summary>
internal static class VerifyBackupCommand
{
    private static readonly Argument<string> Backup = new("BACKUP") { Description = "folder of one backup 某一份备份的目录" };
    private static readonly Option<bool> Json = new("--json") { Description = "for machines 输出 JSON" };

    public static Command Create()
    {
        var command = new Command("verify-backup", "Reads every file of a backup and compares its digest: 0 as written, 1 damaged. 核对备份") { Backup, Json, Terminal.LanguageOption };
        command.SetAction((parsed, _) => Terminal.Guard(parsed, language => Task.FromResult(Run(parsed.GetValue(Backup)!, parsed.GetValue(Json), language))));
        return command;
    }

    private static int Run(string backup, bool json, Language language)
    {
        var said = new CopyProgress(language);
        var manifest = BackupManifest.Read(backup);
        var damaged = BackupVerifier.Run(backup, manifest, new BackupProgress(said.Say));
        said.End();
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(new { Sound = damaged.Count == 0, Digest = BackupManifest.DigestOf(backup), manifest.TakenAt, manifest.Position, Files = manifest.Files.Count, manifest.Lacks, Damaged = damaged }, WireJson.Options));
            return damaged.Count == 0 ? 0 : 1;
        }
        foreach (var file in damaged) Console.WriteLine($"{file.Path}: {file.What.In(language)}");
        foreach (var lack in manifest.Lacks) Console.WriteLine(new Text($"备份时就没有：{lack.Path}（{lack.Why.Zh}）", $"not in it from the beginning: {lack.Path} ({lack.Why.En})").In(language));
        Console.WriteLine((damaged.Count == 0
            ? new Text($"完好：{manifest.Files.Count} 个文件，日志到第 {manifest.Position} 条，{manifest.TakenAt:yyyy-MM-dd HH:mm:ss zzz}，摘要 sha256:{BackupManifest.DigestOf(backup)}",
                $"sound: {manifest.Files.Count} files, journal to position {manifest.Position}, taken {manifest.TakenAt:yyyy-MM-dd HH:mm:ss zzz}, digest sha256:{BackupManifest.DigestOf(backup)}")
            : new Text($"已损坏：{damaged.Count} 个文件", $"DAMAGED: {damaged.Count} files")).In(language));
        return damaged.Count == 0 ? 0 : 1;
    }
}
