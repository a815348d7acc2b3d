using System.Globalization;
using SignalWatch.Contracts;
using SignalWatch.Probe.Spool;

namespace SignalWatch.Probe;

internal static class Texts
{
    public static readonly Text GapDamaged = new("缓存文件损坏，序号至多缺这些", "the spool's file is damaged; at most these numbers are missing");
    public static readonly Text GapFull = new("缓存已满，最旧的数据被丢弃", "the spool was full, the oldest data were dropped");
    public static readonly Text GapMemory = new("磁盘无法写入，内存也已满", "the disk took no data, and memory was full");
    public static readonly Text SpoolWorksAgain = new("缓存磁盘恢复写入。", "The spool's disk takes data again.");
    public static readonly Text NoVariant = new("主播放列表里没有可用的码流", "the master playlist has no variant that can be used");
    public static readonly Text WatchEnded = new("信号源已播放完毕", "the source has come to its end");
    public static readonly Text Stopped = new("探针已停止，缓存已写入磁盘。", "The probe has stopped; the spool is on disk.");

    public static readonly Text AppDescription = new("SignalWatch 探针：接收、测量，把观测送到采集器", "SignalWatch probe: receives, measures, and sends observations to the collector");
    public static readonly Text RunDescription = new("按配置运行探针，直到 Ctrl-C", "runs the probe by its configuration until Ctrl-C");
    public static readonly Text ReplayDescription = new("把 .ts 文件按自身码率循环发送到 UDP，直到 Ctrl-C", "sends .ts files to UDP at their own bit rate, over and over, until Ctrl-C");
    public static readonly Text CityDescription = new("显示演练城市，以及某一虚拟时刻在播的内容", "shows the simulated city and what is on air in it at a virtual time");
    public static readonly Text ConfigDescription = new("配置文件（YAML），或随附配置的名称：city、recordings", "configuration file (YAML), or the name of one that comes with the program: city, recordings");
    public static readonly Text DataDescription = new("缓存和节目单所在目录", "folder for the spool and the line-ups");
    public static readonly Text CollectorDescription = new("采集器地址，例如 http://127.0.0.1:8080；优先于配置文件", "the collector's address, such as http://127.0.0.1:8080; goes before the configuration's");
    public static readonly Text DefineDescription = new("配置文件里 ${名称} 的值：名称=值", "value of ${NAME} in the configuration: NAME=VALUE");
    public static readonly Text LanguageDescription = new("界面语言：zh 或 en", "language: zh or en");
    public static readonly Text PairsDescription = new("文件=udp://地址:端口，可有多个", "FILE=udp://ADDRESS:PORT, any number of them");
    public static readonly Text JsonDescription = new("以 JSON 输出", "prints JSON");
    public static readonly Text AtDescription = new("虚拟时刻，例如 2026-03-14T18:30:00+08:00；缺省为脚本开始时", "virtual time, such as 2026-03-14T18:30:00+08:00; by default when the scenario begins");
    public static readonly Text SeeHelp = new("用 --help 查看用法。", "Use --help to see the usage.");
    public static readonly Text OnAir = new("在播", "on air");
    public static readonly Text OffAir = new("停播", "off");
    public static readonly Text Losing = new("丢包", "losing");
    public static readonly Text Stale = new("停滞", "stale");

    public static readonly Problem NoCollector = new("usage.collector",
        new("没有采集器地址。", "There is no collector address."),
        new("请用 --collector，或在配置里写 collector。没有启动。", "Use --collector, or write collector in the configuration. Nothing was started."));

    public static Problem BadCollector(string text) => new("usage.collector",
        new($"--collector 应为 http:// 或 https:// 地址，而不是“{text}”。", $"--collector takes an http:// or https:// address, not “{text}”."), new("没有启动。", "Nothing was started."));

    public static Text StationsLost(string file, string why) =>
        new($"不能读取已学习的台站特征 {file}：{why}。将重新学习；开关记录另有保存", $"what was learnt of the stations can't be read from {file}: {why}. It is learnt anew; when carriers were on the air is kept apart");

    public static Text ReceiverClock => new("本机时钟", "this machine's clock");

    public static Text RegisterTaken(int entries, string digest) =>
        new($"调频登记表已更新：{entries} 条，摘要 {digest[..Math.Min(8, digest.Length)]}", $"FM register taken: {entries} entries, its digest begins {digest[..Math.Min(8, digest.Length)]}");

    public static Text RegisterDamaged(string what) =>
        new($"收到或保存的调频登记表与其摘要不符（{what}），未采用；继续使用此前的登记表", $"an FM register does not fit its digest ({what}) and was not taken; the one before stays in use");

    public static Text RegisterNotKept(string file, string why) =>
        new($"调频登记表不能保存到 {file}：{why}。已采用，但重启后须重新获取", $"the FM register can't be kept in {file}: {why}. It is in use, but a restart has to fetch it again");

    public static Text Starting(string id, string name, Uri collector, string data, int watches) =>
        new($"探针 {id}（{name}）：{watches} 个监测任务，采集器 {collector}，数据目录 {data}", $"Probe {id} ({name}): {watches} watches, collector {collector}, data in {data}");

    public static Text WatchRuns(string watch, string input) => new($"任务 {watch} 运行中：{input}", $"Watch {watch} runs: {input}");

    public static Text WatchFailed(string watch, Text why, TimeSpan again) =>
        new($"任务 {watch} 故障：{why.Zh} {again.TotalSeconds:F0} 秒后重试。", $"Watch {watch} failed: {why.En} Trying again in {again.TotalSeconds:F0} s.");

    public static Text WatchDone(string watch) => new($"任务 {watch} 结束：{WatchEnded.Zh}。", $"Watch {watch} is done: {WatchEnded.En}.");

    public static Text Unexpected(string message) => new($"内部错误：{message}", $"unexpected: {message}");

    public static Text SpoolFails(string folder, string why, int records) => new(
        $"缓存无法写入 {folder}：{why} 最多 {records} 条观测暂存内存并不断重试；请腾出磁盘空间或检查磁盘。",
        $"The spool can't be written at {folder}: {why} Up to {records} observations stay in memory while it is tried again; free disk space or check the disk.");

    public static Text SpoolLost(SpoolGap gap) => gap is { From: { } from, To: { } to }
        ? new(string.Create(CultureInfo.InvariantCulture, $"缓存缺口：序号 {from}–{to}，{gap.Reason.Zh}。"), string.Create(CultureInfo.InvariantCulture, $"Gap in the spool: numbers {from} to {to}, {gap.Reason.En}."))
        : new($"缓存缺口：{gap.Count} 条，{gap.Reason.Zh}。", $"Gap in the spool: {gap.Count} observations, {gap.Reason.En}.");

    public static Problem SpoolUnusable(string folder, string why) => new("spool.unusable",
        new($"缓存目录 {folder} 无法使用：{why}", $"The spool's folder {folder} can't be used: {why}"),
        new("没有开始监测。请用 --data 指定一个可写的目录。", "Nothing was started. Name a folder that can be written with --data."));

    public static Text CollectorAway(string why, TimeSpan again, long waiting) =>
        new($"采集器暂不可达（{why}），{again.TotalSeconds:F1} 秒后重试；已缓存 {waiting} 条，不会丢失。", $"The collector can't be reached ({why}); trying again in {again.TotalSeconds:F1} s; {waiting} observations wait in the spool, none is lost.");

    public static Text CollectorBack(long waiting) => new($"采集器恢复，正在补传 {waiting} 条。", $"The collector is back; {waiting} observations are being sent.");

    public static Text CollectorRefuses(int status, string body, TimeSpan again) =>
        new($"采集器拒收（HTTP {status}）：{body} 数据保留在缓存中，{again.TotalSeconds:F0} 秒后重试。", $"The collector refuses the data (HTTP {status}): {body} They stay in the spool; trying again in {again.TotalSeconds:F0} s.");

    public static Text CollectorRejected(int count, int line, string reason) =>
        new($"采集器把 {count} 条观测存为死信，第一条在第 {line} 行：{reason}", $"The collector set {count} observations aside as dead letters, the first in line {line}: {reason}");

    public static Text OddReply(string why) => new($"采集器的回答无法理解：{why}", $"the collector's answer can't be understood: {why}");

    public static Problem ConfigMissing(string file, string why) => new("config.missing",
        new($"配置文件 {file} 无法读取：{why}", $"The configuration {file} can't be read: {why}"),
        new("请检查 --config 的路径；随附的配置有 city 和 recordings。", "Check the path given by --config; city and recordings come with the program."));

    public static Problem ConfigInvalid(string file, long line, long column, Text what) => new("config.invalid",
        new(string.Create(CultureInfo.InvariantCulture, $"配置有误 {file}:{line}:{column}：{what.Zh}"), string.Create(CultureInfo.InvariantCulture, $"The configuration is wrong at {file}:{line}:{column}: {what.En}")),
        new("没有开始监测。请改正该处后重新启动。", "Nothing was started. Correct that place and start again."));

    public static Text YamlWrong(string message) => new($"YAML 语法错误：{message}", $"not YAML: {message}");

    public static Text UnknownKey(string key, IEnumerable<string> known) => new($"未知的键“{key}”；可用：{string.Join("、", known)}", $"unknown key “{key}”; there are: {string.Join(", ", known)}");

    public static Text MissingKey(string key) => new($"缺少“{key}”", $"“{key}” is missing");

    public static readonly Text MustBeMapping = new("此处应为键值对", "a mapping is expected here");
    public static readonly Text MustBeList = new("此处应为列表", "a list is expected here");
    public static readonly Text MustBeText = new("此处应为非空文本", "a text that is not empty is expected here");
    public static readonly Text MustBeId = new("编号只能有 1 到 64 个字母、数字、点、减号和下划线", "an id has 1 to 64 letters, digits, dots, hyphens and underscores");
    public static readonly Text MustBeArea = new("area 应为六位行政区划代码（GB/T 2260），写成带引号的文本", "area is a six-digit code of GB/T 2260, as a quoted text");
    public static readonly Text MustBeUrl = new("此处应为 http:// 或 https:// 地址", "an http:// or https:// address is expected here");
    public static readonly Text MustBeHost = new("此处应为 主机:端口", "HOST:PORT is expected here");
    public static readonly Text ReceiverNeedsCenter = new("接收机需要 center_hz，或 sweep", "a receiver needs center_hz, or sweep");
    public static readonly Text SoapyNeedsRate = new("SoapySDR 接收机需要 sample_rate_hz：没有通用的缺省值", "a receiver of SoapySDR needs sample_rate_hz: there is no rate that all of them have");
    public static readonly Text BiasTeeOfSoapy = new("bias_tee 只适用于 rtl_tcp 和 rtlsdr；SoapySDR 的写在 source 里（例如 soapy:driver=rtlsdr,biastee=true）", "bias_tee is for rtl_tcp and rtlsdr; SoapySDR takes it in the source (such as soapy:driver=rtlsdr,biastee=true)");
    public static readonly Text SweepOrder = new("to_hz 应大于 from_hz", "to_hz is above from_hz");
    public static readonly Text SweepHasNoCenter = new("sweep 与 center_hz 二者取一", "sweep or center_hz, one of the two");
    public static readonly Text MustBeDatagramAddress = new("此处应为 udp:// 或 rtp:// 地址", "a udp:// or rtp:// address is expected here");
    public static readonly Text InterfaceOrFile = new("tap 需要 interface 或 file，二者取一", "a tap has an interface or a file, one of the two");
    public static readonly Text ClipMadeRoom = new("录像总量达到上限，最旧的已删除", "the clips reached their limit, the oldest was deleted");
    public static readonly Text NoWatches = new("至少要有一个监测任务", "there is at least one watch");

    public static Text MustBeNumber(double low, double high) => new(string.Create(CultureInfo.InvariantCulture, $"应为 {low} 到 {high} 之间的数"), string.Create(CultureInfo.InvariantCulture, $"a number from {low} to {high} is expected"));

    public static Text MustBeOneOf(IEnumerable<string> words) => new($"应为：{string.Join("、", words)}", $"one of these is expected: {string.Join(", ", words)}");

    public static Text Undefined(string name) => new($"${{{name}}} 没有给出值；请加 --define {name}=…", $"${{{name}}} has no value; add --define {name}=…");

    public static Text Twice(string id) => new($"编号“{id}”出现了两次", $"the id “{id}” occurs twice");

    public static Text OnlyForDatagrams(string key) => new($"“{key}”只适用于 udp:// 和 rtp:// 信号源", $"“{key}” is for udp:// and rtp:// sources only");

    public static Text OnlyForReceivers(string key, string scheme) => new($"“{key}”不适用于 {scheme}：信号源", $"“{key}” does not go with a source {scheme}:");

    public static Text CalibrationGain(string watch, string calibration, double? madeAt, double? gain) => new(
        string.Create(CultureInfo.InvariantCulture, $"任务 {watch}：校准 {calibration} 是在增益 {madeAt} dB 下做的，现在是 {(gain is { } zh ? $"{zh} dB" : "自动或未知")}；不采用它，电平只有 dBFS。请把 gain_db 设为 {madeAt}，或重新校准"),
        string.Create(CultureInfo.InvariantCulture, $"Watch {watch}: the calibration {calibration} was made at a gain of {madeAt} dB, and it is {(gain is { } en ? $"{en} dB" : "automatic or not known")} now; it is not used, and levels are in dBFS alone. Set gain_db to {madeAt}, or calibrate anew"));

    public static Problem CannotSweep(string input) => new("fm.sweep-not-tunable",
        new($"{input} 不能调谐，无法扫描。", $"{input} can't be tuned, so it can't sweep."),
        new("请去掉 sweep，或换成接收机（rtl_tcp、rtlsdr、soapy）。没有测量。", "Leave out sweep, or use a receiver (rtl_tcp, rtlsdr, soapy). Nothing was measured."));

    public static Text UnknownCheck(string id) => new($"未知的检查项“{id}”；编号见 probe ts --explain", $"unknown check “{id}”; probe ts --explain lists them");

    public static Text UnknownKind(string kind) => new($"未知的任务种类“{kind}”；可用：fm-band、ts、tap、ott", $"unknown kind of watch “{kind}”; there are: fm-band, ts, tap, ott");

    public static Text SourceDoesNotFit(string source, string kind, string fitting) => new($"信号源“{source}”不适用于 {kind}；可用：{fitting}", $"the source “{source}” does not fit {kind}; there are: {fitting}");

    public static Problem BadDefine(string text) => new("usage.define",
        new($"--define 应为 名称=值，而不是“{text}”。", $"--define takes NAME=VALUE, not “{text}”."), new("没有启动。", "Nothing was started."));

    public static Problem BadPair(string text) => new("usage.replay",
        new($"应为 文件=udp://地址:端口，而不是“{text}”。", $"FILE=udp://ADDRESS:PORT is expected, not “{text}”."), new("没有发送任何内容。", "Nothing was sent."));

    public static Text Plays(string file, string url, double bitrateBps) => new(
        string.Create(CultureInfo.InvariantCulture, $"播放 {file} → {url}，{bitrateBps / 1e6:F3} Mb/s，循环"), string.Create(CultureInfo.InvariantCulture, $"Playing {file} to {url} at {bitrateBps / 1e6:F3} Mb/s, over and over"));

}
