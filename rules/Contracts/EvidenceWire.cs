namespace SignalWatch.Contracts;

/// <summary>What is declared of a file of evidence before its bytes come: <c>POST /api/v1/evidence/uploads</c>. The collector keeps it with the bytes and alters neither.
/// <para>The answer is an <see cref="EvidenceUpload"/>: 201 where an upload begins; 200 where one of the same probe, digest and size goes on, or where the bytes are stored already and none is wanted.
/// The bytes follow as <c>PATCH /api/v1/evidence/uploads/{id}</c> with <see cref="Wire.UploadOffsetHeader"/> and <see cref="Wire.UploadContentType"/>: 200 with the offset that is on disk (fsync);
/// 404 where the upload is not known any more (it is declared again); 409 where the offset is another one, which <c>GET</c> on the same address then tells;
/// 413 and 429 as for observations; 422 where all bytes came and their digest is not the declared one: nothing is kept then.</para></summary>
public sealed record EvidenceDeclaration
{
    /// <summary>The file's name, for people: 1 to 200 characters, no <c>/</c>, <c>\</c> or control character. The collector never makes a path of it.</summary>
    public required string Name { get; init; }

    /// <summary>What the file is: a name of <see cref="EvidenceKinds"/>. A collector keeps what it does not know as <see cref="EvidenceKinds.Other"/>.</summary>
    public required string Kind { get; init; }

    /// <summary>SHA-256 of the bytes (FIPS 180-4), 64 lower-case hex digits, as it was computed where the file was made.</summary>
    public required string Sha256 { get; init; }

    /// <summary>Bytes of the file.</summary>
    public required long Size { get; init; }

    /// <summary>The probe that recorded it; null where a person brings it.</summary>
    public ProbeId? Probe { get; init; }

    /// <summary>With which of its watches.</summary>
    public WatchId? Watch { get; init; }

    /// <summary>What it is about: alarms are keyed by this.</summary>
    public Subject? Subject { get; init; }

    /// <summary>The dossier that it is a file of, by its name at the probe; null where it stands alone.</summary>
    public string? Dossier { get; init; }

    /// <summary>SHA-256 of that dossier's manifest, which has the digests of all its files. The probe told it in an <c>fm.dossier</c> when the dossier was whole: both are the same.</summary>
    public string? ManifestSha256 { get; init; }

    /// <summary>False where a fall of program or machine cut the recording short: what was there was left as it was.</summary>
    public bool Whole { get; init; } = true;

    /// <summary>Time of the first thing recorded in it, by the probe's clock; null where it records nothing, such as a list of digests.</summary>
    public DateTimeOffset? CapturedFrom { get; init; }

    /// <summary>Time of the last.</summary>
    public DateTimeOffset? CapturedTo { get; init; }

    /// <summary>By which calibration its levels are known; null: by none, and it is a lead only where levels matter.</summary>
    public CalibrationReference? Calibration { get; init; }

    /// <summary>The legal and technical review of the device (行政处罚法 §41); null where there was none: it is a lead only.</summary>
    public DeviceReview? Review { get; init; }

    /// <summary>Where the antenna was.</summary>
    public CapturePosition? Position { get; init; }

    /// <summary>The antenna, as the operator describes it.</summary>
    public string? Antenna { get; init; }

    /// <summary>The receiver.</summary>
    public string? Receiver { get; init; }

    /// <summary>Where the recorder's time came from, for people: GNSS, NTP, or the machine alone.</summary>
    public Text? Clock { get; init; }

    /// <summary>The recorder's clock minus the collector's when it was declared, ms; null where that is not known.</summary>
    public double? ClockOffsetMs { get; init; }

    /// <summary>Half of the shortest round trip that the offset was measured by, ms: it is not known better.</summary>
    public double? ClockUncertaintyMs { get; init; }

    /// <summary>Only what was received live is evidence. What does not say so is not taken: a drill must never pass for the real thing by leaving a word out.</summary>
    public required Origin Origin { get; init; }

    /// <summary>Version of the program that recorded it.</summary>
    public string? Build { get; init; }
}

/// <summary>What a file of evidence can be.</summary>
public static class EvidenceKinds
{
    /// <summary>Sound.</summary>
    public const string Sound = "sound";

    /// <summary>IQ samples, or their description (SigMF).</summary>
    public const string Iq = "iq";

    /// <summary>A transport stream, or its description.</summary>
    public const string TransportStream = "transport-stream";

    /// <summary>Spectra.</summary>
    public const string Spectrum = "spectrum";

    /// <summary>RDS groups.</summary>
    public const string Rds = "rds";

    /// <summary>A manifest: what a dossier is of, with the digests of its files.</summary>
    public const string Manifest = "manifest";

    /// <summary>A list of digests as <c>sha256sum</c> writes them.</summary>
    public const string Digests = "digests";

    /// <summary>A photo.</summary>
    public const string Photo = "photo";

    /// <summary>A document for people.</summary>
    public const string Document = "document";

    /// <summary>Anything else.</summary>
    public const string Other = "other";
}

/// <summary>By which calibration levels are known.</summary>
/// <param name="Id">Its certificate.</param>
/// <param name="Expires">Until when it holds.</param>
public sealed record CalibrationReference(string Id, DateTimeOffset Expires);

/// <summary>The legal and technical review that a device passed.</summary>
/// <param name="Number">Number of the review.</param>
/// <param name="Expires">Until when it holds; null where it has no end.</param>
public sealed record DeviceReview(string Number, DateTimeOffset? Expires);

/// <summary>Where something was recorded.</summary>
/// <param name="LatitudeDeg">WGS-84, degrees, north positive.</param>
/// <param name="LongitudeDeg">WGS-84, degrees, east positive.</param>
/// <param name="Source">Who says so: a satellite receiver, or the configuration.</param>
public sealed record CapturePosition(double LatitudeDeg, double LongitudeDeg, string Source);

/// <summary>How far an upload is.</summary>
/// <param name="Id">The upload's own id, for the path of what follows.</param>
/// <param name="Offset">Bytes that are on the collector's disk: the next ones begin here. Equal to the size it is complete.</param>
/// <param name="Sha256">Digest of the stored item, once it is complete and its digest was found to be the declared one; null before.</param>
public sealed record EvidenceUpload(Guid Id, long Offset, string? Sha256 = null);
