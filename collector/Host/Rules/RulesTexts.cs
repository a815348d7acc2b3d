using System.Globalization;
using System.Text;
using SignalWatch.Contracts;
using SignalWatch.Rules;

namespace SignalWatch.Collector.Rules;

/// <summary>What the <c>rules</c> command says.</summary>
internal static class RulesTexts
{
    public static readonly Text Rules = new("规则包：检查、测试、查看；登记表：试导入", "Rule packs: check, test, show; registers: try an import");
    public static readonly Text Lint = new("检查规则包，列出全部错误（文件、行、列）", "Check a rule pack and list all that is wrong, by file, line and column");
    public static readonly Text Test = new("运行规则包自带的测试", "Run the tests that a rule pack brings");
    public static readonly Text Mutate = new("逐一改动每个阈值、运算符和时限，看测试能否发现；发现率低于 95% 时退出码为 1", "Change each threshold, operator and duration in turn and see whether a test notices; exit code 1 below 95 %");
    public static readonly Text Show = new("查看规则包，或其中一条规则", "Show a rule pack, or one rule of it");
    public static readonly Text Sign = new("锁定规则包并签名：写入 pack.lock 与 pack.sig", "Lock a rule pack and sign it: writes pack.lock and pack.sig");
    public static readonly Text Verify = new("检查规则包与其 pack.lock、签名是否相符；未签名时退出码为 1", "Check a rule pack against its pack.lock and signature; exit code 1 where it is not signed");
    public static readonly Text KeyOption = new("签发人的 Ed25519 私钥（PEM，openssl genpkey -algorithm ed25519）", "The issuer's Ed25519 private key (PEM, openssl genpkey -algorithm ed25519)");
    public static readonly Text PublicKeyOption = new("必须由此 Ed25519 公钥（PEM）签名", "It must be signed with this Ed25519 public key (PEM)");
    public static readonly Text Eval = new("计算文件中的表达式，每个测试输出一行 JSON。", "Evaluate the expressions of a file: one line of JSON for each test.");
    public static readonly Text BatchOption = new("一致性测试文件（JSON）。", "File of conformance tests (JSON).");
    public static readonly Text ImportCheck = new("试导入登记表，不作任何改动", "Try the import of a register; nothing is changed");
    public static readonly Text ImportCheckFm = new("调频台站登记表（CSV，UTF-8 或 GB18030）", "The register of FM stations (CSV in UTF-8 or GB18030)");
    public static readonly Text PackArgument = new("规则包目录", "Folder of the rule pack");
    public static readonly Text RuleArgument = new("规则编号，如 FM-01", "Id of a rule, such as FM-01");
    public static readonly Text CsvArgument = new("CSV 文件", "The CSV file");
    public static readonly Text RefuseWhole = new("有一处错误即拒绝整个文件", "Refuse the whole file for one problem");
    public static readonly Text Json = new("输出 JSON", "Write JSON");
    public static readonly Text Lang = new("输出语言：zh 或 en", "Language of the output: zh or en");

    public static Text Seal(SealedPack seal) => seal.SignedBy is { } key
        ? new($"{seal.Pack.Name}：文件与 pack.lock 相符，由 {key} 签名，摘要 {seal.Pack.Digest}", $"{seal.Pack.Name}: the files are those of pack.lock, signed by {key}, digest {seal.Pack.Digest}")
        : new($"{seal.Pack.Name}：未签名{(seal.IsLocked ? "，文件与 pack.lock 相符" : "")}，摘要 {seal.Pack.Digest}", $"{seal.Pack.Name}: not signed{(seal.IsLocked ? ", the files are those of pack.lock" : "")}, digest {seal.Pack.Digest}");

    public static Problem NotAKey(string file) => new(
        "rules.not-a-key",
        new($"{file} 不是 Ed25519 密钥（PEM）。", $"{file} is no Ed25519 key (PEM)."),
        new("未作任何改动。私钥由 openssl genpkey -algorithm ed25519 生成，公钥由 openssl pkey -pubout 导出。", "Nothing was changed. 'openssl genpkey -algorithm ed25519' makes a private key, 'openssl pkey -pubout' writes its public key."));

    public static Text PackIsGood(RulePack pack) => new($"{pack.Name}：{pack.Rules.Count} 条规则，无错误，摘要 {pack.Digest}", $"{pack.Name}: {pack.Rules.Count} rules, no problems, digest {pack.Digest}");

    public static Text TestsRun(int count, int failed) => new($"{count} 项测试，{failed} 项未通过", $"{count} tests, {failed} failed");

    public static Text Survivor(PackMutant m) => new($"✗ {m.File}:{m.Line}: {m.Before} → {m.After} 未被任何测试发现", $"✗ {m.File}:{m.Line}: {m.Before} → {m.After} is noticed by no test");

    public static Text MutationScore(int count, int survivors, double score) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{count} 处改动，{count - survivors} 处被测试发现（{score:P1}）"), string.Create(CultureInfo.InvariantCulture, $"{count} changes, {count - survivors} noticed by a test ({score:P1})"));

    public static Text PackHead(RulePack pack)
    {
        var day = pack.Effective.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        return new($"{pack.Name}  {pack.Title.Zh}\n发布：{pack.Issuer}，自 {day} 起施行\n摘要：{pack.Digest}\n", $"{pack.Name}  {pack.Title.En}\nIssued by {pack.Issuer}, in force from {day}\nDigest: {pack.Digest}\n");
    }

    public static Text RuleLine(Rule rule) => new($"{rule.Id,-8} S{rule.Severity}  {rule.Status,-10} {rule.On.Name,-16} {rule.Title.Zh}", $"{rule.Id,-8} S{rule.Severity}  {rule.Status,-10} {rule.On.Name,-16} {rule.Title.En}");

    public static Text RuleWhole(RulePack pack, Rule rule) => new(Whole(pack, rule, Language.Chinese), Whole(pack, rule, Language.English));

    public static Problem NoSuchRule(string wanted, RulePack pack) => new(
        "rules.no-such-rule",
        new($"规则包 {pack.Name} 没有规则“{wanted}”。", $"The rule pack {pack.Name} has no rule '{wanted}'."),
        new($"可用：{Ids(pack)}", $"There are {Ids(pack)}"));

    public static Problem NotReadable(string path, string why) => new(
        "rules.not-readable",
        new($"无法读取 {path}：{why}", $"{path} can't be read: {why}"),
        new("未作任何改动。请检查路径和权限。", "Nothing was changed. Check the path and its permissions."));

    public static Text ImportSummary(FmImport import) => import.Register is { } register
        ? new($"{import.Encoding}：{import.Rows} 行，可用 {import.Kept} 行，{import.Problems.Count} 处问题，登记表摘要 {register.Digest}", $"{import.Encoding}: {import.Rows} rows, {import.Kept} usable, {import.Problems.Count} problem(s), digest of the register {register.Digest}")
        : new($"{import.Encoding}：{import.Rows} 行，{import.Problems.Count} 处问题，文件将被拒绝", $"{import.Encoding}: {import.Rows} rows, {import.Problems.Count} problem(s), the file would be refused");

    /// <summary>A pack and the chosen rules for machines.</summary>
    public static object PackAsData(RulePack pack, IReadOnlyList<Rule> rules) => new
    {
        pack = pack.Name,
        pack.Title,
        pack.Issuer,
        pack.Effective,
        pack.Digest,
        rules = rules.Select(r => new { r.Id, r.Version, r.Status, r.Severity, on = r.On.Name, r.When, r.Title, r.Explain, r.LegalBasis, r.Reads }),
        parameters = Parameters(pack, rules),
    };

    private static IEnumerable<Parameter> Parameters(RulePack pack, IEnumerable<Rule> rules)
    {
        var read = rules.SelectMany(r => r.Reads).ToHashSet(StringComparer.Ordinal);
        return pack.Parameters.Where(p => read.Contains($"parameters.{p.Name}"));
    }

    private static string Ids(RulePack pack) => string.Join(", ", pack.Rules.Select(r => r.Id));

    private static string Whole(RulePack pack, Rule rule, Language language)
    {
        var zh = language == Language.Chinese;
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"{rule.Id} v{rule.Version}  S{rule.Severity}  {rule.Status}  {rule.On.Name}");
        text.AppendLine(CultureInfo.InvariantCulture, $"{(zh ? "标题" : "Title")}: {rule.Title.In(language)}");
        text.AppendLine(CultureInfo.InvariantCulture, $"{(zh ? "说明" : "Sentence")}: {rule.Explain.In(language)}");
        text.AppendLine(CultureInfo.InvariantCulture, $"{(zh ? "条件" : "Condition")}: {rule.When}");
        foreach (var basis in rule.LegalBasis)
            text.AppendLine($"{(zh ? "依据" : "Basis")}: {basis.Instrument} {basis.Article} {basis.Quote}".TrimEnd());
        foreach (var parameter in Parameters(pack, [rule]))
            foreach (var value in parameter.Values)
                text.AppendLine(CultureInfo.InvariantCulture, $"{parameter.Title.In(language)} ({parameter.Name}) {value.From:yyyy-MM-dd}: {value.Value?.ToString() ?? "—"} {parameter.Unit}  {value.Reference}");
        return text.ToString().TrimEnd();
    }
}
