using System.Globalization;
using SignalWatch.Contracts;

namespace SignalWatch.Simulation;

internal static class Texts
{
    public static Problem OutOfReach(double hz, double low, double high) => new("receiver.frequency-range",
        new(string.Create(CultureInfo.InvariantCulture, $"模拟接收机不能调到 {hz / 1e6:0.###} MHz"), string.Create(CultureInfo.InvariantCulture, $"the simulated receiver can't be tuned to {hz / 1e6:0.###} MHz")),
        new(string.Create(CultureInfo.InvariantCulture, $"频率未改变。可调范围为 {low / 1e6:0} 至 {high / 1e6:0} MHz。"), string.Create(CultureInfo.InvariantCulture, $"Nothing was changed. It reaches from {low / 1e6:0} to {high / 1e6:0} MHz.")));

    public static readonly Text ScenarioAdvice = new("没有开始演练。请改正该处后重新启动。", "The drill did not begin. Correct that place and start again.");
    public static readonly Text ScenarioEmpty = new("文件是空的。", "The file is empty.");
    public static readonly Text TooLoud = new("各电台电平之和超过满刻度，会削波；请降低 level_dbfs。", "the emitters together exceed full scale and would clip; lower level_dbfs");
    public static readonly Text RdsNeedsProgramme = new("只有有节目的电台才能有 RDS", "only an emitter with a programme has RDS");
    public static readonly Text FourHexDigits = new("必须是四位十六进制数，例如 C101", "must be four hexadecimal digits, such as C101");
    public static readonly Text BadWindow = new("必须是 from 和 to，或者 every、for（和 at），且 at < every、for ≤ every ≤ 24 小时", "must be from and to, or every, for (and at), with at < every and for ≤ every ≤ 24 h");
    public static readonly Text Twice = new("出现了两次", "occurs twice");
    public static readonly Text NoRoom = new("各节目码率之和超过传输流码率的 90%", "the services together exceed 90 % of the multiplex's bit rate");

    public static Text MustLie(string low, string high) => new($"必须在 {low} 与 {high} 之间", $"must lie between {low} and {high}");

    public static Text HowMany(int least, int most) => new($"必须有 {least} 到 {most} 项", $"has {least} to {most} entries");

    public static Text AtMost(int characters) => new($"最多 {characters} 个字符", $"has at most {characters} characters");

    public static Text AsciiAtMost(int characters) => new($"最多 {characters} 个可打印 ASCII 字符", $"has at most {characters} printable ASCII characters");

    public static Text ScenarioJson(string path, string message) => new($"{path} 处的 JSON 不合格式：{message}", $"the JSON at {path} does not fit: {message}");

    public static Text ScenarioValue(string path, Text what) => new($"{path} {what.Zh}。", $"{path} {what.En}.");

    public static Text ScenarioInvalid(string name, long line, long column, Text what) =>
        new(string.Create(CultureInfo.InvariantCulture, $"演练脚本有误 {name}:{line}:{column}：{what.Zh}"),
            string.Create(CultureInfo.InvariantCulture, $"The scenario is wrong at {name}:{line}:{column}: {what.En}"));

    public static Problem NoSuch(string what, string id, IEnumerable<string> known) => new("scenario.unknown-source",
        new($"演练城市里没有 {what}“{id}”。", $"The simulated city has no {what} “{id}”."),
        new($"有的是：{string.Join("、", known)}。请改正配置中的 source。", $"There are: {string.Join(", ", known)}. Correct the source in the configuration."));
}
