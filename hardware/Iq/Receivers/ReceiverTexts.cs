using SignalWatch.Contracts;

namespace SignalWatch.Hardware.Iq;

/// <summary>What people read of receivers.</summary>
internal static class ReceiverTexts
{
    public static readonly Text Receiving = new("接收中", "receiving");

    public static Problem FrequencyRange(double hz, double min, double max) => new("receiver.frequency-range",
        new($"接收机无法调到 {hz / 1e6:F3} MHz", $"the receiver can't be tuned to {hz / 1e6:F3} MHz"),
        new($"该接收机的范围为 {min / 1e6:F0} 至 {max / 1e6:F0} MHz。频率未改变。请更正频率，或换用覆盖 87–108 MHz 的接收机。", $"Its range is {min / 1e6:F0} to {max / 1e6:F0} MHz. The frequency was not changed. Correct it, or use a receiver that covers 87 to 108 MHz."));

    public static Problem SampleRate(double hz) => new("receiver.sample-rate",
        new($"接收机不支持每秒 {hz:F0} 个样点", $"the receiver does not do {hz:F0} samples a second"),
        new("没有开始接收。RTL-SDR 支持 225,001–300,000 和 900,001–3,200,000；建议 2,400,000，以上可能丢失样点。", "Nothing was received. An RTL-SDR does 225,001 to 300,000 and 900,001 to 3,200,000; use 2,400,000: above it samples may be lost."));

    public static Problem RtlTcpUnreachable(string server, string reason) => new("rtl-tcp.unreachable",
        new($"无法连接 rtl_tcp 服务器 {server}", $"the rtl_tcp server {server} can't be reached"),
        new($"系统的回答：{reason}。没有收到任何样点。请检查地址、端口和防火墙，并确认 rtl_tcp 正在运行（rtl_tcp -a 0.0.0.0）。", $"The system says: {reason}. Nothing was received. Check address, port and firewall, and that rtl_tcp runs there (rtl_tcp -a 0.0.0.0)."), 502);

    public static Problem RtlTcpSilent(string server, double seconds) => new("rtl-tcp.silent",
        new($"rtl_tcp 服务器 {server} 在 {seconds:0.#} 秒内没有应答", $"the rtl_tcp server {server} said nothing within {seconds:0.#} s"),
        new("没有收到任何样点。rtl_tcp 同时只服务一个客户端：请检查是否有其他程序正在使用它，以及该端口上是否真是 rtl_tcp。", "Nothing was received. An rtl_tcp serves one client at a time: check whether another program uses it, and whether it is an rtl_tcp at all."), 502);

    public static Problem RtlTcpClosed(string server) => new("rtl-tcp.closed",
        new($"rtl_tcp 服务器 {server} 立即关闭了连接", $"the rtl_tcp server {server} closed the connection at once"),
        new("没有收到任何样点。可能另一个客户端正在使用它，或接收机已被拔出。请查看服务器上 rtl_tcp 的输出。", "Nothing was received. Another client may be using it, or its receiver was unplugged. See what rtl_tcp prints on the server."), 502);

    public static Problem NotRtlTcp(string server) => new("rtl-tcp.not-rtl-tcp",
        new($"{server} 不是 rtl_tcp 服务器", $"{server} is no rtl_tcp server"),
        new("连接后的前 4 个字节应为 RTL0。没有收到任何样点。请检查地址和端口。", "The first four bytes should be RTL0. Nothing was received. Check address and port."), 502);

    public static Problem RtlTcpIdle(string server, double seconds) => new("rtl-tcp.idle",
        new($"rtl_tcp 服务器 {server} 已 {seconds:0.#} 秒没有数据", $"the rtl_tcp server {server} has sent nothing for {seconds:0.#} s"),
        new("之前的样点已保留；正在重新连接。请检查服务器上的接收机和网络。", "What came before is kept; it is being connected anew. Check the receiver on the server, and the network."), 502);

    public static Problem RtlTcpBroken(string server, string reason) => new("rtl-tcp.broken",
        new($"与 rtl_tcp 服务器 {server} 的连接中断", $"the connection to the rtl_tcp server {server} broke off"),
        new($"系统的回答：{reason}。之前的样点已保留；正在重新连接。", $"The system says: {reason}. What came before is kept; it is being connected anew."), 502);

    public static Problem NoTestMode(string name) => new("rtl-tcp.no-test-mode",
        new($"{name} 没有进入测试模式", $"{name} did not go into its test mode"),
        new("无法测试丢失的样点；接收照常继续。该服务器可能不支持命令 07。", "Lost samples can't be tested for; reception goes on. The server may not know the command 07."), 501);

    public static Problem TestBroken(string name) => new("rtl-tcp.test-broken",
        new($"{name}：连接中断，丢失测试未完成", $"{name}: the connection is broken, the drop test did not finish"),
        new("接收会自动恢复。请在连接稳定后重新测试。", "Reception comes back by itself. Test again when the connection is stable."), 502);
}
