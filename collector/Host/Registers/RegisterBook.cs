using SignalWatch.Rules;

namespace SignalWatch.Collector.Registers;

/// <summary>An import as the journal keeps it.</summary>
internal sealed record JournaledRegister(string Kind, string Source, string Mode, string Sha256, int Entries, string Actor, DateTimeOffset At);

/// <summary>A register file given at the start.</summary>
internal sealed record InitialRegister(string Source, string Mode, byte[] Content, FmImport Import);

/// <summary>The registers in force. Replaced whole by the writer, read by all.</summary>
internal sealed class RegisterBook
{
    public const string FmKind = "fm";
    public const string KeepGood = "keepGood";
    public const string RefuseWhole = "refuseWhole";

    private volatile FmRegister fm = FmRegister.None;

    /// <summary>The FM licences.</summary>
    public FmRegister Fm => fm;

    public static ImportMode ModeOf(string mode) => mode == KeepGood ? ImportMode.KeepGood : ImportMode.RefuseWhole;

    public void Replace(FmRegister register) => fm = register;

    /// <summary>What was imported last takes force again.</summary>
    public void Load((string Mode, byte[] Content)? newest)
    {
        if (newest is var (mode, content)) fm = FmRegister.Import(content, ModeOf(mode)).Register ?? FmRegister.None;
    }
}
