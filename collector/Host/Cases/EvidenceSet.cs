using SignalWatch.Contracts;

namespace SignalWatch.Collector.Cases;

/// <summary>An item of the minimum evidence set.</summary>
/// <param name="Number">1 to 15.</param>
/// <param name="Title">What it is.</param>
/// <param name="Kinds">Kinds of evidence that can show it; empty where it is shown by words or by the case itself.</param>
internal sealed record EvidenceSetItem(int Number, Text Title, IReadOnlyList<string> Kinds);

/// <summary>What a file needs before it goes to another authority: the union of what regulators ask for (FCC NAL practice, Ofcom, Anatel, ITU Spectrum Monitoring Handbook, SAMR 2024 electronic data, 行政处罚法 §41).</summary>
internal static class EvidenceSet
{
    /// <summary>Days after the resolution at which somebody listens again.</summary>
    public static readonly int[] RecheckDays = [7, 30, 180];

    /// <summary>The item that re-checks fulfil.</summary>
    public const int RecheckItem = 15;

    public static readonly IReadOnlyList<EvidenceSetItem> Items =
    [
        new(1, new("何人、何时、何地，时间可溯源", "Who, when, where, with traceable time"), []),
        new(2, new("未剪辑的原始录音：完整一轮循环或不少于 20 分钟", "Original, unedited recording: one full loop or at least 20 minutes"), ["audio"]),
        new(3, new("频谱与瀑布图", "Spectrum and waterfall"), ["spectrum"]),
        new(4, new("经校准的场强（dBµV/m，含天线系数与不确定度）", "Calibrated field strength (dBµV/m, with antenna factor and uncertainty)"), ["measurement", "document"]),
        new(5, new("登记库查询快照：该频率、该区域无许可（含登记库版本）", "Register query: no licence for frequency and area, with the register's version"), ["document"]),
        new(6, new("不少于 3 条示向线或行进轨迹，加定位与误差椭圆", "Three or more bearings or a track, with fix and ellipse"), ["measurement", "document"]),
        new(7, new("已排除互调与镜像", "Intermodulation and image excluded"), ["iq", "document"]),
        new(8, new("文字稿、电话号码与所售产品", "Transcript, telephone numbers and products"), ["document", "audio"]),
        new(9, new("现场照片、场所、业主或物业联系人、电表读数", "Photographs, premises, owner or property contact, meter reading"), ["photo", "document"]),
        new(10, new("两名执法人员姓名、执法证号及见证人", "Two officers with card numbers, and a witness"), ["document"]),
        new(11, new("摘要清单（SHA-256 与 SM3）及 SM2 签名", "Digest manifest (SHA-256 and SM3) with SM2 signature"), ["document"]),
        new(12, new("设备法制与技术审核及校准证书", "Device review and calibration certificates"), ["document"]),
        new(13, new("保管链记录", "Chain of custody"), []),
        new(14, new("逐日违法记录", "Ledger of violations by day"), []),
        new(RecheckItem, new("处置后第 7、30、180 天复查", "Re-checks 7, 30 and 180 days after the resolution"), []),
    ];
}
