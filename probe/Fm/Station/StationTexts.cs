using System.Globalization;
using SignalWatch.Contracts;

namespace SignalWatch.Fm;

internal static class StationTexts
{
    public static readonly Text Overload = new("接收机过载，本段测量不能作数", "the receiver was overloaded: this interval does not count");
    public static readonly Text Torn = new("样点有丢失，本段测量不能作数", "samples were lost: this interval does not count");
    public static readonly Text BesideStronger = new("处在强台的边带之内，鉴频器有时跟随强台，本段测量不能作数", "it stands in a stronger carrier's sidebands and the discriminator follows that one at times: this interval does not count");
    public static readonly Text TooShort = new("接收时间太短，尚无结果", "received for too short a time yet");
    public static readonly Text Rms = new("60 kHz 以内的均方根，已去除载波偏移和噪声", "RMS up to 60 kHz, without the carrier's offset and the noise");
    public static readonly Text Rare = new("按 ITU-R SM.1268-5 附件 2 的分布：十万分之一的样点超过此值", "from the distribution of ITU-R SM.1268-5 annex 2: one sample in 100,000 exceeds it");
    public static readonly Text Share = new("超出样点所占比例（ITU-R SM.1268-5 附件 2）", "share of the samples beyond (ITU-R SM.1268-5 annex 2)");
    public static readonly Text Power = new("ITU-R BS.412-9：最近 60 秒的复合信号功率，已去除载波偏移和噪声", "ITU-R BS.412-9: power of the multiplex over the last 60 s, without the carrier's offset and the noise");
    public static readonly Text WorstPower = new("ITU-R BS.412-9：任意 60 秒中的最大值", "ITU-R BS.412-9: the highest of any 60 s");
    public static readonly Text PilotFrequency = new("锁相环计数，以接收机时钟为准（百万分之 50 的时钟误差相当于 1 Hz）", "counted by a phase-locked loop, against the receiver's clock (50 ppm of which are 1 Hz)");
    public static readonly Text PilotDeviation = new("导频同相分量的平均值，噪声不计入", "mean of the pilot in phase: noise adds nothing");
    public static readonly Text NoPilot = new("没有 19 kHz 导频", "there is no 19 kHz pilot");
    public static readonly Text RdsDeviation = new("副载波有效值 × 1.445，噪声不计入", "RMS of the subcarrier × 1.445: noise adds nothing");
    public static readonly Text NoRds = new("未发现能与噪声区分的 RDS", "there is no RDS that noise could not be");
    public static readonly Text RdsPhase = new("与三倍导频相位之差，以 180° 为模（标准：0° 或 ±90°，容差 10°）", "against three times the pilot's phase, modulo 180° (the standard: 0° or ±90°, within 10°)");
    public static readonly Text NoRdsPhase = new("没有导频或没有 RDS", "there is no pilot or no RDS");
    public static readonly Text Level = new("去加重后的有效值，0 dBFS 为 75 kHz 频偏的正弦", "RMS after de-emphasis; 0 dBFS is a sine of 75 kHz deviation");
    public static readonly Text Silence = new("节目声低于 -60 dBFS 的持续时间，已去除噪声", "time with sound below −60 dBFS, noise taken off");
    public static readonly Text SoundInNoise = new("噪声太大，无法判断有无节目声", "the noise is too strong to tell whether there is sound");

    public static Text Peak(double noiseHz) => new(
        string.Create(CultureInfo.InvariantCulture, $"ITU-R SM.1268-5：50 毫秒时段峰值，60 kHz 线性相位低通，样点间内插，已按噪声（有效值 {noiseHz:0} Hz）修正"),
        string.Create(CultureInfo.InvariantCulture, $"ITU-R SM.1268-5: peaks of 50 ms slots, linear-phase low pass of 60 kHz, interpolated between samples, corrected for the noise ({noiseHz:0} Hz RMS)"));

    public static Text Noise(double noiseHz) => new(
        string.Create(CultureInfo.InvariantCulture, $"噪声造成 {noiseHz:0} Hz 的频偏（有效值），信噪比不足以作此测量"),
        string.Create(CultureInfo.InvariantCulture, $"the noise causes a deviation of {noiseHz:0} Hz RMS: too much for this measurement"));

    public static Text Narrow(double halfWidthHz) => new(
        string.Create(CultureInfo.InvariantCulture, $"为避开邻台，滤波器仅 ±{halfWidthHz / 1000:0} kHz，读数偏低"),
        string.Create(CultureInfo.InvariantCulture, $"because of a neighbour the filter is only ±{halfWidthHz / 1000:0} kHz: it reads too low"));

    public static Text ByRate(double halfWidthHz) => new(
        string.Create(CultureInfo.InvariantCulture, $"±{halfWidthHz / 1000:0} kHz：输入采样率所允许的最宽滤波器"),
        string.Create(CultureInfo.InvariantCulture, $"±{halfWidthHz / 1000:0} kHz: the widest that the rate of the input allows"));

    public static Text Observed(double seconds) => new(
        string.Create(CultureInfo.InvariantCulture, $"观测不足 {seconds:0} 秒，仅供参考"),
        string.Create(CultureInfo.InvariantCulture, $"observed for less than {seconds:0} s: for information only"));

    public static Problem SampleRate(double hz, double least) => new("fm.sample-rate",
        new(string.Create(CultureInfo.InvariantCulture, $"采样率 {hz:0} 样点/秒不能用于单个电台的测量"), string.Create(CultureInfo.InvariantCulture, $"a station can't be measured at {hz:0} samples a second")),
        new(string.Create(CultureInfo.InvariantCulture, $"未开始测量。请改用不低于 {least:0} 样点/秒的采样率。"), string.Create(CultureInfo.InvariantCulture, $"Nothing was started. Use a rate of at least {least:0} samples a second.")));

    public static Problem Offset(double hz, double rate) => new("fm.station-offset",
        new(string.Create(CultureInfo.InvariantCulture, $"偏移 {hz:0} Hz 的电台不在采样率 {rate:0} 的频带之内"), string.Create(CultureInfo.InvariantCulture, $"a station {hz:0} Hz off is not within the band of {rate:0} samples a second")),
        new("未开始测量。请选择录音频带之内的频率。", "Nothing was started. Choose a frequency within the recording's band."));
}
