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

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
