using SignalWatch.Collector.Evaluation;

namespace SignalWatch.Collector.Registers;

/// <summary>An import as the journal keeps it.</summary>
internal sealed record JournaledRegister(string Kind, string Source, string Mode, string Sha256, int Entries, string Actor, DateTimeOffset At);

/// <summary>A register file given at the start.</summary>
internal sealed record InitialRegister(string Source, string Mode, byte[] Content, RegisterImport Import);

/// <summary>The registers in force. Replaced whole by the writer, read by all.</summary>
internal sealed class RegisterBook(IRuleSet rules)
{
    public const string FmKind = "fm";
    public const string KeepGood = "keepGood";
    public const string RefuseWhole = "refuseWhole";

    private volatile ILicenceRegister fm = rules.EmptyRegister;

    /// <summary>The FM licences.</summary>
    public ILicenceRegister Fm => fm;

    public void Replace(ILicenceRegister register) => fm = register;

    /// <summary>What was imported last takes force again.</summary>
    public void Load((string Mode, byte[] Content)? newest)
    {
        if (newest is not var (mode, content) || rules is RecordOnly) return;
        fm = rules.ImportFm(content, mode == KeepGood).Register ?? rules.EmptyRegister;
    }
}
