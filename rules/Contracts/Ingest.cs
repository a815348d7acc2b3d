namespace SignalWatch.Contracts;

/// <summary>Names of the wire between probe and collector.</summary>
public static class Wire
{
    /// <summary>Request header with the probe's clock at sending, UTC, ISO 8601 with milliseconds: from it the collector knows the offset of that clock.</summary>
    public const string SentHeader = "SignalWatch-Sent";

    /// <summary>Request header of a batch: <see cref="LiveLane"/> or <see cref="HistoryLane"/>. A batch without it is live.</summary>
    public const string LaneHeader = "SignalWatch-Lane";

    /// <summary>What was observed just now.</summary>
    public const string LiveLane = "live";

    /// <summary>What was observed while the collector could not be reached: true of its own time, and judged apart, so that an old "all is well" never clears a present alarm.</summary>
    public const string HistoryLane = "history";

    /// <summary>Request header of a piece of an upload: where in the file its first byte belongs.</summary>
    public const string UploadOffsetHeader = "Upload-Offset";

    /// <summary>Media type of a piece of an upload.</summary>
    public const string UploadContentType = "application/offset+octet-stream";
}

/// <summary>The collector's answer to a batch. It is sent after the batch is on disk (fsync): what it acknowledges is never lost.</summary>
/// <param name="Boot">The boot that the batch was of.</param>
/// <param name="AcceptedThrough">Every number of the boot up to this one is on disk, or recorded as a gap. The probe may forget them.</param>
/// <param name="Stored">Observations that this batch added.</param>
/// <param name="Duplicates">Observations that were there already.</param>
/// <param name="Rejected">Observations that could not be taken, each with its reason; they are kept as dead letters and acknowledged.</param>
/// <param name="ServerTime">The collector's clock, for the probe's clock offset.</param>
public sealed record IngestReply(Guid Boot, long AcceptedThrough, int Stored, int Duplicates, IReadOnlyList<RejectedEntry> Rejected, DateTimeOffset ServerTime)
{
    /// <summary>Most observations of history a second that the collector wants of this probe from now on; null: it has no wish, and the probe's own settings hold.</summary>
    public double? HistoryRate { get; init; }
}

/// <summary>An entry of a batch that could not be taken.</summary>
/// <param name="Line">Its line in the batch, from 1.</param>
/// <param name="Reason">What is wrong with it.</param>
public sealed record RejectedEntry(int Line, string Reason);
