using SignalWatch.Contracts;

namespace SignalWatch.Collector.Evidence;

/// <summary>What a declaration must be before anything is kept of it.</summary>
internal static class Declarations
{
    public const long MostBytes = 16L << 30;

    private const int MostName = 200;
    private const int MostText = 500;
    private const int MostLinks = 50;

    private static readonly string[] Known =
    [
        EvidenceKinds.Sound, EvidenceKinds.Iq, EvidenceKinds.TransportStream, EvidenceKinds.Spectrum, EvidenceKinds.Rds, EvidenceKinds.Manifest, EvidenceKinds.Digests, EvidenceKinds.Photo,
        EvidenceKinds.Clip, EvidenceKinds.Measurement, EvidenceKinds.Certificate, EvidenceKinds.Document,
    ];

    /// <summary>The declaration as it is kept: a kind that is not known is another one.</summary>
    /// <exception cref="ProblemException">It is not valid.</exception>
    public static EvidenceDeclaration Checked(EvidenceDeclaration given)
    {
        if (!ObjectFiles.IsDigest(given.Sha256)) throw Bad("sha256");
        if (given.Sm3 is not null && !ObjectFiles.IsDigest(given.Sm3)) throw Bad("sm3");
        if (given.Parent is not null && (!ObjectFiles.IsDigest(given.Parent) || given.Parent == given.Sha256)) throw Bad("parent");
        if (given.Size < 1) throw Bad("size");
        if (given.Size > MostBytes) throw new ProblemException(EvidenceTexts.TooLarge(given.Size, MostBytes));
        if (given.Name is not { Length: >= 1 and <= MostName } || given.Name.Any(c => c is '/' or '\\' || char.IsControl(c) || char.IsSurrogate(c))) throw Bad("name");
        if (given.CapturedFrom > given.CapturedTo) throw Bad("capturedFrom");
        if (given.Position is { } p && !(Math.Abs(p.LatitudeDeg) <= 90 && Math.Abs(p.LongitudeDeg) <= 180)) throw Bad("position");
        foreach (var (name, text) in new[] { ("antenna", given.Antenna), ("receiver", given.Receiver), ("build", given.Build), ("by", given.By), ("derivation", given.Derivation), ("dossier", given.Dossier), ("manifestSha256", given.ManifestSha256) })
            if (text is { Length: > MostText }) throw Bad(name);
        if (given.Alarms is { Count: > MostLinks }) throw Bad("alarms");
        if (given.Cases is { Count: > MostLinks } || given.Cases?.Any(c => c is not { Length: >= 1 and <= 100 }) == true) throw Bad("cases");
        if (given.Settings is { Count: > MostLinks } || given.Settings?.Any(s => s.Key.Length > 100 || s.Value is not { Length: <= MostText }) == true) throw Bad("settings");
        return Known.Contains(given.Kind) ? given : given with { Kind = EvidenceKinds.Other };
    }

    private static ProblemException Bad(string member) => new(EvidenceTexts.BadDeclaration(member));
}
