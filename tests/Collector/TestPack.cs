using SignalWatch.Rules;

namespace SignalWatch.Collector.Tests;

/// <summary>Rules small enough to predict, each without holds, read from a pack's files as any other.</summary>
internal static class TestPack
{
    /// <summary>FM-01: a modulated carrier on air is a violation at once, each observation one occurrence; after 30 s without data it is undetermined.</summary>
    public const string Carrier = """
        id: FM-01
        version: 1
        status: active
        severity: 2
        title: { zh: 疑似黑广播, en: suspected pirate }
        explain: { zh: "在 {frequency_hz:MHz} MHz 收到载波", en: "a carrier on {frequency_hz:MHz} MHz" }
        legalBasis: []
        on: fm.carrier
        when: on_air && modulated
        for: 0s
        clearAfter: 0s
        noData: { after: 30s, state: undetermined }
        count: "1.0"
        measured: level_dbm
        """;

    /// <summary>FM-02: a carrier on air that is in no register.</summary>
    public const string Unlisted = """
        id: FM-02
        version: 1
        status: active
        severity: 3
        title: { zh: 未登记载波, en: unlisted carrier }
        explain: { zh: "{frequency_hz:MHz} MHz 未登记", en: "{frequency_hz:MHz} MHz is not listed" }
        legalBasis: []
        on: fm.carrier
        when: on_air && licence.class == 'none'
        for: 0s
        clearAfter: 0s
        noData: { after: 30s, state: undetermined }
        """;

    /// <summary>A pack of these rules.</summary>
    public static RulePack Of(params string[] rules)
    {
        var folder = Directory.CreateTempSubdirectory("signalwatch-pack-").FullName;
        try
        {
            Directory.CreateDirectory(Path.Combine(folder, "rules"));
            File.WriteAllText(Path.Combine(folder, "pack.yaml"), """
                id: test
                version: 1.0.0
                title: { zh: 测试规则包, en: Test pack }
                issuer: tests
                effective: 2000-01-01
                """);
            for (var i = 0; i < rules.Length; i++) File.WriteAllText(Path.Combine(folder, "rules", $"{i}.yaml"), rules[i]);
            return RulePack.Load(folder);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
