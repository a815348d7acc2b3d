using SignalWatch.Contracts;

namespace SignalWatch.Collector.Outbox;

/// <summary>What is said about messages that go out.</summary>
internal static class OutboxTexts
{
    public static Problem BadSettings(string file, string why) => new("outbox.bad-settings",
        new($"{file} 有误：{why}", $"{file} is not valid: {why}"),
        new("采集器没有启动，没有改动任何数据。请改正后再启动。", "The collector was not started, nothing was changed. Correct it and start again."));

    public static Problem NoSuchTarget(string name) => new("outbox.no-such-target",
        new($"没有外发目标 {name}", $"There is no target {name}"), new("目标列表见 /api/v1/outbox。", "The targets: /api/v1/outbox."), 404);
}
