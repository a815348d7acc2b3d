using SignalWatch.Contracts;

namespace SignalWatch.Collector.Nodes;

/// <summary>What nodes say to people.</summary>
internal static class NodeTexts
{
    public static Problem BrokerWithoutStore() => new("nodes.no-store",
        new("--broker 需要 --store postgres://…", "--broker needs --store postgres://…"),
        new("多台机器须共用一个 PostgreSQL 数据库，采集器没有启动。请同时给出 --store。", "Several machines share one PostgreSQL database; the collector was not started. Give --store too."));

    public static Problem BrokerWithoutEvidence() => new("nodes.no-evidence",
        new("--broker 需要 --evidence 目录", "--broker needs --evidence FOLDER"),
        new("证据文件和签名密钥须放在各节点共用的存储上，否则接替的节点没有证据。采集器没有启动。",
            "Evidence and the keys that sign it belong on storage that all nodes share, or the next writer would be without them. The collector was not started."));

    public static Problem BadBroker() => new("nodes.broker-invalid",
        new("--broker 无法理解", "--broker is not understood"),
        new("写法是 amqp://用户:密码@主机:端口/虚拟主机（或 amqps://）。采集器没有启动。", "Write amqp://user:password@host:port/vhost (or amqps://). The collector was not started."));

    public static Problem BadAdvertise(string given) => new("nodes.advertise-invalid",
        new($"--advertise {given} 不是 http(s) 地址", $"--advertise {given} is not an http(s) address"),
        new("例如 http://10.0.0.5:5080：其他节点用它访问本节点。", "For example http://10.0.0.5:5080: where the other nodes reach this one."));

    public static Problem NotWriter() => new("nodes.not-writer",
        new("本节点不是写入节点", "This node is not the writer"),
        new("没有保存。写入节点正在更换，请按 Retry-After 重试。", "Nothing was stored. The writer is changing; try again after Retry-After."), 503);

    public static Problem WriterAway(string? name) => new("nodes.writer-away",
        new(name is null ? "目前没有写入节点" : $"无法访问写入节点 {name}", name is null ? "There is no writer now" : $"The writer {name} can't be reached"),
        new("操作没有完成。另一节点接替后（通常几秒内）请重试。", "The act was not done. Try again when another node has taken over, usually within seconds."), 503);

    public static Problem BrokerAway(string place) => new("nodes.broker-away",
        new($"无法连接消息服务器 {place}", $"The broker {place} can't be reached"),
        new("本批没有确认，探针会继续保留；恢复连接后自动继续。", "This batch was not acknowledged, the probe keeps it. The node connects again by itself."), 503);

    public static Problem NoReply(double seconds) => new("nodes.no-reply",
        new($"{seconds} 秒内没有得到写入节点的答复", $"The writer did not answer within {seconds} s"),
        new("本批没有确认，请按 Retry-After 重发；若已保存，会认出重复。", "This batch was not acknowledged; send it again after Retry-After. If it was stored, it is found to be a duplicate."), 503);

    public static Problem QueueFull() => new("ingest.busy",
        new("采集器正忙", "The collector is busy"),
        new("等待写入的批次太多。本批没有保存，请按 Retry-After 重发。", "Too many batches wait for the writer. This one was not stored; send it again after Retry-After."), 429);

    public static Problem StoreAway(string place, string why) => new("nodes.store-away",
        new($"读取数据库 {place} 失败", $"Reading the database {place} fails"),
        new($"墙上显示的是最后读到的内容（{why}）；恢复后自动跟上。", $"What is shown is what was read last ({why}); it catches up by itself."), 503);
}
