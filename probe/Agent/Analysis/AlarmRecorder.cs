using System.Globalization;
using System.Text.Json;
using SignalWatch.Contracts;
using SignalWatch.TransportStream;

namespace SignalWatch.Probe.Analysis;

/// <summary>What is recorded, and how much.</summary>
internal sealed record AlarmRecorderSettings
{
    public required string Folder { get; init; }

    /// <summary>The source, for the clip's description.</summary>
    public required string Source { get; init; }

    /// <summary>Its times are of a clock on the wall; else only seconds since the first packet mean anything.</summary>
    public bool HasWallClock { get; init; }

    /// <summary>In which times are written.</summary>
    public TimeZoneInfo Zone { get; init; } = TimeZoneInfo.Utc;

    public TimeSpan Before { get; init; } = TimeSpan.FromSeconds(20);

    public TimeSpan After { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>A clip ends here even if it goes on occurring; the next begins.</summary>
    public TimeSpan Longest { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>A clip ends at this size even if it goes on occurring; the next begins.</summary>
    public long MostClipBytes { get; init; } = long.MaxValue;

    /// <summary>One check starts no more than one clip in this time.</summary>
    public TimeSpan Every { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Memory for the packets before an alarm; where it does not suffice the time before is shorter, and the description says so.</summary>
    public long MostMemoryBytes { get; init; } = 512L << 20;

    /// <summary>Which checks start a clip.</summary>
    public Func<Check, bool> Chosen { get; init; } = check => check.Priority is CheckPriority.First or CheckPriority.Second;

    /// <summary>What this machine dropped so far, or null where it is not known.</summary>
    public Func<long?> Dropped { get; init; } = () => null;
}

/// <summary>Records a stream around its alarms: every packet with its time, from before the first occurrence to after the last. Times come with the packets; it reads no clock.</summary>
internal sealed class AlarmRecorder : IDisposable
{
    // At most so much a step: a live source must not overflow while 20 s of packets go to the disk.
    private const int MostPacketsAStep = 32_768;
    private static readonly JsonSerializerOptions Json = new(AnalysisDocument.Options);

    private readonly AlarmRecorderSettings settings;
    private readonly PacketCutter cutter = new();
    private readonly PacketRing ring;
    private readonly PacketCutter.PacketHandler keep;
    private readonly Dictionary<string, long> lastStart = [];
    private readonly List<ClipDocument> clips = [];
    private readonly List<Problem> problems = [];
    private Recording? open;
    private long? origin;
    private int number;

    public AlarmRecorder(AlarmRecorderSettings settings)
    {
        this.settings = settings;
        ring = new PacketRing(settings.Before.Ticks, settings.MostMemoryBytes);
        keep = (packet, ticks) => ring.Add(packet, ticks, open?.Next ?? long.MaxValue);
    }

    /// <summary>The clips that are whole.</summary>
    public IReadOnlyList<ClipDocument> Clips => clips;

    /// <summary>What went wrong: clips that could not be written.</summary>
    public IReadOnlyList<Problem> Problems => problems;

    /// <summary>Occurrences that started no clip because their check had started one shortly before.</summary>
    public long Suppressed { get; private set; }

    /// <summary>A clip is being written.</summary>
    public bool IsRecording => open is not null;

    /// <summary>The clips that became whole and the problems since the last call; they are then no longer kept. For who records for months.</summary>
    public (IReadOnlyList<ClipDocument> Clips, IReadOnlyList<Problem> Problems) Take()
    {
        (IReadOnlyList<ClipDocument>, IReadOnlyList<Problem>) taken = ([.. clips], [.. problems]);
        clips.Clear();
        problems.Clear();
        return taken;
    }

    /// <summary>Bytes of the stream, before they are judged.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="at">When the first arrived.</param>
    /// <param name="bytesPerSecond">They are spread so from then on; 0: all arrived at once.</param>
    public void Push(ReadOnlySpan<byte> bytes, DateTimeOffset at, double bytesPerSecond)
    {
        origin ??= at.UtcTicks;
        Step(at.UtcTicks, MostPacketsAStep);
        cutter.Push(bytes, at.UtcTicks, bytesPerSecond > 0 ? TimeSpan.TicksPerSecond / bytesPerSecond : 0, keep);
    }

    /// <summary>Time passed.</summary>
    public void Tick(DateTimeOffset at) => Step(at.UtcTicks, MostPacketsAStep);

    /// <summary>Something occurred in what was pushed last.</summary>
    public void Occurred(in TransportStreamOccurrence occurrence)
    {
        if (occurrence.Change == OccurrenceChange.Clear || !settings.Chosen(occurrence.Check) || origin is null) return;
        var ticks = occurrence.At.UtcTicks;
        if (open is { } going)
        {
            going.Extend(occurrence, ticks + settings.After.Ticks, settings.Longest.Ticks);
            return;
        }
        if (lastStart.TryGetValue(occurrence.Check.Id, out var before) && ticks - before < settings.Every.Ticks)
        {
            Suppressed++;
            return;
        }
        lastStart[occurrence.Check.Id] = ticks;
        Start(occurrence, ticks);
    }

    /// <summary>The stream ended: what is open becomes whole.</summary>
    public void Finish(DateTimeOffset at)
    {
        Step(at.UtcTicks, int.MaxValue);
        if (open is not null) Close(whole: false);
    }

    public void Dispose()
    {
        open?.File.Abandon();
        open?.File.Dispose();
        open = null;
    }

    private void Start(in TransportStreamOccurrence occurrence, long ticks)
    {
        var path = Path.Combine(settings.Folder, Name(occurrence.Check, ticks));
        try
        {
            Directory.CreateDirectory(settings.Folder);
            var from = Math.Max(ring.Find(ticks - settings.Before.Ticks), ring.First);
            open = new Recording(new ClipFile(path), path, ticks - settings.Before.Ticks, ticks + settings.After.Ticks, from, settings.Dropped(), ring.DroppedEarly);
            open.Count(occurrence.Check.Id);
            open.Trigger = occurrence;
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            problems.Add(TsTexts.ClipFailed(path, failed.Message));
        }
    }

    // Writes what was judged already, so that an occurrence in the last bytes could still make the clip longer.
    private void Step(long now, int most)
    {
        if (open is not { } going) return;
        try
        {
            var left = most;
            var isFull = false;
            going.Next = ring.Read(Math.Max(going.Next, ring.First), (packet, ticks) =>
            {
                isFull = going.File.Bytes + PacketGrid.StampedBytes > settings.MostClipBytes;
                if (isFull || ticks > going.Until || left-- <= 0) return false;
                going.File.Write(packet.Span, ticks);
                return true;
            });
            if (isFull) Close(whole: false);
            else if (now > going.Until && left > 0) Close(whole: true);
        }
        catch (IOException full)
        {
            Abandon(going, full.Message);
        }
    }

    private void Close(bool whole)
    {
        var going = open!;
        try
        {
            var digest = going.File.Complete();
            var (first, last) = (going.File.FirstTicks, going.File.LastTicks);
            clips.Add(new ClipDocument(Path.GetFileName(going.Path), digest, Seconds(first), Seconds(last), [.. going.Counts.Keys]));
            WriteDescription(going, digest, whole);
            going.File.Dispose();
            open = null;
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            Abandon(going, failed.Message);
        }
    }

    private void Abandon(Recording going, string why)
    {
        problems.Add(TsTexts.ClipFailed(going.Path, why));
        going.File.Abandon();
        going.File.Dispose();
        open = null;
    }

    private void WriteDescription(Recording going, string digest, bool whole)
    {
        var trigger = going.Trigger;
        var dropped = settings.Dropped() is { } now && going.DroppedBefore is { } before ? now - before : (long?)null;
        var description = new ClipDescription(1, Path.GetFileName(going.Path), "m2ts-192", going.File.Packets, digest, settings.Source,
            Time(going.File.FirstTicks), Time(going.File.LastTicks), Seconds(going.File.FirstTicks), Seconds(going.File.LastTicks),
            new ClipTrigger(trigger.Check.Id, trigger.Check.Name, trigger.Check.Title.Zh, trigger.Check.Title.En, Time(trigger.At.UtcTicks), Seconds(trigger.At.UtcTicks), trigger.PacketIndex, trigger.Pid, trigger.ServiceId, trigger.Measured, trigger.Limit, trigger.Unit),
            going.Counts, Math.Round((trigger.At.UtcTicks - going.File.FirstTicks) / (double)TimeSpan.TicksPerSecond, 7), whole, dropped, ring.DroppedEarly - going.EarlyBefore, cutter.SkippedBytes, Suppressed);
        var path = Path.ChangeExtension(going.Path, ".json");
        File.WriteAllText(path + ".part", JsonSerializer.Serialize(description, Json));
        File.Move(path + ".part", path, overwrite: true);
    }

    private string Name(Check check, long ticks)
    {
        var when = settings.HasWallClock
            ? new DateTime(ticks, DateTimeKind.Utc).ToString("yyyyMMdd'T'HHmmss.fff'Z'", CultureInfo.InvariantCulture)
            : string.Create(CultureInfo.InvariantCulture, $"t{Seconds(ticks):F3}s");
        string name;
        do name = string.Create(CultureInfo.InvariantCulture, $"clip{++number:D4}-{when}-{check.Id.Replace('/', '-')}.m2ts");
        while (File.Exists(Path.Combine(settings.Folder, name))); // of an earlier run: evidence is never overwritten
        return name;
    }

    private double Seconds(long ticks) => Math.Round((ticks - origin!.Value) / (double)TimeSpan.TicksPerSecond, 7);

    private DateTimeOffset? Time(long ticks) => settings.HasWallClock ? TimeZoneInfo.ConvertTime(new DateTimeOffset(ticks, TimeSpan.Zero), settings.Zone) : null;

    /// <summary>A clip that is being written.</summary>
    private sealed class Recording(ClipFile file, string path, long from, long until, long next, long? droppedBefore, long earlyBefore)
    {
        public ClipFile File => file;

        public string Path => path;

        public long Until { get; private set; } = until;

        /// <summary>Number of the next packet that it gets.</summary>
        public long Next { get; set; } = next;

        public long? DroppedBefore => droppedBefore;

        public long EarlyBefore => earlyBefore;

        public TransportStreamOccurrence Trigger { get; set; }

        public SortedDictionary<string, long> Counts { get; } = new(StringComparer.Ordinal);

        public void Extend(in TransportStreamOccurrence occurrence, long wanted, long longest)
        {
            Count(occurrence.Check.Id);
            Until = Math.Max(Until, Math.Min(wanted, from + longest));
        }

        public void Count(string check) => Counts[check] = Counts.GetValueOrDefault(check) + 1;
    }
}

/// <summary>What stands beside a clip. Times are of the first byte of a packet.</summary>
/// <param name="Version">Form of this document.</param>
/// <param name="File">The clip.</param>
/// <param name="Format"><c>m2ts-192</c>: 188-byte packets, each after four bytes with its arrival time on a 27 MHz clock that is 0 at the first.</param>
/// <param name="Packets">How many.</param>
/// <param name="Sha256">Of the clip's bytes.</param>
/// <param name="Source">Where they came from.</param>
/// <param name="Start">When the first arrived; null where the source has no such time.</param>
/// <param name="End">When the last arrived.</param>
/// <param name="StartSeconds">The same since the first packet of the stream.</param>
/// <param name="EndSeconds">See <paramref name="StartSeconds"/>.</param>
/// <param name="Trigger">What started it.</param>
/// <param name="Occurrences">All chosen occurrences within it, by check.</param>
/// <param name="BeforeSeconds">Seconds of packets before the trigger.</param>
/// <param name="IsWhole">All the time after the last occurrence is there; else the stream ended or was no longer watched.</param>
/// <param name="SourceDropped">What this machine dropped meanwhile; null where that is not known.</param>
/// <param name="MemoryDropped">Packets that left the memory before they could be written.</param>
/// <param name="UnalignedBytes">Bytes of the stream so far that belong to no packet and are in no clip.</param>
/// <param name="Suppressed">Occurrences so far that started no clip of their own because one of their check was recent.</param>
internal sealed record ClipDescription(int Version, string File, string Format, long Packets, string Sha256, string Source, DateTimeOffset? Start, DateTimeOffset? End, double StartSeconds, double EndSeconds, ClipTrigger Trigger,
    IReadOnlyDictionary<string, long> Occurrences, double BeforeSeconds, bool IsWhole, long? SourceDropped, long MemoryDropped, long UnalignedBytes, long Suppressed);

internal sealed record ClipTrigger(string Rule, string Name, string TitleZh, string TitleEn, DateTimeOffset? At, double AtSeconds, long Packet, int? Pid, int? Service, double? Measured, double? Limit, string? Unit);
