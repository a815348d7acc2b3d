using SignalWatch.Contracts;

namespace SignalWatch.Rules.Tests.Correlation;

/// <summary>A pack written for one test, on <c>ott.channel</c>; what is wrong with it is for the test to see.</summary>
internal sealed class WrittenPack : IDisposable
{
    public static readonly DateTimeOffset Start = new(2026, 3, 14, 22, 0, 0, TimeSpan.FromHours(8));
    public static readonly Subject Channel = new(SubjectKind.Ott, "demo/news");

    private const string Head = "id: written\nversion: 1.0.0\ntitle: {zh: 试, en: trial}\nissuer: test\neffective: 2020-01-01\n";

    public WrittenPack(string rules, string? parameters = null)
    {
        Directory.CreateDirectory(Path.Combine(Folder, "rules"));
        Write("pack.yaml", Head);
        Write("rules/r.yaml", rules + "\n");
        if (parameters is null) return;
        Directory.CreateDirectory(Path.Combine(Folder, "parameters"));
        Write("parameters/p.yaml", parameters);
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("written-").FullName;

    public PackReading Reading => RulePack.Read(Folder);

    public static string Rule(string id, string body, string on = "ott.channel", string status = "active") => $$"""

        - id: {{id}}
          version: 1
          status: {{status}}
          severity: 2
          title: {zh: "题 {correlated}", en: "title {correlated}"}
          explain: {zh: 句, en: sentence}
          legalBasis: [{instrument: 令, article: 一, quote: 文}]
          on: {{on}}
          for: 0s
          clearAfter: 0s
          noData: {after: 60s, state: undetermined}
        {{string.Join('\n', body.Split('\n').Select(line => "  " + line))}}
        """;

    public void Write(string file, string text) => File.WriteAllText(Path.Combine(Folder, file), text);

    public RuleEngine Engine() => new(RulePack.Load(Folder), FmRegister.None, "test");

    public static Observation See(double seconds, bool available, string probe = "P1", string? fault = null, Subject? subject = null)
    {
        var facts = new Dictionary<string, Fact> { ["available"] = Fact.Of(available) };
        if (fault is not null) facts["fault"] = Fact.Of(fault);
        return new()
        {
            Id = Guid.Empty, Probe = new(probe), Watch = new("w"), Subject = subject ?? Channel, Kind = "ott.channel", At = Start.AddSeconds(seconds), Facts = facts,
        };
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
