namespace SignalWatch.Collector.Registers;

/// <summary>The registers that there are.</summary>
internal static class RegisterSchemas
{
    public const string FmType = "fm", AreaType = "areas";

    private static readonly ColumnChoice[] YesNo = [new("no", "否"), new("yes", "是")];

    /// <summary>All of them, in the order in which people see them.</summary>
    public static IReadOnlyList<RegisterSchema> All { get; } = [Fm(), Services(), Venues(), Overseas(), Ott(), Areas(), Lexicons()];

    /// <summary>The register of that type, or null.</summary>
    public static RegisterSchema? Find(string type) => All.FirstOrDefault(s => s.Type == type);

    private static RegisterSchema Fm() => new(FmType, new("调频台登记表", "FM stations"),
        new("调频广播许可、转播、试验和已知溢波。没有登记的载波是疑似黑广播。", "FM licences, relays, tests and known overspill. A carrier that is not in it is suspected to be unlicensed."),
        [
            // GB/T 4311-2000: the FM band of China is 87 to 108 MHz.
            new("frequency_hz", new("频率(Hz)", "frequency (Hz)"), ColumnType.Whole) { IsKey = true, IsRequired = true, Unit = "Hz", Least = 87_000_000, Most = 108_000_000, Scaled = [new("frequency_mhz", "频率(MHz)", 1_000_000)] },
            new("pi", new("节目标识码", "PI"), ColumnType.Pi) { Help = new("RDS 节目标识（IEC 62106），四位十六进制", "of RDS (IEC 62106), four hex digits") },
            new("ps", new("台名", "station name"), ColumnType.Text),
            new("licensee", new("许可单位", "licensee"), ColumnType.Text) { IsRequired = true },
            new("class", new("类别", "class"), ColumnType.Choice) { Choices = [new("licensed", "许可"), new("overspill", "溢波"), new("relay", "转播"), new("test", "试验")] },
            Area("许可覆盖地区，空为不限", "where it holds; empty for everywhere") with { IsKey = true },
            new("erp_kw", new("有效辐射功率(kW)", "ERP (kW)"), ColumnType.Number) { Unit = "kW", Least = 0, Most = 10_000 },
            new("lat", new("纬度", "latitude"), ColumnType.Number) { Unit = "°", Least = -90, Most = 90, Help = new("WGS-84", "WGS-84") },
            new("lon", new("经度", "longitude"), ColumnType.Number) { Unit = "°", Least = -180, Most = 180, Help = new("WGS-84", "WGS-84") },
            new("max_deviation_hz", new("最大频偏(Hz)", "peak deviation (Hz)"), ColumnType.Number) { Unit = "Hz", Least = 0, Most = 1_000_000 },
            new("max_level", new("最大场强(dBµV/m)", "highest expected field strength (dBµV/m)"), ColumnType.Number) { Unit = "dBµV/m", Least = -50, Most = 200 },
            Note(),
        ]);

    private static RegisterSchema Services() => new("services", new("频道节目表", "services and line-ups"),
        new("各传输网络经批准的节目：谁、在哪个复用、叫什么、什么清晰度、是否在册。", "What each network is permitted to carry: in which multiplex, under which name, in which definition, and in which state."),
        [
            new("network", new("网络", "network"), ColumnType.Text) { IsKey = true, IsRequired = true, Longest = 100 },
            new("ts_id", new("传输流标识", "transport stream id"), ColumnType.Whole) { IsKey = true, IsRequired = true, Least = 0, Most = 65_535 },
            new("service_id", new("业务标识", "service id"), ColumnType.Whole) { IsKey = true, IsRequired = true, Least = 0, Most = 65_535 },
            new("name", new("节目名称", "service name"), ColumnType.Text) { IsRequired = true },
            new("provider", new("开办单位", "provider"), ColumnType.Text),
            new("definition", new("清晰度", "definition"), ColumnType.Choice) { IsRequired = true, Choices = [new("sd", "标清"), new("hd", "高清"), new("uhd", "超高清"), new("audio", "音频")] },
            new("access", new("收视方式", "access"), ColumnType.Choice) { Choices = [new("free", "免费"), new("pay", "付费")] },
            new("approval", new("批准文号", "approval"), ColumnType.Text),
            new("lifecycle", new("状态", "lifecycle"), ColumnType.Choice) { Choices = [new("approved", "在播"), new("closing", "停办中"), new("closed", "已关停")] },
            Area("播出地区，空为不限", "where it is carried; empty for everywhere"),
            Note(),
        ]);

    private static RegisterSchema Venues() => new("venues", new("涉外接收单位登记表", "venues with licences"),
        new("宾馆等接收单位及其许可证；许可频道以许可证为准，不以全国名单为准。", "Hotels and other venues with their licences; what one may receive is in its own licence, not in a national list."),
        [
            new("venue", new("单位编号", "venue"), ColumnType.Text) { IsKey = true, IsRequired = true, Longest = 100 },
            new("name", new("单位名称", "name"), ColumnType.Text) { IsRequired = true },
            Area("所在地区", "where it is") with { IsRequired = true },
            new("address", new("地址", "address"), ColumnType.Text),
            new("star", new("星级", "stars"), ColumnType.Whole) { Least = 0, Most = 5 },
            new("licence_domestic", new("境内许可证号", "licence for domestic programmes"), ColumnType.Text),
            new("domestic_until", new("境内许可证有效期至", "domestic licence until"), ColumnType.Day),
            new("licence_overseas", new("境外许可证号", "licence for overseas programmes"), ColumnType.Text),
            new("overseas_until", new("境外许可证有效期至", "overseas licence until"), ColumnType.Day),
            new("channels", new("许可频道", "licensed channels"), ColumnType.List) { Longest = 10_000 },
            new("contact", new("责任人", "responsible person"), ColumnType.Text),
            new("last_inspection", new("上次检查日期", "last inspection"), ColumnType.Day),
            Note(),
        ]);

    private static RegisterSchema Overseas() => new("overseas", new("年度境外频道名单", "yearly overseas lists"),
        new("每年公布的可接收境外卫星频道；到年底失效（总局令第27号）。", "The overseas channels that may be received, as announced each year; they lapse at its end (order 27 of the administration)."),
        [
            new("year", new("年度", "year"), ColumnType.Whole) { IsKey = true, IsRequired = true, Least = 1990, Most = 2100 },
            new("channel", new("频道", "channel"), ColumnType.Text) { IsKey = true, IsRequired = true, Longest = 200 },
            new("scope", new("批准范围", "scope"), ColumnType.Choice) { IsKey = true, Choices = [new("hotel", "涉外宾馆"), new("cable", "有线网")] },
            new("network", new("网络", "network"), ColumnType.Text) { IsKey = true, Help = new("范围为有线网时的网络", "which, where the scope is cable"), Longest = 100 },
            new("notice", new("公布文号", "notice"), ColumnType.Text),
            Note(),
        ]);

    private static RegisterSchema Ott() => new("ott", new("网络视听服务登记表", "OTT services"),
        new("持证的互联网视听服务及其集成平台（总局令第56号）。", "Licensed audio-visual services on the Internet, with their integration platform (order 56 of the administration)."),
        [
            new("service", new("服务", "service"), ColumnType.Text) { IsKey = true, IsRequired = true, Longest = 200, Help = new("域名或应用包名", "domain name, or name of the app's package") },
            new("name", new("名称", "name"), ColumnType.Text) { IsRequired = true },
            new("operator", new("运营单位", "operator"), ColumnType.Text) { IsRequired = true },
            new("licence", new("许可证号", "licence"), ColumnType.Text) { IsRequired = true },
            new("category", new("业务类别", "category"), ColumnType.Text),
            new("live", new("许可直播", "live permitted"), ColumnType.Choice) { Choices = YesNo },
            new("channels", new("许可直播频道", "licensed live channels"), ColumnType.List) { Longest = 10_000 },
            new("platform", new("集成平台", "integration platform"), ColumnType.Text),
            Area("注册地区", "where it is registered"),
            Note(),
        ]);

    private static RegisterSchema Areas() => new(AreaType, new("行政区划", "areas"),
        new("GB/T 2260 以下的乡镇和村，以及区划变更；省内市县已内置。", "Townships and villages below GB/T 2260, and changes of divisions; the province's cities and counties are built in."),
        [
            new("code", new("代码", "code"), ColumnType.Area) { IsKey = true, IsRequired = true },
            new("name", new("名称", "name"), ColumnType.Text) { IsRequired = true, Longest = 100 },
            Note(),
        ]);

    private static RegisterSchema Lexicons() => new("lexicons", new("词库", "lexicons"),
        new("监管机构提供的词：医疗宣传、药品、热线等。", "Terms that the regulator supplies: medical claims, drugs, hot-lines."),
        [
            new("lexicon", new("词库名", "lexicon"), ColumnType.Text) { IsKey = true, IsRequired = true, Longest = 100 },
            new("term", new("词", "term"), ColumnType.Text) { IsKey = true, IsRequired = true, Longest = 200 },
            new("weight", new("权重", "weight"), ColumnType.Number) { Least = 0, Most = 1 },
            new("basis", new("依据", "legal basis"), ColumnType.Text),
            Note(),
        ]);

    private static RegisterColumn Area(string chinese, string english) => new("area", new("地区代码", "area"), ColumnType.Area) { Help = new(chinese, english) };

    private static RegisterColumn Note() => new("note", new("备注", "note"), ColumnType.Text) { Longest = 4_000 };
}
