using System.Globalization;
using SignalWatch.Contracts;

namespace SignalWatch.Fm;

internal static class BandTexts
{
    public static Text NoNeighbour() => new("±150 kHz：300 kHz 以内没有邻台", "±150 kHz: no neighbour within 300 kHz");

    public static Text Neighbour(double halfWidthHz, double causeHz, double differenceDb) => new(
        Invariant($"±{halfWidthHz / 1e3:0} kHz：{causeHz / 1e6:0.000} MHz 有邻台，比本台{(differenceDb < 0 ? "弱" : "强")} {Math.Abs(differenceDb):0.0} dB"),
        Invariant($"±{halfWidthHz / 1e3:0} kHz: a neighbour at {causeHz / 1e6:0.000} MHz, {Math.Abs(differenceDb):0.0} dB {(differenceDb < 0 ? "weaker" : "stronger")}"));

    public static Text OccupancyMethod(double appearsDb, double vanishesDb) => new(
        Invariant($"200 kHz 内载波高出随频率跟踪的噪声 {appearsDb:0.#} dB 记为占用，低于 {vanishesDb:0.#} dB 记为空闲；镜像、直流尖峰与边带不计入"),
        Invariant($"occupied from {appearsDb:0.#} dB over the noise tracked by frequency, in 200 kHz, until below {vanishesDb:0.#} dB; images, the spike at 0 Hz and sidebands are not counted"));

    public static Problem SweepTooNarrow(double sampleRateHz) => new("fm.sweep",
        new(Invariant($"采样率 {sampleRateHz:0} 样点/秒的接收机太窄，不能扫描调频频段"), Invariant($"a receiver of {sampleRateHz:0} samples a second is too narrow to sweep the FM band")),
        new("未开始扫描。请改用更高的采样率，例如 240 万样点/秒。", "Nothing was started. Use a higher rate, for example 2,400,000 samples a second."));

    public static Problem SweepTooShort(double hops, TimeSpan period, TimeSpan least) => new("fm.sweep",
        new(Invariant($"{period.TotalSeconds:0.#} 秒内不能扫完 {hops:0} 个频点"), Invariant($"{hops:0} hops can't be swept in {period.TotalSeconds:0.#} s")),
        new(Invariant($"未开始扫描。每个频点至少需要 {least.TotalSeconds:0.00} 秒：请延长扫描周期、提高采样率或缩小频率范围。"),
            Invariant($"Nothing was started. Each hop takes at least {least.TotalSeconds:0.00} s: allow a longer period, use a higher rate or a smaller range.")));

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
