using SignalWatch.Contracts;

namespace SignalWatch.Collector.Retention;

/// <summary>What is said of retention.</summary>
internal static class RetentionTexts
{
    public static Problem BadSetting(string part) => new("retention.setting",
        new($"--keep 中的 {part} 无法理解", $"{part} in --keep is not understood"),
        new("写法如 observation=184d,gap=1096d,dead-letter=184d。采集器没有启动，没有删除任何数据。", "Write observation=184d,gap=1096d,dead-letter=184d. The collector was not started, nothing was removed."));

    public static Problem TooShort(string part, int least) => new("retention.too-short",
        new($"--keep 中的 {part} 短于最低期限 {least} 天", $"{part} in --keep is shorter than the least, {least} days"),
        new("网络日志至少保存六个月（网络安全法第二十一条），观测至少 30 天。没有删除任何数据。", "Network logs are kept for at least six months (Cybersecurity Law, article 21), observations for at least 30 days. Nothing was removed."));

    public static Problem NearlyFull(string folder, long free, long whole) => new("storage.nearly-full",
        new("磁盘将满", "The disk is nearly full"),
        new($"{folder} 所在磁盘只剩 {free >> 20} MB（共 {whole >> 20} MB）。到期数据已立即清理；请腾出空间、缩短 --keep 期限，或停机后用 drop-before 删除旧月份。",
            $"The disk of {folder} has {free >> 20} MB left of {whole >> 20}. What was over was removed at once; make room, shorten --keep, or stop the collector and drop old months with drop-before."));

    public static Problem BadMonth(string text) => new("retention.month",
        new($"{text} 不是月份", $"{text} is no month"), new("写法如 2026-11。没有删除任何数据。", "Write 2026-11. Nothing was removed."));

    public static Problem NotConfirmed(string months) => new("retention.not-confirmed",
        new($"将删除整月数据：{months}", $"Whole months would be dropped: {months}"),
        new("没有删除任何数据。整月的观测、判定和操作记录都会删除，告警和案件的现状保留。确认请加 --yes。", "Nothing was removed. All observations, verdicts and acts of these months would go, the present state of alarms and cases stays. Confirm with --yes."));

    public static Problem UnderCase(string month, string what, string openCase) => new("retention.under-case",
        new($"{month} 有未归档案件 {openCase} 的记录（{what}）", $"{month} has records of case {openCase}, which is not archived ({what})"),
        new("没有删除任何数据。案件归档后方可删除该月。", "Nothing was removed. The month can go when the case is archived."));
}
