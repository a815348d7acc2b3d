using SignalWatch.Contracts;

namespace SignalWatch.Collector.Storage.Backup;

/// <summary>What backup, restore and rebuild say to people.</summary>
internal static class BackupTexts
{
    public static readonly Text SourceMissing = new("源文件缺失：日志记载有这份证据，数据目录里没有", "missing at the source: the journal has this evidence, the data folder has not");

    public static readonly Text SourceAltered = new("源文件已被改动：内容与其摘要不符，已照原样备份", "altered at the source: its content is not that of its digest; it was copied as it is");

    public static readonly Text LockGone = new("备份期间文件一直在变，没有取得一致的副本", "it kept changing during the backup, no consistent copy was had");

    public static Text Unreadable(string why) => new($"源文件无法读取：{why}", $"unreadable at the source: {why}");

    public static Problem Full(string place, long bytes) => new("backup.full",
        new($"备份目录 {place} 所在磁盘已满，备份没有完成", $"The disk of {place} is full, the backup was not finished"),
        new($"写了 {bytes} 字节后空间用尽；不完整的副本已经删除，采集器的数据和以前的备份没有改动。请腾出空间或换一个目录，再备份一次。",
            $"There was room for {bytes} bytes; the torn copy was removed, the collector's data and earlier backups are unchanged. Make room or name another folder, then back up again."));

    public static Problem WriteFailed(string place, string why) => new("backup.write-failed",
        new($"无法写入备份目录 {place}：{why}", $"The backup folder {place} can't be written: {why}"),
        new("备份没有完成，不完整的副本已经删除；采集器的数据和以前的备份没有改动。请检查权限和磁盘。",
            "The backup was not finished, the torn copy was removed; the collector's data and earlier backups are unchanged. Check permissions and the disk."));

    public static Problem JournalUnreadable(string place, string why) => new("backup.source-unreadable",
        new($"源日志 {place} 无法读取：{why}", $"The journal at the source, {place}, can't be read: {why}"),
        new("备份没有完成，不完整的副本已经删除；采集器的数据和以前的备份没有改动。请运行 collector check 查看损坏之处，不要删除以前的备份。",
            "The backup was not finished, the torn copy was removed; the collector's data and earlier backups are unchanged. Run collector check to see the damage, and delete no earlier backup."));

    public static Problem FolderUnreadable(string data, string why) => new("backup.source-unreadable",
        new($"数据目录 {data} 无法读取：{why}", $"The data folder {data} can't be read: {why}"),
        new("没有备份。请用运行采集器的用户来备份，并检查权限和磁盘。", "Nothing was backed up. Back up as the user that runs the collector, and check permissions and the disk."));

    public static Problem Inside(string place, string data) => new("backup.inside-data",
        new($"备份目录 {place} 在数据目录 {data} 之内", $"The backup folder {place} is inside the data folder {data}"),
        new("没有备份。请把备份放在另一个目录，最好是另一块磁盘。", "Nothing was backed up. Name a folder elsewhere, best on another disk."));

    public static Problem Busy(string place) => new("backup.busy",
        new($"另一个备份正在写入 {place}", $"Another backup is being written to {place}"), new("没有改动任何数据。请等它结束。", "Nothing was changed. Wait until it is done."));

    public static Problem NoBackup(string place, string why) => new("backup.absent",
        new($"{place} 不是一份完成的备份", $"{place} is no finished backup"),
        new($"清单 manifest.json 或 manifest.sha256 读不到（{why}）。名字以 .unfinished 结尾的是没有做完的备份，不能使用。请指明某一份备份的目录。",
            $"Its manifest.json or manifest.sha256 can't be read ({why}). What ends in .unfinished was not finished and can't be used. Name the folder of one backup."));

    public static Problem ManifestDamaged(string place) => new("backup.damaged",
        new($"备份 {place} 已损坏：manifest.json 与 manifest.sha256 不符", $"The backup {place} is damaged: manifest.json is not what manifest.sha256 says"),
        new("这两个文件中有一个被改动。没有恢复任何数据。请使用另一份备份。", "One of these two files was changed. Nothing was restored. Use another backup."));

    public static Problem OtherFormat(string place, string found) => new("backup.format",
        new($"备份 {place} 的格式是 {found}，本程序只认 {BackupManifest.FormatName}", $"The backup {place} has format {found}, this program knows {BackupManifest.FormatName}"),
        new("没有恢复任何数据。请用写出它的版本恢复。", "Nothing was restored. Restore it with the version that wrote it."));

    public static Problem Damaged(string place, int count, string first) => new("backup.damaged",
        new($"备份 {place} 已损坏：{count} 个文件，第一个是 {first}", $"The backup {place} is damaged: {count} files, the first is {first}"),
        new("没有恢复任何数据。collector verify-backup 列出全部损坏的文件。请使用另一份备份。", "Nothing was restored. collector verify-backup lists every damaged file. Use another backup."));

    public static Problem NotEmpty(string place, Text what) => new("restore.not-empty",
        new($"{place} 不是空的：有 {what.Zh}", $"{place} is not empty: there is {what.En}"),
        new("没有恢复，没有改动任何数据。只能恢复到空的数据目录和空的数据库；请另选一个，或自行移走其中的数据。",
            "Nothing was restored or changed. A backup is restored into an empty data folder and an empty database only; name others, or move the data away yourself."));

    public static Text EntriesOf(long entries) => new($"日志 {entries} 条", $"a journal of {entries} entries");

    public static Problem RestoreFailed(string place, string why) => new("restore.failed",
        new($"恢复到 {place} 没有完成：{why}", $"The restore into {place} was not finished: {why}"),
        new("备份没有改动。目录中只有一部分数据，已作标记，采集器不会使用它。请清空后再恢复一次。",
            "The backup is unchanged. The folder has a part of the data and is marked, so that no collector uses it. Empty it, then restore again."));

    public static Problem RestoreDiffers(string place, string what) => new("restore.differs",
        new($"恢复到 {place} 的数据与备份不同：{what}", $"What was restored into {place} is not what the backup has: {what}"),
        new("备份没有改动。这个目录已作标记，采集器不会使用它。请检查磁盘和内存，清空后再恢复一次。",
            "The backup is unchanged. The folder is marked, so that no collector uses it. Check disk and memory, empty it, then restore again."));

    public static Problem NotFolded(string place, int faults) => new("rebuild.not-folded",
        new($"{place} 的日志有 {faults} 处不能重放，没有重做", $"The journal in {place} has {faults} faults that can't be folded: nothing was rebuilt"),
        new("没有改动任何数据：由残缺的日志重做会丢掉现在保存着的状态。请从备份恢复，或联系供应方。",
            "Nothing was changed: to rebuild from a journal with gaps would lose state that is stored now. Restore a backup, or contact the supplier."));
}
