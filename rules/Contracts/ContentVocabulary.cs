using static SignalWatch.Contracts.FactDefinition;

namespace SignalWatch.Contracts;

/// <summary>What is said of the content of a programme. A radio programme has the subject of its service in the register, as a television programme has.</summary>
public static class ContentVocabulary
{
    /// <summary>Whether a service carries what is expected: when that changes, and every second while it does not.</summary>
    public static readonly ObservationKind Identity = new("content.identity", SubjectKind.Service, new("节目内容核对", "content against expectation"),
    [
        Text("name", "节目名", "service name"),
        Number("mismatch_s", "s", "不符时长", "not as expected for"),
        Text("method", "核对方法（fingerprint、logo）", "by fingerprint or logo"),
        Text("expected", "应为", "expected"),
        Text("found", "实际", "found"),
    ]);

    /// <summary>How a relayed service compares with its source, every second.</summary>
    public static readonly ObservationKind Relay = new("content.relay", SubjectKind.Service, new("转播核对", "relay against its source"),
    [
        Text("name", "节目名", "service name"),
        Flag("relayed", "转播节目", "relayed"),
        Text("source", "信源节目", "source"),
        Number("gap_s", "s", "与信源不符的时长", "differs from its source for"),
        Number("overlay_s", "s", "画面遮挡时长", "part of the picture covered for"),
        Number("ad_overlay_s", "s", "挂角或游动字幕广告时长", "corner or crawl advertisement for"),
    ]);

    /// <summary>Loudness of a programme at its end (ITU-R BS.1770, GY/T 262).</summary>
    public static readonly ObservationKind Loudness = new("content.loudness", SubjectKind.Service, new("节目响度", "loudness of a programme"),
    [
        Text("name", "节目名", "service name"),
        Text("programme", "节目段", "programme"),
        Number("programme_lkfs", "LKFS", "节目响度", "programme loudness"),
        Number("true_peak_dbtp", "dBTP", "最大真峰值", "largest true peak"),
    ]);

    /// <summary>Advertising of one clock-hour, once at its end.</summary>
    public static readonly ObservationKind Hour = new("content.hour", SubjectKind.Service, new("小时广告时长", "advertising of an hour"),
    [
        Text("name", "节目名", "service name"),
        Text("hour", "小时", "hour"),
        Number("commercial_s", "s", "商业广告时长", "commercial advertising"),
        Flag("live", "直播", "live"),
        Flag("relay", "转播", "relay"),
    ]);

    /// <summary>Advertising of the prime hours of a day, 19–21 h of television or 11–13 h of radio, once at their end.</summary>
    public static readonly ObservationKind Prime = new("content.prime", SubjectKind.Service, new("黄金时段广告时长", "advertising of the prime hours"),
    [
        Text("name", "节目名", "service name"),
        Text("medium", "类别（tv、radio）", "television or radio"),
        Text("day", "日期", "day"),
        Number("commercial_s", "s", "商业广告时长", "commercial advertising"),
        Number("psa_items", "", "公益广告条数", "public service announcements"),
    ]);

    /// <summary>Advertising of a day, once at its end.</summary>
    public static readonly ObservationKind Day = new("content.day", SubjectKind.Service, new("全日广告时长", "advertising of a day"),
    [
        Text("name", "节目名", "service name"),
        Text("day", "日期", "day"),
        Number("commercial_s", "s", "商业广告时长", "commercial advertising"),
        Number("psa_s", "s", "公益广告时长", "public service announcements"),
        Number("psa_items_prime", "", "规定时段公益广告条数", "public service announcements in the prime hours"),
    ]);

    /// <summary>An episode of a drama, once at its end.</summary>
    public static readonly ObservationKind Episode = new("content.episode", SubjectKind.Service, new("电视剧", "episode of a drama"),
    [
        Text("name", "节目名", "service name"),
        Text("episode", "剧集", "episode"),
        Number("ad_inside_s", "s", "集内广告时长", "advertising inside the episode"),
    ]);

    /// <summary>Medical claims that a recogniser heard or read within the window of its lexicon (5 min): terms, no judgement.</summary>
    public static readonly ObservationKind Claims = new("content.claims", SubjectKind.Service, new("医疗用语识别", "medical claims"),
    [
        Text("name", "节目名", "service name"),
        Number("claims", "", "命中次数", "hits"),
        Text("terms", "词条", "terms"),
        Text("lexicon", "词库版本", "version of the lexicon"),
    ]);

    /// <summary>Share of a channel in a slot against the same slot of 28 days. Only sums: no household is told.</summary>
    public static readonly ObservationKind Audience = new("content.audience", SubjectKind.Service, new("收视份额", "audience share"),
    [
        Text("name", "节目名", "service name"),
        Text("slot", "时段", "slot"),
        Number("share_z", "", "份额偏离（标准差倍数）", "deviation of the share in standard deviations"),
        Number("device_concentration", "", "最多的 1% 设备所占比例", "share of the most active 1 % of devices"),
    ]);

    internal static IEnumerable<ObservationKind> All => [Identity, Relay, Loudness, Hour, Prime, Day, Episode, Claims, Audience];
}
