using SignalWatch.Contracts;
using SignalWatch.TransportStream;

namespace SignalWatch.Probe.Analysis;

/// <summary>Words of the report.</summary>
internal static class ReportTexts
{
    public static readonly Text Bytes = new("字节", "bytes");
    public static readonly Text Packets = new("包", "packets");
    public static readonly Text InSync = new("同步", "in sync");
    public static readonly Text OutOfSync = new("失步", "out of sync");
    public static readonly Text NothingCame = new("没有收到包", "no packet came");
    public static readonly Text Network = new("网络", "network");
    public static readonly Text Times = new("时间基准：", "times: ");
    public static readonly Text Services = new("业务", "Services");
    public static readonly Text Components = new("组件", "Components");
    public static readonly Text Clocks = new("PCR", "Clocks");
    public static readonly Text Pids = new("PID", "PIDs");
    public static readonly Text Streams = new("找到的流", "Streams found");
    public static readonly Text Stream = new("流", "Stream");
    public static readonly Text InnerStream = new("T2-MI 内层流", "Stream inside T2-MI,");
    public static readonly Text Lost = new("丢失", "lost");
    public static readonly Text Template = new("与模板的差异", "Drift from the template");
    public static readonly Text NoDrift = new("与模板一致", "as the template has it");
    public static readonly Text Marks = new("转播痕迹", "Marks of retransmission");
    public static readonly Text MarksNote = new("括号内为权重；单项或总和都不是结论，合法前端也可能有同样的痕迹。", "Weights in brackets. Neither one nor their sum is a conclusion; a licensed head-end may have the same.");
    public static readonly Text Clips = new("录像", "Clips");
    public static readonly Text Warnings = new("提示", "Notes");
    public static readonly Text None = new("无", "none");
    public static readonly Text NoErrors = new("没有差错", "no errors");
    public static readonly Text Unmeasurable = new("不可测：", "not measurable: ");
    public static readonly Text Beyond = new("标准之外：", "beyond the standard: ");
    public static readonly Text Comma = new("，", ", ");
    public static readonly Text Standing = new("持续中", "standing");
    public static readonly Text Absent = new("缺失", "absent");
    public static readonly Text Scrambled = new("加扰", "scrambled");
    public static readonly Text Clear = new("清流", "clear");
    public static readonly Text SignalledClear = new("标示加扰，实为清流", "signalled, yet clear");
    public static readonly Text LooksScrambled = new("内容疑似加扰", "looks scrambled");

    public static readonly Text EndWithCtrlC = new("  按 Ctrl-C 结束并显示结果", "  Ctrl-C ends it and shows the result");
    public static readonly Text Clause = new("条款：", "clause: ");
    public static readonly Text Limit = new("限值：", "limit: ");
    public static readonly Text Meaning = new("含义：", "meaning: ");
    public static readonly Text Causes = new("可能原因：", "likely causes: ");
    public static readonly Text Evidence = new("应保存的证据：", "evidence to keep: ");

    public static readonly Text[] HelpColumns = [new("级", "P"), new("编号", "no."), new("名称", "name"), new("限值", "limit"), new("含义", "what")];

    public static readonly Text[] ServiceColumns =
        [new("业务", "id"), new("名称", "name"), new("提供商", "provider"), new("类型", "type"), new("PMT", "PMT"), new("PCR", "PCR"), new("码率", "rate"), new("加扰", "access"), new("CC", "CC"), new("可用率", "state")];

    public static readonly Text[] ComponentColumns =
        [new("业务", "service"), new("PID", "PID"), new("流类型", "type"), new("编码", "codec"), new("格式", "format"), new("语言", "language"), new("码率", "rate"), new("加扰", "access")];

    public static readonly Text[] CheckColumns =
        [new("级", "P"), new("编号", "no."), new("名称", "name"), new("含义", "what"), new("次数", "count"), new("首次 s", "first s"), new("末次 s", "last s"), new("差错秒", "error s"), new("状态", "state")];

    public static readonly Text[] ClockColumns =
        [new("PID", "PID"), new("个数", "count"), new("最大间隔 ms", "longest ms"), new("精度最大 ns", "AC max ns"), new("精度 99% ns", "AC 99% ns"), new("频偏 ppm", "FO ppm"), new("总抖动 ns", "OJ ns"), new("漂移 mHz/s", "DR mHz/s")];

    public static readonly Text[] PidColumns =
        [new("PID", "PID"), new("十六进制", "hex"), new("用途", "role"), new("业务", "services"), new("包数", "packets"), new("码率", "rate"), new("CC 差错", "CC errors"), new("重复", "duplicates"), new("TEI", "TEI"), new("加扰", "access")];

    public static readonly Text[] StreamColumns =
        [new("序号", "no."), new("源", "source"), new("目的", "destination"), new("协议", "protocol"), new("VLAN", "VLAN"), new("数据报", "datagrams"), new("码率", "rate"), new("丢失", "lost"), new("乱序", "reordered"), new("恢复", "recovered"), new("最大 DF ms", "DF max ms")];

    public static Text Kind(ComponentKind kind) => kind switch
    {
        ComponentKind.Video => new("视频", "video"),
        ComponentKind.Audio => new("音频", "audio"),
        ComponentKind.Subtitle => new("字幕", "subtitles"),
        ComponentKind.Teletext => new("图文电视", "teletext"),
        ComponentKind.SpliceCue => new("插播提示 SCTE 35", "SCTE 35"),
        ComponentKind.Application => new("应用信息 AIT", "AIT"),
        ComponentKind.Data => new("数据", "data"),
        ComponentKind.T2Mi => new("T2-MI", "T2-MI"),
        _ => new("未知", "unknown"),
    };

    public static Text Role(PidRole role) => role switch
    {
        PidRole.Unreferenced => new("未引用", "unreferenced"),
        PidRole.Tables => new("PSI/SI", "PSI/SI"),
        PidRole.ProgramMap => new("PMT", "PMT"),
        PidRole.Video => new("视频", "video"),
        PidRole.Audio => new("音频", "audio"),
        PidRole.Text => new("字幕/图文", "text"),
        PidRole.Data => new("数据", "data"),
        PidRole.Pcr => new("PCR", "PCR"),
        PidRole.Ecm => new("ECM", "ECM"),
        PidRole.Emm => new("EMM", "EMM"),
        PidRole.Null => new("空包", "null"),
        _ => throw new ArgumentOutOfRangeException(nameof(role)),
    };
}
