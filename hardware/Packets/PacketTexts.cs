using System.Globalization;
using SignalWatch.Contracts;

namespace SignalWatch.Hardware;

/// <summary>What people read when packets can't be had.</summary>
internal static class PacketTexts
{
    public static Problem BadAddress(string address, Text reason) => new("udp.bad-address",
        new($"网络地址无效：{address}", $"Not a usable network address: {address}"),
        new($"{reason.Zh}。格式：udp://[@]地址:端口 或 udp://源地址@组地址:端口，可加 ?iface=网卡、&source=源地址、&buffer=MiB，例如 udp://239.1.1.1:5000、udp://10.0.0.5@232.1.1.1:5000?iface=eth0、udp://[ff15::1]:5000?iface=eth0。",
            $"{reason.En}. Write udp://[@]HOST:PORT or udp://SOURCE@GROUP:PORT, with ?iface=INTERFACE, &source=ADDRESS, &buffer=MiB where wanted, for example udp://239.1.1.1:5000, udp://10.0.0.5@232.1.1.1:5000?iface=eth0, udp://[ff15::1]:5000?iface=eth0."));

    public static Problem PortBusy(string address) => new("udp.port-busy",
        new($"端口被占用：{address}", $"The port is in use: {address}"),
        new("另一个程序正在接收该地址。没有数据丢失。请停止那个程序，或为本任务换一个端口；可用 ss -lunp 查看占用者。",
            "Another program receives on it. Nothing was lost. Stop that program or give this watch another port; ss -lunp shows who has it."), 409);

    public static Problem NoAccess(string address, string system) => new("udp.failed",
        new($"无法使用网络地址：{address}", $"The network address can't be used: {address}"),
        new($"系统的回答：{system}。请检查网卡名、地址是否属于本机、组播路由和权限。",
            $"The system says: {system}. Check the interface's name, whether the address is this machine's, the multicast route and the permissions."));

    public static Problem Broken(string address, string system) => new("udp.broken",
        new($"接收中断：{address}", $"Reception broke off: {address}"),
        new($"系统的回答：{system}。之前收到的都已保留；任务会重新打开该地址。", $"The system says: {system}. What came before is kept; the watch opens the address again."));

    public static Problem Missing(string path) => new("ts-file.missing",
        new($"找不到传输流文件：{path}", $"There is no transport stream file {path}"),
        new("没有播放任何内容。请检查路径和文件名。", "Nothing was played. Check the path and the name."), 404);

    public static Problem Unreadable(string path, string system) => new("ts-file.unreadable",
        new($"无法读取传输流文件：{path}", $"The transport stream file {path} can't be read"),
        new($"系统的回答：{system}。请检查权限和磁盘。", $"The system says: {system}. Check the permissions and the disk."));

    public static Problem Empty(string path) => new("ts-file.empty",
        new($"传输流文件是空的：{path}", $"The transport stream file {path} is empty"),
        new("没有播放任何内容。请重新复制该文件。", "Nothing was played. Copy the file again."));

    public static Problem NotTransportStream(string path) => new("ts-file.not-a-transport-stream",
        new($"不是传输流文件：{path}", $"{path} is not a transport stream"),
        new("在文件开头没有找到连续五个间隔 188、192 或 204 字节的同步字节 0x47。没有播放任何内容。请检查是否选对了文件：.ts、.m2ts 或 .mts；.mp4、.mkv 和抓包文件（pcap:）不是传输流文件。",
            "No five sync bytes 0x47 at a distance of 188, 192 or 204 bytes were found at its beginning. Nothing was played. Check that it is the right file: .ts, .m2ts or .mts; .mp4 and .mkv are none, and a capture is read as pcap:FILE."));

    public static Problem NoClock(string path) => new("ts-file.no-pcr",
        new($"文件中没有可用的 PCR，不知道播放速度：{path}", $"{path} has no usable PCR, so its bit rate is not known"),
        new("没有播放任何内容。请给出码率（b/s）。", "Nothing was played. Give the bit rate in b/s."));

    public static Problem Truncated(string path, long packets, long rest) => new("ts-file.truncated",
        new($"文件末尾不完整：{path}", $"{path} ends within a packet"),
        new(string.Create(CultureInfo.InvariantCulture, $"保留 {packets} 个完整的包，末尾 {rest} 字节被忽略。如果需要完整内容，请重新复制该文件。"),
            string.Create(CultureInfo.InvariantCulture, $"{packets} whole packets are kept, the last {rest} bytes are ignored. If all is needed, copy the file again.")));

    public static Problem Skipped(string path, long bytes) => new("ts-file.leading-bytes",
        new($"文件不是从包的边界开始：{path}", $"{path} does not begin at a packet"),
        new(string.Create(CultureInfo.InvariantCulture, $"开头的 {bytes} 字节被跳过，其余全部保留。"), string.Create(CultureInfo.InvariantCulture, $"The first {bytes} bytes are skipped, all else is kept.")));

    public static readonly Text NoScheme = new("地址应以 udp:// 或 rtp:// 开头", "It has to begin with udp:// or rtp://");
    public static readonly Text NoPort = new("端口应为 1 到 65535", "It needs a port from 1 to 65535");
    public static readonly Text NoHost = new("主机既不是 IP 地址，也不能解析", "The host is no IP address, and its name can't be resolved");
    public static readonly Text UnknownOption = new("只认识选项 iface、source 和 buffer", "The only options are iface, source and buffer");
    public static readonly Text BadSource = new("源地址应为与组地址同一版本的单播 IP 地址", "A source has to be a unicast IP address of the group's version");
    public static readonly Text SourceWithoutGroup = new("只有组播才能指定源地址", "A source can be given for a group only");
    public static readonly Text BadBuffer = new("buffer 应为 1 到 1024（MiB）", "buffer has to be 1 to 1024 (MiB)");
    public static readonly Text NoInterface = new("本机没有这块网卡", "This machine has no such interface");
    public static readonly Text NoDestination = new("发送需要一个具体的目的地址", "A destination needs a host");
}
