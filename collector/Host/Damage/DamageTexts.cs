using SignalWatch.Contracts;

namespace SignalWatch.Collector.Damage;

/// <summary>What is said of damaged files.</summary>
internal static class DamageTexts
{
    public static readonly Text Title = new("存储损坏，部分数据丢失", "The store was damaged, data is lost");

    public static readonly Text GapReason = new("已确认的数据随损坏的文件丢失", "acknowledged data was lost with a damaged file");

    public static Text Sentence(ToldLoss told) => new(
        $"{told.Loss.Month} 月的日志文件损坏（{told.Loss.Why}）：保住 {told.Loss.Kept} 条，中间丢失 {told.Loss.Lost} 条{(told.Loss.Skipped is null ? "" : "，末尾丢失条数无法知道")}{Numbers(told, "；已确认而丢失的探针序号 ", " 个")}{(told.Loss.Folded ? "；告警等状态由剩余日志重建，规则状态重新开始" : "")}。原文件保留为 {told.Loss.SetAside}，请更换磁盘或从备份恢复。",
        $"The journal's file of {told.Loss.Month} was damaged ({told.Loss.Why}): {told.Loss.Kept} entries were kept, {told.Loss.Lost} between them are lost{(told.Loss.Skipped is null ? "" : ", how many at the end can't be known")}{Numbers(told, "; numbers of probes that were acknowledged and are lost: ", "")}{(told.Loss.Folded ? "; alarms and other state were folded from what is left, states of rules begin anew" : "")}. The file is kept as {told.Loss.SetAside}; replace the disk, or restore a backup.");

    /// <summary>Shown as long as the damaged file is there.</summary>
    public static Problem Notice(ToldLoss told) => new("storage.damaged", Title, Sentence(told));

    private static string Numbers(ToldLoss told, string before, string after)
    {
        var count = told.Numbers.Sum(n => Journal.SequenceRanges.Parse(n.Numbers).Count);
        return count == 0 ? "" : $"{before}{count}{after}";
    }
}
