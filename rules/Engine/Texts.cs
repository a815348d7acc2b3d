using System.Globalization;
using SignalWatch.Contracts;
using SignalWatch.Rules.Expressions;

namespace SignalWatch.Rules;

/// <summary>Every text of this room that people see.</summary>
internal static class Texts
{
    // Values in sentences
    public static readonly Text Yes = new("是", "yes");
    public static readonly Text No = new("否", "no");
    public static readonly Text Unknown = new("未知", "unknown");

    /// <summary>A blank and the unit; of a level in dBFS also that it is not calibrated, since it must not be read as a field strength.</summary>
    public static Text UnitSuffix(string unit) => unit switch
    {
        "" => new("", ""),
        "dBFS" => new(" dBFS（未校准）", " dBFS (uncalibrated)"),
        _ => new($" {unit}", $" {unit}"),
    };

    // Sentences of verdicts that are not violations
    public static Text NotSo(Text title, DateTimeOffset since) => new($"自 {Time(since)} 起不成立：{title.Zh}。", $"Not so since {Time(since)}: {title.En}.");
    public static Text NoDataSince(string probe, DateTimeOffset since) => new($"无法判定：探针 {probe} 自 {Time(since)} 起没有数据。", $"Can't be decided: no data from probe {probe} since {Time(since)}.");
    public static Text FactsMissing(IEnumerable<Variable> missing)
    {
        var names = missing.ToList();
        return new($"无法判定：缺少{string.Join("、", names.Select(v => $"{v.Title.Zh}（{v.Name}）"))}。", $"Can't be decided: {string.Join(", ", names.Select(v => $"{v.Title.En} ({v.Name})"))} missing.");
    }
    public static Text Caused(Text sentence, string cause) => new($"{sentence.Zh}（由 {cause} 引起，不另告警。）", $"{sentence.En} (Caused by {cause}; no alarm of its own.)");
    public static Text TooFewProbes(int found, int? needed) => new($"无法判定：只有 {found} 个探针有结论，规则要求至少 {needed} 个。", $"Can't be decided: only {found} probe(s) can tell, and the rule asks for at least {needed}.");
    public static Text NotComputable(Fault fault) => fault switch
    {
        Fault.DivisionByZero => new("无法判定：规则中出现除以零。", "Can't be decided: the rule divides by zero."),
        Fault.Overflow => new("无法判定：规则中整数溢出。", "Can't be decided: an integer of the rule overflows."),
        Fault.NoSuchKey => new("无法判定：映射中没有规则所用的键。", "Can't be decided: a map lacks the key that the rule reads."),
        Fault.OutOfRange => new("无法判定：规则中的值或下标超出范围。", "Can't be decided: a value or an index of the rule is out of range."),
        Fault.BadConversion => new("无法判定：规则中的值无法转换。", "Can't be decided: a value of the rule can't be converted."),
        Fault.DuplicateKey => new("无法判定：规则中映射的键重复。", "Can't be decided: a map of the rule has a key twice."),
        Fault.UnknownName => new("无法判定：规则使用了未知的名称。", "Can't be decided: the rule uses a name that is not known."),
        Fault.CostExceeded => new("无法判定：规则的计算量超过上限。", "Can't be decided: the rule costs more than its limit."),
        _ => new("无法判定：规则中的运算不适用于这些值。", "Can't be decided: an operator of the rule does not apply to these values."),
    };
    public static Text NotKnownToHaveEnded(Text why) => new($"{why.Zh}此前的违规尚未确认结束。", $"{why.En} The violation before is not known to have ended.");

    // Expressions
    public static readonly Text VariableExpected = new("宏的第一个参数须为变量名。", "The first argument of a macro is the name of a variable.");
    public static readonly Text EntryColonExpected = new("映射的键后缺少冒号。", "A colon is missing behind the key of a map.");
    public static readonly Text BraceExpected = new("缺少右花括号“}”。", "A closing brace is missing.");
    public static readonly Text BadNumber = new("不是数字。", "This is not a number.");
    public static readonly Text NumberTooLarge = new("数字超出范围。", "The number is out of range.");
    public static readonly Text BadEscape = new("无效的转义序列。", "This escape sequence is not valid.");
    public static readonly Text TextNotClosed = new("字符串没有结束引号。", "The text has no closing quote.");
    public static readonly Text UnexpectedToken = new("此处不应出现该内容。", "This does not belong here.");
    public static readonly Text ExpressionEnds = new("表达式不完整。", "The expression ends too early.");
    public static readonly Text ExpressionTooLong = new("表达式过长。", "The expression is too long.");
    public static readonly Text ExpressionTooDeep = new("表达式嵌套过深。", "The expression is nested too deeply.");
    public static readonly Text ColonExpected = new("缺少冒号（条件 ? 值 : 值）。", "A colon is missing (condition ? value : value).");
    public static readonly Text NameExpected = new("点号后应为名称。", "A name must follow the dot.");
    public static readonly Text ParenthesisExpected = new("缺少右括号“)”。", "A closing parenthesis is missing.");
    public static readonly Text BracketExpected = new("缺少右方括号“]”。", "A closing bracket is missing.");
    public static readonly Text NoMembers = new("该值没有成员。", "This value has no members.");
    public static readonly Text HasTakesName = new("has() 的参数须为事实名称。", "has() takes the name of a fact.");
    public static readonly Text TooManyVariables = new($"一条规则最多使用 {Slots.Max} 个变量。", $"A rule may use at most {Slots.Max} variables.");
    public static Text ReservedWord(string word) => new($"“{word}”是保留字。", $"'{word}' is a reserved word.");
    public static Text UnexpectedCharacter(char c) => new($"无法识别的字符“{c}”。", $"The character '{c}' has no meaning here.");
    public static Text UnknownName(string name, string? nearest) => nearest is null
        ? new($"未知名称“{name}”。", $"Unknown name '{name}'.")
        : new($"未知名称“{name}”，是否为“{nearest}”？", $"Unknown name '{name}'. Did you mean '{nearest}'?");
    public static Text OnlyInSentences(string name) => new($"“{name}”只能用于标题和说明。", $"'{name}' may be used in titles and sentences only.");
    public static Text UnknownFunction(string name) => new($"未知函数“{name}”。可用：{Functions.Names}。", $"Unknown function '{name}'. There are {Functions.Names}.");
    public static Text WrongArguments(string name) => new($"函数“{name}”的参数不对。", $"'{name}' is not called like this.");
    public static Text WrongType(ExpressionType found, ExpressionType wanted) => new($"此处应为{NameOf(wanted).Zh}，而不是{NameOf(found).Zh}。", $"{Capital(NameOf(wanted).En)} is needed here, not {NameOf(found).En}.");
    public static Text BranchesDiffer(ExpressionType then, ExpressionType other) => new($"条件的两个分支类型不同：{NameOf(then).Zh}与{NameOf(other).Zh}。", $"The two branches have different types: {NameOf(then).En} and {NameOf(other).En}.");
    public static Text NoOverload(BinaryOperator operation, ExpressionType left, ExpressionType right) =>
        new($"运算“{Sign(operation)}”不适用于{NameOf(left).Zh}与{NameOf(right).Zh}{IntegerHint(left, right).Zh}。", $"'{Sign(operation)}' does not apply to {NameOf(left).En} and {NameOf(right).En}{IntegerHint(left, right).En}.");

    public static Problem BatchInvalid(string why) => new(
        "rules.batch-invalid",
        new("文件不是表达式测试文件。", "This is not a file of expression tests."),
        new($"未运行任何测试。须为 JSON 数组，每项含 file、section、name、expr：{why}", $"No test was run. It must be a JSON array of tests with file, section, name and expr: {why}"));

    // Templates
    public static readonly Text BraceNotOpened = new("“}”没有对应的“{”；花括号本身写作“}}”。", "This '}' closes nothing; a brace itself is written '}}'.");
    public static readonly Text BraceNotClosed = new("“{”没有对应的“}”；花括号本身写作“{{”。", "This '{' is not closed; a brace itself is written '{{'.");
    public static Text BadFormat(string format, string name) => new($"格式“{format}”不适用于“{name}”。", $"The format '{format}' does not fit '{name}'.");

    // Files of a pack
    public static readonly Text NoPackFile = new("不是规则包：没有 pack.yaml。", "This is not a rule pack: there is no pack.yaml.");
    public static readonly Text NotAPackFile = new("此文件不属于规则包：只允许 pack.yaml、pack.lock、pack.sig、README.md 以及 rules、parameters、tests 目录下的 *.yaml。", "This file does not belong to a pack: there may be pack.yaml, pack.lock, pack.sig, README.md, and *.yaml in rules, parameters and tests.");
    public static readonly Text FileTooLarge = new("文件超过 1 MB。", "The file is larger than 1 MB.");
    public static readonly Text NotUtf8 = new("文件不是 UTF-8 编码。", "The file is not in UTF-8.");
    public static readonly Text EmptyFile = new("文件为空。", "The file is empty.");
    public static readonly Text NoAliases = new("不允许使用锚点、别名和标签。", "Anchors, aliases and tags are not allowed.");
    public static readonly Text YamlTooDeep = new("嵌套过深。", "This is nested too deeply.");
    public static readonly Text KeyIsText = new("键须为文本。", "A key is a text.");
    public static readonly Text MappingExpected = new("此处应为“键: 值”。", "There must be 'key: value' here.");
    public static readonly Text DatesNotRising = new("生效日期须按先后排列。", "The dates must rise.");
    public static readonly Text BadParameterName = new("参数名只能含小写字母、数字和下划线，且不以数字开头。", "A parameter's name has lower-case letters, digits and underscores, and does not begin with a digit.");
    public static readonly Text BadRuleId = new("规则编号只能含字母、数字、“-”和“.”。", "A rule's id has letters, digits, '-' and '.'.");
    public static readonly Text EmptyNever = new("须给出 result 或 says。", "There must be a result, or says.");
    public static Text NotReadable(string why) => new($"无法读取：{why}", $"It can't be read: {why}");
    public static Text BadYaml(string why) => new($"YAML 语法错误：{why}", $"This is not YAML: {why}");
    public static Text DuplicateKey(string name) => new($"键“{name}”重复。", $"The key '{name}' is there twice.");
    public static Text UnknownKey(string name, string known) => new($"未知的键“{name}”。可用：{known}。", $"Unknown key '{name}'. There are {known}.");
    public static Text MissingKey(string name) => new($"缺少“{name}”。", $"'{name}' is missing.");
    public static Text TextExpected(string name) => new($"“{name}”须为非空文本。", $"'{name}' must be a text that is not empty.");
    public static Text ListExpected(string name) => new($"“{name}”须为列表。", $"'{name}' must be a list.");
    public static Text IntegerExpected(string name, int least, int most) => new($"“{name}”须为 {least} 至 {most} 的整数。", $"'{name}' must be a whole number from {least} to {most}.");
    public static Text FlagExpected(string name) => new($"“{name}”须为 true 或 false。", $"'{name}' must be true or false.");
    public static Text QuantityExpected(string name, int most) => new($"“{name}”须为 1 至 {most} 的整数，或各值均为此类整数的参数名。", $"'{name}' must be a whole number from 1 to {most}, or the name of a parameter whose values all are.");
    public static Text SuppressesItself(string id) => new($"规则“{id}”通过 suppressWhen 抑制了自己。", $"The rule '{id}' suppresses itself by its suppressWhen.");
    public static Text StepCount(int most) => new($"sequence 须有 2 至 {most} 个 steps。", $"A sequence has 2 to {most} steps.");
    public static Text NumberExpected(string name) => new($"“{name}”须为数字。", $"'{name}' must be a number.");
    public static Text ChoiceExpected(string name, string choices) => new($"“{name}”须为以下之一：{choices}。", $"'{name}' must be one of {choices}.");
    public static Text DateExpected(string name) => new($"“{name}”须为日期，如 2026-01-31。", $"'{name}' must be a date such as 2026-01-31.");
    public static Text TimeExpected(string name) => new($"“{name}”须为时刻，如 2026-03-14T22:00:00+08:00。", $"'{name}' must be a time such as 2026-03-14T22:00:00+08:00.");
    public static Text DurationExpected(string name) => new($"“{name}”须为时长，如 500ms、10s、5m、1h。", $"'{name}' must be a duration such as 500ms, 10s, 5m or 1h.");
    public static Text NeitherDurationNorParameter(string text) => new($"“{text}”既不是时长（如 10s），也不是参数名。", $"'{text}' is neither a duration such as 10s nor the name of a parameter.");
    public static Text ParameterNotSeconds(string name) => new($"参数“{name}”用作时长，其单位须为 s，值在 0 与一年之间。", $"The parameter '{name}' is used as a duration: its unit must be s and its values between 0 and a year.");
    public static Text ParameterWithoutValue(string name) => new($"参数“{name}”没有起始值。", $"The parameter '{name}' has no value to begin with.");
    public static Text ParameterTypesDiffer(string name) => new($"参数“{name}”的各值类型不同。", $"The values of the parameter '{name}' have different types.");
    public static Text DuplicateParameter(string name) => new($"参数“{name}”重复定义。", $"The parameter '{name}' is defined twice.");
    public static Text UnusedParameter(string name) => new($"没有规则使用参数“{name}”。", $"No rule uses the parameter '{name}'.");
    public static Text DuplicateRule(string id) => new($"规则“{id}”重复定义。", $"The rule '{id}' is defined twice.");
    public static Text UnknownRule(string id) => new($"没有规则“{id}”。", $"There is no rule '{id}'.");
    public static Text UnknownKind(string name, string known) => new($"未知的观测种类“{name}”。可用：{known}。", $"Unknown kind of observation '{name}'. There are {known}.");
    public static Text UnknownFact(string name, string kind) => new($"观测“{kind}”没有事实“{name}”。", $"'{kind}' has no fact '{name}'.");
    public static Text FactType(string name, FactType type) => type switch
    {
        Contracts.FactType.Number => new($"“{name}”须为数字。", $"'{name}' must be a number."),
        Contracts.FactType.Boolean => new($"“{name}”须为 true 或 false。", $"'{name}' must be true or false."),
        _ => new($"“{name}”须为文本；数字样的文本请加引号。", $"'{name}' must be a text; one that looks like a number needs quotes."),
    };
    public static Text BadSubject(string text) => new($"“{text}”不是该种观测的对象（种类:标识）。", $"'{text}' is not a subject (kind:key) of such an observation.");
    public static Text TooManyObservations(int most) => new($"every 须大于零，且一项测试最多 {most} 条观测。", $"'every' must be more than nothing, and a test has at most {most} observations.");
    public static Text DuplicateTest(string name) => new($"测试“{name}”重复。", $"The test '{name}' is there twice.");
    public static Problem PackInvalid(string folder, IReadOnlyList<PackProblem> problems) => new(
        "rules.pack-invalid",
        new($"规则包 {folder} 有 {problems.Count} 处错误。", $"The rule pack {folder} has {problems.Count} problem(s)."),
        new($"规则包未启用。请改正：\n{string.Join('\n', problems.Select(p => p.In(Language.Chinese)))}", $"It was not taken into use. Mend these:\n{string.Join('\n', problems.Select(p => p.In(Language.English)))}"));

    // Seal of a pack
    public static Problem PackTampered(string folder, IReadOnlyList<Text> differences) => new(
        "rules.pack-tampered",
        new($"规则包 {folder} 与其 pack.lock 不符。", $"The rule pack {folder} is not what its pack.lock says."),
        new($"规则包未启用。不符之处：\n{string.Join('\n', differences.Select(d => d.Zh))}\n请恢复原文件，或由签发人重新签名。", $"It was not taken into use. It differs here:\n{string.Join('\n', differences.Select(d => d.En))}\nRestore the files, or have the issuer sign it again."));
    public static Text FileChanged(string file) => new($"{file}：内容已改变", $"{file}: its content is another");
    public static Text FileAbsent(string file) => new($"{file}：缺失", $"{file}: it is missing");
    public static Text FileAdded(string file) => new($"{file}：不在 pack.lock 中", $"{file}: it is not in pack.lock");
    public static Text LockUnreadable(int line) => new($"pack.lock 第 {line} 行无法识别", $"pack.lock:{line}: this is no line of a lock");
    public static Text SignatureWrong(string file) => new($"{file}：签名与 pack.lock 不符", $"{file}: the signature is not one of pack.lock");
    public static Problem PackUnsigned(string folder) => new(
        "rules.pack-unsigned",
        new($"规则包 {folder} 没有签名。", $"The rule pack {folder} is not signed."),
        new("规则包未启用：本机要求签名。请用 rules sign 签名。", "It was not taken into use: a signature is required here. Sign it with 'rules sign'."));
    public static Problem PackOtherKey(string folder, string found) => new(
        "rules.pack-other-key",
        new($"规则包 {folder} 由另一密钥签名。", $"The rule pack {folder} is signed with another key."),
        new($"规则包未启用。签名密钥为 {found}，不是要求的密钥。", $"It was not taken into use. Its key is {found}, not the one that is required."));

    // Tests of a pack
    public const string CoverageTest = "coverage";
    public static Problem TestsFail(string folder) => new(
        "rules.tests-fail",
        new($"规则包 {folder} 的测试未全部通过。", $"Not all tests of the rule pack {folder} pass."),
        new("未作变异测试。请先运行 rules test 并改正。", "No mutant was tried. Run 'rules test' and mend what fails first."));
    public static Text NeverTested(VerdictResult result) => new($"没有通过的测试得到“{NameOf(result).Zh}”。", $"No test that passes gives '{NameOf(result).En}'.");
    public static Text VerdictDidNotCome(TimeSpan at, VerdictResult result) => new($"{Offset(at)} 应有“{NameOf(result).Zh}”，但没有。", $"At {Offset(at)} '{NameOf(result).En}' was to come, but did not.");
    public static Text VerdictNotExpected(TimeSpan at, VerdictResult result, Text sentence) => new($"{Offset(at)} 出现了未预期的“{NameOf(result).Zh}”：{sentence.Zh}", $"At {Offset(at)} '{NameOf(result).En}' came unexpected: {sentence.En}");
    public static Text OtherVerdict(TimeSpan expectedAt, VerdictResult expected, TimeSpan at, VerdictResult result) =>
        new($"应在 {Offset(expectedAt)} 得到“{NameOf(expected).Zh}”，实际在 {Offset(at)} 得到“{NameOf(result).Zh}”。", $"'{NameOf(expected).En}' was to come at {Offset(expectedAt)}; '{NameOf(result).En}' came at {Offset(at)}.");
    public static Text OtherText(TimeSpan at, string expected, Text found) => new($"{Offset(at)} 应有文字“{expected}”，实际为：{found.Zh} / {found.En}", $"At {Offset(at)} the text was to be '{expected}'; it is: {found.Zh} / {found.En}");
    public static Text OtherValue(TimeSpan at, string name, string expected, string found) => new($"{Offset(at)} 的 {name} 应为“{expected}”，实际为“{found}”。", $"At {Offset(at)} {name} was to be '{expected}'; it is '{found}'.");
    public static Text NeverCame(VerdictResult? result, string? says, TimeSpan at) =>
        new($"{Offset(at)} 出现了绝不应出现的内容：{(result is { } r ? NameOf(r).Zh : "")} {says}".TrimEnd(), $"At {Offset(at)} came what must never come: {(result is { } s ? NameOf(s).En : "")} {says}".TrimEnd());

    // Registers
    public static readonly Text NotText = new("文件既不是 UTF-8 也不是 GB18030 编码。请另存为“CSV UTF-8”。", "The file is neither UTF-8 nor GB18030. Save it as 'CSV UTF-8'.");
    public static readonly Text EmptyRegister = new("文件为空。须有表头和至少一行。", "The file is empty. It needs a header and at least one row.");
    public static readonly Text BadQuotes = new("引号不配对；单元格内的引号须写两个。", "The quotes do not match; a quote within a cell is written twice.");
    public static readonly Text CellEmpty = new("不得为空。", "It must not be empty.");
    public static readonly Text WholeHz = new("频率须为整数赫兹。", "A frequency is a whole number of Hz.");
    public static readonly Text EndsBeforeItBegins = new("失效日期早于生效日期。", "It ends before it begins.");
    public static Text MissingColumns(string missing, string found) => new($"缺少列：{missing}。表头为：{found}。", $"Columns are missing: {missing}. The header is: {found}.");
    public static Text UnknownColumn(string name, string known) => new($"未知的列“{name}”，其内容未采用。可选列：{known}。", $"Unknown column '{name}': its values are not used. There may be {known}.");
    public static Text DuplicateColumn(string name) => new($"列“{name}”重复。", $"The column '{name}' is there twice.");
    public static Text CellCount(int found, int wanted) => new($"有 {found} 个单元格，应为 {wanted} 个。", $"There are {found} cells instead of {wanted}.");
    public static Text BadPi(string cell) => new($"“{cell}”不是四位十六进制 PI，如 A203。", $"'{cell}' is not a PI of four hex digits such as A203.");
    public static Text BadArea(string cell) => new($"“{cell}”不是行政区划代码（GB/T 2260，数字）。", $"'{cell}' is not an area code of GB/T 2260 (digits).");
    public static Text BadCellNumber(string cell) => new($"“{cell}”不是数字。", $"'{cell}' is not a number.");
    public static Text BadDay(string cell) => new($"“{cell}”不是日期，如 2026-01-31。", $"'{cell}' is not a date such as 2026-01-31.");
    public static Text OutOfRange(string cell, double least, double most) => new(Invariant($"{cell} 超出范围 {least} 至 {most}。"), Invariant($"{cell} is outside of {least} to {most}."));
    public static Text DuplicateLicence(int where) => new($"与第 {where} 行的频率、区域相同且有效期重叠。", $"It has the frequency and area of line {where}, and their validity overlaps.");
    public static Text RowProblemLine(RowProblem p) => p.Line == 0 ? p.What
        : p.Column == 0 ? new($"第 {p.Line} 行：{p.What.Zh}", $"Line {p.Line}: {p.What.En}")
        : new($"第 {p.Line} 行第 {p.Column} 列（{p.Name}）：{p.What.Zh}", $"Line {p.Line}, column {p.Column} ({p.Name}): {p.What.En}");
    public static Text RegisterRow(RowProblem p) => new($"登记表{RowProblemLine(p).Zh}", $"Register: {RowProblemLine(p).En}");

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);

    private static string Time(DateTimeOffset at) => at.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) + " (UTC+8)";

    private static string Offset(TimeSpan at) => string.Create(CultureInfo.InvariantCulture, $"{at.TotalSeconds:0.###} s");

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];

    private static Text IntegerHint(ExpressionType left, ExpressionType right) =>
        (left, right) is (ExpressionType.Integer, ExpressionType.Real) or (ExpressionType.Real, ExpressionType.Integer) ? new("（整数请写作小数，如 3.0）", " (write the integer as 3.0)") : new("", "");

    private static Text NameOf(VerdictResult result) => result switch
    {
        VerdictResult.Violation => new("违规", "violation"),
        VerdictResult.Compliant => new("合规", "compliant"),
        _ => new("无法判定", "undetermined"),
    };

    private static Text NameOf(ExpressionType type) => type switch
    {
        ExpressionType.Null => new("空值", "null"),
        ExpressionType.Boolean => new("真假值", "a truth value"),
        ExpressionType.Integer => new("整数", "an integer"),
        ExpressionType.Real => new("数字", "a number"),
        ExpressionType.Text => new("文本", "a text"),
        ExpressionType.List => new("列表", "a list"),
        ExpressionType.Unsigned => new("无符号整数", "an unsigned integer"),
        ExpressionType.Bytes => new("字节串", "bytes"),
        ExpressionType.Map => new("映射", "a map"),
        ExpressionType.Timestamp => new("时刻", "a timestamp"),
        ExpressionType.Duration => new("时长", "a duration"),
        ExpressionType.Type => new("类型", "a type"),
        _ => new("任意值", "any value"),
    };

    private static string Sign(BinaryOperator operation) => operation switch
    {
        BinaryOperator.Less => "<",
        BinaryOperator.LessEqual => "<=",
        BinaryOperator.Greater => ">",
        BinaryOperator.GreaterEqual => ">=",
        BinaryOperator.Equal => "==",
        BinaryOperator.NotEqual => "!=",
        BinaryOperator.In => "in",
        BinaryOperator.Add => "+",
        BinaryOperator.Subtract => "-",
        BinaryOperator.Multiply => "*",
        BinaryOperator.Divide => "/",
        BinaryOperator.Remainder => "%",
        BinaryOperator.And => "&&",
        _ => "||",
    };
}
