using System.Globalization;
using SignalWatch.Contracts;
using SignalWatch.Probe.Analysis;

namespace SignalWatch.Probe;

/// <summary>What people read of <c>probe ts</c>.</summary>
internal static class TsTexts
{
    public static readonly Text Description = new(
        """
        分析一路传输流或一个抓包里的全部传输流：业务、组件、PID、TR 101 290 三级检查、PCR 与码率。

        示例：
          probe ts recording.ts                                读一个文件，打印报告（188、192、204 字节的包）
          probe ts recording.ts --json > result.json           同样的内容，一个 JSON 文档
          probe ts recording.ts --events                       逐条事件（NDJSON）
          probe ts udp://239.1.1.1:5000?iface=eth0 --duration 60
          probe ts pcap:tap.pcapng --stream 2                  抓包中的第 2 路
          probe ts pcap:tap.pcapng --extract 2 -o two.ts       写出该路（FEC 恢复、重新排序之后）
          probe ts live:eth1 --filter "udp and net 239.0.0.0/8"
          probe ts recording.ts --make-template mux.json       生成模板
          probe ts recording.ts --template mux.json            与模板比较
          probe ts --explain 2.3.a                             某项检查的含义
        """,
        """
        Analyses a transport stream, or all of a capture: services, components, PIDs, TR 101 290 priorities 1 to 3, PCR and rates.

        Examples:
          probe ts recording.ts                                reads a file and prints a report (packets of 188, 192 or 204 bytes)
          probe ts recording.ts --json > result.json           the same as one JSON document
          probe ts recording.ts --events                       each occurrence (NDJSON)
          probe ts udp://239.1.1.1:5000?iface=eth0 --duration 60
          probe ts pcap:tap.pcapng --stream 2                  the second stream of a capture
          probe ts pcap:tap.pcapng --extract 2 -o two.ts       writes that stream (after FEC and reordering)
          probe ts live:eth1 --filter "udp and net 239.0.0.0/8"
          probe ts recording.ts --make-template mux.json       makes a template
          probe ts recording.ts --template mux.json            compares with it
          probe ts --explain 2.3.a                             what a check means
        """);

    public static readonly Text SourceOption = new("文件、-（标准输入）、udp://、rtp://、http://、pcap:文件 或 live:网卡", "a file, - (standard input), udp://, rtp://, http://, pcap:FILE or live:INTERFACE");
    public static readonly Text JsonOption = new("打印一个 JSON 文档", "prints one JSON document");
    public static readonly Text EventsOption = new("逐行打印事件（NDJSON）", "prints each occurrence as a line of JSON (NDJSON)");
    public static readonly Text ProfileOption = new("TR 101 290 的版本；1.3 的 PCR 间隔限值为 40 ms（缺省 1.4.1）", "edition of TR 101 290; 1.3 limits the PCR interval to 40 ms (1.4.1 unless told)");
    public static readonly Text CharsetOption = new("没有字符集标识的文本的编码（缺省 gb18030）", "what texts without a character table are written in (gb18030 unless told)");
    public static readonly Text BitrateOption = new("文件的码率（b/s），用于没有 PCR 的文件", "bit rate of a file, b/s, for files without PCR");
    public static readonly Text StreamOption = new("抓包中的一路：序号或 地址:端口", "one stream of a capture: its number or ADDRESS:PORT");
    public static readonly Text FilterOption = new("抓包过滤器（BPF 语法）", "capture filter, in BPF syntax");
    public static readonly Text DurationOption = new("分析这么多秒后结束", "ends after so many seconds");
    public static readonly Text TablesOption = new("打印全部 PSI/SI 表：xml（缺省）或 json", "prints every PSI/SI table: xml (unless told) or json");
    public static readonly Text ExtractOption = new("把抓包中的第 N 路写成 TS 文件", "writes stream N of a capture as a TS file");
    public static readonly Text OutputOption = new("--extract 的文件", "file of --extract");
    public static readonly Text ForceOption = new("覆盖已有的文件", "overwrites a file that is there");
    public static readonly Text TemplateOption = new("与该模板比较", "compares with this template");
    public static readonly Text MakeTemplateOption = new("把所见写成模板", "writes what is seen as a template");
    public static readonly Text RecordOption = new("告警前后各 20 秒录到该目录", "records 20 s before and after alarms into this folder");
    public static readonly Text ExplainOption = new("解释一项检查，例如 2.3.a；all 为全部", "explains a check, such as 2.3.a; all for the whole catalogue");
    public static readonly Text FailOnOption = new("有该级或更高级别的差错时以 3 退出", "exits with 3 where an error of this priority or a higher one occurred");

    public static readonly Problem NoSource = new("usage.source",
        new("没有指定分析什么。", "There is nothing to analyse."), new("请给出文件或地址；用 --help 查看示例。", "Name a file or an address; --help shows examples."));

    public static Problem Conflict(string one, string other) => new("usage.conflict",
        new($"{one} 和 {other} 不能同时使用。", $"{one} and {other} exclude each other."), new("没有分析。请选择其一。", "Nothing was analysed. Choose one."));

    public static Problem Needs(string option, string needed) => new("usage.needs",
        new($"{option} 需要 {needed}。", $"{option} needs {needed}."), new("没有分析。", "Nothing was analysed."));

    public static Problem OnlyForCaptures(string option) => new("usage.capture",
        new($"{option} 只用于抓包：pcap:文件 或 live:网卡。", $"{option} is for captures: pcap:FILE or live:INTERFACE."), new("没有分析。", "Nothing was analysed."));

    public static Problem BadNumber(string option, string text) => new("usage.number",
        new($"{option} 应为正数，而不是“{text}”。", $"{option} takes a positive number, not “{text}”."), new("没有分析。", "Nothing was analysed."));

    public static Problem UnknownCheck(string id) => new("usage.check",
        new($"没有检查项“{id}”。", $"There is no check “{id}”."), new("用 --explain all 查看全部。", "--explain all shows them all."));

    public static Problem Missing(string file) => new("ts.missing",
        new($"找不到文件 {file}。", $"There is no file {file}."), new("没有分析。请检查路径和文件名。", "Nothing was analysed. Check the path and the name."), 404);

    public static Problem Folder(string path) => new("ts.folder",
        new($"{path} 是文件夹，不是文件。", $"{path} is a folder, not a file."), new("没有分析。请写出其中一个文件。", "Nothing was analysed. Name one of the files in it."));

    public static Problem Unreadable(string file, string why) => new("ts.unreadable",
        new($"无法读取 {file}：{why}", $"{file} can't be read: {why}"), new("没有分析。请检查权限和磁盘。", "Nothing was analysed. Check the permissions and the disk."));

    public static Problem Empty(string file) => new("ts.empty",
        new($"文件是空的：{file}", $"{file} is empty."), new("没有分析。请重新复制该文件。", "Nothing was analysed. Copy the file again."));

    public static Problem NotTransportStream(string file, long bytes) => new("ts.no-transport-stream",
        new($"{file} 中没有传输流。", $"There is no transport stream in {file}."),
        new(string.Create(CultureInfo.InvariantCulture, $"在 {bytes:N0} 字节中没有找到连续的同步字节 0x47（包长 188、192 或 204 字节）。抓包文件请写 pcap:文件。"),
            string.Create(CultureInfo.InvariantCulture, $"In {bytes:N0} bytes no run of sync bytes 0x47 was found (packets of 188, 192 or 204 bytes). For a capture write pcap:FILE.")));

    public static Problem BrokeOff(string file, long bytes, string why) => new("ts.broke-off",
        new($"读取 {file} 时中断：{why}", $"Reading {file} broke off: {why}"),
        new(string.Create(CultureInfo.InvariantCulture, $"前 {bytes:N0} 字节已分析，结果如下。请检查磁盘。"), string.Create(CultureInfo.InvariantCulture, $"The first {bytes:N0} bytes were analysed, the result is of them. Check the disk.")));

    public static Problem NoPacketArrived(string source, double seconds) => new("ts.silence",
        new($"{source} 没有收到传输流。", $"No transport stream came from {source}."),
        new(string.Create(CultureInfo.InvariantCulture, $"等待了 {seconds:F1} 秒。请检查地址、网卡和组播路由。"), string.Create(CultureInfo.InvariantCulture, $"It was waited for {seconds:F1} s. Check the address, the interface and the multicast route.")));

    public static Problem NoClock(double assumed) => new("ts.no-pcr",
        new("文件中没有可用的 PCR，不知道码率。", "The file has no usable PCR, so its bit rate is not known."),
        new(string.Create(CultureInfo.InvariantCulture, $"计数有效；时间、码率和与时间有关的检查为空（内部按 {assumed / 1e6:F0} Mb/s 假定）。请用 --bitrate 给出码率。"),
            string.Create(CultureInfo.InvariantCulture, $"Counts hold; times, rates and checks that depend on time are null ({assumed / 1e6:F0} Mb/s are assumed inside). Give the rate with --bitrate.")));

    public static Problem Torn(long rest) => new("ts.torn-end",
        new("文件末尾不是完整的包。", "The file ends within a packet."),
        new(string.Create(CultureInfo.InvariantCulture, $"最后 {rest} 字节未计入。"), string.Create(CultureInfo.InvariantCulture, $"The last {rest} bytes are not counted.")));

    public static Problem Skipped(long bytes) => new("ts.skipped-bytes",
        new("有不属于任何包的字节。", "Some bytes belong to no packet."),
        new(string.Create(CultureInfo.InvariantCulture, $"跳过 {bytes:N0} 字节，其余全部分析。"), string.Create(CultureInfo.InvariantCulture, $"{bytes:N0} bytes were skipped, all else was analysed.")));

    public static Problem DroppedHere(long datagrams) => new("ts.dropped-here",
        new(string.Create(CultureInfo.InvariantCulture, $"本机丢弃了 {datagrams:N0} 个数据报。"), string.Create(CultureInfo.InvariantCulture, $"This machine dropped {datagrams:N0} datagrams.")),
        new("此时的连续计数差错可能是本机造成的，不能算作播出方的差错。请减小负载或增大接收缓冲。", "Continuity errors at that time may be our own and can't be held against the broadcaster. Lower the load or enlarge the receive buffer."));

    public static Problem Interrupted(double seconds) => new("ts.interrupted",
        new("分析被中断。", "The analysis was interrupted."),
        new(string.Create(CultureInfo.InvariantCulture, $"结果为前 {seconds:F1} 秒。"), string.Create(CultureInfo.InvariantCulture, $"The result is of the first {seconds:F1} s.")));

    public static Problem NoSuchStream(string written, int streams) => new("ts.no-such-stream",
        new($"抓包中没有流“{written}”。", $"There is no stream “{written}” in the capture."),
        new($"找到 {streams} 路传输流；不带 --stream 时全部列出。没有写任何文件。", $"{streams} transport streams were found; without --stream all are listed. No file was written."));

    public static Problem NoStreams(string source, long frames) => new("ts.no-streams",
        new($"{source} 中没有找到传输流。", $"No transport stream was found in {source}."),
        new(string.Create(CultureInfo.InvariantCulture, $"看了 {frames:N0} 帧。请检查过滤器、网卡，以及抓包时是否截短了帧。"), string.Create(CultureInfo.InvariantCulture, $"{frames:N0} frames were looked at. Check the filter, the interface, and whether frames were cut when captured.")));

    public static Problem CutFrames(long frames) => new("ts.cut-frames",
        new(string.Create(CultureInfo.InvariantCulture, $"{frames:N0} 个数据报在抓包时被截短，没有分析。"), string.Create(CultureInfo.InvariantCulture, $"{frames:N0} datagrams were cut when they were captured, and not analysed.")),
        new("由此造成的连续计数差错不能算作播出方的差错。抓包时请不要限制帧长（snap length）。", "Continuity errors that follow from it can't be held against the broadcaster. Capture without a snap length."));

    public static Problem LostOnTheWay(long datagrams) => new("ts.lost-on-the-way",
        new(string.Create(CultureInfo.InvariantCulture, $"网络上丢失了 {datagrams:N0} 个 RTP 数据报（纠错之后）。"), string.Create(CultureInfo.InvariantCulture, $"{datagrams:N0} RTP datagrams were lost on the network, after all repair.")),
        new("此时的连续计数和表间隔差错是其后果，是网络的一个事件，不能算作复用的差错。", "Continuity and interval errors at those times follow from it: one event of the network, not faults of the multiplex."));

    public static Problem BadStream(string text) => new("usage.stream",
        new($"--stream 应为序号或 地址:端口，而不是“{text}”。", $"--stream takes a number or ADDRESS:PORT, not “{text}”."), new("没有分析。", "Nothing was analysed."));

    public static Problem ClipFailed(string file, string why) => new("clip.failed",
        new($"录像 {file} 没有写成：{why}", $"The clip {file} could not be written: {why}"),
        new("分析继续，其他录像不受影响。请检查磁盘空间和权限。", "The analysis goes on, other clips are not touched. Check disk space and permissions."));

    public static Problem ClipsSuppressed(long occurrences) => new("clip.suppressed",
        new(string.Create(CultureInfo.InvariantCulture, $"{occurrences} 次差错没有另外录像。"), string.Create(CultureInfo.InvariantCulture, $"{occurrences} occurrences started no clip of their own.")),
        new("同一检查一分钟内只开始一段录像；差错全部计数。", "One check starts one clip a minute; all occurrences are counted."));

    public static Problem FileIsThere(string file) => new("output.exists",
        new($"文件已存在：{file}", $"{file} is there already."), new("没有写任何内容。请换一个文件名，或加 --force。", "Nothing was written. Choose another name, or add --force."), 409);

    public static Problem CantWrite(string file, string why) => new("output.failed",
        new($"无法写入 {file}：{why}", $"{file} can't be written: {why}"), new("没有留下不完整的文件。请检查目录、权限和磁盘空间。", "No incomplete file was left. Check folder, permissions and disk space."));

    public static Text ClockGiven(double rate) => new(string.Create(CultureInfo.InvariantCulture, $"字节位置 ÷ 给定码率 {rate:N0} b/s"), string.Create(CultureInfo.InvariantCulture, $"byte position over the given rate of {rate:N0} b/s"));

    public static Text ClockAssumed(double rate) => new(
        string.Create(CultureInfo.InvariantCulture, $"不可测：文件没有 PCR，也没有 --bitrate（内部假定 {rate:N0} b/s）"), string.Create(CultureInfo.InvariantCulture, $"unmeasurable: the file has no PCR, and there is no --bitrate ({rate:N0} b/s are assumed inside)"));

    public static Text ClockConstant(PcrFit fit)
    {
        var error = fit.ErrorBps is { } e && double.IsFinite(e) ? " ± " + e.ToString(e >= 10 ? "N0" : "0.###", CultureInfo.InvariantCulture) + " b/s" : "";
        return fit.IsRound
            ? new(string.Create(CultureInfo.InvariantCulture, $"字节位置 ÷ 恒定码率（PID {fit.Pid} 的 {fit.Clocks} 个 PCR，误差范围内的整百值{error}）"),
                string.Create(CultureInfo.InvariantCulture, $"byte position over the constant rate by {fit.Clocks} PCRs of PID {fit.Pid}, a whole hundred within its error{error}"))
            : new(string.Create(CultureInfo.InvariantCulture, $"字节位置 ÷ 恒定码率（PID {fit.Pid} 的 {fit.Clocks} 个 PCR{error}）"),
                string.Create(CultureInfo.InvariantCulture, $"byte position over the constant rate by {fit.Clocks} PCRs of PID {fit.Pid}{error}"));
    }

    public static Text ClockInterpolated(PcrFit fit) => new(
        string.Create(CultureInfo.InvariantCulture, $"码率不恒定：在 PID {fit.Pid} 的 {fit.Clocks} 个 PCR 之间插值"), string.Create(CultureInfo.InvariantCulture, $"the rate is not constant: interpolated between {fit.Clocks} PCRs of PID {fit.Pid}"));

    public static readonly Text ClockStamps = new("M2TS 文件自带的 27 MHz 到达时间", "the file's own 27 MHz arrival stamps (M2TS)");
    public static readonly Text ClockArrival = new("到达时间（本机时钟）", "times of arrival by this machine's clock");
    public static readonly Text ClockCapture = new("抓包文件中的时间戳", "time stamps of the capture");
    public static readonly Text ClockKernel = new("抓包时内核的时间戳", "time stamps of the kernel that captured it");
    public static readonly Text ClockNone = new("没有收到包", "no packet came");
}
