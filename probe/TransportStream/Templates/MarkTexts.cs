using System.Globalization;
using SignalWatch.Contracts;

namespace SignalWatch.TransportStream;

/// <summary>Reasons of the marks of retransmission.</summary>
internal static class MarkTexts
{
    public static Text DefaultName(int service, string name) => new($"业务 {service} 的名称“{name}”是复用软件的缺省名称", $"service {service} is named “{name}”, as multiplexing software names one that nobody named");

    public static Text DefaultProvider(int service, string provider) => new($"业务 {service} 的提供商“{provider}”是复用软件的缺省值", $"the provider of service {service} is “{provider}”, which multiplexing software writes where nobody did");

    public static Text PrivateNetwork(int network) => new(
        string.Create(CultureInfo.InvariantCulture, $"原始网络标识 0x{network:X4} 属于私有临时范围（TS 101 162）"), string.Create(CultureInfo.InvariantCulture, $"original_network_id 0x{network:X4} is of the range for private temporary use (TS 101 162)"));

    public static readonly Text DefaultIds = new("传输流标识与原始网络标识均为 1，复用软件常见的缺省值", "transport_stream_id and original_network_id are both 1, a usual default of multiplexing software");

    public static Text DefaultPids(int service, string muxer, bool originalsGone) => originalsGone
        ? new($"业务 {service} 的 PID 为 {muxer} 的缺省值，模板中的 PID 全部消失", $"the PIDs of service {service} are the defaults of {muxer}, and none of the template's is left")
        : new($"业务 {service} 的 PID 为 {muxer} 的缺省值", $"the PIDs of service {service} are the defaults of {muxer}");

    public static readonly Text SdtWithoutNit = new("有 SDT 而没有 NIT：广播网络两者都有（EN 300 468 5.1.3）", "there is an SDT and no NIT: a broadcast network has both (EN 300 468 5.1.3)");

    public static readonly Text NoServiceInformation = new("既没有 SDT 也没有 NIT：不是 DVB 网络的完整复用", "there is neither SDT nor NIT: this is no complete multiplex of a DVB network");

    public static Text NitLeftOver(int network, int stream, int count) => new(
        string.Create(CultureInfo.InvariantCulture, $"NIT 列出 {count} 个传输流，其中没有本流（0x{network:X4}/0x{stream:X4}）：像是从别处带来的 NIT"),
        string.Create(CultureInfo.InvariantCulture, $"the NIT lists {count} transport streams, and this one (0x{network:X4}/0x{stream:X4}) is not among them: like a NIT that came from elsewhere"));

    public static Text SdtLeftOver(int described, int stream) => new(
        string.Create(CultureInfo.InvariantCulture, $"SDT 描述的是传输流 0x{described:X4}，而 PAT 为 0x{stream:X4}"), string.Create(CultureInfo.InvariantCulture, $"the SDT describes transport stream 0x{described:X4}, the PAT says 0x{stream:X4}"));

    public static Text Descrambled(int service) => new($"业务 {service} 标示为加扰，内容却是清流", $"service {service} is signalled as scrambled, yet it is in clear");

    public static Text SingleService(int expected) => new($"只有一个业务，模板有 {expected} 个", $"there is one service, where the template has {expected}");

    public static Text ClockOffset(double seconds) => new(
        string.Create(CultureInfo.InvariantCulture, $"TDT 与接收时钟相差 {seconds:F1} 秒"), string.Create(CultureInfo.InvariantCulture, $"the TDT differs by {seconds:F1} s from the receive clock"));
}
