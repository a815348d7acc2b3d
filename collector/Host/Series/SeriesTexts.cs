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

    public static Problem BadInflux(string address, string why) => new("series.bad-influx",
        new($"--influx {address} 无法理解：{why}", $"--influx {address} is not understood: {why}"),
        new("写法：http://主机:8086/write?db=库名（v1，可写 http://用户:密码@主机…），或 http://主机:8086/api/v2/write?org=组织&bucket=桶&token-file=文件（v2）。采集器没有启动，没有改动任何数据。",
            "Write http://HOST:8086/write?db=DB (v1; http://USER:PASSWORD@HOST… is possible) or http://HOST:8086/api/v2/write?org=ORG&bucket=BUCKET&token-file=FILE (v2). The collector was not started, nothing was changed."));
}
