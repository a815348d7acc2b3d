using System.Text;
using SignalWatch.Contracts;
using SignalWatch.Tests;

namespace SignalWatch.Rules.Tests.Engine;

/// <summary>An engine with the demonstration pack, and short ways to say what a probe sees, in seconds from 22:00.</summary>
internal sealed class Judge
{
    public static readonly DateTimeOffset Start = new(2026, 3, 14, 22, 0, 0, TimeSpan.FromHours(8));
    public static readonly Subject Pirate = Subject.Frequency("4401", 97_800_000);
    public static readonly Subject Service = Subject.Service(8468, 1, 4097);
    public static readonly RulePack Pack = RulePack.Load(Path.Combine(Checkout.Root, "rules", "packs", "demonstration"));
    public static readonly FmRegister Register =
        FmRegister.Import(Encoding.UTF8.GetBytes("frequency_hz,pi,ps,licensee\n97400000,A203,OE1,ORF\n"), ImportMode.RefuseWhole).Register!;

    public RuleEngine Engine { get; } = new(Pack, Register, "test-build");

    public static DateTimeOffset At(double seconds) => Start.AddSeconds(seconds);

    /// <summary>What FM-01 says of a carrier on 97.8 MHz; the carrier is off where <paramref name="onAir"/> is false, and its facts are incomplete where it is null.</summary>
    public static Observation Carrier(double seconds, bool? onAir = true, string probe = "GZ-03", Origin origin = Origin.Live, string? pi = null) =>
        Observe(Vocabulary.FmCarrier, Pirate, seconds, probe, origin, onAir switch
        {
            true when pi is not null => new() { ["frequency_hz"] = Fact.Of(97_800_000.0), ["on_air"] = Fact.Of(true), ["modulated"] = Fact.Of(true), ["snr_db"] = Fact.Of(30.0, 1.5), ["pi"] = Fact.Of(pi) },
            true => new() { ["frequency_hz"] = Fact.Of(97_800_000.0), ["on_air"] = Fact.Of(true), ["modulated"] = Fact.Of(true), ["snr_db"] = Fact.Of(30.0, 1.5), ["level_dbfs"] = Fact.Of(-30.1) },
            false => new() { ["frequency_hz"] = Fact.Of(97_800_000.0), ["on_air"] = Fact.Of(false) },
            null => new() { ["frequency_hz"] = Fact.Of(97_800_000.0), ["on_air"] = Fact.Of(true), ["modulated"] = Fact.Of(true) },
        });

    public static Observation Errors(double seconds, double errors, string probe = "GZ-07") =>
        Observe(Vocabulary.TsService, Service, seconds, probe, Origin.Live, new() { ["name"] = Fact.Of("DAS ERSTE"), ["cc_errors"] = Fact.Of(errors) });

    public static Observation Heartbeat(double seconds, string probe = "GZ-03") =>
        Observe(Vocabulary.ProbeHeartbeat, Subject.Probe(new(probe)), seconds, probe, Origin.Live, new() { ["name"] = Fact.Of("天河") });

    public static Observation Observe(ObservationKind kind, Subject subject, double seconds, string probe, Origin origin, Dictionary<string, Fact> facts) =>
        new() { Id = Guid.Empty, Probe = new(probe), Watch = new("w"), Subject = subject, Kind = kind.Name, At = At(seconds), Origin = origin, Facts = facts };

    /// <summary>The verdicts of one rule on what is seen from <paramref name="from"/> to <paramref name="to"/> each second.</summary>
    public List<Verdict> See(string rule, double from, double to, Func<double, Observation> seen)
    {
        var verdicts = new List<Verdict>();
        for (var t = from; t <= to; t++) verdicts.AddRange(Engine.Observe(seen(t)));
        return [.. verdicts.Where(v => v.Rule.Value == rule)];
    }

    public List<Verdict> Advance(string rule, double to) => [.. Engine.Advance(At(to)).Where(v => v.Rule.Value == rule)];
}
