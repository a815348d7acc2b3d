using static SignalWatch.Contracts.FactDefinition;

namespace SignalWatch.Contracts;

/// <summary>What is said of transmissions beyond what a receiver measures by itself: fixes, reception of a multiplex, outages and counts.</summary>
public static class TransmissionVocabulary
{
    /// <summary>The fix of an emitter in the FM band: when it is made, and when it changes.</summary>
    public static readonly ObservationKind FmFix = new("fm.fix", SubjectKind.Frequency, new("调频发射定位", "fix of an FM emitter"),
    [
        Label("frequency_hz", "Hz", "标称频率", "nominal frequency"),
        Flag("unregistered", "接收地无登记", "no licence for the frequency in the area"),
        Number("erp_low_w", "W", "等效辐射功率估计下限", "lower bound of the estimated effective radiated power"),
        Number("erp_high_w", "W", "等效辐射功率估计上限", "upper bound of the estimated effective radiated power"),
        Number("power_measured_w", "W", "实测发射功率", "transmitter power by a meter"),
        Text("power_meter", "测量仪器编号", "serial number of the meter"),
        Number("coverage_m", "m", "可收听的最远距离", "distance of the farthest place at which it was received"),
        Number("coverage_field_dbuvm", "dBµV/m", "该处场强", "field strength there"),
        Flag("urban", "该处为城区", "that place is urban"),
        Flag("zone_active", "在重大活动或突发事件期间", "within the period of a registered event"),
        Number("zone_distance_m", "m", "与活动或事件区域的距离", "distance from the zone of that event"),
        Text("zone", "活动或事件", "event"),
    ]);

    /// <summary>What a recogniser heard on a carrier within the window of its lexicon (10 min): scores and terms, no judgement.</summary>
    public static readonly ObservationKind FmSpeech = new("fm.speech", SubjectKind.Frequency, new("调频语音识别", "speech on an FM carrier"),
    [
        Label("frequency_hz", "Hz", "标称频率", "nominal frequency"),
        Number("keyword_score", "", "关键词得分", "score of the terms, 0 to 1"),
        Number("distinct_terms", "", "不同词条数", "distinct terms"),
        Text("terms", "词条", "terms"),
        Number("phone_numbers", "", "电话号码数", "telephone numbers"),
        Text("phones", "电话号码", "telephone numbers as heard"),
        Text("lexicon", "词库版本", "version of the lexicon"),
    ]);

    /// <summary>How a multiplex is received by radio or cable (GY/T 221, TR 101 290 clause 6), once a second.</summary>
    public static readonly ObservationKind TsReception = new("ts.reception", SubjectKind.Multiplex, new("射频接收", "RF reception"),
    [
        Flag("locked", "已锁定", "locked"),
        Text("modulation", "调制方式", "modulation"),
        Number("mer_db", "dB", "调制误差比 MER", "modulation error ratio"),
        Number("ber_pre_rs", "", "RS 前误码率", "bit error ratio before Reed-Solomon"),
        Number("level_dbuv", "dBµV", "电平", "level"),
    ]);

    /// <summary>What an outage of a service has come to so far, while it lasts and once at its end.</summary>
    public static readonly ObservationKind TsOutage = new("ts.outage", SubjectKind.Service, new("停播、劣播累计", "outage of a service"),
    [
        Text("name", "节目名", "service name"),
        Number("outage_s", "s", "停播或劣播累计时长", "off the air or impaired for, in sum"),
        Text("programme_class", "节目类别", "class of the programme"),
        Flag("ended", "已恢复", "restored"),
    ]);

    /// <summary>In which order services came back after an outage of several: once, when the last is back.</summary>
    public static readonly ObservationKind TsRestore = new("ts.restore", SubjectKind.Multiplex, new("恢复顺序", "order of restoration"),
    [
        Number("services_lost", "", "停播节目数", "services that were off"),
        Number("early_s", "s", "低优先节目提前恢复的时长", "by how long one of lower precedence was back before one of higher"),
        Text("restored_first", "先恢复的节目", "service that was back first"),
        Text("restored_later", "后恢复的较高优先节目", "service of higher precedence that was back later"),
    ]);

    /// <summary>Services that were decoded in an area, as the mean over a day.</summary>
    public static readonly ObservationKind AreaServices = new("area.services", SubjectKind.Area, new("节目套数", "number of services"),
    [
        Number("services_mean", "", "日均节目套数", "services, mean of the day"),
        Number("uhd_services_mean", "", "日均 4K 节目套数", "UHD services, mean of the day"),
        Text("day", "日期", "day"),
    ]);

    internal static IEnumerable<ObservationKind> All => [FmFix, FmSpeech, TsReception, TsOutage, TsRestore, AreaServices];
}
