using SignalWatch.Contracts;

namespace SignalWatch.Collector;

/// <summary>Everything that the collector says to people, in both languages.</summary>
internal static class Texts
{
    public static readonly Text NoConsole = new(
        "采集器在运行，但没有找到控制台的网页文件。请先构建控制台（console 目录中 npm ci && npm run build），或用 --console 指明目录。接口在 /openapi/v1.json。",
        "The collector runs, but the console's files were not found. Build the console (npm ci && npm run build in console), or name its folder with --console. The API is at /openapi/v1.json.");

    public static readonly Text EngineFaultTitle = new("规则引擎故障", "Rule engine fault");

    public static Text EngineFault(string what) => new(
        $"规则引擎在评估观测时出错：{what}。观测已保存，但其中一部分没有得到判断；请导出日志并联系供应方。",
        $"The rule engine failed while it evaluated observations: {what}. The observations are stored, but some were not judged; export the log and contact the supplier.");

    public static readonly Text EngineWorks = new("规则引擎已连续 60 秒没有出错。", "The rule engine has had no fault for 60 s.");

    public static readonly Text GapReason = new("采集器没有收到这些序号", "the collector did not receive these numbers");

    // storage

    public static Problem StorageFull(string folder) => new("storage.full",
        new("存储已满", "The storage is full"),
        new($"{folder} 所在磁盘已满：本批没有保存，也没有确认，探针会继续保留。请腾出空间；之后采集器会自动恢复。",
            $"The disk of {folder} is full: this batch was neither stored nor acknowledged, the probe keeps it. Make room; the collector then recovers by itself."), 503);

    public static Problem StorageFailed(string folder, string why) => new("storage.failed",
        new("存储失败", "The storage failed"),
        new($"{folder} 写入失败（{why}）：本批没有保存，也没有确认，探针会继续保留。请检查磁盘；采集器会自动重试。",
            $"Writing to {folder} failed ({why}): this batch was neither stored nor acknowledged, the probe keeps it. Check the disk; the collector tries again by itself."), 503);

    public static Problem FolderLocked(string folder) => new("data.locked",
        new($"数据目录 {folder} 已被另一个采集器占用", $"The data folder {folder} is in use by another collector"),
        new("没有改动任何数据。请停止那个采集器，或用 --data 指定另一个目录。", "Nothing was changed. Stop the other collector, or name another folder with --data."));

    public static Problem RestoreUnfinished(string folder) => new("data.restore-unfinished",
        new($"数据目录 {folder} 中的恢复没有完成", $"A restore into the data folder {folder} did not come to its end"),
        new("其中只有备份的一部分，不能使用。备份本身没有改动。请清空这个目录（使用 PostgreSQL 时也清空数据库），再恢复一次。",
            "It holds a part of the backup only, and can't be used. The backup itself is unchanged. Empty the folder (and the database, where there is one), then restore again."));

    public static Problem FolderUnusable(string folder, string why) => new("data.unusable",
        new($"数据目录 {folder} 无法使用：{why}", $"The data folder {folder} can't be used: {why}"),
        new("请检查目录是否存在、是否可写，或用 --data 指定另一个目录。", "Check that the folder exists and is writable, or name another one with --data."));

    public static Problem OtherSchema(string folder, int found, int expected) => new("data.schema",
        new($"{folder} 的数据格式是第 {found} 版，本程序只认第 {expected} 版", $"The data in {folder} has format {found}, this program knows {expected}"),
        new("没有改动任何数据。请用写出它的版本打开。", "Nothing was changed. Open it with the version that wrote it."));

    public static Problem JournalUnreadable(string why) => new("data.unreadable",
        new($"无法读取日志：{why}", $"The journal can't be read: {why}"),
        new("没有改动任何数据。请检查权限；若不是采集器的数据，请用 --data 指明正确的目录；若文件已损坏，请从备份恢复。", "Nothing was changed. Check its permissions; if it is not a collector's data, name the right folder with --data; if the file is damaged, restore it from a backup."));

    public static Problem NoJournal(string file) => new("data.absent",
        new($"没有找到日志 {file}", $"There is no journal {file}"),
        new("请用 --data 指明采集器的数据目录。", "Name the collector's data folder with --data."));

    public static Problem NoPlace() => new("data.not-named",
        new("没有指明数据在哪里", "It is not said where the data is"),
        new("请用 --data 指明数据目录，或用 --store 指明 PostgreSQL 数据库。", "Name the data folder with --data, or the PostgreSQL database with --store."));

    public static Problem BadStore() => new("store.invalid",
        new("--store 无法理解", "--store is not understood"),
        new("写法是 postgres://用户:密码@主机:端口/数据库。没有改动任何数据。", "Write postgres://user:password@host:port/database. Nothing was changed."));

    public static Problem StoreLocked(string place) => new("data.locked",
        new($"数据库 {place} 已有另一个采集器在写", $"Another collector writes to the database {place}"),
        new("没有改动任何数据。请停止那个采集器，或用 --store 指定另一个数据库。", "Nothing was changed. Stop the other collector, or name another database with --store."));

    // ingest

    public static Problem QueueFull(int rows) => new("ingest.busy",
        new("采集器正忙", "The collector is busy"),
        new($"有 {rows} 条观测在排队等待写盘。本批没有保存，请按 Retry-After 重发。", $"{rows} observations wait to be written. This batch was not stored; send it again after Retry-After."), 429);

    public static Problem BatchTooLarge(string limit) => new("ingest.too-large",
        new("一批观测太大", "The batch is too large"),
        new($"上限是 {limit}。本批没有保存，请分成小批重发。", $"The limit is {limit}. Nothing of it was stored; send it in smaller batches."), 413);

    public static Problem BatchUnreadable(string why) => new("ingest.unreadable",
        new("这批观测无法读取", "The batch can't be read"),
        new($"{why}。本批没有保存，也没有确认。", $"{why}. Nothing of it was stored or acknowledged."));

    public static Problem MixedBatch(int line) => new("ingest.mixed-batch",
        new($"第 {line} 行属于另一个探针或另一次启动", $"Line {line} is of another probe or another boot"),
        new("一批只能来自一个探针的一次启动。本批没有保存。", "A batch is of one probe and one boot. Nothing of it was stored."));

    public static Problem ReservedProbe(string probe) => new("ingest.reserved-probe",
        new($"探针编号 {probe} 是采集器自己用的", $"The probe id {probe} is the collector's own"),
        new("请给探针另起编号。本批没有保存。", "Give the probe another id. Nothing of the batch was stored."));

    public static Problem ClosingDown() => new("collector.stopping",
        new("采集器正在停止", "The collector is stopping"),
        new("没有保存，请稍后重发。", "Nothing was stored; send it again later."), 503);

    public static Problem Unexpected(string reference) => new("collector.fault",
        new("采集器内部出错", "The collector failed inside"),
        new($"请求没有完成。日志中的编号是 {reference}。", $"The request was not completed. The log has it under {reference}."), 500);

    // requests

    public static Problem BadRequest(string why, int status = 400) => new("request.invalid",
        new("请求有误", "The request is not valid"), new($"{why}", $"{why}"), status);

    /// <summary>A request that no operation takes as it is.</summary>
    public static Problem NotTaken(int status, HttpRequest request) => status switch
    {
        404 => NoSuchPath(request.Path),
        405 => new("request.method", new($"这里不能用 {request.Method}", $"{request.Method} is not for this address"), Described, status),
        415 => new("request.media-type", new($"不接受此类型的内容：{request.ContentType}", $"Content of this type is not read here: {request.ContentType}"), Described, status),
        _ => new("request.invalid", new("请求有误", "The request is not valid"), Described, status),
    };

    private static Text Described => new("接口说明在 /openapi/v1.json。", "The API is described in /openapi/v1.json.");

    public static Problem NoSuchPath(string path) => new("request.no-such-path",
        new($"没有这个地址：{path}", $"There is nothing at {path}"), new("接口说明在 /openapi/v1.json。", "The API is described in /openapi/v1.json."), 404);

    public static Problem ForeignOrigin(string origin) => new("request.foreign-origin",
        new($"拒绝来自 {origin} 的网页请求", $"Requests from pages of {origin} are refused"),
        new("只接受从采集器自身地址打开的网页。", "Only pages opened from the collector's own address may do this."), 403);

    public static Problem BadSpectrum() => new("spectrum.invalid",
        new("不是有效的频谱帧", "Not a valid spectrum frame"), new("该帧已丢弃。", "The frame was dropped."));

    // alarms

    public static Problem NoSuchAlarm(string id) => new("alarm.absent",
        new($"没有告警 {id}", $"There is no alarm {id}"), new("请刷新列表。", "Refresh the list."), 404);

    public static Problem AlarmChanged(string id) => new("alarm.changed",
        new($"告警 {id} 在您查看之后有了变化", $"Alarm {id} has changed since you looked"),
        new("没有确认。请看过最新状态后再确认。", "It was not acknowledged. Look at its present state, then acknowledge."), 409);

    public static Problem AlreadyAcknowledged(string id, string by, DateTimeOffset at) => new("alarm.illegal-transition",
        new($"告警 {id} 已由 {by} 确认", $"Alarm {id} was already acknowledged by {by}"),
        new($"确认时间 {at.ToOffset(TimeSpan.FromHours(8)):yyyy-MM-dd HH:mm:ss} (UTC+8)。无需再次确认。", $"At {at.ToOffset(TimeSpan.FromHours(8)):yyyy-MM-dd HH:mm:ss} (UTC+8). There is nothing to do."), 409);

    public static Problem AlarmIsNormal(string id) => new("alarm.illegal-transition",
        new($"告警 {id} 已恢复正常", $"Alarm {id} is back to normal"), new("没有需要确认的内容。", "There is nothing to acknowledge."), 409);

    public static Problem BadAcknowledgement() => new("alarm.bad-acknowledgement",
        new("确认信息不完整", "The acknowledgement is not complete"),
        new("actor 须为 1 至 64 个字符，note 最多 500 个字符。", "actor has 1 to 64 characters, note at most 500."));

    public static Text RuleWithdrawn(RuleId rule, string pack, Text title) => new(
        $"规则 {rule} 已不在现用规则包 {pack} 中，不再判断：{title.Zh}。此前的违规尚未确认结束，须人工核实。",
        $"The rule {rule} is no longer in force in the pack {pack}, and no longer judges: {title.En}. The violation before is not known to have ended; a person has to find out.");

    public static readonly Text Acknowledged = new("已确认", "acknowledged");

    // registers, rules, program

    public static Problem RegisterRefused(string source, int problems) => new("register.refused",
        new($"{source}：{problems} 处错误，整个文件未导入", $"{source}: {problems} errors, the whole file was refused"),
        new("原登记表保持不变。请改正所列各行，或选择 keepGood 只导入正确的行。", "The register in force is unchanged. Correct the rows listed, or choose keepGood to import the good ones only."));

    public static Problem NoPack() => new("pack.not-named",
        new("没有用 --pack 指明规则包", "No rule pack is named with --pack"),
        new("采集器没有启动：没有规则就没有判断，监看墙会一片平静。请用 --pack 指明规则包目录，例如 rules/packs/demonstration。",
            "The collector was not started: without rules nothing is judged, and the wall would look calm. Name the pack's folder with --pack, for example rules/packs/demonstration."));

    public static Problem PackAbsent(string folder) => new("pack.absent",
        new($"没有规则包目录 {folder}", $"There is no rule pack at {folder}"),
        new("采集器没有启动，没有改动任何数据。请检查路径，或用 --pack 指明另一个目录。", "The collector was not started, nothing was changed. Check the path, or name another folder with --pack."));

    public static Problem FileUnreadable(string file, string why) => new("file.unreadable",
        new($"无法读取文件 {file}：{why}", $"The file {file} can't be read: {why}"), new("请检查路径和权限。", "Check its path and permissions."));

    public static Problem BadRegisterOption(string value) => new("register.option",
        new($"--register {value} 无法理解", $"--register {value} is not understood"), new("写法是 fm=文件.csv。", "Write fm=FILE.csv."));

    public static Problem PortBusy(string address) => new("port.busy",
        new($"地址 {address} 已被占用", $"The address {address} is in use"),
        new("没有改动任何数据。请停止占用它的程序，或用 --port 指定另一个端口。", "Nothing was changed. Stop the program that uses it, or name another port with --port."));

    public static Problem BadHost(string host) => new("host.invalid",
        new($"--host {host} 不是 IP 地址", $"--host {host} is not an IP address"), new("例如 127.0.0.1、0.0.0.0 或 localhost。", "For example 127.0.0.1, 0.0.0.0 or localhost."));
}
