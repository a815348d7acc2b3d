using SignalWatch.Contracts;

namespace SignalWatch.Hardware.Ott;

/// <summary>What people read about servers of streaming channels.</summary>
internal static class Texts
{
    public static readonly Text TimedOut = new("服务器没有在限定时间内回答", "The server did not answer in time");
    public static readonly Text TooLong = new("播放列表过大，已停止读取", "The playlist is too long; reading was stopped");
    public static readonly Text BadUri = new("地址不是 http 或 https", "The address is neither http nor https");

    public static Text Http(int status) => new($"服务器返回 HTTP {status}", $"The server answers HTTP {status}");

    public static Text Unreachable(string system) => new($"无法连接服务器：{system}", $"The server can't be reached: {system}");
}
