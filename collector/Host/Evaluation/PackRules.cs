using SignalWatch.Contracts;
using SignalWatch.Rules;

namespace SignalWatch.Collector.Evaluation;

internal sealed class PackRules(RulePack pack) : IRuleSet
{
    public PackIdentity Pack => new(pack.Id, pack.Version, pack.Digest, pack.Title);
    public ILicenceRegister EmptyRegister => new Register(FmRegister.None);
    public RegisterImport ImportFm(byte[] csv, bool keepGood)
    {
        var import = FmRegister.Import(csv, keepGood ? ImportMode.KeepGood : ImportMode.RefuseWhole);
        return new(import.Register is null ? null : new Register(import.Register), import.Rows, import.Kept, [.. import.Problems.Select(p => new RegisterRowProblem(p.Line, p.Column, p.Name, p.What))]);
    }
    public IRuleEvaluator CreateEvaluator(ILicenceRegister register, string build) => new Engine(new RuleEngine(pack, ((Register)register).Fm, build));

    private sealed class Register(FmRegister fm) : ILicenceRegister
    {
        public FmRegister Fm => fm;
        public string Digest => fm.Digest;
        public IReadOnlyList<RegisterEntry> Entries => [.. fm.Licences.Select(Entry)];
        public RegisterEntry? Find(string area, long frequencyHz, DateTimeOffset at) => fm.Find(area, frequencyHz, at) is { } l ? Entry(l) : null;
        private static RegisterEntry Entry(FmLicence l) => new(l.FrequencyHz, l.Area, l.Class == LicenceClass.Overspill ? CarrierClass.Overspill : CarrierClass.Licensed, l.Name, l.Licensee, l.Pi);
    }

    private sealed class Engine(RuleEngine engine) : IRuleEvaluator
    {
        public IReadOnlyList<Verdict> Observe(Observation o) => engine.Observe(o);
        public IReadOnlyList<Verdict> Advance(DateTimeOffset now) => engine.Advance(now);
        public void Resume(DateTimeOffset now) => engine.Resume(now);
        public IEnumerable<(string Key, string? Json)> TakeChangedState() => engine.TakeChangedState();
        public void Restore(IEnumerable<(string Key, string Json)> state) => engine.Restore(state);
    }
}
