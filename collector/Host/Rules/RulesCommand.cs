using System.CommandLine;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using SignalWatch.Contracts;
using SignalWatch.Contracts.Cryptography;
using SignalWatch.Rules;
using SignalWatch.Rules.Expressions;

namespace SignalWatch.Collector.Rules;

/// <summary><c>rules lint | test | show | sign | verify | import-check | eval</c>: what a rule author and a continuous build need, without a running collector. Exit code 0: all is well; 1: something is wrong with the input.</summary>
internal static class RulesCommand
{
    private static readonly JsonSerializerOptions Indented = new(WireJson.Options) { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The command with its subcommands. Help is in the language of the environment; <c>--lang</c> chooses that of the output.</summary>
    public static Command Create()
    {
        var language = Languages.FromEnvironment();
        return new Command("rules", RulesTexts.Rules.In(language)) { Lint(language), Test(language), Show(language), Sign(language), Verify(language), ImportCheck(language), Eval(language) };
    }

    private static Command Lint(Language language)
    {
        var pack = PackArgument(language);
        return WithOutput(new Command("lint", RulesTexts.Lint.In(language)) { pack }, language, (result, output) =>
        {
            var folder = result.GetValue(pack)!;
            var reading = RulePack.Read(folder);
            if (output.Json) output.Write(new { pack = reading.Pack?.Name, digest = reading.Pack?.Digest, problems = reading.Problems });
            foreach (var problem in reading.Problems) output.Line(Path.Combine(folder, problem.In(output.Language)));
            if (reading.Pack is { } good) output.Line(RulesTexts.PackIsGood(good));
            return reading.Pack is null ? 1 : 0;
        });
    }

    private static Command Test(Language language)
    {
        var pack = PackArgument(language);
        var mutate = new Option<bool>("--mutate") { Description = RulesTexts.Mutate.In(language) };
        return WithOutput(new Command("test", RulesTexts.Test.In(language)) { pack, mutate }, language, (result, output) =>
        {
            if (result.GetValue(mutate)) return Mutate(result.GetValue(pack)!, output);
            var results = PackTestRun.Run(RulePack.Load(result.GetValue(pack)!));
            if (output.Json) output.Write(new { tests = results.Select(r => new { r.Name, r.Rule, r.Passed, r.Failures }) });
            foreach (var test in results)
            {
                output.Line($"{(test.Passed ? "✓" : "✗")} {test.Rule}  {test.Name}");
                foreach (var failure in test.Failures) output.Line($"    {failure.In(output.Language)}");
            }
            var failed = results.Count(r => !r.Passed);
            output.Line(RulesTexts.TestsRun(results.Count, failed));
            return failed == 0 ? 0 : 1;
        });
    }

    private static int Mutate(string folder, Output output)
    {
        const double Wanted = 0.95;
        var mutants = PackMutation.Run(folder);
        var survivors = mutants.Where(m => !m.IsKilled).ToList();
        var score = mutants.Count == 0 ? 1 : 1 - (double)survivors.Count / mutants.Count;
        if (output.Json) output.Write(new { mutants = mutants.Count, score, wanted = Wanted, survivors });
        foreach (var mutant in survivors) output.Line(RulesTexts.Survivor(mutant));
        output.Line(RulesTexts.MutationScore(mutants.Count, survivors.Count, score));
        return score >= Wanted ? 0 : 1;
    }

    private static Command Show(Language language)
    {
        var pack = PackArgument(language);
        var rule = new Argument<string?>("RULE") { Description = RulesTexts.RuleArgument.In(language), Arity = ArgumentArity.ZeroOrOne };
        return WithOutput(new Command("show", RulesTexts.Show.In(language)) { pack, rule }, language, (result, output) =>
        {
            var loaded = RulePack.Load(result.GetValue(pack)!);
            var wanted = result.GetValue(rule);
            var rules = loaded.Rules.Where(r => wanted is null || r.Id.Value == wanted).ToList();
            if (rules.Count == 0) throw new ProblemException(RulesTexts.NoSuchRule(wanted!, loaded));
            if (output.Json) output.Write(RulesTexts.PackAsData(loaded, rules));
            if (wanted is null) output.Line(RulesTexts.PackHead(loaded));
            foreach (var shown in rules) output.Line(wanted is null ? RulesTexts.RuleLine(shown) : RulesTexts.RuleWhole(loaded, shown));
            return 0;
        });
    }

    private static Command Sign(Language language)
    {
        var pack = PackArgument(language);
        var key = new Option<FileInfo>("--key") { Description = RulesTexts.KeyOption.In(language), Required = true };
        return WithOutput(new Command("sign", RulesTexts.Sign.In(language)) { pack, key }, language, (result, output) =>
        {
            var file = result.GetValue(key)!.FullName;
            using var issuer = Ed25519.PrivateKey.FromPem(Encoding.UTF8.GetString(ReadAll(file))) ?? throw new ProblemException(RulesTexts.NotAKey(file));
            Show(output, PackSeal.Sign(result.GetValue(pack)!, issuer));
            return 0;
        });
    }

    private static Command Verify(Language language)
    {
        var pack = PackArgument(language);
        var key = new Option<FileInfo?>("--key") { Description = RulesTexts.PublicKeyOption.In(language) };
        return WithOutput(new Command("verify", RulesTexts.Verify.In(language)) { pack, key }, language, (result, output) =>
        {
            var seal = PackSeal.Load(result.GetValue(pack)!, result.GetValue(key) is { } file ? ReadPublicKey(file.FullName) : []);
            Show(output, seal);
            return seal.SignedBy is null ? 1 : 0;
        });
    }

    /// <summary>An Ed25519 public key from a PEM file.</summary>
    /// <exception cref="ProblemException">It can't be read, or is no such key.</exception>
    internal static byte[] ReadPublicKey(string file) => Ed25519.ReadPublicPem(Encoding.UTF8.GetString(ReadAll(file))) ?? throw new ProblemException(RulesTexts.NotAKey(file));

    private static void Show(Output output, SealedPack seal)
    {
        if (output.Json) output.Write(new { pack = seal.Pack.Name, seal.Pack.Digest, seal.IsLocked, seal.SignedBy });
        output.Line(RulesTexts.Seal(seal));
    }

    private static Command ImportCheck(Language language)
    {
        var file = new Argument<FileInfo>("FILE") { Description = RulesTexts.CsvArgument.In(language) };
        var whole = new Option<bool>("--refuse-whole") { Description = RulesTexts.RefuseWhole.In(language) };
        var fm = WithOutput(new Command("fm", RulesTexts.ImportCheckFm.In(language)) { file, whole }, language, (result, output) =>
        {
            var path = result.GetValue(file)!.FullName;
            var import = FmRegister.Import(ReadAll(path), result.GetValue(whole) ? ImportMode.RefuseWhole : ImportMode.KeepGood);
            if (output.Json) output.Write(new { import.Encoding, import.Rows, import.Kept, digest = import.Register?.Digest, import.Problems });
            foreach (var problem in import.Problems) output.Line($"{path}: {problem.In(output.Language)}");
            output.Line(RulesTexts.ImportSummary(import));
            return import.Register is null || import.Problems.Count > 0 ? 1 : 0;
        });
        return new Command("import-check", RulesTexts.ImportCheck.In(language)) { fm };
    }

    private static Command Eval(Language language)
    {
        var batch = new Option<FileInfo>("--batch") { Description = RulesTexts.BatchOption.In(language), Required = true };
        return WithOutput(new Command("eval", RulesTexts.Eval.In(language)) { batch }, language, (result, output) =>
        {
            foreach (var line in ExpressionBatch.Run(ReadAll(result.GetValue(batch)!.FullName))) output.Raw(line);
            return 0;
        });
    }

    private static byte[] ReadAll(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new ProblemException(RulesTexts.NotReadable(path, unreadable.Message), unreadable);
        }
    }

    private static Argument<string> PackArgument(Language language) => new("PACK") { Description = RulesTexts.PackArgument.In(language) };

    /// <summary>Adds <c>--json</c> and <c>--lang</c>, and says an expected failure in the user's language instead of throwing it.</summary>
    private static Command WithOutput(Command command, Language language, Func<ParseResult, Output, int> run)
    {
        var json = new Option<bool>("--json") { Description = RulesTexts.Json.In(language) };
        var chosen = new Option<string>("--lang") { Description = RulesTexts.Lang.In(language) };
        chosen.AcceptOnlyFromAmong("zh", "en");
        command.Options.Add(json);
        command.Options.Add(chosen);
        command.SetAction(result =>
        {
            var spoken = result.GetValue(chosen) switch { "zh" => Language.Chinese, "en" => Language.English, _ => language };
            var output = new Output(result.InvocationConfiguration.Output, result.InvocationConfiguration.Error, spoken, result.GetValue(json));
            try
            {
                return run(result, output);
            }
            catch (ProblemException expected)
            {
                output.Fail(expected.Problem);
                return 1;
            }
        });
        return command;
    }

    /// <summary>Where a command writes: text for people or one JSON document for machines, never both.</summary>
    private sealed class Output(TextWriter writer, TextWriter error, Language language, bool json)
    {
        public bool Json => json;

        public Language Language => language;

        public void Line(string text) { if (!json) writer.WriteLine(text); }

        public void Line(Text text) => Line(text.In(language));

        /// <summary>A line that is the same for people and machines.</summary>
        public void Raw(string line) => writer.WriteLine(line);

        public void Write<T>(T data) => writer.WriteLine(JsonSerializer.Serialize(data, Indented));

        public void Fail(Problem problem)
        {
            if (json) Write(problem);
            else error.WriteLine($"{problem.Title.In(language)}\n{problem.Detail.In(language)}");
        }
    }
}
