using System.Globalization;
using SignalWatch.Contracts;

namespace SignalWatch.Fm;

internal static class Texts
{
    public static Problem SampleRate(double hz) => new("fm.sample-rate",
        new(string.Create(CultureInfo.InvariantCulture, $"采样率 {hz:0} 样点/秒不能用于调频频段监测"), string.Create(CultureInfo.InvariantCulture, $"an FM band can't be watched at {hz:0} samples a second")),
        new("未开始监测。请改用 24 万至 2500 万样点/秒之间的采样率，例如 240 万。", "Nothing was started. Use a rate between 240,000 and 25,000,000 samples a second, for example 2,400,000."));

    public static Problem Setting(string name) => new("fm.setting",
        new($"调频频段监测的设置 {name} 超出允许范围", $"the setting {name} of the FM band watch is out of range"),
        new("未开始监测。请更正该设置后重试。", "Nothing was started. Correct the setting and try again."));
}
