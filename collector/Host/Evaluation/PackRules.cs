using SignalWatch.Contracts;
using SignalWatch.Rules;

namespace SignalWatch.Collector.Evaluation;

/// <summary>A rule pack as the collector uses it.</summary>
internal sealed class PackRules(RulePack pack) : IRuleSet
{
    public PackIdentity Pack { get; } = new(pack.Id, pack.Version, pack.Digest, pack.Title);

    public ILicenceRegister EmptyRegister { get; } = new Licences(FmRegister.None);

    /// <summary>Reads the pack in a folder; one that is wrong ends the program with every problem by file, line and column.</summary>
    public static PackRules Load(string folder) => new(RulePack.Load(folder));

    public RegisterImport ImportFm(byte[] csv, bool keepGood)
    {
        var import = FmRegister.Import(csv, keepGood ? ImportMode.KeepGood : ImportMode.RefuseWhole);
        return new(import.Register is { } register ? new Licences(register) : null, import.Rows, import.Kept, [.. import.Problems.Select(p => new RegisterRowProblem(p.Line, p.Column, p.Name, p.What))]);
    }

    public IRuleEvaluator CreateEvaluator(ILicenceRegister register, string build) => new Engine(new RuleEngine(pack, ((Licences)register).Register, build));

    private sealed class Engine(RuleEngine engine) : IRuleEvaluator
    {
        public IReadOnlyList<Verdict> Observe(Observation o, DateTimeOffset received) => engine.Observe(o, received);

        public IReadOnlyList<Verdict> Advance(DateTimeOffset now) => engine.Advance(now);

        public void Resume(DateTimeOffset now) => engine.Resume(now);

        public IEnumerable<(string Key, string? Json)> TakeChangedState() => engine.TakeChangedState();

        public IReadOnlyList<string> Restore(IEnumerable<(string Key, string Json)> state) => engine.Restore(state);
    }

    private sealed class Licences(FmRegister register) : ILicenceRegister
    {
        public FmRegister Register => register;

        public string Digest => register.Digest;

        public IReadOnlyList<RegisterEntry> Entries { get; } = [.. register.Licences.Select(EntryOf)];

        public RegisterEntry? Find(string area, long frequencyHz, DateTimeOffset at) => register.Find(area, frequencyHz, at) is { } licence ? EntryOf(licence) : null;

        private static RegisterEntry EntryOf(FmLicence licence) =>
            new(licence.FrequencyHz, licence.Area, licence.Class == LicenceClass.Overspill ? CarrierClass.Overspill : CarrierClass.Licensed, licence.Name, licence.Licensee, licence.Pi);
    }
}
