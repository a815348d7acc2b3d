using SignalWatch.Contracts;
using SignalWatch.Tests;

namespace SignalWatch.Rules.Tests.Packs;

/// <summary>Each mistake is made in a copy of the demonstration pack, and must be found where it was made.</summary>
public sealed class PackProblemTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("pack-").FullName;

    public PackProblemTests()
    {
        var source = Path.Combine(Checkout.Root, "rules", "packs", "demonstration");
        foreach (var file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(folder, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("rules/ott.yaml", "severity: 3", "severty: 3", "severty", "Unknown key 'severty'")]
    [InlineData("rules/ott.yaml", "severity: 3", "severity: high", "high", "whole number from 1 to 4")]
    [InlineData("rules/ott.yaml", "on: ott.channel", "on: ott.chanel", "ott.chanel", "Unknown kind of observation 'ott.chanel'")]
    [InlineData("rules/ott.yaml", "has(fault)", "has(falt)", "falt", "Did you mean 'fault'")]
    [InlineData("rules/ott.yaml", "{fault|", "{falt|", "falt", "Did you mean 'fault'")]
    [InlineData("rules/ott.yaml", "for: ot07_hold", "for: ten", "ten", "neither a duration")]
    [InlineData("rules/ott.yaml", "  en: OTT channel", "  fr: OTT channel", "fr:", "Unknown key 'fr'")]
    [InlineData("rules/ott.yaml", "state: undetermined", "state: compliant", "compliant", "one of undetermined, violation")]
    [InlineData("rules/ott.yaml", "version: 1", "version: 1\nversion: 2", "version: 2", "is there twice")]
    [InlineData("rules/ott.yaml", "id: OT-07", "id: &x OT-07", "&x", "not allowed")]
    [InlineData("rules/fm.yaml", "&& licence.class == 'none'\n    && (!has", "&& licence.clas == 'none'\n    && (!has", "licence.clas ", "Did you mean 'licence.class'")]
    [InlineData("rules/fm.yaml", "id: FM-01b", "id: FM-01", null, "defined twice")]
    [InlineData("rules/self.yaml", "when: \"false\"", "when: \"flase\"", "flase", "Unknown name 'flase'")]
    [InlineData("rules/ts.yaml", "count: cc_errors", "count: name", "name\n", "needed here")]
    [InlineData("parameters/fm.yaml", "from: 2000-01-01", "from: 2000-13-01", "2000-13-01", "must be a date")]
    [InlineData("parameters/fm.yaml", "value: 12\n", "vaule: 12\n", "vaule", "Unknown key 'vaule'")]
    [InlineData("parameters/fm.yaml", "unit: s", "unit: ms", null, "its unit must be s")]
    [InlineData("parameters/ott.yaml", "name: ot07_hold", "name: OT07", "OT07", "lower-case letters")]
    [InlineData("tests/ott.yaml", "available: false", "availabel: false", "availabel", "has no fact 'availabel'")]
    [InlineData("tests/ott.yaml", "available: false", "available: 0", "0,", "must be true or false")]
    [InlineData("tests/ott.yaml", "rule: OT-07", "rule: OT-7", "OT-7", "no rule 'OT-7'")]
    [InlineData("tests/ott.yaml", "subject: ott:demo/news", "subject: service:1", "service:1", "not a subject")]
    [InlineData("pack.yaml", "issuer: SignalWatch", "isuer: SignalWatch", "isuer", "Unknown key 'isuer'")]
    [InlineData("pack.yaml", "id: demonstration", "id: [", null, "not YAML")]
    public void Finds_a_mistake_where_it_was_made(string file, string right, string wrong, string? place, string says)
    {
        var path = Path.Combine(folder, file);
        var text = File.ReadAllText(path);
        text.Should().Contain(right);
        var at = text.IndexOf(right, StringComparison.Ordinal);
        text = text[..at] + wrong + text[(at + right.Length)..];
        File.WriteAllText(path, text);
        var reading = RulePack.Read(folder);
        reading.Pack.Should().BeNull();
        var found = reading.Problems.Where(p => p.What.En.Contains(says, StringComparison.Ordinal)).ToList();
        found.Should().NotBeEmpty($"there is only {string.Join("; ", reading.Problems.Select(p => p.In(Language.English)))}");
        found[0].What.Zh.Should().NotBeEmpty();
        if (place is null) return;
        var index = text.IndexOf(place, at, StringComparison.Ordinal);
        var line = text[..index].Count(c => c == '\n') + 1;
        found.Should().Contain(p => p.File == file && p.Line == line && p.Column == index - text.LastIndexOf('\n', index));
    }

    [Fact]
    public void Reports_all_mistakes_and_not_just_the_first()
    {
        Replace("rules/ott.yaml", "severity: 3", "severity: 9");
        Replace("rules/fm.yaml", "modulated &&", "modulatd &&");
        Replace("parameters/ts.yaml", "unit: s", "unti: s");
        File.WriteAllText(Path.Combine(folder, "rules", "extra.yml"), "id: X");
        RulePack.Read(folder).Problems.Select(p => p.File).Should().Contain(["parameters/ts.yaml", "rules/extra.yml", "rules/fm.yaml", "rules/ott.yaml"]);
        var loading = () => RulePack.Load(folder);
        loading.Should().Throw<ProblemException>().Which.Problem.Should().Match<Problem>(p => p.Code == "rules.pack-invalid" && p.Detail.Zh.Contains("rules/ott.yaml:") && p.Detail.En.Contains("rules/fm.yaml:"));
    }

    [Fact]
    public void A_parameter_that_no_rule_uses_is_a_mistake()
    {
        File.AppendAllText(Path.Combine(folder, "parameters", "fm.yaml"), "\n- name: fm01_snr_mim\n  title: {zh: 甲, en: a}\n  values: [{from: 2001-01-01, value: 3, reference: r}]\n");
        RulePack.Read(folder).Problems.Should().ContainSingle(p => p.What.En.Contains("fm01_snr_mim"));
    }

    [Fact]
    public void What_is_no_pack_is_said_so()
    {
        RulePack.Read(Path.Combine(folder, "nowhere")).Problems.Should().ContainSingle();
        File.WriteAllBytes(Path.Combine(folder, "pack.yaml"), [0xFF, 0xFE, 0x00]);
        RulePack.Read(folder).Pack.Should().BeNull();
        File.WriteAllText(Path.Combine(folder, "pack.yaml"), new string('[', 100_000));
        RulePack.Read(folder).Pack.Should().BeNull();
        File.WriteAllText(Path.Combine(folder, "pack.yaml"), "");
        RulePack.Read(folder).Pack.Should().BeNull();
    }

    [Fact]
    public void The_digest_changes_with_what_decides_and_only_with_that()
    {
        var before = RulePack.Load(folder).Digest;
        File.AppendAllText(Path.Combine(folder, "tests", "ott.yaml"), "\n# remark\n");
        RulePack.Load(folder).Digest.Should().Be(before);
        Replace("parameters/fm.yaml", "value: 12\n", "value: 13\n");
        RulePack.Load(folder).Digest.Should().NotBe(before).And.MatchRegex("^[0-9a-f]{64}$");
    }

    [Fact]
    public void A_parameter_is_that_of_its_day_and_ends_with_null()
    {
        Replace("parameters/fm.yaml", "reference: demonstration; practice is 300 s, so that a passing reflection or a car's transmitter is no alarm",
            "reference: a\n    - {from: 2026-03-15, value: 300, reference: b}\n    - {from: 2026-04-01, value: null, reference: c}");
        var hold = RulePack.Load(folder).Parameters.Single(p => p.Name == "fm01_hold");
        hold.At(new(2026, 3, 14, 15, 59, 59, TimeSpan.Zero))!.Value.Should().Be(Fact.Of(10.0));
        hold.At(new(2026, 3, 14, 16, 0, 0, TimeSpan.Zero))!.Value.Should().Be(Fact.Of(300.0), "that is midnight in China");
        hold.At(new(2026, 4, 2, 0, 0, 0, TimeSpan.Zero)).Should().BeNull();
        hold.At(new(1999, 1, 1, 0, 0, 0, TimeSpan.Zero)).Should().BeNull();
    }

    /// <summary>A test of a rule is worth something only if it fails when a limit of the rule is another.</summary>
    [Fact]
    public void Every_changed_limit_makes_a_test_of_the_pack_fail()
    {
        var survivors = new List<string>();
        foreach (var file in Directory.EnumerateFiles(Path.Combine(folder, "parameters")))
        {
            var text = File.ReadAllText(file);
            var lines = text.Split('\n');
            for (var i = 0; i < lines.Length; i++)
            {
                if (!lines[i].TrimStart().StartsWith("value: ", StringComparison.Ordinal)) continue;
                foreach (var change in new[] { 1, -1 })
                {
                    var value = int.Parse(lines[i].Split(':')[1], System.Globalization.CultureInfo.InvariantCulture) + change;
                    if (value < 0) continue;
                    File.WriteAllText(file, string.Join('\n', lines[..i].Append($"      value: {value}").Concat(lines[(i + 1)..])));
                    if (PackTestRun.Run(RulePack.Load(folder)).All(r => r.Passed)) survivors.Add($"{Path.GetFileName(file)}:{i + 1} {change:+0;-0}");
                }
            }
            File.WriteAllText(file, text);
        }
        survivors.Should().BeEmpty();
    }

    private void Replace(string file, string from, string to)
    {
        var path = Path.Combine(folder, file);
        var text = File.ReadAllText(path);
        text.Should().Contain(from);
        File.WriteAllText(path, text.Replace(from, to, StringComparison.Ordinal));
    }
}
