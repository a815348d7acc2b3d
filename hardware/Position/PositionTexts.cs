using SignalWatch.Contracts;

namespace SignalWatch.Hardware.Position;

/// <summary>What people read of the position.</summary>
internal static class PositionTexts
{
    public static readonly Text Connecting = new("正在连接 gpsd", "connecting to gpsd");
    public static readonly Text Waiting = new("已连接 gpsd，等待定位", "connected to gpsd, waiting for a position");
    public static readonly Text Receiving = new("定位正常", "position known");
    public static readonly Text NoFix = new("接收机没有定位：请检查卫星天线", "the receiver has no fix: check its antenna");

    public static Text Stale(TimeSpan age) => new($"定位已过期：{age.TotalSeconds:F0} 秒没有更新", $"the position is stale: no report for {age.TotalSeconds:F0} s");

    public static Text Away(string server, string reason) =>
        new($"gpsd {server} 不可用（{reason}）：没有新的定位，将自动重连。请检查 systemctl status gpsd", $"gpsd at {server} is away ({reason}): no new positions, it is tried again. See systemctl status gpsd");
}
