using System.Globalization;
using SignalWatch.Contracts;
using SignalWatch.Fm.Identity;

namespace SignalWatch.Probe.FmAnalysis;

/// <summary>Words of the report.</summary>
internal static class FmReportTexts
{
    public static readonly Text Live = new("实时", "live");
    public static readonly Text Replay = new("录音", "recording");
    public static readonly Text SimulatedShort = new("模拟", "simulated");
    public static readonly Text SimulatedLoudly = new("模拟信号：演练城市，不是真实电台", "SIMULATED: the drill's city, no real station");
    public static readonly Text NoCarrier = new("  没有找到载波", "  no carrier was found");
    public static readonly Text NoiseFloor = new("噪声", "noise");
    public static readonly Text Overloaded = new("过载", "overloaded");
    public static readonly Text NotOverloaded = new("未过载", "not overloaded");
    public static readonly Text Register = new("登记表", "register");
    public static readonly Text Entries = new("条", "entries");
    public static readonly Text NoRegister = new("没有登记表", "no register");
    public static readonly Text Station = new("电台", "Station");
    public static readonly Text Measurements = new("测量", "Measurements");
    public static readonly Text MaskedHeading = new("不算载波的峰", "Peaks that are no carriers");
    public static readonly Text NowOff = new("（已停）", " (gone)");
    public static readonly Text Uncalibrated = new("未校准", "uncalibrated");
    public static readonly Text Stereo = new("立体声", "stereo");
    public static readonly Text Mono = new("单声道", "mono");
    public static readonly Text Unmodulated = new("无调制", "unmodulated");
    public static readonly Text TooHigh = new("超限", "over limit");
    public static readonly Text WithinLimit = new("合规", "within limit");
    public static readonly Text Valid = new("有效", "valid");
    public static readonly Text NotValid = new("不能作数", "not valid");
    public static readonly Text PeakNotValid = new("峰值频偏不能作数：", "the peak deviation is not valid: ");

    public static readonly Text[] CarrierColumns =
        [new("频率 MHz", "MHz"), new("状态", "status"), new("登记名称", "registered as"), new("电平", "level"), new("信噪比 dB", "SNR dB"), new("频率偏差 Hz", "offset Hz"), new("占用带宽 kHz", "occupied kHz"), new("声音", "sound"), new("PI", "PI"), new("PS", "PS"), new("嫌疑", "suspicion")];

    public static readonly Text[] MeasurementColumns =
        [new("频率 MHz", "MHz"), new("峰值频偏 kHz", "peak kHz"), new("结论", "verdict"), new("99.999% kHz", "99.999% kHz"), new("超 77 kHz 的比例", "above 77 kHz"), new("MPX 功率 dBr", "MPX dBr"), new("导频 kHz", "pilot kHz"), new("RDS kHz", "RDS kHz"), new("RDS 组/误块率", "RDS groups/BLER"), new("左 dBFS", "left dBFS"), new("右 dBFS", "right dBFS"), new("滤波 ±kHz", "filter ±kHz")];

    public static readonly Text[] MaskedColumns = [new("频率 MHz", "MHz"), new("电平 dBFS", "level dBFS"), new("原因", "why"), new("来自 MHz", "from MHz")];

    public static Text Exceeds(DeviationDocument deviation) => new(
        string.Create(CultureInfo.InvariantCulture, $"频偏超限：峰值 {deviation.PeakHz / 1e3:F1} kHz，{deviation.ShareAbove77k:P3} 的样点超过 77 kHz（SM.1268-5 允许百万分之一），观测 {deviation.Seconds:F1} 秒"),
        string.Create(CultureInfo.InvariantCulture, $"deviation exceeds the limit: peak {deviation.PeakHz / 1e3:F1} kHz, {deviation.ShareAbove77k:P3} of the samples above 77 kHz (SM.1268-5 allows 1e-6), {deviation.Seconds:F1} s observed"));

    public static Text Silence(double seconds) => new(string.Create(CultureInfo.InvariantCulture, $"静音 {seconds:F1} 秒"), string.Create(CultureInfo.InvariantCulture, $"silent for {seconds:F1} s"));

    public static Text Status(CarrierStatus status) => status switch
    {
        CarrierStatus.Licensed => new("已登记", "licensed"),
        CarrierStatus.Overspill => new("溢波", "overspill"),
        CarrierStatus.Unregistered => new("未登记", "unregistered"),
        CarrierStatus.Image => new("镜像", "image"),
        CarrierStatus.Intermodulation => new("互调", "intermodulation"),
        CarrierStatus.CarrierOnly => new("无调制载波", "bare carrier"),
        _ => new("未知", "unknown"),
    };

    public static Text Stage(SuspicionStage stage) => stage switch
    {
        SuspicionStage.Candidate => new("疑似", "candidate"),
        SuspicionStage.Held => new("已持续 300 秒", "held for 300 s"),
        SuspicionStage.Confirmed => new("已确认", "confirmed"),
        _ => new("", ""),
    };

    public static Text Mask(string reason) => reason switch
    {
        "skirt" => new("强电台的边带", "skirt of a stronger carrier"),
        "image" => new("接收机镜像", "the receiver's image"),
        "dcSpike" => new("接收机本振泄漏", "the receiver's own oscillator"),
        "edge" or "hopEdge" => new("频段边缘", "edge of the band"),
        "overload" => new("过载产物", "product of overload"),
        _ => new(reason, reason),
    };
}
