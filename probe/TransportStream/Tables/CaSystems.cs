using SignalWatch.Contracts;

namespace SignalWatch.TransportStream;

/// <summary>
/// CA_system_ids in words. Source: DVB Services' public allocations (TS 101 162), as collected in TSDuck's tsCAS.names; 0x4A02 from the sources of Chinese receivers.
/// A company whose Chinese name was not found in a source is named in English in both languages.
/// </summary>
public static class CaSystems
{
    private static readonly (int First, int Last, Text Name)[] Allocations =
    [
        (0x0100, 0x01FF, new("Canal Plus", "Canal Plus")),
        (0x0200, 0x02FF, new("CCETT", "CCETT")),
        (0x0300, 0x03FF, new("Kabel Deutschland", "Kabel Deutschland")),
        (0x0400, 0x04FF, new("Eurodec", "Eurodec")),
        (0x0500, 0x05FF, new("Viaccess", "Viaccess")),
        (0x0600, 0x06FF, new("爱迪德", "Irdeto")),
        (0x0700, 0x07FF, new("Motorola", "Motorola")),
        (0x0800, 0x08FF, new("Matra Communication", "Matra Communication")),
        (0x0900, 0x09FF, new("NDS", "NDS")),
        (0x0A00, 0x0AFF, new("Nokia", "Nokia")),
        (0x0B00, 0x0BFF, new("Conax", "Conax")),
        (0x0C00, 0x0CFF, new("NTL", "NTL")),
        (0x0D00, 0x0DFF, new("CryptoWorks (Irdeto)", "CryptoWorks (Irdeto)")),
        (0x0E00, 0x0EFF, new("Scientific Atlanta", "Scientific Atlanta")),
        (0x0F00, 0x0FFF, new("Sony", "Sony")),
        (0x1000, 0x10FF, new("Tandberg Television", "Tandberg Television")),
        (0x1100, 0x11FF, new("Thomson", "Thomson")),
        (0x1200, 0x12FF, new("TV/Com", "TV/Com")),
        (0x1700, 0x17FF, new("Verimatrix", "Verimatrix")),
        (0x1800, 0x18FF, new("纳格拉", "Nagravision")),
        (0x1900, 0x19FF, new("Titan Information Systems", "Titan Information Systems")),
        (0x1E00, 0x1E07, new("Alticast", "Alticast")),
        (0x1EC0, 0x1EC0, new("Cryptoguard", "Cryptoguard")),
        (0x2200, 0x22FF, new("Harmonic", "Harmonic")),
        (0x2600, 0x26FF, new("European Broadcasting Union (BISS)", "European Broadcasting Union (BISS)")),
        (0x2710, 0x2711, new("Extended Secure", "Extended Secure")),
        (0x2713, 0x2714, new("武汉天喻", "Wuhan Tianyu Information Industry")),
        (0x2717, 0x2718, new("Logiways", "Logiways")),
        (0x4700, 0x47FF, new("General Instrument (Motorola)", "General Instrument (Motorola)")),
        (0x4800, 0x4824, new("Telemann", "Telemann")),
        (0x4825, 0x4825, new("ChinaEPG (Beijing)", "ChinaEPG (Beijing)")),
        (0x4826, 0x48FF, new("Telemann", "Telemann")),
        (0x4900, 0x49FF, new("爱迪德（中国 CryptoWorks）", "CryptoWorks China (Irdeto)")),
        (0x4A02, 0x4A02, new("永新视博（同方）", "Novel-SuperTV (Tongfang)")),
        (0x4A10, 0x4A1F, new("Easycas", "Easycas")),
        (0x4A20, 0x4A2F, new("AlphaCrypt", "AlphaCrypt")),
        (0x4A30, 0x4A3F, new("天柏", "DVN Holdings")),
        (0x4A40, 0x4A4F, new("Shanghai Advanced Digital", "Shanghai Advanced Digital")),
        (0x4A50, 0x4A5F, new("Shenzhen Kingsky Company", "Shenzhen Kingsky Company")),
        (0x4A60, 0x4A6F, new("@Sky / Neotion", "@Sky / Neotion")),
        (0x4A70, 0x4A7F, new("Dreamcrypt", "Dreamcrypt")),
        (0x4A80, 0x4A8F, new("ThalesCrypt", "ThalesCrypt")),
        (0x4A90, 0x4A9F, new("Runcom", "Runcom")),
        (0x4AA0, 0x4AAF, new("SIDSA", "SIDSA")),
        (0x4AB0, 0x4ABF, new("北京算通", "Beijing Compunicate")),
        (0x4AC0, 0x4ACF, new("Latens Systems", "Latens Systems")),
        (0x4AD0, 0x4AD1, new("XCrypt", "XCrypt")),
        (0x4AD2, 0x4AD3, new("Beijing Digital Video", "Beijing Digital Video")),
        (0x4AD4, 0x4AD5, new("Widevine", "Widevine")),
        (0x4ADB, 0x4ADB, new("济南泰信", "Jinan Taixin Electronics")),
        (0x4ADC, 0x4ADC, new("LogiWays", "LogiWays")),
        (0x4AE0, 0x4AE1, new("Cifra", "Cifra")),
        (0x4AE2, 0x4AE3, new("Microsoft", "Microsoft")),
        (0x4AE7, 0x4AE7, new("Guangzhou Ewider", "Guangzhou Ewider")),
        (0x4AE8, 0x4AE8, new("FG Digital", "FG Digital")),
        (0x4AEA, 0x4AEA, new("Cryptoguard", "Cryptoguard")),
        (0x4AEB, 0x4AEB, new("Abel DRM Systems", "Abel DRM Systems")),
        (0x4AED, 0x4AED, new("数字太和", "Unitend")),
        (0x4AEE, 0x4AEE, new("Bulcrypt", "Bulcrypt")),
        (0x4AF0, 0x4AF0, new("ABV International", "ABV International")),
        (0x4AF1, 0x4AF2, new("中数传媒", "China DTV Media")),
        (0x4AF3, 0x4AF3, new("Baustem Information", "Baustem Information")),
        (0x4AF4, 0x4AF4, new("Marlin Developer Community", "Marlin Developer Community")),
        (0x4AF5, 0x4AF5, new("SecureMedia", "SecureMedia")),
        (0x4AF6, 0x4AF6, new("同方", "Tongfang CAS")),
        (0x4AF8, 0x4AF8, new("Griffin CAS", "Griffin CAS")),
        (0x4AF9, 0x4AFA, new("Beijing Topreal", "Beijing Topreal")),
        (0x4AFB, 0x4AFB, new("NST", "NST")),
        (0x4AFC, 0x4AFC, new("Panaccess Systems", "Panaccess Systems")),
        (0x4B00, 0x4B02, new("同方", "Tongfang CAS")),
        (0x4B04, 0x4B04, new("Great Wall CAS", "Great Wall CAS")),
        (0x4B07, 0x4B07, new("Wuhan Reikost", "Wuhan Reikost")),
        (0x4B0A, 0x4B0B, new("数码视讯", "Beijing Sumavision")),
        (0x4B0C, 0x4B0F, new("四川长虹", "Sichuan Changhong Electric")),
        (0x4B13, 0x4B14, new("Microsoft", "Microsoft")),
        (0x4B26, 0x4B26, new("数字太和", "Unitend")),
        (0x4B3A, 0x4B3A, new("茁壮网络", "iPanel")),
        (0x4B3B, 0x4B3B, new("Jinggangshan Electric", "Jinggangshan Electric")),
        (0x4B42, 0x4B43, new("CI Plus", "CI Plus")),
        (0x4B4A, 0x4B4A, new("Topwell International Holdings", "Topwell International Holdings")),
        (0x4B4B, 0x4B4D, new("ABV International", "ABV International")),
        (0x5448, 0x5448, new("高斯贝尔", "Gospell Digital")),
        (0x5601, 0x5604, new("Verimatrix", "Verimatrix")),
        (0x5605, 0x5606, new("四川九洲", "Sichuan Jiuzhou Electronic")),
        (0x5607, 0x5608, new("Viewscenes", "Viewscenes")),
        (0xAA00, 0xAA01, new("Best CAS", "Best CAS")),
    ];

    /// <summary>Whose system it is; one that is not in the list is named with its number.</summary>
    /// <param name="caSystemId">CA_system_id of a CA_descriptor or CA_identifier_descriptor, 0 to 65535.</param>
    public static Text Name(int caSystemId)
    {
        foreach (var (first, last, name) in Allocations)
            if (caSystemId >= first && caSystemId <= last) return name;
        return new Text($"未知条件接收系统 0x{caSystemId:X4}", $"Unknown CA system 0x{caSystemId:X4}");
    }
}
