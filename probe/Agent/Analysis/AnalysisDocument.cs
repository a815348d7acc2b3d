using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using SignalWatch.TransportStream;

namespace SignalWatch.Probe.Analysis;

/// <summary>What <c>probe ts --json</c> prints: one document. A figure that could not be measured is null, never 0.</summary>
internal sealed record AnalysisDocument : StreamDocument
{
    private AnalysisDocument(StreamDocument stream) : base(stream)
    {
    }

    public static JsonSerializerOptions Options { get; } = CreateOptions();

    public ToolDocument Tool { get; private init; } = new("", "");

    public SourceDocument Source { get; private init; } = new("", "", 0, null, null, null);

    /// <summary>The streams of a capture.</summary>
    public IReadOnlyList<CapturedStreamDocument> Streams { get; private init; } = [];

    /// <summary>A document with one stream at its top.</summary>
    public static AnalysisDocument Of(StreamDocument stream, ToolDocument tool, SourceDocument source, IReadOnlyList<CapturedStreamDocument> streams) =>
        new(stream) { Tool = tool, Source = source, Streams = streams };

    public string ToJson() => JsonSerializer.Serialize(this, Options);

    private static JsonSerializerOptions CreateOptions()
    {
        var options = new JsonSerializerOptions
        {
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            WriteIndented = true,
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // Chinese stays readable
            Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
        };
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }
}

/// <summary>What made the document.</summary>
internal sealed record ToolDocument(string Name, string Version);

/// <summary>What was analysed.</summary>
/// <param name="Name">File or address, as the person wrote it.</param>
/// <param name="Kind"><c>file</c>, <c>network</c> or <c>capture</c>.</param>
/// <param name="Bytes">Bytes read.</param>
/// <param name="Sha256">Digest of a file's bytes, hex; null for a live source, and where a file was not read to its end.</param>
/// <param name="Start">When the first packet arrived; null for a file, which has no time of arrival.</param>
/// <param name="Dropped">Datagrams or frames that this machine dropped: what is missing then was not lost on the way. Null where that is not known.</param>
internal sealed record SourceDocument(string Name, string Kind, long Bytes, string? Sha256, DateTimeOffset? Start, long? Dropped);

/// <summary>One transport stream. All of it null or empty where a capture has several and none was chosen.</summary>
internal record StreamDocument
{
    public long? Packets { get; init; }

    public int? PacketSize { get; init; }

    /// <summary>b/s, for packets of 188 bytes.</summary>
    public double? Bitrate { get; init; }

    public string? BitrateSource { get; init; }

    public double? DurationSeconds { get; init; }

    public TimeBaseDocument? TimeBase { get; init; }

    public bool? InSync { get; init; }

    public long? SyncLosses { get; init; }

    public long? SyncByteErrors { get; init; }

    public long? SkippedBytes { get; init; }

    public long? NullPackets { get; init; }

    public int? TransportStreamId { get; init; }

    public int? OriginalNetworkId { get; init; }

    public string? NetworkName { get; init; }

    public IReadOnlyList<PidDocument> Pids { get; init; } = [];

    public IReadOnlyList<ServiceDocument> Services { get; init; } = [];

    [JsonPropertyName("tr101290")]
    public MeasurementDocument? Measurements { get; init; }

    public IReadOnlyList<PcrDocument> Pcr { get; init; } = [];

    /// <summary>The streams inside T2-MI components (TS 102 773).</summary>
    public IReadOnlyList<InnerStreamDocument> InnerStreams { get; init; } = [];

    public TemplateDocument? Template { get; init; }

    public IReadOnlyList<MarkDocument> RetransmissionMarks { get; init; } = [];

    public IReadOnlyList<ClipDocument> Clips { get; init; } = [];

    public IReadOnlyList<WarningDocument> Warnings { get; init; } = [];
}

/// <summary>What the times are: <c>given</c>, <c>pcr</c>, <c>pcr-interpolated</c>, <c>m2ts</c>, <c>arrival</c>, or <c>assumed</c>, which is no measure.</summary>
internal sealed record TimeBaseDocument(string Kind, double? BitrateBps, string Method);

internal sealed record PidDocument(int Pid, PidRole Role, long Packets, long Discontinuities, long Duplicates, long TransportErrors, long Scrambled, double? Bitrate, IReadOnlyList<int> Services);

internal sealed record ServiceDocument
{
    public required int Id { get; init; }

    public string? Name { get; init; }

    public string? Provider { get; init; }

    public int? Type { get; init; }

    public int? PmtPid { get; init; }

    public int? PcrPid { get; init; }

    public required bool Present { get; init; }

    public required ServiceScramblingDocument Scrambling { get; init; }

    public double? Bitrate { get; init; }

    public long CcErrors { get; init; }

    public int ErrorSeconds { get; init; }

    /// <summary>Share of the observed seconds that were no error seconds, 0 to 1.</summary>
    public double? Availability { get; init; }

    public double? AudioLeadMs { get; init; }

    public required IReadOnlyList<ComponentDocument> Components { get; init; }
}

/// <summary>Three views of the same thing; they need not agree, and that they do not is worth knowing.</summary>
/// <param name="Scrambled">By the transport bits of its packets.</param>
/// <param name="Signalled">By the SDT's free_CA_mode.</param>
/// <param name="Payload">A component looks scrambled although its transport bits say clear; null where it can't be told.</param>
internal sealed record ServiceScramblingDocument(bool Scrambled, bool? Signalled, bool? Payload);

internal sealed record ComponentDocument
{
    public required int Pid { get; init; }

    public required int StreamType { get; init; }

    public required ComponentKind Kind { get; init; }

    public string? Codec { get; init; }

    public string? Profile { get; init; }

    public string? Level { get; init; }

    public string? Language { get; init; }

    public int? Width { get; init; }

    public int? Height { get; init; }

    public double? FrameRate { get; init; }

    public bool? Interlaced { get; init; }

    public int? BitDepth { get; init; }

    public string? Chroma { get; init; }

    public string? AspectRatio { get; init; }

    public string? ColourPrimaries { get; init; }

    public string? Transfer { get; init; }

    public string? DynamicRange { get; init; }

    public int? SampleRate { get; init; }

    public int? Channels { get; init; }

    public string? Layout { get; init; }

    public required ScramblingView Scrambling { get; init; }

    public double? Bitrate { get; init; }
}

/// <summary>A transport stream inside a T2-MI component.</summary>
/// <param name="Pid">PID of the component.</param>
/// <param name="Plp">Physical layer pipe.</param>
/// <param name="PacketsLost">T2-MI packets that are missing.</param>
/// <param name="CrcErrors">T2-MI packets with a wrong CRC.</param>
/// <param name="Packets">Transport packets that came out.</param>
/// <param name="TransportStreamId">By its PAT.</param>
/// <param name="OriginalNetworkId">By its SDT.</param>
/// <param name="NetworkName">By its NIT.</param>
/// <param name="Pids">Its PIDs.</param>
/// <param name="Services">Its services.</param>
internal sealed record InnerStreamDocument(
    int Pid, int Plp, long PacketsLost, long CrcErrors, long Packets, int? TransportStreamId, int? OriginalNetworkId, string? NetworkName, IReadOnlyList<PidDocument> Pids, IReadOnlyList<ServiceDocument> Services);

/// <summary>TR 101 290 clause 5.2.</summary>
/// <param name="Profile"><c>1.4.1</c> or <c>1.3</c>.</param>
/// <param name="Counters">Occurrences by number, and by the numbers of older editions; null where it could not be measured.</param>
/// <param name="Checks">Each check that occurred, with its part.</param>
internal sealed record MeasurementDocument(string Profile, IReadOnlyDictionary<string, long?> Counters, IReadOnlyList<CheckDocument> Checks);

internal sealed record CheckDocument(string Rule, string Name, int? Priority, string Title, long Count, double? FirstSeconds, double? LastSeconds, int ErrorSeconds, int Standing);

internal sealed record PcrDocument
{
    public required int Pid { get; init; }

    public required long Count { get; init; }

    public double? LongestIntervalMs { get; init; }

    public required PcrAccuracyDocument AccuracyNs { get; init; }

    public double? OffsetPpm { get; init; }

    public double? OverallJitterNs { get; init; }

    public double? DriftMilliHertzPerSecond { get; init; }

    public double? WanderNs { get; init; }

    /// <summary>Against which clock the accuracy was measured, or why it could not be.</summary>
    public required string Method { get; init; }

    /// <summary>Method of every other figure.</summary>
    public required IReadOnlyDictionary<string, string> Methods { get; init; }
}

internal sealed record PcrAccuracyDocument(double? Max, double? P99);

internal sealed record TemplateDocument(string File, IReadOnlyList<DriftDocument> Drifts);

internal sealed record DriftDocument(DriftKind Kind, string Subject, string? Expected, string? Found, string Sentence, double Weight);

internal sealed record MarkDocument(string Id, string Reason, double Weight);

internal sealed record ClipDocument(string File, string? Sha256, double StartSeconds, double EndSeconds, IReadOnlyList<string> Rules);

internal sealed record WarningDocument(string Code, string Text);

/// <summary>A stream of a capture.</summary>
internal sealed record CapturedStreamDocument
{
    /// <summary>From 1; <c>--stream</c> and <c>--extract</c> take it. Null for what carries no transport stream that can be read.</summary>
    public required int? Number { get; init; }

    /// <summary>Address and port of the sender; null where it was not looked at.</summary>
    public required string? Source { get; init; }

    public required string Destination { get; init; }

    public required string Protocol { get; init; }

    public IReadOnlyList<int> Vlans { get; init; } = [];

    public required long Datagrams { get; init; }

    public required double? StartSeconds { get; init; }

    public required double? EndSeconds { get; init; }

    /// <summary>All its datagrams, headers excluded, over the time from the first to the last, b/s.</summary>
    public double? BitrateBps { get; init; }

    public int Ttl { get; init; }

    public int Dscp { get; init; }

    /// <summary>Null without RTP.</summary>
    public RtpDocument? Rtp { get; init; }

    /// <summary>Null without SRT.</summary>
    public SrtDocument? Srt { get; init; }

    /// <summary>RFC 4445, by seconds of the arrival clock; second 0 is the one in which the capture begins.</summary>
    public IReadOnlyList<MdiDocument> Mdi { get; init; } = [];

    /// <summary>Where the media rate of the index comes from: <c>pcr</c> or <c>measured</c>.</summary>
    public string? MdiRateSource { get; init; }

    /// <summary>Destination of the stream that this one repairs or reports on.</summary>
    public string? Protects { get; init; }

    /// <summary>The transport stream in it; null where there is none or it can't be read.</summary>
    public StreamDocument? Analysis { get; init; }
}

/// <summary>RTP below the transport stream, in datagrams.</summary>
/// <param name="Packets">Received.</param>
/// <param name="Lost">Before error correction.</param>
/// <param name="Reordered">Overtaken, and put back in order.</param>
/// <param name="Duplicate">Came twice.</param>
/// <param name="Recovered">Rebuilt by error correction.</param>
/// <param name="LostAfterFec">Missing in the stream.</param>
/// <param name="Late">Came after they were given up.</param>
/// <param name="JitterMs">Interarrival jitter (RFC 3550 6.4.1).</param>
internal sealed record RtpDocument(long Packets, long Lost, long Reordered, long Duplicate, long Recovered, long LostAfterFec, long Late, double JitterMs);

/// <summary>SRT below the transport stream, in packets.</summary>
internal sealed record SrtDocument(long Packets, long Lost, long Recovered, long Retransmitted, long Duplicate, long LossReports, long ReportedLost, bool Encrypted, int? LatencyMs);

/// <summary>One second of the media delivery index (RFC 4445).</summary>
internal sealed record MdiDocument(long Second, double? DfMs, long Mlr, long Packets, double MediaRateBps);
