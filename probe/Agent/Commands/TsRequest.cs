using SignalWatch.Contracts;
using SignalWatch.Probe.Analysis;
using SignalWatch.TransportStream;

namespace SignalWatch.Probe.Commands;

/// <summary>What is printed.</summary>
internal enum TsOutput
{
    /// <summary>For a person.</summary>
    Report,

    /// <summary>One document.</summary>
    Json,

    /// <summary>Each occurrence.</summary>
    Events,

    /// <summary>Every table.</summary>
    Tables,
}

/// <summary>What a person asks of <c>ts</c>.</summary>
internal sealed record TsRequest
{
    public required SourceAddress Source { get; init; }

    public TsOutput Output { get; init; }

    public bool TablesAsJson { get; init; }

    public MeasurementProfile Profile { get; init; }

    public DvbCharset Charset { get; init; } = DvbCharset.Gb18030;

    /// <summary>A person's figure, b/s.</summary>
    public double? BitrateBps { get; init; }

    public string? Stream { get; init; }

    public string? Filter { get; init; }

    public TimeSpan? Duration { get; init; }

    public int? Extract { get; init; }

    public string? ExtractTo { get; init; }

    public bool Force { get; init; }

    public string? Template { get; init; }

    public string? MakeTemplate { get; init; }

    public string? RecordTo { get; init; }

    /// <exception cref="ProblemException">It contradicts itself.</exception>
    public void Check()
    {
        if (!Source.IsCapture && Stream is not null) throw new ProblemException(TsTexts.OnlyForCaptures("--stream"));
        if (!Source.IsCapture && Filter is not null) throw new ProblemException(TsTexts.OnlyForCaptures("--filter"));
        if (!Source.IsCapture && Extract is not null) throw new ProblemException(TsTexts.OnlyForCaptures("--extract"));
        if (Extract is not null && ExtractTo is null) throw new ProblemException(TsTexts.Needs("--extract", "-o FILE"));
        if (Extract is null && ExtractTo is not null) throw new ProblemException(TsTexts.Needs("-o", "--extract N"));
        if (Extract is not null && Stream is not null) throw new ProblemException(TsTexts.Conflict("--extract", "--stream"));
        if (Source.IsCapture && Output == TsOutput.Tables && Stream is null && Extract is null) throw new ProblemException(TsTexts.Needs("--tables", "--stream N"));
        if (Extract is < 1) throw new ProblemException(TsTexts.BadNumber("--extract", $"{Extract}"));
    }
}
