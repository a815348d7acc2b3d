using SignalWatch.Contracts;

namespace SignalWatch.Collector.Series;

/// <summary>What is said about series.</summary>
internal static class SeriesTexts
{
    public static Problem BadKeep(string value) => new("series.bad-keep",
        new($"--series-keep {value} 无法理解", $"--series-keep {value} is not understood"),
        new("写出 1 秒、1 分钟、1 小时三级各保存多久，由短到长，至少 1 小时，例如 2d,90d,3653d。采集器没有启动，没有改动任何数据。",
            "Write how long 1 s, 1 min and 1 h are kept, not shortening, at least 1 h each, for example 2d,90d,3653d. The collector was not started, nothing was changed."));

    public static Problem Unavailable() => new("series.unavailable",
        new("没有曲线数据", "There are no series"),
        new("数据目录中的 series 文件夹无法使用，原因见日志。观测和告警不受影响；修复后重启采集器，曲线会由日志重新生成。",
            "The folder series in the data folder can't be used; the log says why. Observations and alarms are not affected. Put it right and restart the collector: the series are made again from the journal."), 503);

    public static Problem NoSuchMetric(string metric) => new("series.no-such-metric",
        new($"没有指标 {metric}", $"There is no metric {metric}"),
        new("可用的名称见 /api/v1/series/names。", "The names that there are: /api/v1/series/names."), 404);

    public static Problem BadRange(string why) => new("series.bad-range",
        new("时间范围有误", "The range of time is not valid"), new($"{why}。没有读取数据。", $"{why}. Nothing was read."));
}
