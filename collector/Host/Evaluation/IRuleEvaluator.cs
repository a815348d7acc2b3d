using SignalWatch.Contracts;

namespace SignalWatch.Collector.Evaluation;

/// <summary>A rule engine as the journal's writer uses it. Called by one thread; time is an argument.</summary>
internal interface IRuleEvaluator
{
    /// <summary>What the rules say after <paramref name="o"/>, which was received just now: by the clock of <see cref="Advance"/>, not by its own.</summary>
    IReadOnlyList<Verdict> Observe(Observation o, DateTimeOffset received);

    /// <summary>What they say because time went on: holds, clearing, silence.</summary>
    IReadOnlyList<Verdict> Advance(DateTimeOffset now);

    /// <summary>The collector was down until now: the silence before is not the probes'.</summary>
    void Resume(DateTimeOffset now);

    /// <summary>State changed since the last call; null where it is gone. It is stored in the journal's own transaction.</summary>
    IEnumerable<(string Key, string? Json)> TakeChangedState();

    /// <summary>State as it was stored.</summary>
    /// <returns>Keys that could not be taken: their rules begin anew.</returns>
    IReadOnlyList<string> Restore(IEnumerable<(string Key, string Json)> state);
}

/// <summary>One licence of a register, as the wall and the API show it.</summary>
internal sealed record RegisterEntry(long FrequencyHz, string Area, CarrierClass Class, string Name, string Licensee, string? Pi);

/// <summary>A register in force.</summary>
internal interface ILicenceRegister
{
    /// <summary>SHA-256, hex; an empty text where there is no register.</summary>
    string Digest { get; }

    /// <summary>All entries.</summary>
    IReadOnlyList<RegisterEntry> Entries { get; }

    /// <summary>The entry for a frequency in an area at a time, or null.</summary>
    RegisterEntry? Find(string area, long frequencyHz, DateTimeOffset at);
}

/// <summary>One thing wrong with a row of a register file.</summary>
internal sealed record RegisterRowProblem(int Line, int Column, string Field, Text Problem);

/// <summary>What an import would give, or gave. <see cref="Register"/> is null where the file is refused.</summary>
internal sealed record RegisterImport(ILicenceRegister? Register, int Rows, int Accepted, IReadOnlyList<RegisterRowProblem> Problems);

/// <summary>What decides, as <c>/about</c> and verdicts name it.</summary>
internal sealed record PackIdentity(string Id, string Version, string Digest, Text Title);

/// <summary>The rules in force: a pack, and how its registers and engines are made.</summary>
internal interface IRuleSet
{
    /// <summary>The pack.</summary>
    PackIdentity Pack { get; }

    /// <summary>A register without entries.</summary>
    ILicenceRegister EmptyRegister { get; }

    /// <summary>Reads a register file; keeps the good rows of a bad file, or refuses it whole.</summary>
    RegisterImport ImportFm(byte[] csv, bool keepGood);

    /// <summary>A fresh engine over the pack and <paramref name="register"/>.</summary>
    IRuleEvaluator CreateEvaluator(ILicenceRegister register, string build);
}
