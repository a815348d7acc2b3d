using SignalWatch.Contracts;

namespace SignalWatch.Hardware.Iq;

/// <summary>What people read of a calibration that can't be used.</summary>
internal static class CalibrationTexts
{
    public static Problem Unreadable(string path, string reason) => new("calibration.missing",
        new($"无法读取校准文件 {path}：{reason}", $"the calibration {path} can't be read: {reason}"),
        new("没有校准，电平只以 dBFS 表示。请检查路径和权限。", "Without it levels are in dBFS alone. Check its path and rights."));

    public static Problem Invalid(string path, IReadOnlyList<Text> errors) => new("calibration.invalid",
        new($"校准文件 {path} 无效", $"the calibration {path} is not valid"),
        new(string.Join("；", errors.Select(e => e.Zh)) + "。该校准未被使用，电平只以 dBFS 表示。请更正后重试。", string.Join("; ", errors.Select(e => e.En)) + ". It is not used, and levels are in dBFS alone. Correct it."));

    public static Text NotJson(long line, long column) => new($"第 {line} 行第 {column} 列不是有效的 JSON", $"no valid JSON at line {line}, column {column}");

    public static Text Expected(string place, string form) => new($"{place} 缺失或格式不对，应为 {form}", $"{place} is missing or of another form than {form}");

    public static Text Range(string place, double least, double most) => new($"{place} 应为 {least:G} 至 {most:G} 之间的数", $"{place} must be a number from {least:G} to {most:G}");

    public static Text Order(string place, string before) => new($"{place} 必须大于 {before}", $"{place} must be above {before}");
}
