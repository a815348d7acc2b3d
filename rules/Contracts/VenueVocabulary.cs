using static SignalWatch.Contracts.FactDefinition;

namespace SignalWatch.Contracts;

/// <summary>What is said of places that show programmes: hotels.</summary>
public static class VenueVocabulary
{
    /// <summary>A scan of the services that a venue receives, compared with its licence: at the end of each scan.</summary>
    public static readonly ObservationKind Scan = new("venue.scan", SubjectKind.Venue, new("场所频道扫描", "scan of a venue"),
    [
        Text("name", "名称", "name"),
        Number("overseas_services", "", "境外频道数", "overseas services"),
        Text("overseas_names", "境外频道", "overseas services by name"),
        Flag("overseas_licence", "持有有效的境外节目接收许可证", "valid licence to receive overseas programmes"),
        Number("beyond_licence", "", "超出许可的频道数", "services beyond the licence"),
        Text("beyond_licence_names", "超出许可的频道", "services beyond the licence by name"),
        Number("unlisted", "", "不在年度名单的境外频道数", "overseas services that are not on the list of the year"),
        Text("unlisted_names", "不在年度名单的境外频道", "those services by name"),
        Number("other_source", "", "非指定平台信源的境外频道数", "overseas services not from the appointed platform"),
        Text("other_source_names", "非指定平台信源的境外频道", "those services by name"),
        Number("single_service_multiplexes", "", "单节目传输流数", "multiplexes with one service each"),
        Flag("operator_nit", "有运营商 NIT", "a NIT of the operator"),
        Number("default_strings", "", "调制器出厂字符串数", "strings that modulators leave the factory with"),
    ]);

    /// <summary>What the register has of a venue, once a day.</summary>
    public static readonly ObservationKind Record = new("venue.record", SubjectKind.Venue, new("场所登记", "record of a venue"),
    [
        Text("name", "名称", "name"),
        Flag("overseas_licence", "持有境外节目接收许可证", "licence to receive overseas programmes"),
        Label("stars", "", "星级", "stars"),
        Flag("open", "在营业", "open"),
        Flag("licensed", "持有接收许可证", "licensed"),
        Number("licence_days_left", "d", "许可证剩余天数", "days until the licence expires"),
        Number("inspection_age_d", "d", "距上次检查天数", "days since the last inspection"),
    ]);

    internal static IEnumerable<ObservationKind> All => [Scan, Record];
}
