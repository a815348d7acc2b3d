using System.Globalization;
using SignalWatch.Contracts;

namespace SignalWatch.Hardware;

/// <summary>What people read when frames can't be captured.</summary>
internal static class CaptureTexts
{
    public static readonly Problem NoLibrary = new("capture.no-libpcap",
        new("没有安装 libpcap", "libpcap is not installed"),
        new($"抓取网卡和使用过滤表达式需要它；不带过滤表达式的抓包文件可以读取。请安装：apt-get install {Libpcap.Package}。",
            $"Capturing an interface and filter expressions need it; capture files without a filter can be read. Install it: apt-get install {Libpcap.Package}."), 501);

    public static Problem NoInterface(string name, IEnumerable<string> known)
    {
        var list = string.Join(", ", known);
        return new("capture.no-interface", new($"本机没有网卡 {name}", $"This machine has no interface {name}"),
            new($"现有网卡：{list}。没有抓取任何内容。请改用其中之一，或用 any 表示全部。", $"There are: {list}. Nothing was captured. Use one of them, or any for all."), 404);
    }

    public static Problem NoPermission(string name, string system) => new("capture.no-permission",
        new($"没有权限抓取网卡 {name}", $"No right to capture on {name}"),
        new($"系统的回答：{system}。没有抓取任何内容。请为程序授予 CAP_NET_RAW（systemd：AmbientCapabilities=CAP_NET_RAW），或以 root 运行。",
            $"The system says: {system}. Nothing was captured. Give the program CAP_NET_RAW (systemd: AmbientCapabilities=CAP_NET_RAW), or run it as root."), 403);

    public static Problem Down(string name) => new("capture.interface-down",
        new($"网卡 {name} 未启用", $"The interface {name} is down"),
        new($"没有抓取任何内容。请启用：ip link set {name} up，并检查线缆。", $"Nothing was captured. Bring it up: ip link set {name} up, and check the cable."), 409);

    public static Problem Failed(string name, string system) => new("capture.failed",
        new($"无法抓取网卡 {name}", $"{name} can't be captured"),
        new($"系统的回答：{system}。没有抓取任何内容。请检查网卡、缓冲区大小和权限。", $"The system says: {system}. Nothing was captured. Check the interface, the size of the buffer and the rights."));

    public static Problem Broken(string name, string system) => new("capture.broken",
        new($"抓取中断：{name}", $"The capture of {name} broke off"),
        new($"系统的回答：{system}。之前抓到的都已保留；任务会重新打开网卡。", $"The system says: {system}. What came before is kept; the watch opens the interface again."));

    public static Problem BadFilter(string expression, string system) => new("capture.bad-filter",
        new($"过滤表达式无效：{expression}", $"Not a usable filter: {expression}"),
        new($"libpcap 的回答：{system}。没有抓取任何内容。写法见 pcap-filter(7)，例如 udp and dst net 239.0.0.0/8。",
            $"libpcap says: {system}. Nothing was captured. pcap-filter(7) has the syntax, for example udp and dst net 239.0.0.0/8."));

    public static Problem Missing(string path) => new("capture-file.missing",
        new($"找不到抓包文件：{path}", $"There is no capture file {path}"),
        new("没有读取任何内容。请检查路径和文件名。", "Nothing was read. Check the path and the name."), 404);

    public static Problem Unreadable(string path, string system) => new("capture-file.unreadable",
        new($"无法读取抓包文件：{path}", $"The capture file {path} can't be read"),
        new($"系统的回答：{system}。之前读到的都已保留。请检查权限和磁盘。", $"The system says: {system}. What was read before is kept. Check the permissions and the disk."));

    public static Problem NotCapture(string path) => new("capture-file.not-a-capture",
        new($"不是抓包文件：{path}", $"{path} is not a capture file"),
        new("文件开头既不是 pcap 也不是 pcapng 的标志。没有读取任何内容。请使用 tcpdump 或 Wireshark 保存的 .pcap 或 .pcapng 文件；压缩文件请先解压。",
            "It begins with the mark of neither pcap nor pcapng. Nothing was read. Use a .pcap or .pcapng file as tcpdump and Wireshark write them; decompress a compressed one first."));

    public static Problem Truncated(string path, long offset, long frames) => new("capture-file.truncated",
        new($"抓包文件不完整：{path}", $"{path} ends within a record"),
        new(string.Create(CultureInfo.InvariantCulture, $"在字节偏移 {offset} 处的记录被截断，之前的 {frames} 帧都已保留。如果需要完整内容，请重新复制该文件。"),
            string.Create(CultureInfo.InvariantCulture, $"The record at byte {offset} is cut off; the {frames} frames before it are kept. If all is needed, copy the file again.")));

    public static Problem Corrupt(string path, long offset, long frames) => new("capture-file.corrupt",
        new($"抓包文件损坏：{path}", $"{path} is corrupt"),
        new(string.Create(CultureInfo.InvariantCulture, $"字节偏移 {offset} 处的记录长度不可能，其后无法读取；之前的 {frames} 帧都已保留。请重新复制或重新抓取。"),
            string.Create(CultureInfo.InvariantCulture, $"The record at byte {offset} has an impossible length, so what follows can't be read; the {frames} frames before it are kept. Copy the file or capture again.")));
}
