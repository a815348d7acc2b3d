using SignalWatch.Contracts;

namespace SignalWatch.Hardware.Iq;

/// <summary>What people read when a receiver at this machine can't be used.</summary>
internal static class NativeTexts
{
    public static readonly Problem NoRtlSdrLibrary = new("rtl-sdr.no-library",
        new("没有安装 librtlsdr", "librtlsdr is not installed"),
        new($"本机的 RTL-SDR 接收机需要它；rtl_tcp 和录制文件不需要。请安装：apt-get install {Librtlsdr.Package}。", $"An RTL-SDR at this machine needs it; rtl_tcp and recordings do not. Install it: apt-get install {Librtlsdr.Package}."), 501);

    public static readonly Problem NoSoapyLibrary = new("soapy.no-library",
        new("没有安装 SoapySDR", "SoapySDR is not installed"),
        new($"Airspy、HackRF、LimeSDR、USRP 等接收机需要它及其驱动。请安装：apt-get install {LibSoapySdr.Package} soapysdr-module-all。", $"Airspy, HackRF, LimeSDR, USRP and others need it and their driver. Install it: apt-get install {LibSoapySdr.Package} soapysdr-module-all."), 501);

    public static Problem NoRtlSdr(string wanted, IReadOnlyList<RtlSdrDevice> there)
    {
        var list = there.Count == 0 ? new Text("没有", "none") : new Text(Join(there), Join(there));
        return new("rtl-sdr.no-device",
            new($"找不到 RTL-SDR 接收机 {wanted}", $"there is no RTL-SDR {wanted}"),
            new($"现有：{list.Zh}。没有收到任何样点。请检查 USB 连接（lsusb 应列出 0bda:2832 或 0bda:2838），虚拟机需透传 USB；读不到序列号时请安装 udev 规则 99-signalwatch-sdr.rules。",
                $"There are: {list.En}. Nothing was received. Check the USB plug (lsusb lists 0bda:2832 or 0bda:2838) and, in a virtual machine, that USB is passed through; where serials are empty, install the udev rule 99-signalwatch-sdr.rules."), 404);
    }

    public static Problem RtlSdrOpen(RtlSdrDevice device, int status) => new("rtl-sdr.open",
        new($"无法打开 RTL-SDR 接收机 {device.Index}（{device.Serial}）", $"the RTL-SDR {device.Index} ({device.Serial}) can't be opened"),
        status switch
        {
            Librtlsdr.AccessDenied => new Text("没有 USB 权限。请安装 udev 规则 99-signalwatch-sdr.rules，执行 udevadm control --reload 后重新插拔。没有收到任何样点。", "The rights to its USB device are missing. Install the udev rule 99-signalwatch-sdr.rules, run udevadm control --reload and plug it in again. Nothing was received."),
            Librtlsdr.Busy => new Text("它正被占用：另一个程序，或内核的电视驱动 dvb_usb_rtl28xxu。请结束该程序；或执行 rmmod dvb_usb_rtl28xxu，并把它加入 /etc/modprobe.d 的黑名单。没有收到任何样点。", "It is in use, by another program or by the kernel's television driver dvb_usb_rtl28xxu. End that program; or run rmmod dvb_usb_rtl28xxu and blacklist it in /etc/modprobe.d. Nothing was received."),
            _ => new Text($"librtlsdr 返回 {status}。请重新插拔接收机，并检查 USB 供电。没有收到任何样点。", $"librtlsdr says {status}. Plug it in again and check its power. Nothing was received."),
        }, 409);

    public static Problem RtlSdrSetting(string name, string what, int status) => new("rtl-sdr.setting",
        new($"RTL-SDR 接收机 {name} 拒绝了设置", $"the RTL-SDR {name} refused a setting"),
        new($"{what} 返回 {status}。该设置没有生效。请检查取值，或重新插拔接收机。", $"{what} returned {status}. The setting was not made. Check its value, or plug the receiver in again."));

    public static Problem RtlSdrSilent(string name, double seconds) => new("rtl-sdr.silent",
        new($"{name} 已 {seconds:0.#} 秒没有数据", $"{name} has given nothing for {seconds:0.#} s"),
        new("之前的样点已保留；任务会重新打开接收机。请检查 USB 连接和供电。", "What came before is kept; the watch opens the receiver again. Check its USB plug and power."), 502);

    public static Problem RtlSdrBroken(string name, int status) => new("rtl-sdr.broken",
        new($"{name} 停止了接收", $"{name} stopped"),
        new($"librtlsdr 返回 {status}，接收机可能被拔出。之前的样点已保留；任务会重新打开接收机。", $"librtlsdr says {status}: it was probably unplugged. What came before is kept; the watch opens the receiver again."), 502);

    public static Problem NoSoapy(string wanted, string reason, IReadOnlyList<string> there)
    {
        var list = there.Count == 0 ? new Text("没有", "none") : new Text(string.Join("；", there), string.Join("; ", there));
        return new("soapy.no-device",
            new($"SoapySDR 无法打开接收机 {wanted}", $"SoapySDR can't open the receiver {wanted}"),
            new($"原因：{reason}。现有：{list.Zh}。没有收到任何样点。请检查连接、USB 权限（udev 规则 99-signalwatch-sdr.rules）以及该型号的驱动包 soapysdr-module-*。",
                $"It says: {reason}. There are: {list.En}. Nothing was received. Check the plug, the rights (udev rule 99-signalwatch-sdr.rules) and that its driver soapysdr-module-* is installed."), 404);
    }

    public static Problem SoapySetting(string device, string what, string reason) => new("soapy.setting",
        new($"接收机 {device} 拒绝了设置 {what}", $"the receiver {device} refused the setting: {what}"),
        new($"原因：{reason}。该设置没有生效。请用 SoapySDRUtil --probe 查看它支持的取值。", $"It says: {reason}. The setting was not made. SoapySDRUtil --probe tells what it takes."));

    public static Problem SoapyStream(string device, string reason) => new("soapy.stream",
        new($"接收机 {device} 无法开始接收", $"the receiver {device} can't begin to receive"),
        new($"原因：{(reason.Length > 0 ? reason : "驱动没有接收流")}。没有收到任何样点。请检查通道号和格式（SoapySDRUtil --probe）。", $"It says: {(reason.Length > 0 ? reason : "the driver has no stream")}. Nothing was received. Check channel and format (SoapySDRUtil --probe)."));

    public static Problem SoapySilent(string name, double seconds) => new("soapy.silent",
        new($"{name} 已 {seconds:0.#} 秒没有数据", $"{name} has given nothing for {seconds:0.#} s"),
        new("之前的样点已保留；任务会重新打开接收机。请检查连接和供电。", "What came before is kept; the watch opens the receiver again. Check its plug and power."), 502);

    public static Problem SoapyBroken(string name, string reason) => new("soapy.broken",
        new($"{name} 停止了接收", $"{name} stopped"),
        new($"原因：{reason}。之前的样点已保留；任务会重新打开接收机。", $"It says: {reason}. What came before is kept; the watch opens the receiver again."), 502);

    private static string Join(IEnumerable<RtlSdrDevice> there) => string.Join("; ", there.Select(d => $"{d.Index} {d.Name} {d.Serial}"));
}
