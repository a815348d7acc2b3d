using SignalWatch.Contracts;

namespace SignalWatch.Collector.Evaluation;

/// <summary>A collector that was started without a pack: it records and shows, and judges nothing. <c>/about</c> and the log say so.</summary>
internal sealed class RecordOnly : IRuleSet, IRuleEvaluator, ILicenceRegister
{
    public PackIdentity Pack { get; } = new("none", "0", "", Texts.RecordOnlyTitle);

    public ILicenceRegister EmptyRegister => this;

    public string Digest => "";

    public IReadOnlyList<RegisterEntry> Entries => [];

    public RegisterImport ImportFm(byte[] csv, bool keepGood) => throw new ProblemException(Texts.NoRules());

    public IRuleEvaluator CreateEvaluator(ILicenceRegister register, string build) => this;

    public RegisterEntry? Find(string area, long frequencyHz, DateTimeOffset at) => null;

    public IReadOnlyList<Verdict> Observe(Observation o, DateTimeOffset received) => [];

    public IReadOnlyList<Verdict> Advance(DateTimeOffset now) => [];

    public void Resume(DateTimeOffset now) { }

    public IEnumerable<(string Key, string? Json)> TakeChangedState() => [];

    public IReadOnlyList<string> Restore(IEnumerable<(string Key, string Json)> state) => [];
}
