using System.Security.Cryptography;
using System.Text.Json;
using SignalWatch.Collector.Journal;
using SignalWatch.Collector.Storage;
using SignalWatch.Contracts;
using SignalWatch.Rules;

namespace SignalWatch.Collector.Registers;

/// <summary>An import as the journal keeps it: with the file's bytes, so that the register can be had from the journal alone.</summary>
internal sealed record JournaledRegister(string Kind, string Source, string Mode, string Sha256, int Entries, string Actor, DateTimeOffset At, byte[] Content);

/// <summary>A register file given at the start.</summary>
internal sealed record InitialRegister(string Source, string Mode, byte[] Content, FmImport Import);

/// <summary>The registers in force, and the files that they came from. Replaced whole by the writer, read by all.</summary>
internal sealed class RegisterBook : ISlice
{
    public const string FmKind = "fm";
    public const string KeepGood = "keepGood";
    public const string RefuseWhole = "refuseWhole";

    private readonly DocumentBook<JournaledRegister> files = new("register");
    private volatile FmRegister fm = FmRegister.None;

    /// <summary>The FM licences.</summary>
    public FmRegister Fm => fm;

    /// <inheritdoc/>
    public IReadOnlyList<string> Kinds => [files.Kind];

    public static ImportMode ModeOf(string mode) => mode == KeepGood ? ImportMode.KeepGood : ImportMode.RefuseWhole;

    /// <summary>True where this very file was imported before, so that a start does not undo what came after it.</summary>
    public bool Has(byte[] content) => files.Present.ContainsKey(IdOf(FmKind, Sha256(content)));

    /// <summary>Writer only: a file takes force.</summary>
    public void Import(string source, string mode, byte[] content, FmImport import, string actor, Group group)
    {
        var journaled = new JournaledRegister(FmKind, source, mode, Sha256(content), import.Kept, actor, group.Now, content);
        group.Append(EntryKind.Register, null, JsonSerializer.SerializeToUtf8Bytes(journaled, WireJson.Options));
        files.Set(IdOf(FmKind, journaled.Sha256), journaled);
        fm = import.Register!;
    }

    /// <inheritdoc/>
    public void Load(IDocuments store)
    {
        files.Load(store);
        fm = files.Present.Values.Where(f => f.Kind == FmKind).MaxBy(f => f.At) is { } newest ? FmRegister.Import(newest.Content, ModeOf(newest.Mode)).Register ?? FmRegister.None : FmRegister.None;
    }

    /// <inheritdoc/>
    public void Save(IStoreWriter store) => files.Save(store);

    /// <inheritdoc/>
    public void Publish() => files.Publish();

    /// <inheritdoc/>
    public void Replay(in JournalRow row)
    {
        if (row.Kind != EntryKind.Register) return;
        var journaled = JsonSerializer.Deserialize<JournaledRegister>(row.Body.Span, WireJson.Options)!;
        files.Set(IdOf(journaled.Kind, journaled.Sha256), journaled);
        fm = FmRegister.Import(journaled.Content, ModeOf(journaled.Mode)).Register ?? fm;
    }

    /// <inheritdoc/>
    public IEnumerable<Document> Documents(string kind) => files.Documents();

    private static string IdOf(string kind, string sha256) => $"{kind}/{sha256}";

    private static string Sha256(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));
}
