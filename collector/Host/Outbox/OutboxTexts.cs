using SignalWatch.Contracts;

namespace SignalWatch.Collector.Outbox;

/// <summary>What is said about messages that go out.</summary>
internal static class OutboxTexts
{
    public static Problem BadSettings(string file, string why) => new("outbox.bad-settings",
        new($"{file} 有误：{why}", $"{file} is not valid: {why}"),
        new("采集器没有启动，没有改动任何数据。请改正后再启动。", "The collector was not started, nothing was changed. Correct it and start again."));

    /// <summary>What a message tells.</summary>
    public static Text Change(OutboxChange change) => change switch
    {
        OutboxChange.Raise => new("告警", "Alarm"),
        OutboxChange.Update => new("告警更新", "Alarm updated"),
        _ => new("告警解除", "Alarm over"),
    };

    /// <summary>In front of what is not real; empty for what is.</summary>
    public static string Drill(Origin origin) => origin switch
    {
        Origin.Live => "",
        Origin.Simulated => "【演练 DRILL】",
        _ => "【回放 REPLAY】",
    };

    public static Problem NoSuchTarget(string name) => new("outbox.no-such-target",
        new($"没有外发目标 {name}", $"There is no target {name}"), new("目标列表见 /api/v1/outbox。", "The targets: /api/v1/outbox."), 404);
}
