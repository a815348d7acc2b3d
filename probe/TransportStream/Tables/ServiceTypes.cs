using SignalWatch.Contracts;

namespace SignalWatch.TransportStream;

/// <summary>service_type in words (EN 300 468 table 89).</summary>
public static class ServiceTypes
{
    /// <summary>What kind of service it is; a reserved or private type is named with its number.</summary>
    /// <param name="serviceType">service_type of a service_descriptor or service_list_descriptor, 0 to 255.</param>
    public static Text Name(int serviceType) => serviceType switch
    {
        0x01 => new("数字电视", "Digital television"),
        0x02 => new("数字音频广播", "Digital radio"),
        0x03 => new("图文电视", "Teletext"),
        0x04 => new("准视频点播参考业务", "NVOD reference"),
        0x05 => new("准视频点播时移业务", "NVOD time-shifted"),
        0x06 => new("马赛克", "Mosaic"),
        0x07 => new("调频广播", "FM radio"),
        0x08 => new("DVB 系统更新消息", "DVB SRM"),
        0x0A => new("高级编码数字音频广播", "Advanced codec digital radio"),
        0x0B => new("AVC 马赛克", "AVC mosaic"),
        0x0C => new("数据广播", "Data broadcast"),
        0x0D => new("公共接口专用", "Common interface"),
        0x0E => new("RCS 映射", "RCS map"),
        0x0F => new("RCS 前向链路信令", "RCS forward link signalling"),
        0x10 => new("DVB MHP", "DVB MHP"),
        0x11 => new("MPEG-2 高清电视", "MPEG-2 HD television"),
        0x16 => new("AVC 标清电视", "AVC SD television"),
        0x17 => new("AVC 标清准视频点播时移业务", "AVC SD NVOD time-shifted"),
        0x18 => new("AVC 标清准视频点播参考业务", "AVC SD NVOD reference"),
        0x19 => new("AVC 高清电视", "AVC HD television"),
        0x1A => new("AVC 高清准视频点播时移业务", "AVC HD NVOD time-shifted"),
        0x1B => new("AVC 高清准视频点播参考业务", "AVC HD NVOD reference"),
        0x1C => new("AVC 帧兼容立体高清电视", "AVC frame-compatible stereoscopic HD television"),
        0x1D => new("AVC 帧兼容立体高清准视频点播时移业务", "AVC frame-compatible stereoscopic HD NVOD time-shifted"),
        0x1E => new("AVC 帧兼容立体高清准视频点播参考业务", "AVC frame-compatible stereoscopic HD NVOD reference"),
        0x1F => new("HEVC 电视", "HEVC television"),
        0x20 => new("HEVC 超高清电视", "HEVC UHD television"),
        0x21 => new("VVC 电视", "VVC television"),
        0x22 => new("AVS3 电视", "AVS3 television"),
        >= 0x80 and <= 0xFE => new($"自定义业务 0x{serviceType:X2}", $"User defined 0x{serviceType:X2}"),
        _ => new($"保留 0x{serviceType:X2}", $"Reserved 0x{serviceType:X2}"),
    };
}
