using static SignalWatch.Contracts.FactDefinition;

namespace SignalWatch.Contracts;

/// <summary>What is said of audio-visual services on the Internet, and of devices for them.</summary>
public static class OttVocabulary
{
    /// <summary>A service as the register and the probes know it, every 10 min.</summary>
    public static readonly ObservationKind Service = new("ott.service", SubjectKind.Ott, new("视听服务", "audio-visual service"),
    [
        Text("name", "服务名", "name"),
        Text("operator", "主体", "operator"),
        Flag("licensed", "在许可登记中", "in the register of licences"),
        Number("licence_days_left", "d", "许可证剩余天数", "days until the licence expires"),
        Flag("live", "提供直播", "streams live"),
        Flag("live_category", "许可含直播类别", "licensed for live streaming"),
        Number("probes_reached", "", "可访问的探针数", "probes that reached it"),
        Number("probes_asked", "", "访问的探针数", "probes that tried"),
        Flag("ipv6_address", "有 AAAA 记录", "has an AAAA record"),
        Flag("ipv6_reachable", "IPv6 可达", "reachable by IPv6"),
    ]);

    /// <summary>A stream compared with the known television channels, every 10 s.</summary>
    public static readonly ObservationKind Match = new("ott.match", SubjectKind.Ott, new("直播流比对", "stream against known channels"),
    [
        Text("name", "流", "stream"),
        Flag("live", "直播清单（无 ENDLIST）", "live manifest, without ENDLIST"),
        Flag("advancing", "分段在推进", "segments advance"),
        Flag("matched", "与已知电视频道一致", "is a known television channel"),
        Text("channel", "一致的频道", "that channel"),
        Flag("approved", "在批准名单内", "on the approved list"),
    ]);

    /// <summary>A device for Internet television, at each test and every 10 s of its traffic.</summary>
    public static readonly ObservationKind Terminal = new("ott.terminal", SubjectKind.Ott, new("互联网电视终端", "Internet television device"),
    [
        Text("model", "型号", "model"),
        Text("platform", "绑定的集成平台", "integration platform that it is bound to"),
        Number("foreign_traffic_s", "s", "访问平台以外视听主机的时长", "traffic to video hosts outside of that platform for"),
        Text("foreign_hosts", "平台以外的主机", "those hosts"),
        Flag("usb_install", "可由 USB 安装应用", "installs from USB"),
        Flag("browser", "有网页浏览器", "has a browser"),
        Flag("aggregator_app", "商店有聚合应用", "an aggregator in its store"),
        Flag("cast_play", "可由手机投屏播放", "plays what a telephone casts"),
        Number("unapproved_apps", "", "未批准的应用数", "applications that are not approved"),
        Text("unapproved_names", "未批准的应用", "those applications"),
    ]);

    internal static IEnumerable<ObservationKind> All => [Service, Match, Terminal];
}
