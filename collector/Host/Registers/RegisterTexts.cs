using System.Globalization;
using SignalWatch.Contracts;

namespace SignalWatch.Collector.Registers;

/// <summary>What the registers say to people.</summary>
internal static class RegisterTexts
{
    public static Problem NoSuchRegister(string type) => new("register.absent",
        new($"没有登记表 {type}", $"There is no register {type}"),
        new("GET /api/v1/registers 列出全部登记表。", "GET /api/v1/registers lists all registers."), 404);

    public static Problem NoSuchAct(string act) => new("register.act-absent",
        new($"登记表没有第 {act} 号改动", $"The register has no act {act}"),
        new("GET /api/v1/registers/{type}/acts 列出全部改动。", "GET /api/v1/registers/{type}/acts lists all acts."), 404);

    public static Problem NoSuchKey(string key) => new("register.key-absent",
        new($"登记表从未有过 {key}", $"The register never had {key}"),
        new("请核对键值；它由各关键列以 | 相连。", "Check the key: it is the key columns with | between them."), 404);

    public static Problem AreaAbsent(string code) => new("register.area-absent",
        new($"没有地区 {code}", $"There is no area {code}"),
        new("请核对 GB/T 2260 代码；乡镇和村须先导入 areas 登记表。", "Check the code of GB/T 2260; townships and villages come with an import into the register areas."), 404);

    public static Problem BadParameter(string what) => new("register.request-invalid",
        new($"请求有误：{what}", $"The request is wrong: {what}"),
        new("没有改动任何数据。", "Nothing was changed."));

    public static Problem Refused(int refused) => new("register.import-refused",
        new($"有 {refused} 行有错，未导入", $"{refused} rows are wrong; nothing was imported"),
        new("没有改动任何数据。请按逐行报告更正文件，或用 bad=skip 只导入正确的行。", "Nothing was changed. Correct the file by the row-by-row report, or import only the good rows with bad=skip."), 422);

    public static Problem NoTable() => new("register.file-unreadable",
        new("文件不能读取，未导入", "The file can't be read; nothing was imported"),
        new("没有改动任何数据。报告中说明了原因和位置。", "Nothing was changed. The report says why and where."), 422);

    public static Problem Unsure(int rows, int missing) => new("register.import-unsure",
        new($"有 {rows} 行读不出键值，而另有 {missing} 项不在文件中：无法断定它们应当删除", $"Of {rows} rows not even the key can be read, and {missing} entries are not in the file: whether these should go can't be said"),
        new("没有改动任何数据。请更正这些行后再整表替换。", "Nothing was changed. Correct those rows, then replace the register."), 422);

    public static Problem Moved(int expected, int present) => new("register.changed-meanwhile",
        new($"登记表在试运行之后已有改动（当时第 {expected} 号，现为第 {present} 号）", $"The register was changed after the dry run (act {expected} then, {present} now)"),
        new("没有改动任何数据。请重新试运行，看清结果再导入。", "Nothing was changed. Do the dry run again, look at it, then import."), 409);

    public static Problem ChangedSince(int act, int count, string first) => new("register.undo-conflict",
        new($"第 {act} 号改动不能撤销：它涉及的 {count} 项后来又有改动，例如 {first}", $"Act {act} can't be undone: {count} entries that it changed were changed again, such as {first}"),
        new("没有改动任何数据。请先撤销后来的改动，或导入更正后的文件。", "Nothing was changed. Undo the later acts first, or import a corrected file."), 409);

    public static Problem NothingToUndo(int act) => new("register.undo-nothing",
        new($"第 {act} 号改动没有改变任何条目", $"Act {act} changed no entry"),
        new("没有可以撤销的内容。", "There is nothing to undo."), 409);

    public static Text ProblemLine(CellProblem problem)
    {
        var (zh, en) = (problem.Line > 0 ? $"第 {problem.Line} 行" : "", problem.Line > 0 ? $"line {problem.Line}" : "");
        if (problem.Column > 0) (zh, en) = ($"{zh}第 {problem.Column} 列", $"{en}, column {problem.Column}");
        if (problem.Name.Length > 0) (zh, en) = ($"{zh}（{problem.Name}）", $"{en} ({problem.Name})");
        if (problem.Read.Length > 0) (zh, en) = ($"{zh}「{problem.Read}」", $"{en} \"{problem.Read}\"");
        var (meantZh, meantEn) = problem.Suggestion is { } suggestion ? ($"；是否为 {suggestion}？", $"; is {suggestion} meant?") : ("", "");
        return new($"{zh}：{problem.What.Zh}{meantZh}".TrimStart('：'), $"{en}: {problem.What.En}{meantEn}".TrimStart(':', ' '));
    }

    public static Text TooLong(int length, int most) => new($"有 {length} 个字符，最多 {most} 个", $"{length} characters, at most {most}");

    public static Text ControlCharacter() => new("含有控制字符", "there is a control character in it");

    public static Text CellEmpty() => new("不能为空", "it must not be empty");

    public static Text NotNumber(string? unit) => new($"应为数字{(unit is null ? "" : $"（{unit}）")}", $"a number is expected{(unit is null ? "" : $" ({unit})")}");

    public static Text NotWhole() => new("应为整数", "a whole number is expected");

    public static Text OutOfRange(double? least, double? most, string? unit) =>
        new($"超出范围：应为 {Number(least)} 至 {Number(most)}{Unit(unit)}", $"out of range: {Number(least)} to {Number(most)}{Unit(unit)}");

    public static Text NotChoice(string choices) => new($"应为其中之一：{choices}", $"one of {choices} is expected");

    public static Text NotArea() => new("应为 GB/T 2260 地区代码，如 44、4401、440106", "an area code of GB/T 2260 is expected, such as 44, 4401, 440106");

    public static Text NoSuchArea(string code) => new($"没有代码为 {code} 的地区；新设的区划请先导入 areas 登记表", $"there is no area {code}; import new divisions into the register areas first");

    public static Text NotDay() => new("应为日期，如 2026-03-14", "a day is expected, such as 2026-03-14");

    public static Text NotPi() => new("应为四位十六进制数", "four hex digits are expected");

    public static Text FileTooLong(long bytes) => new($"文件有 {bytes} 字节，最多 {RegisterFile.MaxBytes}", $"the file has {bytes} bytes, at most {RegisterFile.MaxBytes}");

    public static Text NotText() => new("不是 UTF-8 或 GB18030 文本", "this is neither UTF-8 nor GB18030");

    public static Text EmptyFile() => new("文件中没有数据行", "there are no rows in the file");

    public static Text BadQuotes() => new("引号不成对，本行各单元格可能错位", "the quotes do not match: cells of this row may have moved");

    public static Text RecordTooLong(string why) => new($"从这里起有引号没有关闭，其后的内容无法分行（{why}）", $"a quote from here on is never closed, what follows can't be told apart ({why})");

    public static Text TooManyRows() => new($"超过 {RegisterFile.MaxRows} 行", $"more than {RegisterFile.MaxRows} rows");

    public static Text CellCount(int cells, int expected) => new($"有 {cells} 个单元格，表头有 {expected} 个", $"{cells} cells, the header has {expected}");

    public static Text MissingColumns(string columns) => new($"缺少列：{columns}", $"columns are missing: {columns}");

    public static Text UnknownColumn(string known) => new($"没有这一列；可用的列：{known}", $"there is no such column; there are {known}");

    public static Text DuplicateColumn() => new("这一列出现了两次", "this column is there twice");

    public static Text EndsBeforeItBegins() => new("早于生效日期", "it is before the first day of validity");

    public static Text DuplicateRow(int line) => new($"与第 {line} 行键值相同且有效期重叠", $"the same key as line {line}, on the same days");

    private static string Number(double? value) => value?.ToString("0.########", CultureInfo.InvariantCulture) ?? "…";

    private static string Unit(string? unit) => unit is null ? "" : $" {unit}";
}
