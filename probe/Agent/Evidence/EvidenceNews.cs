using SignalWatch.Contracts;

namespace SignalWatch.Probe.Evidence;

/// <summary>What became of a dossier.</summary>
/// <param name="Event">What.</param>
/// <param name="Folder">Its name; null where it got none.</param>
/// <param name="FrequencyHz">Of which carrier; null where that is not known any more.</param>
/// <param name="ManifestSha256">Digest of its manifest, which has the digests of all else: kept elsewhere it proves the dossier. Null until it is whole.</param>
/// <param name="SoundSeconds">Sound in it.</param>
/// <param name="SecondsMissing">What is missing in it.</param>
/// <param name="DeletedSoFar">Dossiers that had to go since the probe began.</param>
/// <param name="Reason">Why, where something went wrong or was dropped.</param>
internal sealed record EvidenceNews(EvidenceEvent Event, string? Folder, long? FrequencyHz, string? ManifestSha256, double? SoundSeconds, double? SecondsMissing, long DeletedSoFar, Text? Reason);

internal enum EvidenceEvent
{
    /// <summary>It is recorded.</summary>
    Begun,

    /// <summary>It is whole.</summary>
    Complete,

    /// <summary>A fall of the machine left it half; it was finished as such.</summary>
    Interrupted,

    /// <summary>The disk took no more; what was written stays.</summary>
    Failed,

    /// <summary>No dossier was begun.</summary>
    Refused,

    /// <summary>It had to make room.</summary>
    Deleted,
}
