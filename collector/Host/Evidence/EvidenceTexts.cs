using SignalWatch.Contracts;

namespace SignalWatch.Collector.Evidence;

/// <summary>What is said to people about evidence.</summary>
internal static class EvidenceTexts
{
    private static readonly TimeSpan Beijing = TimeSpan.FromHours(8);

    // why it is a lead only

    public static readonly Text NotCalibrated = new("采集时没有校准证书", "there was no calibration certificate at capture");
    public static readonly Text NotReviewed = new("采集设备没有经过法制和技术审核", "the device had no legal and technical review");
    public static readonly Text NoTime = new("采集时间不明", "the time of capture is not known");
    public static readonly Text NoClock = new("采集时钟的偏差不明", "the offset of the clock at capture is not known");
    public static readonly Text NoPlace = new("采集地点不明", "the place of capture is not known");

    public static Text NotLive(Origin origin) => origin == Origin.Replay ? new("来自录制数据的回放", "it comes from a recording that was played") : new("来自演练的模拟信号", "it comes from the simulated signals of a drill");

    public static Text CalibrationExpired(CalibrationReference c) => new($"校准证书 {c.Id} 已于 {Day(c.Expires)} 到期", $"calibration certificate {c.Id} had ended on {Day(c.Expires)}");

    public static Text ReviewExpired(DeviceReview r) => new($"设备审核 {r.Number} 已于 {Day(r.Expires!.Value)} 到期", $"device review {r.Number} had ended on {Day(r.Expires!.Value)}");

    public static Text ClockOff(double offsetMs) => new(FormattableString.Invariant($"采集时钟偏差 {offsetMs / 1000:0.0} s，超过 1 s"), FormattableString.Invariant($"the clock was {offsetMs / 1000:0.0} s off at capture, more than 1 s"));

    // rule SC-04

    public static readonly Text IntegrityTitle = new("证据完整性失败", "Evidence is damaged");
    public static readonly Text IntegrityRestored = new("所有证据与其摘要相符。", "All evidence is what its digests say.");

    public static Text IntegrityLost(string sha256) => new($"证据 {sha256}… 的内容与其摘要不符或已丢失。请保护磁盘，并从备份恢复这一文件。", $"The bytes of evidence {sha256}… are not those of its digest, or are gone. Secure the disk, and restore this file from a backup.");

    // problems

    public static Problem NoSuchItem(string sha256) => new("evidence.absent",
        new($"没有证据 {sha256}", $"There is no evidence {sha256}"), new("请核对摘要，或刷新列表。", "Check the digest, or refresh the list."), 404);

    public static Problem NoSuchUpload(string sha256) => new("evidence.no-upload",
        new($"没有 {sha256} 的上传", $"There is no upload of {sha256}"), new("没有保存任何内容。请先声明这件证据，再从返回的偏移开始上传。", "Nothing was kept. Declare the item first, then send from the offset that is answered."), 404);

    public static Problem BadDeclaration(string what) => new("evidence.bad-declaration",
        new($"证据声明有误：{what}", $"The declaration of the evidence is not valid: {what}"), new("没有保存任何内容。请改正后重新声明。", "Nothing was kept. Correct it and declare it again."));

    public static Problem TooLarge(long bytes, long most) => new("evidence.too-large",
        new($"证据有 {bytes} 字节，上限是 {most}", $"The evidence has {bytes} bytes, the limit is {most}"), new("没有保存任何内容。请分段录制。", "Nothing was kept. Record it in parts."), 413);

    public static Problem NoRoom(int uploads, long bytes) => new("evidence.no-room",
        new($"正在进行的上传已达上限（{uploads} 个，{bytes} 字节）", $"There are as many uploads under way as may be ({uploads}, {bytes} bytes)"),
        new("没有保存任何内容。请稍后重试，探针会继续保留。", "Nothing was kept. Try again later; the probe keeps it."), 503);

    public static Problem StorageFailed(string folder, string why) => new("evidence.storage-failed",
        new($"证据目录 {folder} 读写失败：{why}", $"The evidence folder {folder} can't be read or written: {why}"),
        new("本次操作没有完成；已确认的证据不受影响。请检查磁盘。", "The operation was not completed; evidence that was acknowledged is not touched. Check the disk."), 503);

    public static Problem WrongOffset(long offset) => new("evidence.wrong-offset",
        new($"应从偏移 {offset} 继续上传", $"The upload goes on at offset {offset}"), new("这一段没有保存。请从 Upload-Offset 所给的偏移重发。", "This part was not kept. Send again from the offset in Upload-Offset."), 409);

    public static Problem UploadBusy(string sha256) => new("evidence.upload-busy",
        new($"{sha256} 的另一段正在上传", $"Another part of {sha256} is being sent"), new("这一段没有保存。请稍后查询偏移再继续。", "This part was not kept. Ask for the offset a little later, then go on."), 409);

    public static Problem Incomplete(long offset, long bytes) => new("evidence.incomplete",
        new($"上传未完成：已有 {offset} 字节，共 {bytes} 字节", $"The upload is not complete: {offset} of {bytes} bytes"), new("已收到的部分保留。请从该偏移继续。", "What has come is kept. Go on from that offset."), 409);

    public static Problem DigestMismatch(string declared, string found) => new("evidence.digest-mismatch",
        new("收到的内容与声明的摘要不符", "What was received is not what was declared"),
        new($"声明 {declared}，实得 {found}。内容已隔离，没有作为证据保存。请核对原文件后重新上传。", $"Declared {declared}, found {found}. It was put aside and not stored as evidence. Check the original and send it again."), 422);

    public static Text QuarantineReason(string found) => new($"摘要不符，实得 {found}", $"digest mismatch, found {found}");

    public static Problem NoParent(string sha256) => new("evidence.no-parent",
        new($"原件 {sha256} 没有保存", $"The original {sha256} is not stored"), new("没有保存派生文件。请先上传原件。", "The derived file was not stored. Send the original first."), 409);

    public static Problem Damaged(string sha256) => new("evidence.damaged",
        new($"证据 {sha256} 的内容与其摘要不符或已丢失（SC-04）", $"The bytes of evidence {sha256} are not those of its digest, or are gone (SC-04)"),
        new("没有导出任何内容，已记入保管记录。请立即保护现场磁盘，并从备份恢复这一文件。", "Nothing was exported; the custody record has it. Secure the disk at once, and restore this file from a backup."), 409);

    public static Problem BadActor() => new("evidence.bad-actor",
        new("须写明经手人", "Who does it must be named"), new("actor 须为 1 至 64 个字符，reason 最多 500 个字符。", "actor has 1 to 64 characters, reason at most 500."));

    public static Problem NothingToPack() => new("evidence.nothing-to-pack",
        new("没有可打包的证据", "There is no evidence to pack"), new("请给出 items、alarm 或 case，最多 1000 件。", "Name items, an alarm or a case; at most 1000 items."), 422);

    public static Problem NoTree() => new("evidence.no-tree",
        new("证据日志中没有所问的大小或条目", "The evidence log has no such size or entry"), new("请先查询检查点。", "Ask for the checkpoint first."), 404);

    public static Problem BadKey(string given) => new("evidence.bad-key",
        new($"{(given.Length > 200 ? given[..200] : given)} 不是日志公钥", $"{(given.Length > 200 ? given[..200] : given)} is no public key of a log"),
        new("没有核验。密钥写作 名称+编号+密钥，见 GET /api/v1/evidence/log/key。", "Nothing was verified. A key is written name+id+key, see GET /api/v1/evidence/log/key."));

    public static Problem KeyUnreadable(string file) => new("evidence.key",
        new($"无法读取签名密钥 {file}", $"The signing key {file} can't be read"),
        new("采集器没有启动，没有改动任何数据。请从备份恢复密钥；若确要换新密钥，请先移走该文件并通知所有核验方。", "The collector was not started, nothing was changed. Restore the key from a backup; to begin with a new one, move the file away and tell everybody who verifies."));

    public static string Day(DateTimeOffset at) => at.ToOffset(Beijing).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);

    public static string Moment(DateTimeOffset at) => at.ToOffset(Beijing).ToString("yyyy-MM-dd HH:mm:ss", System.Globalization.CultureInfo.InvariantCulture) + " (UTC+8)";
}
