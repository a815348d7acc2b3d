using System.Collections.Frozen;
using System.Collections.Immutable;
using SignalWatch.Contracts;

namespace SignalWatch.Fm;

/// <summary>What the codes of RDS mean: programme types, countries, languages, open data applications, classes of RT+.</summary>
public static class RdsCodes
{
    private static readonly Text None = new("", "");

    // EN 50067:1998 annex F, table F.1.
    private static readonly ImmutableArray<Text> European =
    [
        new("未定义", "No PTY"), new("新闻", "News"), new("时事", "Current affairs"), new("信息", "Information"),
        new("体育", "Sport"), new("教育", "Education"), new("戏剧", "Drama"), new("文化", "Culture"),
        new("科学", "Science"), new("综艺", "Varied"), new("流行音乐", "Pop music"), new("摇滚音乐", "Rock music"),
        new("轻松音乐", "Easy listening"), new("轻古典音乐", "Light classical"), new("严肃古典音乐", "Serious classical"), new("其他音乐", "Other music"),
        new("天气", "Weather"), new("财经", "Finance"), new("儿童节目", "Children's programmes"), new("社会", "Social affairs"),
        new("宗教", "Religion"), new("听众热线", "Phone-in"), new("旅游", "Travel"), new("休闲", "Leisure"),
        new("爵士音乐", "Jazz music"), new("乡村音乐", "Country music"), new("民族音乐", "National music"), new("怀旧音乐", "Oldies music"),
        new("民间音乐", "Folk music"), new("纪实", "Documentary"), new("警报测试", "Alarm test"), new("警报", "Alarm"),
    ];

    // NRSC-4-B (2011) annex F; 27 and 28 are not assigned.
    private static readonly ImmutableArray<Text> American =
    [
        new("未定义", "No PTY"), new("新闻", "News"), new("信息", "Information"), new("体育", "Sports"),
        new("谈话", "Talk"), new("摇滚", "Rock"), new("经典摇滚", "Classic rock"), new("成人流行", "Adult hits"),
        new("软摇滚", "Soft rock"), new("前四十排行", "Top 40"), new("乡村", "Country"), new("怀旧", "Oldies"),
        new("轻柔", "Soft"), new("老歌", "Nostalgia"), new("爵士", "Jazz"), new("古典", "Classical"),
        new("节奏布鲁斯", "Rhythm and blues"), new("轻柔节奏布鲁斯", "Soft rhythm and blues"), new("外语", "Language"), new("宗教音乐", "Religious music"),
        new("宗教谈话", "Religious talk"), new("名人", "Personality"), new("公共", "Public"), new("校园", "College"),
        new("西班牙语谈话", "Spanish talk"), new("西班牙语音乐", "Spanish music"), new("嘻哈", "Hip hop"), None,
        None, new("天气", "Weather"), new("紧急测试", "Emergency test"), new("紧急", "Emergency"),
    ];

    // EN 50067:1998 table D.1 and RDS Forum R08/008_7 table D.2: by extended country code, for the first digit of the PI 1 to F. ISO 3166 codes; -- is not assigned.
    private static readonly FrozenDictionary<byte, string[]> Countries = new Dictionary<byte, string>
    {
        [0xA0] = "US US US US US US US US US US US -- US US --",
        [0xA1] = "-- -- -- -- -- -- -- -- -- -- CA CA CA CA GL",
        [0xA2] = "AI AG EC FK BB BZ KY CR CU AR BR BM AN GP BS",
        [0xA3] = "BO CO JM MQ GF PY NI -- PA DM DO CL GD TC GY",
        [0xA4] = "GT HN AW -- MS TT PE SR UY KN LC SV HT VE --",
        [0xA5] = "-- -- -- -- -- -- -- -- -- -- MX VC MX MX MX",
        [0xA6] = "-- -- -- -- -- -- -- -- -- -- -- -- -- -- PM",
        [0xD0] = "CM CF DJ MG ML AO GQ GA GN ZA BF CG TG BJ MW",
        [0xD1] = "NA LR GH MR ST CV SN GM BI -- BW KM TZ ET NG",
        [0xD2] = "SL ZW MZ UG SZ KE SO NE TD GW CD CI TZ ZM --",
        [0xD3] = "-- -- EH -- RW LS -- SC -- MU -- SD -- -- --",
        [0xE0] = "DE DZ AD IL IT BE RU PS AL AT HU MT DE -- EG",
        [0xE1] = "GR CY SM CH JO FI LU BG DK GI IQ GB LY RO FR",
        [0xE2] = "MA CZ PL VA SK SY TN -- LI IS MC LT RS ES NO",
        [0xE3] = "ME IE TR MK -- -- -- NL LV LB AZ HR KZ SE BY",
        [0xE4] = "MD EE KG -- -- UA XK PT SI AM -- GE -- -- BA",
        [0xF0] = "AU AU AU AU AU AU AU AU SA AF MM CN KP BH MY",
        [0xF1] = "KI BT BD PK FJ OM NR IR NZ SB BN LK TW KR HK",
        [0xF2] = "KW QA KH WS IN MO VN PH JP SG MV ID AE NP VU",
        [0xF3] = "LA TH TO -- -- -- -- -- PG -- YE -- -- FM MN",
    }.ToFrozenDictionary(p => p.Key, p => p.Value.Split(' '));

    // EN 50067:1998 annex J: ISO 639 codes by language code, from 01 and from 45 on. 40 is background sound.
    private static readonly string[] EuropeanLanguages =
        "sq br ca hr cy cs da de en es eo et eu fo fr fy ga gd gl is it se la lv lb lt hu mt nl no oc pl pt ro rm sr sk sl fi sv tr nl wa".Split(' ');
    private static readonly string[] OtherLanguages =
        ("zu vi uz ur uk th te tt ta tg sw srn so si sn sh rue ru qu ps pa fa pap or ne nr mr ro ms mg mk lo ko km kk kn ja id hi he ha gn gu el ka ff prs cv zh my bg bn be bm az as hy ar am").Split(' ');

    // RDS Forum R06/040_1 (RT+), table of content types.
    private static readonly string[] Contents =
        ("dummy_class item.title item.album item.tracknumber item.artist item.composition item.movement item.conductor item.composer item.band item.comment item.genre " +
        "info.news info.news.local info.stockmarket info.sport info.lottery info.horoscope info.daily_diversion info.health info.event info.scene info.cinema info.tv " +
        "info.date_time info.weather info.traffic info.alarm info.advertisement info.url info.other stationname.short stationname.long programme.now programme.next programme.part " +
        "programme.host programme.editorial_staff programme.frequency programme.homepage programme.subchannel phone.hotline phone.studio phone.other sms.studio sms.other " +
        "email.hotline email.studio email.other mms.other chat chat.centre vote.question vote.centre unknown unknown unknown unknown unknown place appointment identifier purchase get_data").Split(' ');

    // RDS Forum R13/041_2: the applications that a monitoring station meets.
    private static readonly FrozenDictionary<ushort, string> Applications = new Dictionary<ushort, string>
    {
        [0x0000] = "None", [0x0093] = "Cross referencing DAB within RDS", [0x0BCB] = "Leisure & Practical Info for Drivers", [0x0D45] = "RDS-TMC: ALERT-C / EN ISO 14819-1",
        [0x125F] = "I-FM-RDS for fixed and mobile devices", [0x1DC5] = "Encrypted TTI using ALERT-Plus", [RadioTextPlusId] = "RadioText+ (RT+)", [0x4D87] = "Radio Commerce System (RCS)",
        [0x5757] = "Personal weather station", [EnhancedRadioTextId] = "Enhanced RadioText (eRT)", [0x7373] = "Enhanced early warning system", [0xC350] = "NRSC Song Title and Artist",
        [0xC3A1] = "Personal Radio Service", [0xC3B0] = "iTunes Tagging", [0xC3C3] = "NAVTEQ Traffic Plus", [0xC4D4] = "eEAS", [0xC549] = "Smart Grid Broadcast Channel",
        [0xC563] = "ID Logic", [0xC6A7] = "Veil Enabled Interactive Device", [0xC737] = "Utility Message Channel (UMC)", [TrafficMessageId] = "RDS-TMC: ALERT-C",
        [TrafficMessageTestId] = "RDS-TMC: ALERT-C", [0xCE6B] = "Encrypted TTI using ALERT-Plus", [0xE123] = "APS Gateway", [0xE1C1] = "Action code", [0xE411] = "Beacon downlink", [0xE911] = "EAS open protocol",
    }.ToFrozenDictionary();

    internal const ushort RadioTextPlusId = 0x4BD7;
    internal const ushort EnhancedRadioTextId = 0x6552;
    internal const ushort TrafficMessageId = 0xCD46;
    internal const ushort TrafficMessageTestId = 0xCD47;

    /// <summary>Name of a programme type.</summary>
    /// <param name="code">PTY, 0 to 31.</param>
    /// <param name="rbds">By the North American table.</param>
    public static Text ProgrammeType(int code, bool rbds = false) => code is < 0 or > 31 ? None : (rbds ? American : European)[code];

    /// <summary>ISO 3166 code of the country that a PI with an extended country code belongs to; null where none is assigned.</summary>
    public static string? Country(ushort pi, byte extendedCountryCode) =>
        pi >> 12 is var first and > 0 && Countries.TryGetValue(extendedCountryCode, out var row) && row[first - 1] is var country && country != "--" ? country : null;

    /// <summary>ISO 639 code of a language; null where none is assigned.</summary>
    /// <param name="code">Language identification code of group 1A, 0 to 255.</param>
    public static string? Language(int code) => code switch
    {
        >= 1 when code <= EuropeanLanguages.Length => EuropeanLanguages[code - 1],
        >= 0x45 when code - 0x45 < OtherLanguages.Length => OtherLanguages[code - 0x45],
        _ => null,
    };

    /// <summary>Name of an open data application by its identification; null where it is not known.</summary>
    public static string? Application(ushort applicationId) => Applications.GetValueOrDefault(applicationId);

    /// <summary>Class of an RT+ tag, as <c>item.title</c>.</summary>
    /// <param name="contentType">0 to 63.</param>
    public static string ContentType(int contentType) => contentType >= 0 && contentType < Contents.Length ? Contents[contentType] : "unknown";
}
