using System.Collections.Frozen;
using static SignalWatch.Contracts.FactDefinition;

namespace SignalWatch.Contracts;

/// <summary>One fact that a kind of observation may carry.</summary>
/// <param name="Name">Its name, with the unit in it where it has one: <c>snr_db</c>.</param>
/// <param name="Type">Number, truth value or text.</param>
/// <param name="Unit">The unit as people read it, or an empty text.</param>
/// <param name="Title">What it is, for people.</param>
/// <param name="IsSeries">True where it is a level, rate, quality or count, which is worth following over time; false where it names or describes something: a PID, a nominal frequency.</param>
public sealed record FactDefinition(string Name, FactType Type, string Unit, Text Title, bool IsSeries = false)
{
    internal static FactDefinition Number(string name, string unit, string zh, string en) => new(name, FactType.Number, unit, new(zh, en), IsSeries: true);

    internal static FactDefinition Label(string name, string unit, string zh, string en) => new(name, FactType.Number, unit, new(zh, en));

    internal static FactDefinition Flag(string name, string zh, string en) => new(name, FactType.Boolean, "", new(zh, en));

    internal static FactDefinition Text(string name, string zh, string en) => new(name, FactType.Text, "", new(zh, en));
}

/// <summary>What a probe keeps and delivers first where not all can be.</summary>
public enum ObservationPriority
{
    /// <summary>What alarms are raised and cleared from, what says that a probe lives, and what is missing.</summary>
    Alarm,

    /// <summary>Files of evidence; no kind of observation.</summary>
    Evidence,

    /// <summary>Figures that no alarm needs.</summary>
    Telemetry,
}

/// <summary>A kind of observation.</summary>
/// <param name="Name">Its name: <c>fm.carrier</c>.</param>
/// <param name="Subject">What it is about.</param>
/// <param name="Title">What it is, for people.</param>
/// <param name="Facts">The facts that it may carry.</param>
public sealed record ObservationKind(string Name, SubjectKind Subject, Text Title, IReadOnlyList<FactDefinition> Facts)
{
    private readonly FrozenDictionary<string, FactDefinition> byName = Facts.ToFrozenDictionary(f => f.Name, StringComparer.Ordinal);

    /// <summary>How it is kept and delivered. A kind has one priority, so that what is said of a subject arrives in the order in which it was observed.</summary>
    public ObservationPriority Priority { get; init; }

    /// <summary>The facts that tell apart what a watch measures side by side of one subject, the clocks of a multiplex by their PID: without them two curves would be drawn as one. Mostly none.</summary>
    public IReadOnlyList<string> Apart { get; init; } = [];

    /// <summary>The definition of a fact, or null where this kind has no such fact.</summary>
    public FactDefinition? Fact(string name) => byName.GetValueOrDefault(name);
}

/// <summary>Everything that a probe may say: the one list that probes write by, rules are checked against and screens label from.</summary>
public static class Vocabulary
{
    /// <summary>A carrier in the FM band, once a second and carrier.</summary>
    public static readonly ObservationKind FmCarrier = new("fm.carrier", SubjectKind.Frequency, new("调频载波", "FM carrier"),
    [
        Label("frequency_hz", "Hz", "标称频率", "nominal frequency"),
        Flag("on_air", "在播", "on air"),
        Number("offset_hz", "Hz", "频率偏差", "offset from nominal"),
        Number("level_dbfs", "dBFS", "电平（未校准）", "level (uncalibrated)"),
        Number("level_dbm", "dBm", "输入电平", "input level"),
        Number("field_dbuvm", "dBµV/m", "场强", "field strength"),
        Number("snr_db", "dB", "信噪比", "signal-to-noise ratio"),
        Number("occupied_bandwidth_hz", "Hz", "占用带宽", "occupied bandwidth"),
        Number("deviation_rms_hz", "Hz", "均方根频偏", "RMS deviation"),
        Flag("modulated", "有调制", "modulated"),
        Flag("pilot", "导频", "stereo pilot"),
        Text("pi", "节目标识 PI", "programme identification"),
        Text("ps", "台名 PS", "programme service name"),
        Number("rds_block_error_rate", "", "RDS 误块率", "RDS block error rate"),
        Number("on_air_s", "s", "连续在播", "on air for"),
        Flag("off_raster", "不在频率栅格上", "off the raster"),
        Label("filter_half_width_hz", "Hz", "解调滤波器半宽", "half width of the demodulator's filter"),
        Number("deviation_peak_hz", "Hz", "峰值频偏", "peak deviation"),
        Number("deviation_p99999_hz", "Hz", "99.999% 频偏", "deviation exceeded by one sample in 100,000"),
        Number("share_above_77k", "", "超过 77 kHz 的比例", "share of samples above 77 kHz"),
        Flag("over_deviated", "频偏超限", "over-deviated"),
        Number("mpx_power_dbr", "dBr", "复合信号功率（60 s）", "MPX power of 60 s"),
        Number("mpx_power_worst_dbr", "dBr", "复合信号功率（最差 60 s）", "MPX power of the worst 60 s"),
        Number("pilot_deviation_hz", "Hz", "导频频偏", "deviation by the pilot"),
        Number("pilot_frequency_hz", "Hz", "导频频率", "frequency of the pilot"),
        Number("rds_deviation_hz", "Hz", "RDS 频偏", "deviation by RDS"),
        Number("left_dbfs", "dBFS", "左声道电平", "left channel"),
        Number("right_dbfs", "dBFS", "右声道电平", "right channel"),
        Number("silence_s", "s", "静音时长", "silent for"),
        Text("radio_text", "RDS 文本", "radio text"),
        Label("programme_type", "", "节目类型 PTY", "programme type"),
        Text("status", "判别结果", "what it is"),
        Flag("own_carrier", "独立载波（非镜像、互调）", "a carrier of its own, no image or product"),
        Text("stage", "嫌疑阶段", "stage of the suspicion"),
        Number("score", "", "嫌疑评分", "score of the suspicion"),
        Text("reasons", "评分理由", "reasons of the score"),
        Text("reasons_zh", "评分理由（中文）", "reasons in Chinese"),
        Text("reasons_en", "评分理由（英文）", "reasons in English"),
        Text("exclusion_zh", "排除检查（中文）", "exclusion checks in Chinese"),
        Text("exclusion_en", "排除检查（英文）", "exclusion checks in English"),
        Number("loops", "", "24 小时内重复次数", "repeats within 24 h"),
        Label("loop_s", "s", "重复段长度", "length of what repeats"),
        Text("same_sound_as", "同源频率", "same sound on"),
        Text("switches_with", "同时开关的频率", "switches together with"),
        Flag("nocturnal", "夜间规律开播", "on the air by night at regular times"),
        Number("overspill_excess_db", "dB", "超出溢波上限", "above the expected maximum of overspill"),
        Number("level_jump_db", "dB", "电平突变", "level against its median"),
        Number("offset_jump_hz", "Hz", "频率突变", "offset against its mean"),
        Number("sinr_drop_db", "dB", "信干噪比下降", "drop of the signal to interference and noise against its 30-day median"),
        Flag("foreign_carrier", "邻近有外来载波", "a carrier that is not registered is near"),
        Number("foreign_spacing_hz", "Hz", "与外来载波的间隔", "spacing of that carrier"),
        Text("register_digest", "登记表摘要", "digest of the register"),
        Text("calibration", "校准状态", "state of the calibration"),
    ]);

    /// <summary>The band as a whole, once a second.</summary>
    public static readonly ObservationKind FmBand = new("fm.band", SubjectKind.Probe, new("调频频段", "FM band"),
    [
        Label("start_hz", "Hz", "起始频率", "lower edge"),
        Label("stop_hz", "Hz", "终止频率", "upper edge"),
        Number("noise_floor_dbfs", "dBFS/Hz", "噪声底", "noise floor"),
        Number("carriers", "", "载波数", "carriers"),
        Flag("overload", "过载", "overload"),
        Number("samples_lost", "", "丢失样点", "samples lost"),
        Number("occupancy", "", "频段占用率（15 分钟）", "share of the band that was occupied in 15 min"),
        Number("masked", "", "已屏蔽的假峰", "peaks that are no carriers"),
        Number("sweep_s", "s", "一次扫描用时", "length of a sweep"),
        Text("input", "输入", "input"),
    ]) { Priority = ObservationPriority.Telemetry };

    /// <summary>The suspicion against a carrier came one stage farther, or was dropped: candidate at once, held after 300 s, confirmed by content or a person.</summary>
    public static readonly ObservationKind FmSuspicion = new("fm.suspicion", SubjectKind.Frequency, new("嫌疑进展", "suspicion"),
    [
        Label("frequency_hz", "Hz", "标称频率", "nominal frequency"),
        Text("stage", "嫌疑阶段", "stage"),
        Text("stage_before", "此前阶段", "stage before"),
        Number("score", "", "嫌疑评分", "score"),
        Text("reasons", "评分理由", "reasons"),
    ]);

    /// <summary>A dossier of evidence about a carrier: begun, complete, interrupted, failed, refused or deleted.</summary>
    public static readonly ObservationKind FmDossier = new("fm.dossier", SubjectKind.Frequency, new("调频证据", "FM evidence"),
    [
        Text("event", "事件", "event"),
        Text("folder", "文件夹", "folder"),
        Text("sha256", "清单 SHA-256", "SHA-256 of the manifest"),
        Number("duration_s", "s", "录音时长", "length of the sound"),
        Number("gap_s", "s", "缺失时长", "missing from it"),
        Number("deleted", "", "至今已删除的证据", "dossiers deleted so far"),
        Text("reason", "原因", "reason"),
    ]);

    /// <summary>A narrow emission in the aeronautical band 108 to 137 MHz.</summary>
    public static readonly ObservationKind FmSpurious = new("fm.spurious", SubjectKind.Frequency, new("航空频段杂散", "spurious emission in the aeronautical band"),
    [
        Label("frequency_hz", "Hz", "频率", "frequency"),
        Number("level_dbfs", "dBFS", "电平（未校准）", "level (uncalibrated)"),
        Number("level_dbm", "dBm", "输入电平", "input level"),
        Number("snr_db", "dB", "高于噪声", "above the noise"),
        Number("on_air_s", "s", "持续", "on air for"),
        Label("correlates_with_hz", "Hz", "与之同步的调频载波", "FM carrier that it goes with"),
    ]);

    /// <summary>A transport stream, once a second. What this machine dropped and what the way there lost (which RTP proves) is not held against the broadcaster: the continuity errors that such a loss explains
    /// are in <c>cc_errors_network</c> and not in <c>cc_errors</c>, and for the second of a loss and the one behind it the checks are not told at all.</summary>
    public static readonly ObservationKind TsMultiplex = new("ts.multiplex", SubjectKind.Multiplex, new("传输流", "transport stream"),
    [
        Flag("sync", "同步", "in sync"),
        Number("sync_lost_s", "s", "失步时长", "out of sync for"),
        Label("transport_stream_id", "", "传输流标识", "transport stream id"),
        Label("original_network_id", "", "原始网络标识", "original network id"),
        Number("bitrate_bps", "b/s", "码率", "bit rate"),
        Number("packets", "", "包数", "packets"),
        Number("services", "", "节目数", "services"),
        Number("cc_errors", "", "连续计数错误", "continuity errors"),
        Number("transport_errors", "", "传输错误", "transport errors"),
        Number("sync_byte_errors", "", "同步字节错误", "sync byte errors"),
        Number("crc_errors", "", "CRC 错误", "CRC errors"),
        Number("datagrams_dropped", "", "本机丢弃的数据报", "datagrams dropped by this machine"),
        Number("cc_errors_network", "", "途中丢包造成的连续计数错误", "continuity errors explained by losses on the way"),
        Number("p1_errors", "", "一级错误", "errors of priority 1"),
        Number("p2_errors", "", "二级错误", "errors of priority 2"),
        Number("p3_errors", "", "三级错误", "errors of priority 3"),
        Number("error_seconds", "s", "一级误码秒", "seconds with an error of priority 1"),
        Text("checks", "出现或持续的检查项", "checks that occurred or stand"),
        Flag("pat_missing", "PAT 缺失", "PAT missing"),
        Flag("pmt_missing", "PMT 缺失", "PMT missing"),
        Flag("pid_missing", "PID 缺失", "PID missing"),
        Flag("pcr_missing", "PCR 缺失", "PCR missing"),
        Flag("pts_missing", "PTS 缺失", "PTS missing"),
        Flag("cat_missing", "CAT 缺失", "CAT missing"),
        Flag("nit_missing", "NIT 缺失", "NIT missing"),
        Flag("sdt_missing", "SDT 缺失", "SDT missing"),
        Flag("eit_missing", "EIT 缺失", "EIT missing"),
        Flag("tdt_missing", "TDT 缺失", "TDT missing"),
        Label("packet_bytes", "B", "包长", "bytes a packet"),
        Text("network_name", "网络名称", "network name"),
        Number("rtp_lost", "", "RTP 途中丢包", "RTP datagrams lost on the way"),
        Number("rtp_recovered", "", "RTP 前向纠错恢复", "RTP datagrams rebuilt by FEC"),
        Number("rtp_reordered", "", "RTP 乱序", "RTP datagrams out of order"),
        Number("rtp_duplicates", "", "RTP 重复", "RTP datagrams that came twice"),
        Number("mdi_df_ms", "ms", "MDI 延迟因子", "MDI delay factor"),
        Number("mdi_mlr", "1/s", "MDI 媒体丢包率", "MDI media loss rate"),
        Text("input", "输入", "input"),
    ]);

    /// <summary>A programme clock of a transport stream, one for each PID with PCRs, every 10 s. What can't be measured is not there; <c>method</c> says against which clock, or why not.</summary>
    public static readonly ObservationKind TsClock = new("ts.clock", SubjectKind.Multiplex, new("节目时钟", "programme clock"),
    [
        Label("pid", "", "PID", "PID"),
        Number("accuracy_max_ns", "ns", "PCR 精度（最大）", "PCR accuracy, largest"),
        Number("accuracy_p99_ns", "ns", "PCR 精度（最差一秒的 99 %）", "PCR accuracy, 99 % of the worst second"),
        Number("offset_ppm", "ppm", "频率偏差", "frequency offset"),
        Number("overall_jitter_ns", "ns", "总抖动", "overall jitter"),
        Number("drift_mhz_s", "mHz/s", "频率漂移率", "drift rate"),
        Text("method", "测量方法", "method"),
    ]) { Priority = ObservationPriority.Telemetry, Apart = ["pid"] };

    /// <summary>A difference of a transport stream from its template, or a mark of retransmission: when it begins and ends, and every 10 s while it stands. A mark is no conclusion.</summary>
    public static readonly ObservationKind TsDrift = new("ts.drift", SubjectKind.Multiplex, new("偏离模板", "drift from the template"),
    [
        Text("drift", "偏离项", "drift"),
        Flag("standing", "持续", "standing"),
        Number("weight", "", "权重", "weight"),
        Text("expected", "应为", "expected"),
        Text("found", "实际", "found"),
        Text("sentence", "说明", "in words"),
    ]) { Apart = ["drift"] };

    /// <summary>A clip that was recorded around an alarm of a transport stream, or one that had to go or could not be written.</summary>
    public static readonly ObservationKind TsClip = new("ts.clip", SubjectKind.Multiplex, new("传输流录像", "clip of a transport stream"),
    [
        Flag("kept", "已保存", "kept"),
        Text("file", "文件", "file"),
        Text("sha256", "SHA-256", "SHA-256"),
        Text("checks", "检查项", "checks"),
        Number("duration_s", "s", "时长", "duration"),
        Number("deleted", "", "至今已删除的录像", "clips deleted so far"),
        Text("reason", "原因", "reason"),
    ]);

    /// <summary>A link that a tap looks at, every 5 s. Counters are of these 5 s.</summary>
    public static readonly ObservationKind TapLink = new("tap.link", SubjectKind.Probe, new("镜像链路", "tapped link"),
    [
        Number("streams", "", "在传的流", "streams that come"),
        Number("analysed", "", "在分析的传输流", "transport streams analysed"),
        Number("not_analysed", "", "超出上限未分析的传输流", "transport streams beyond the limit, not analysed"),
        Number("frames", "", "帧数", "frames"),
        Number("dropped_kernel", "", "内核丢弃的帧", "frames dropped by the kernel"),
        Number("dropped_interface", "", "网卡丢弃的帧", "frames dropped by the interface"),
        Number("bitrate_bps", "b/s", "码率", "bit rate"),
        Number("other_flows", "", "其他数据流", "other flows"),
        Text("input", "输入", "input"),
    ]) { Priority = ObservationPriority.Telemetry };

    /// <summary>A stream on a tapped link, every 5 s. Counters are of these 5 s.</summary>
    public static readonly ObservationKind TapStream = new("tap.stream", SubjectKind.Probe, new("链路上的流", "stream on a link"),
    [
        Text("source", "源地址", "source"),
        Text("destination", "目的地址", "destination"),
        Text("protocol", "协议", "protocol"),
        Text("vlan", "VLAN", "VLAN"),
        Number("bitrate_bps", "b/s", "码率", "bit rate"),
        Number("rtp_lost", "", "RTP 途中丢包", "RTP datagrams lost on the way"),
        Number("rtp_recovered", "", "RTP 前向纠错恢复", "RTP datagrams rebuilt by FEC"),
        Number("rtp_reordered", "", "RTP 乱序", "RTP datagrams out of order"),
        Number("rtp_duplicates", "", "RTP 重复", "RTP datagrams that came twice"),
        Number("srt_lost", "", "SRT 丢包", "SRT packets lost"),
        Number("srt_retransmitted", "", "SRT 重传", "SRT packets sent again"),
        Number("cut", "", "截短的数据报", "datagrams cut by the snap length"),
        Number("repeated", "", "重复的数据报", "datagrams that came twice"),
        Flag("stopped", "已停止", "stopped"),
        Text("multiplex", "所载传输流", "multiplex that it carries"),
    ]) { Priority = ObservationPriority.Telemetry, Apart = ["source", "destination", "protocol", "vlan"] };

    /// <summary>A service of a transport stream, once a second.</summary>
    public static readonly ObservationKind TsService = new("ts.service", SubjectKind.Service, new("节目", "service"),
    [
        Label("service_id", "", "业务标识", "service id"),
        Text("name", "节目名", "service name"),
        Text("provider", "提供者", "provider"),
        Label("service_type", "", "业务类型", "service type"),
        Flag("present", "在播", "present"),
        Flag("in_lineup", "属既有节目", "in the learnt line-up"),
        Number("cc_errors", "", "连续计数错误", "continuity errors"),
        Number("bitrate_bps", "b/s", "码率", "bit rate"),
        Flag("scrambled", "加扰", "scrambled"),
        Number("components", "", "分量数", "components"),
        Number("cc_errors_network", "", "途中丢包造成的连续计数错误", "continuity errors explained by losses on the way"),
        Text("video_codec", "视频编码", "video codec"),
        Label("width", "", "画面宽度", "width of the picture"),
        Label("height", "", "画面高度", "height of the picture"),
        Number("frame_rate", "1/s", "帧率", "frame rate"),
        Flag("interlaced", "隔行", "interlaced"),
        Label("bit_depth", "bit", "位深", "bit depth"),
        Text("dynamic_range", "动态范围", "dynamic range"),
        Text("audio", "伴音", "sound"),
        Text("languages", "语言", "languages"),
        Number("audio_lead_ms", "ms", "声音超前", "sound sent ahead of the picture"),
        Number("error_seconds", "s", "一级误码秒", "seconds with an error of priority 1"),
        Flag("free_ca_mode", "标示为条件接收", "signalled as under conditional access"),
        Flag("looks_scrambled", "未标示但内容似加扰", "looks scrambled although it is not marked so"),
        Number("black_s", "s", "黑场时长", "black for"),
        Number("freeze_s", "s", "静帧时长", "frozen for"),
        Flag("still_scene", "节目本身为静止画面", "a scene that rightly stands still"),
        Number("silence_s", "s", "无伴音时长", "silent for"),
        Text("access_class", "登记的接收方式（free、pay）", "registered access, free or pay"),
        Flag("hd_bug", "画面有“高清”角标", "an HD bug on the picture"),
        Text("multiplex", "所在传输流", "multiplex"),
    ]);

    /// <summary>A streaming channel, at each poll.</summary>
    public static readonly ObservationKind OttChannel = new("ott.channel", SubjectKind.Ott, new("网络频道", "OTT channel"),
    [
        Text("name", "频道名", "channel name"),
        Flag("available", "可用", "available"),
        Flag("live", "直播", "live"),
        Number("stale_s", "s", "未更新时长", "not updated for"),
        Label("media_sequence", "", "媒体序号", "media sequence"),
        Label("target_duration_s", "s", "目标时长", "target duration"),
        Text("fault", "故障", "fault"),
    ]);

    /// <summary>A probe says that it lives, every 5 s.</summary>
    public static readonly ObservationKind ProbeHeartbeat = new("probe.heartbeat", SubjectKind.Probe, new("探针心跳", "probe heartbeat"),
    [
        Number("uptime_s", "s", "运行时长", "uptime"),
        Number("clock_offset_ms", "ms", "时间偏差", "offset of the clock from its reference"),
        Number("spool_entries", "", "待传条数", "entries in the spool"),
        Number("spool_bytes", "B", "待传字节", "bytes in the spool"),
        Number("spool_history", "", "中断期间的待传条数", "entries of an outage in the spool"),
        Number("evidence_waiting", "", "待传证据文件数", "files of evidence to be sent"),
        Number("dropped", "", "已丢弃", "dropped"),
        Number("watches", "", "任务数", "watches"),
        Number("watches_failed", "", "故障任务数", "watches failed"),
        Text("version", "版本", "version"),
        Text("name", "名称", "name"),
        Text("area", "区划代码", "area code"),
    ]);

    /// <summary>Whether a watch of a probe runs: when that changes, and every 5 s.</summary>
    public static readonly ObservationKind ProbeWatch = new("probe.watch", SubjectKind.Probe, new("监测任务", "watch"),
    [
        Flag("running", "运行", "running"),
        Text("reason", "原因", "reason"),
        Text("input", "输入", "input"),
    ]);

    /// <summary>A probe had to drop observations, or the collector missed numbers: a gap is itself an event.</summary>
    public static readonly ObservationKind ProbeGap = new("probe.gap", SubjectKind.Probe, new("数据缺口", "gap in the data"),
    [
        Label("from_sequence", "", "起始序号", "first number missing"),
        Label("to_sequence", "", "终止序号", "last number missing"),
        Number("count", "", "条数", "count"),
        Text("reason", "原因", "reason"),
        Text("class", "优先级", "priority of what is missing"),
        Text("boot", "序号所属启动", "boot that the numbers are of"),
    ]);

    private static readonly FrozenDictionary<string, ObservationKind> ByName =
        new[] { FmCarrier, FmBand, FmSuspicion, FmDossier, FmSpurious, TsMultiplex, TsService, TsClock, TsDrift, TsClip, TapLink, TapStream, OttChannel, ProbeHeartbeat, ProbeWatch, ProbeGap }
            .Concat(TransmissionVocabulary.All).Concat(ContentVocabulary.All).Concat(VenueVocabulary.All).Concat(OttVocabulary.All).Concat(EmergencyVocabulary.All).Concat(SecurityVocabulary.All)
            .ToFrozenDictionary(k => k.Name);

    /// <summary>All kinds of observation.</summary>
    public static IEnumerable<ObservationKind> Kinds => ByName.Values.OrderBy(k => k.Name, StringComparer.Ordinal);

    /// <summary>The kind of that name, or null.</summary>
    public static ObservationKind? Kind(string name) => ByName.GetValueOrDefault(name);
}
