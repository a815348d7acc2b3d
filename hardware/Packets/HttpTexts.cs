using SignalWatch.Contracts;

namespace SignalWatch.Hardware;

/// <summary>What people read when a transport stream can't be had over HTTP.</summary>
internal static class HttpTexts
{
    public static Problem BadAddress(string address) => new("http-ts.bad-address",
        new($"网络地址无效：{address}", $"Not a usable address: {address}"),
        new("没有请求任何内容。格式：http://主机[:端口]/路径 或 https://…。", "Nothing was requested. Write http://HOST[:PORT]/PATH or https://…."));

    public static Problem Unreachable(string address, string system) => new("http-ts.unreachable",
        new($"无法连接：{address}", $"{address} can't be reached"),
        new($"系统的回答：{system}。没有收到任何内容；任务会再次尝试。请检查主机名、端口、证书和防火墙。", $"The system says: {system}. Nothing was received; the watch tries again. Check the host's name, the port, the certificate and the firewall."), 502);

    public static Problem Late(string address, double seconds) => new("http-ts.timed-out",
        new($"没有应答：{address}", $"{address} does not answer"),
        new($"{seconds:0} 秒内没有应答。没有收到任何内容；任务会再次尝试。请检查服务器是否在线。", $"No answer within {seconds:0} s. Nothing was received; the watch tries again. Check whether the server is up."), 504);

    public static Problem Refused(string address, int status) => new("http-ts.refused",
        new($"服务器拒绝（HTTP {status}）：{address}", $"The server refuses (HTTP {status}): {address}"),
        new("没有收到任何内容。请检查路径、用户权限，以及该频道是否仍在发布。", "Nothing was received. Check the path, the access rights, and whether the channel is still published."), 502);

    public static Problem ElsewhereRedirect(string address, string target) => new("http-ts.redirected",
        new($"被重定向到另一台主机：{address}", $"Redirected to another host: {address}"),
        new($"目标：{target}。没有跟随，也没有收到任何内容。如果可信，请直接使用该地址，或允许跨主机重定向。", $"To {target}. It was not followed, and nothing was received. If it can be trusted, use that address, or allow redirects to other hosts."), 502);

    public static Problem RedirectLoop(string address) => new("http-ts.redirect-loop",
        new($"重定向过多：{address}", $"Too many redirects: {address}"),
        new("没有收到任何内容。请检查服务器配置。", "Nothing was received. Check how the server is set up."), 502);

    public static Problem NotTransportStream(string address, string type) => new("http-ts.not-a-transport-stream",
        new($"不是传输流：{address}", $"{address} is not a transport stream"),
        new($"服务器发送的是 {type}，其中没有连续的同步字节 0x47。没有分析任何内容。HLS（.m3u8）和 DASH（.mpd）请用 OTT 任务；网页请改用其中的流地址。",
            $"The server sends {type}, without sync bytes 0x47 in a row. Nothing was analysed. HLS (.m3u8) and DASH (.mpd) are for an OTT watch; of a web page use the stream's own address."), 415);

    public static Problem Broken(string address, string system) => new("http-ts.broken",
        new($"接收中断：{address}", $"Reception broke off: {address}"),
        new($"系统的回答：{system}。之前收到的都已保留；任务会重新连接。", $"The system says: {system}. What came before is kept; the watch connects again."), 502);

    public static Problem Stalled(string address, double seconds) => new("http-ts.stalled",
        new($"不再有数据：{address}", $"No more data: {address}"),
        new($"连接仍在，但 {seconds:0} 秒没有数据。之前收到的都已保留；任务会重新连接。", $"The connection stands, but nothing came for {seconds:0} s. What came before is kept; the watch connects again."), 504);
}
