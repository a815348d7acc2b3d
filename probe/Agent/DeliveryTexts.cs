using System.Globalization;
using SignalWatch.Contracts;

namespace SignalWatch.Probe;

/// <summary>What people read of the delivery of evidence.</summary>
internal static class DeliveryTexts
{
    public static readonly Text MustBeDay = new("此处应为日期，例如 2027-06-30", "a day is expected here, such as 2027-06-30");

    public static Text ManifestUnreadable(string dossier) => new($"卷宗 {dossier} 的清单不能读取", $"the manifest of dossier {dossier} can't be read");

    public static Text FileAltered(string name) => new($"文件 {name} 与清单记载的摘要不符", $"file {name} is not what the manifest's digest says");

    public static Text FileMissing(string name) => new($"清单所列文件 {name} 不存在", $"file {name} of the manifest is missing");

    public static Text DossierAltered(string dossier, Text what) => new(
        $"卷宗 {dossier}：{what.Zh}，该文件不上传；其余完好的文件照常上传，原件保留在探针上，请检查谁改动过。",
        $"Dossier {dossier}: {what.En}; that file is not uploaded. Files that are intact are, and all stays on the probe as it is; find out who changed it.");

    public static Text DossierDelivered(string dossier, long bytes) => new(
        string.Create(CultureInfo.InvariantCulture, $"卷宗 {dossier} 已上传采集器，{bytes / 1e6:F1} MB。"), string.Create(CultureInfo.InvariantCulture, $"Dossier {dossier} is at the collector, {bytes / 1e6:F1} MB."));

    public static Text DossierMadeRoom(string dossier) => new($"磁盘空间不足，尚未上传的卷宗 {dossier} 被删除", $"the disk had too little room: dossier {dossier}, which the collector has not, was deleted");

    public static Text DossierRemoved(string dossier, bool delivered) => new(
        $"为腾出空间删除卷宗 {dossier}（{(delivered ? "采集器已有" : "尚未上传，已丢失")}）。", $"Dossier {dossier} was deleted to make room ({(delivered ? "the collector has it" : "it was not delivered and is lost")}).");

    public static Text EvidenceRefused(string dossier, string file, int status, string body, TimeSpan again) => new(
        $"采集器拒收卷宗 {dossier} 的文件 {file}（HTTP {status}）：{body} 原件保留，{again.TotalMinutes:F0} 分钟后重试。",
        $"The collector refuses file {file} of dossier {dossier} (HTTP {status}): {body} It stays here; trying again in {again.TotalMinutes:F0} min.");
}
